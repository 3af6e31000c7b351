/* SPDX-License-Identifier: MIT
 *
 * What can be told of code by its text alone: its names, the parts of a condition. Enough to answer
 * a wrong attempt; whether something is right is never decided here.
 */
#include "playing.h"

#include <ctype.h>
#include <string.h>

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The next character that is no blank, a quote of either kind as one; '\0' at the end. */
static char next_character(const char **text)
{
    while (isspace((unsigned char)**text))
        (*text)++;
    if (**text == '\0')
        return '\0';
    char c = *(*text)++;
    return c == '\'' ? '"' : c;
}

bool condition_same_code(const char *a, const char *b)
{
    for (;;) {
        char left = next_character(&a), right = next_character(&b);
        if (left != right)
            return false;
        if (left == '\0')
            return true;
    }
}

/* Behind the string that begins at `at`. */
static const char *skip_string(const char *at)
{
    char quote = *at++;
    while (*at != '\0' && *at != quote)
        at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
    return *at == quote ? at + 1 : at;
}

/* The next name of the text from `*at` on, which moves behind it; false where there is none. */
static bool next_name(const char **at, const char **name, size_t *length)
{
    while (**at != '\0' && !(isalpha((unsigned char)**at) || **at == '_')) {
        if (**at == '"' || **at == '\'')
            *at = skip_string(*at);
        else if (isdigit((unsigned char)**at))
            *at += strspn(*at, "0123456789abcdefABCDEFxX.");
        else
            (*at)++;
    }
    *name = *at;
    while (is_letter(**at))
        (*at)++;
    *length = (size_t)(*at - *name);
    return *length > 0;
}

static bool is_keyword(const char *name, size_t length)
{
    static const char *const words[] = {"and",  "do",   "else",  "end",   "false",   "for",
                                        "if",   "in",   "nil",   "not",   "or",      "return",
                                        "then", "true", "while", "local", "function"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == length && memcmp(words[i], name, length) == 0)
            return true;
    return false;
}

static bool is_called(const char *behind)
{
    behind += strspn(behind, " ");
    return *behind != '\0' && strchr("({\"'", *behind) != NULL;
}

/* Whether `=` follows, alone; `a, b = c` counts for b. */
static bool is_assigned(const char *behind)
{
    behind += strspn(behind, " ");
    return behind[0] == '=' && behind[1] != '=';
}

static bool is_done(const char *behind)
{
    return is_called(behind) || is_assigned(behind);
}

static bool is_named(const char *behind)
{
    (void)behind;
    return true;
}

/* Whether code has a name where it counts. */
static bool has_name(const char *code, const char *name, size_t length,
                     bool (*counts)(const char *behind))
{
    const char *other;
    size_t other_length;
    while (next_name(&code, &other, &other_length))
        if (other_length == length && memcmp(name, other, length) == 0 && counts(code))
            return true;
    return false;
}

/* `counts` looks at what stands behind a name of the model; `any`: some counted. */
static bool shares_name(const char *code, const char *model, bool (*counts)(const char *behind),
                        bool *any)
{
    const char *name;
    size_t length;
    *any = false;
    while (next_name(&model, &name, &length)) {
        if (is_keyword(name, length) || !counts(model))
            continue;
        *any = true;
        if (has_name(code, name, length, counts == is_assigned ? is_assigned : is_named))
            return true;
    }
    return false;
}

bool condition_resembles(const char *code, const char *model)
{
    static bool (*const ways[])(const char *) = {is_called, is_assigned, is_named};
    bool any = false, shares = false;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && !any; i++)
        shares = shares_name(code, model, ways[i], &any);
    return shares;
}

/* Whether `within` has all names that `code` calls or assigns to. */
static bool has_all_done(const char *within, const char *code)
{
    const char *name;
    size_t length;
    while (next_name(&code, &name, &length))
        if (!is_keyword(name, length) && is_done(code) && !has_name(within, name, length, is_named))
            return false;
    return true;
}

bool condition_is_part(const char *code, const char *model)
{
    return has_all_done(model, code) && !has_all_done(code, model);
}

static size_t count_calls(const char *code, const char *name, size_t length)
{
    const char *other;
    size_t other_length, count = 0;
    while (next_name(&code, &other, &other_length))
        count += other_length == length && memcmp(name, other, length) == 0 && is_called(code);
    return count;
}

bool condition_repeats(const char *code, const char *model, const char *done, bool *early)
{
    const char *name;
    size_t length;
    bool repeats = false;
    *early = false;
    while (next_name(&code, &name, &length)) {
        size_t count = is_keyword(name, length) ? 0 : count_calls(model, name, length);
        if (count < 2 || !is_called(code))
            continue;
        repeats = true;
        *early |= count_calls(done, name, length) < count;
    }
    return repeats;
}

static bool is_word(const char *text, const char *at, const char *word)
{
    size_t length = strlen(word);
    return strncmp(at, word, length) == 0 && !is_letter(at[length]) &&
           (at == text || !is_letter(at[-1]));
}

/* Where `word` stands outside of brackets and strings, from `at` on; NULL where it does not. */
static const char *find_outside(const char *text, const char *at, const char *word)
{
    int depth = 0;
    for (; *at != '\0'; at++) {
        if (*at == '"' || *at == '\'') {
            at = skip_string(at) - 1;
        } else if (strchr("([{", *at) != NULL) {
            depth++;
        } else if (strchr(")]}", *at) != NULL) {
            depth--;
        } else if (depth == 0 &&
                   (isalpha((unsigned char)word[0]) ? is_word(text, at, word)
                                                    : strncmp(at, word, strlen(word)) == 0)) {
            return at;
        }
    }
    return NULL;
}

bool condition_next_part(const char *condition, size_t *at, struct buffer *part)
{
    const char *begin = condition + *at;
    buffer_clear(part);
    begin += strspn(begin, " ");
    if (*begin == '\0')
        return false;
    const char *end = find_outside(condition, condition, "or") == NULL
                          ? find_outside(condition, begin, "and")
                          : NULL;
    size_t length = end != NULL ? (size_t)(end - begin) : strlen(begin);
    *at = (size_t)(begin - condition) + length + (end != NULL ? 3 : 0);
    while (length > 0 && begin[length - 1] == ' ')
        length--;
    buffer_append(part, begin, length);
    return !part->failed;
}

/* The first comparison of a text; NULL where it has none. */
static const char *find_comparison(const char *text)
{
    static const char *const signs[] = {"==", "~=", "<=", ">=", "<", ">"};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        const char *at = find_outside(text, text, signs[i]);
        if (at != NULL && (first == NULL || at < first))
            first = at;
    }
    return first;
}

bool condition_left_side(struct buffer *part)
{
    const char *text = buffer_text(part);
    const char *sign = find_comparison(text);
    if (sign == NULL || find_outside(text, text, "or") != NULL ||
        find_outside(text, text, "not") != NULL)
        return false;
    part->length = (size_t)(sign - text);
    while (part->length > 0 && part->data[part->length - 1] == ' ')
        part->length--;
    part->data[part->length] = '\0';
    return part->length > 0;
}
