/* SPDX-License-Identifier: MIT
 *
 * The functions, after Lua 5.4's own (lstrlib.c, copyright 1994-2022 Lua.org, PUC-Rio, MIT).
 */
#include "lua/pattern.h"
#include "pattern_match.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

#define DEEPEST 200

static void match_begin(struct match *m, lua_State *L, const char *text, size_t length)
{
    m->L = L;
    m->text = text;
    m->text_end = text + length;
    m->steps = 0;
}

static const char *match_at(struct match *m, const char *s, const char *p)
{
    m->level = 0;
    m->depth = DEEPEST;
    return match_try(m, s, p);
}

/* Pushes a capture; the whole match, `s` to `e`, where the pattern has none. */
static void push_capture(const struct match *m, int i, const char *s, const char *e)
{
    if (i >= m->level) {
        if (i != 0)
            luaL_error(m->L, "invalid capture index %%%d", i + 1);
        lua_pushlstring(m->L, s, (size_t)(e - s));
        return;
    }
    if (m->captures[i].length == CAPTURE_OPEN)
        luaL_error(m->L, "unfinished capture");
    if (m->captures[i].length == CAPTURE_PLACE)
        lua_pushinteger(m->L, m->captures[i].begin - m->text + 1);
    else
        lua_pushlstring(m->L, m->captures[i].begin, (size_t)m->captures[i].length);
}

static int push_captures(const struct match *m, const char *s, const char *e)
{
    int count = m->level == 0 && s != NULL ? 1 : m->level;
    luaL_checkstack(m->L, count, "too many captures");
    for (int i = 0; i < count; i++)
        push_capture(m, i, s, e);
    return count;
}

/* The place in the text that a position means, from 0; beyond the end where it is. */
static size_t place_of(lua_Integer position, size_t length)
{
    if (position > 0)
        return (size_t)position - 1;
    if (position == 0 || position < -(lua_Integer)length)
        return 0;
    return length - (size_t)-position;
}

static const char *find_plain(struct match *m, const char *s, const char *p, size_t length)
{
    while ((size_t)(m->text_end - s) >= length) {
        if (length == 0)
            return s;
        s = memchr(s, *p, (size_t)(m->text_end - s) - length + 1);
        if (s == NULL || memcmp(s, p, length) == 0)
            return s;
        match_step(m);
        m->steps += (unsigned)(length / 64);
        s++;
    }
    return NULL;
}

static int find_text(struct match *m, const char *from, const char *p, size_t length)
{
    const char *s = find_plain(m, from, p, length);
    if (s == NULL) {
        lua_pushnil(m->L);
        return 1;
    }
    lua_pushinteger(m->L, s - m->text + 1);
    lua_pushinteger(m->L, s - m->text + (lua_Integer)length);
    return 2;
}

static bool has_specials(const char *p, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (p[i] != '\0' && strchr("^$*+?.([%-", p[i]) != NULL)
            return true;
    return false;
}

static int find_pattern(struct match *m, const char *s, const char *p, bool find)
{
    bool anchored = p < m->pattern_end && *p == '^';
    p += anchored;
    do {
        const char *e = match_at(m, s, p);
        if (e == NULL)
            continue;
        if (!find)
            return push_captures(m, s, e);
        lua_pushinteger(m->L, s - m->text + 1);
        lua_pushinteger(m->L, e - m->text);
        return push_captures(m, NULL, NULL) + 2;
    } while (s++ < m->text_end && !anchored);
    lua_pushnil(m->L);
    return 1;
}

static int find_or_match(lua_State *L, bool find)
{
    struct match m;
    size_t length, pattern_length;
    const char *s = luaL_checklstring(L, 1, &length), *p = luaL_checklstring(L, 2, &pattern_length);
    size_t from = place_of(luaL_optinteger(L, 3, 1), length);
    if (from > length) {
        lua_pushnil(L);
        return 1;
    }
    match_begin(&m, L, s, length);
    m.pattern_end = p + pattern_length;
    if (find && (lua_toboolean(L, 4) || !has_specials(p, pattern_length)))
        return find_text(&m, s + from, p, pattern_length);
    return find_pattern(&m, s + from, p, find);
}

static int pattern_find(lua_State *L)
{
    return find_or_match(L, true);
}

static int pattern_match(lua_State *L)
{
    return find_or_match(L, false);
}

/* Of gmatch: the text and the pattern are upvalues 1 and 2, 3 is this. */
struct walk {
    const char *s, *p, *last; /* where the last match ended */
    struct match m;
};

static int walk_on(lua_State *L)
{
    struct walk *w = lua_touserdata(L, lua_upvalueindex(3));
    w->m.L = L;
    for (; w->s <= w->m.text_end; w->s++) {
        const char *e = match_at(&w->m, w->s, w->p);
        if (e == NULL || e == w->last)
            continue;
        const char *s = w->s;
        w->s = w->last = e;
        return push_captures(&w->m, s, e);
    }
    return 0;
}

static int pattern_gmatch(lua_State *L)
{
    size_t length, pattern_length;
    const char *s = luaL_checklstring(L, 1, &length), *p = luaL_checklstring(L, 2, &pattern_length);
    size_t from = place_of(luaL_optinteger(L, 3, 1), length);
    lua_settop(L, 2);
    struct walk *w = lua_newuserdatauv(L, sizeof *w, 0);
    match_begin(&w->m, L, s, length);
    w->m.pattern_end = p + pattern_length;
    w->s = s + (from > length ? length + 1 : from);
    w->p = p;
    w->last = NULL;
    lua_pushcclosure(L, walk_on, 3);
    return 1;
}

/* Adds gsub's third argument where that is a string. */
static void add_text(const struct match *m, luaL_Buffer *out, const char *s, const char *e)
{
    size_t length;
    const char *text = lua_tolstring(m->L, 3, &length), *escape;
    while ((escape = memchr(text, '%', length)) != NULL) {
        luaL_addlstring(out, text, (size_t)(escape - text));
        int c = (unsigned char)escape[1];
        if (c == '%') {
            luaL_addchar(out, '%');
        } else if (c == '0') {
            luaL_addlstring(out, s, (size_t)(e - s));
        } else if (c >= '1' && c <= '9') {
            push_capture(m, c - '1', s, e);
            luaL_tolstring(m->L, -1, NULL);
            lua_remove(m->L, -2);
            luaL_addvalue(out);
        } else {
            luaL_error(m->L, "invalid use of '%%' in replacement string");
        }
        length -= (size_t)(escape + 2 - text);
        text = escape + 2;
    }
    luaL_addlstring(out, text, length);
}

/* Adds what takes the match's place; returns whether that is something else. */
static bool add_value(const struct match *m, luaL_Buffer *out, const char *s, const char *e,
                      int type)
{
    lua_State *L = m->L;
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(m, s, e), 1);
    } else if (type == LUA_TTABLE) {
        push_capture(m, 0, s, e);
        lua_gettable(L, 3);
    } else {
        add_text(m, out, s, e);
        return true;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(out, s, (size_t)(e - s));
        return false;
    }
    if (!lua_isstring(L, -1))
        luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    luaL_addvalue(out);
    return true;
}

/* Replaces at most `most` matches; returns how many, and whether anything changed. */
static lua_Integer replace(struct match *m, luaL_Buffer *out, const char *p, lua_Integer most,
                           bool *changed)
{
    const char *s = m->text, *last = NULL;
    int type = lua_type(m->L, 3);
    bool anchored = p < m->pattern_end && *p == '^';
    lua_Integer count = 0;
    p += anchored;
    while (count < most) {
        const char *e = match_at(m, s, p);
        if (e != NULL && e != last) {
            count++;
            *changed = add_value(m, out, s, e, type) || *changed;
            s = last = e;
        } else if (s < m->text_end) {
            luaL_addchar(out, *s++);
        } else {
            break;
        }
        if (anchored)
            break;
    }
    luaL_addlstring(out, s, (size_t)(m->text_end - s));
    return count;
}

static int pattern_gsub(lua_State *L)
{
    struct match m;
    luaL_Buffer out;
    size_t length, pattern_length;
    const char *s = luaL_checklstring(L, 1, &length), *p = luaL_checklstring(L, 2, &pattern_length);
    int type = lua_type(L, 3);
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)length + 1);
    bool changed = false;
    luaL_argexpected(L,
                     type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION ||
                         type == LUA_TTABLE,
                     3, "string/function/table");
    match_begin(&m, L, s, length);
    m.pattern_end = p + pattern_length;
    luaL_buffinit(L, &out);
    lua_Integer count = replace(&m, &out, p, most, &changed);
    luaL_pushresult(&out);
    if (!changed)
        lua_pushvalue(L, 1);
    lua_pushinteger(L, count);
    return 2;
}

void pattern_open(lua_State *L)
{
    static const luaL_Reg functions[] = {{"find", pattern_find},
                                         {"match", pattern_match},
                                         {"gmatch", pattern_gmatch},
                                         {"gsub", pattern_gsub},
                                         {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
}
