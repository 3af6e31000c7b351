/* SPDX-License-Identifier: MIT
 *
 * Matching by backtracking, after Lua 5.4's own (lstrlib.c, copyright 1994-2022 Lua.org, PUC-Rio,
 * MIT), whose semantics and messages it has to the letter.
 */
#include "pattern_match.h"

#include <ctype.h>
#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

#define ESCAPE '%'
#define STEPS 4096

static unsigned char byte(const char *s)
{
    return (unsigned char)*s;
}

static int nothing(lua_State *L)
{
    (void)L;
    return 0;
}

void match_step(struct match *m)
{
    if (++m->steps < STEPS)
        return;
    m->steps = 0;
    if (lua_gethook(m->L) == NULL)
        return;
    lua_pushcfunction(m->L, nothing);
    lua_call(m->L, 0, 0);
}

/* The end of a set, whose `[` stands before p. */
static const char *set_end(const struct match *m, const char *p)
{
    if (*p == '^')
        p++;
    do {
        if (p == m->pattern_end)
            luaL_error(m->L, "malformed pattern (missing ']')");
        if (*p++ == ESCAPE && p < m->pattern_end)
            p++;
    } while (p == m->pattern_end || *p != ']');
    return p + 1;
}

static const char *class_end(const struct match *m, const char *p)
{
    if (*p == '[')
        return set_end(m, p + 1);
    if (*p++ != ESCAPE)
        return p;
    if (p == m->pattern_end)
        luaL_error(m->L, "malformed pattern (ends with '%%')");
    return p + 1;
}

static int is_zero(int c)
{
    return c == 0;
}

/* The last is Lua 5.1's, which Lua still has. */
static const struct {
    char letter;
    int (*is)(int c);
} classes[] = {
    {'a', isalpha}, {'c', iscntrl}, {'d', isdigit}, {'g', isgraph},  {'l', islower}, {'p', ispunct},
    {'s', isspace}, {'u', isupper}, {'w', isalnum}, {'x', isxdigit}, {'z', is_zero},
};

static bool is_in_class(int c, int class)
{
    int letter = (tolower)(class); /* the function: the macro is long */
    size_t i = 0, count = sizeof classes / sizeof classes[0];
    while (i < count && classes[i].letter != letter)
        i++;
    if (i == count)
        return c == class;
    bool is = classes[i].is(c) != 0;
    return letter == class ? is : !is;
}

/* `p` is at the `[`, `last` at the `]`. */
static bool is_in_set(int c, const char *p, const char *last)
{
    bool found = true;
    if (p[1] == '^') {
        found = false;
        p++;
    }
    while (++p < last) {
        if (*p == ESCAPE) {
            p++;
            if (is_in_class(c, byte(p)))
                return found;
        } else if (p[1] == '-' && p + 2 < last) {
            p += 2;
            if (byte(p - 2) <= c && c <= byte(p))
                return found;
        } else if (byte(p) == c) {
            return found;
        }
    }
    return !found;
}

static bool match_one(const struct match *m, const char *s, const char *p, const char *end)
{
    if (s >= m->text_end)
        return false;
    int c = byte(s);
    switch (*p) {
    case '.':
        return true;
    case ESCAPE:
        return is_in_class(c, byte(p + 1));
    case '[':
        return is_in_set(c, p, end - 1);
    default:
        return byte(p) == c;
    }
}

/* %bxy */
static const char *match_balance(struct match *m, const char *s, const char *p)
{
    if (p >= m->pattern_end - 1)
        luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    if (s >= m->text_end || *s != *p)
        return NULL;
    int open = 1;
    while (++s < m->text_end) {
        match_step(m);
        if (*s == p[1]) {
            if (--open == 0)
                return s + 1;
        } else if (*s == p[0]) {
            open++;
        }
    }
    return NULL;
}

static const char *match_most(struct match *m, const char *s, const char *p, const char *end)
{
    ptrdiff_t count = 0;
    while (match_one(m, s + count, p, end)) {
        match_step(m);
        count++;
    }
    for (; count >= 0; count--) {
        const char *result = match_try(m, s + count, end + 1);
        if (result != NULL)
            return result;
    }
    return NULL;
}

static const char *match_least(struct match *m, const char *s, const char *p, const char *end)
{
    for (;;) {
        const char *result = match_try(m, s, end + 1);
        if (result != NULL)
            return result;
        if (!match_one(m, s, p, end))
            return NULL;
        s++;
    }
}

static const char *begin_capture(struct match *m, const char *s, const char *p, int length)
{
    if (m->level >= CAPTURE_MOST)
        luaL_error(m->L, "too many captures");
    m->captures[m->level].begin = s;
    m->captures[m->level].length = length;
    m->level++;
    const char *result = match_try(m, s, p);
    if (result == NULL)
        m->level--;
    return result;
}

static const char *end_capture(struct match *m, const char *s, const char *p)
{
    int level = m->level - 1;
    while (level >= 0 && m->captures[level].length != CAPTURE_OPEN)
        level--;
    if (level < 0)
        luaL_error(m->L, "invalid pattern capture");
    m->captures[level].length = s - m->captures[level].begin;
    const char *result = match_try(m, s, p);
    if (result == NULL)
        m->captures[level].length = CAPTURE_OPEN;
    return result;
}

/* %1 */
static const char *match_capture(struct match *m, const char *s, int digit)
{
    int level = digit - '1';
    if (level < 0 || level >= m->level || m->captures[level].length == CAPTURE_OPEN)
        luaL_error(m->L, "invalid capture index %%%d", level + 1);
    size_t length = (size_t)m->captures[level].length;
    m->steps += (unsigned)(length / 64);
    if ((size_t)(m->text_end - s) >= length && memcmp(m->captures[level].begin, s, length) == 0)
        return s + length;
    return NULL;
}

/* %f[set]; `p` is behind the f. Moves it behind the set. */
static bool match_frontier(struct match *m, const char *s, const char **p)
{
    const char *set = *p;
    if (*set != '[')
        luaL_error(m->L, "missing '[' after '%%f' in pattern");
    *p = class_end(m, set);
    int before = s == m->text ? '\0' : byte(s - 1), here = s == m->text_end ? '\0' : byte(s);
    return !is_in_set(before, set, *p - 1) && is_in_set(here, set, *p - 1);
}

/* What follows a % and is no class: the place behind it in the text, or NULL; moves `p`. */
static const char *match_special(struct match *m, const char *s, const char **p)
{
    int letter = byte(*p + 1);
    if (letter == 'b') {
        s = match_balance(m, s, *p + 2);
        *p += 4;
        return s;
    }
    if (letter == 'f') {
        *p += 2;
        return match_frontier(m, s, p) ? s : NULL;
    }
    *p += 2;
    return match_capture(m, s, letter);
}

static bool is_special(const char *p)
{
    return *p == ESCAPE && (p[1] == 'b' || p[1] == 'f' || isdigit(byte(p + 1)));
}

/* A class with what stands behind it. True: goes on at `s` and `p`; false: the match ends, at
 * `s`. */
static bool match_class(struct match *m, const char **s, const char **p)
{
    const char *end = class_end(m, *p), *result;
    char suffix = end < m->pattern_end ? *end : '\0';
    bool optional = suffix == '?' || suffix == '*' || suffix == '-';
    if (!match_one(m, *s, *p, end)) {
        *p = end + 1;
        *s = optional ? *s : NULL;
        return optional;
    }
    switch (suffix) {
    case '?':
        result = match_try(m, *s + 1, end + 1);
        *p = end + 1;
        *s = result != NULL ? result : *s;
        return result == NULL;
    case '+':
    case '*':
        *s = match_most(m, *s + (suffix == '+'), *p, end);
        return false;
    case '-':
        *s = match_least(m, *s, *p, end);
        return false;
    default:
        ++*s;
        *p = end;
        return true;
    }
}

static const char *match_on(struct match *m, const char *s, const char *p)
{
    while (p != m->pattern_end) {
        match_step(m);
        if (*p == '(')
            return p[1] == ')' ? begin_capture(m, s, p + 2, CAPTURE_PLACE)
                               : begin_capture(m, s, p + 1, CAPTURE_OPEN);
        if (*p == ')')
            return end_capture(m, s, p + 1);
        if (*p == '$' && p + 1 == m->pattern_end)
            return s == m->text_end ? s : NULL;
        if (is_special(p)) {
            s = match_special(m, s, &p);
            if (s == NULL)
                return NULL;
        } else if (!match_class(m, &s, &p)) {
            return s;
        }
    }
    return s;
}

const char *match_try(struct match *m, const char *s, const char *p)
{
    if (m->depth-- == 0)
        luaL_error(m->L, "pattern too complex");
    const char *result = match_on(m, s, p);
    m->depth++;
    return result;
}
