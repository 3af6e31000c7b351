/* SPDX-License-Identifier: MIT
 *
 * A page that lost its line breaks. Where one value ends and a name follows, Python must begin a
 * new statement: that is certain. Where a comment ends and code begins is not, and is taken to be
 * at the first words that look like a statement of a tutorial on sockets.
 */
#include "inside.h"

#include <ctype.h>
#include <string.h>

static const char *skip_spaces(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

/* Behind the name that begins at `at`; `at` itself where there is none. */
static const char *skip_name(const char *at)
{
    if (!isalpha((unsigned char)*at) && *at != '_')
        return at;
    while (isalnum((unsigned char)*at) || *at == '_')
        at++;
    return at;
}

/* name = ..., a, b = ... */
static bool begins_assignment(const char *at)
{
    const char *end = skip_name(at);
    while (end != at && *skip_spaces(end) == ',') {
        at = skip_spaces(skip_spaces(end) + 1);
        end = skip_name(at);
    }
    const char *sign = skip_spaces(end);
    return end != at && sign[0] == '=' && sign[1] != '=';
}

/* print(...), s.bind(...) */
static bool begins_call(const char *at)
{
    const char *end = skip_name(at);
    if (end == at)
        return false;
    if (*end != '.')
        return (size_t)(end - at) == 5 && memcmp(at, "print", 5) == 0 && *skip_spaces(end) == '(';
    const char *method = skip_spaces(end + 1), *behind = skip_name(method);
    return behind != method && *skip_spaces(behind) == '(';
}

static bool begins_loop(const char *at)
{
    if (strncmp(at, "while True:", 11) == 0 || strncmp(at, "try:", 4) == 0)
        return true;
    if (strncmp(at, "for ", 4) != 0)
        return false;
    const char *name = skip_spaces(at + 4), *word = skip_spaces(skip_name(name));
    if (strncmp(word, "in ", 3) != 0)
        return false;
    const char *list = skip_spaces(word + 3);
    return skip_name(list) != list && *skip_name(list) == ':';
}

static bool begins_import(const char *at)
{
    static const char *const modules[] = {"socket", "json", "time", "sys", "os", "threading"};
    if (strncmp(at, "import ", 7) != 0)
        return false;
    at = skip_spaces(at + 7);
    size_t length = (size_t)(skip_name(at) - at);
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
        if (strlen(modules[i]) == length && memcmp(modules[i], at, length) == 0)
            return true;
    return false;
}

/* Where code begins in a comment that has swallowed the rest of the page; its end where none does.
 */
static const char *find_code(const char *comment)
{
    const char *at = comment + 1;
    while (*at != '\0') {
        bool word = at[-1] == ' ' || at[-1] == '#';
        if (word &&
            (begins_import(at) || begins_assignment(at) || begins_call(at) || begins_loop(at)))
            return at;
        at++;
    }
    return at;
}

static bool is_word(const struct token *token, const char *words)
{
    return token->type == TOKEN_NAME && token_is_word(token->start, token->length, words);
}

static bool ends_value(const struct token *token)
{
    if (token->type == TOKEN_NAME)
        return !python_is_keyword(token) && !token_is(token, "print");
    return token->type == TOKEN_NUMBER || token->type == TOKEN_STRING || token_is(token, ")") ||
           token_is(token, "]") || token_is(token, "}");
}

/* Whether `if` begins a statement: its colon comes before an `else` does. */
static bool if_is_statement(const struct token_list *list, size_t at)
{
    int depth = 0;
    for (; at < list->count; at++) {
        const struct token *token = &list->items[at];
        if (token->type != TOKEN_SIGN && token->type != TOKEN_NAME)
            continue;
        depth += strchr("([{", *token->start) != NULL;
        depth -= strchr(")]}", *token->start) != NULL;
        if (depth == 0 && token_is(token, ":"))
            return true;
        if (depth == 0 && token_is(token, "else"))
            return false;
    }
    return false;
}

/* Whether a line ends between a token and the one before it, outside of brackets. */
static bool breaks_before(const struct token_list *list, size_t at, bool importing)
{
    const struct token *token = &list->items[at], *before = &list->items[at - 1];
    if (token_is(before, ":") || is_word(before, " break continue pass "))
        return true;
    if (!ends_value(before) || token->type != TOKEN_NAME)
        return false;
    if (token_is(token, "else"))
        return at + 1 < list->count && token_is(&list->items[at + 1], ":");
    if (token_is(token, "if"))
        return if_is_statement(list, at);
    if (token_is(token, "import"))
        return !importing;
    return !is_word(token, " and or not in is as ");
}

static void put_code(struct buffer *lines, const char *from, const char *to)
{
    struct token_list list;
    int depth = 0;
    bool importing = false;
    token_scan(&list, from, (size_t)(to - from), 1);
    for (size_t i = 0; i < list.count; i++) {
        const struct token *token = &list.items[i];
        if (i > 0 && depth == 0 && breaks_before(&list, i, importing)) {
            buffer_append(lines, from, (size_t)(token->start - from));
            buffer_putc(lines, '\n');
            from = token->start;
            importing = false;
        }
        importing = importing || token_is(token, "from");
        if (token->type != TOKEN_SIGN)
            continue;
        depth += strchr("([{", *token->start) != NULL;
        depth -= strchr(")]}", *token->start) != NULL;
    }
    buffer_append(lines, from, (size_t)(to - from));
    buffer_putc(lines, '\n');
    lines->failed = lines->failed || list.failed;
    token_free(&list);
}

/* The first # that is in no string; the end where there is none. Says in `lines` where there was no
 * memory to look. */
static const char *find_comment(const char *text, struct buffer *lines)
{
    struct token_list list;
    const char *found = text + strlen(text);
    token_scan(&list, text, strlen(text), 1);
    for (size_t i = 0; i < list.count && !list.failed; i++) {
        if (list.items[i].type != TOKEN_COMMENT)
            continue;
        found = list.items[i].start;
        break;
    }
    lines->failed = lines->failed || list.failed;
    token_free(&list);
    return found;
}

bool restore_lines(const char *text, struct buffer *lines)
{
    size_t length = strcspn(text, "\n");
    if (text[length] != '\0' && text[length + 1 + strspn(text + length + 1, " \t\r\n")] != '\0')
        return false;
    text = skip_spaces(text);
    while (*text != '\0' && *text != '\n') {
        const char *comment = find_comment(text, lines);
        if (comment > text)
            put_code(lines, text, comment);
        if (*comment != '#')
            break;
        text = find_code(comment);
        buffer_append(lines, comment, (size_t)(text - comment));
        buffer_putc(lines, '\n');
    }
    return true;
}
