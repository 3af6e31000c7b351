/* SPDX-License-Identifier: MIT
 *
 * What becomes of the statements around a block that cannot be translated: they were typed, or
 * pasted, with it, and are not to go with it. They come back as they came, since whether they are
 * Python or Lua is seen when they are entered anew.
 */
#include "inside.h"

#include <string.h>

bool refusal_is_block(const struct python *p, size_t at)
{
    static const char words[] = " while if for def try with class async ";
    const struct token *items = p->list.items;
    if (at + 1 >= p->list.count || !token_is_word(items[at].start, items[at].length, words))
        return false;
    for (size_t i = at + 1; i < p->list.count; i++)
        if (items[i].type == TOKEN_NEWLINE || items[i].type == TOKEN_COMMENT)
            return token_is(&items[i - 1], ":");
    return false;
}

/* Whether the lines below the header are indented; where that was lost nobody knows their end. */
static bool has_body(const struct python *p, size_t at)
{
    const struct token *items = p->list.items;
    while (items[at].type != TOKEN_NEWLINE && items[at].type != TOKEN_END)
        at++;
    while (items[at].type == TOKEN_NEWLINE || items[at].type == TOKEN_COMMENT)
        at++;
    return items[at].type == TOKEN_INDENT;
}

/* Of one that is Python throughout. */
static bool is_refused_block(const struct python *p)
{
    if (!p->stopped || p->wrong || p->failed || p->restored || !refusal_is_block(p, p->refused) ||
        !has_body(p, p->refused))
        return false;
    return p->list.items[statement_behind(p, p->refused)].type != TOKEN_WRONG;
}

size_t refusal_end(const struct python *p)
{
    return is_refused_block(p) ? statement_behind(p, p->refused) : p->list.count;
}

/* Whether the Lua that was written before is more than comments. */
static bool has_code_before(const struct python *p)
{
    const char *at = buffer_text(p->out), *end = at + p->written;
    while (at < end) {
        at += strspn(at, " \n");
        if (at < end && strncmp(at, "--", 2) != 0)
            return true;
        at += strcspn(at, "\n");
    }
    return false;
}

/* Where the line of a token begins. */
static const char *line_of(const struct token *token, const char *text)
{
    const char *at = token->start;
    while (at > text && at[-1] != '\n')
        at--;
    return at;
}

void refusal_append_rest(const struct python *p, const char *text, struct buffer *rest)
{
    if (!is_refused_block(p))
        return;
    const struct token *items = p->list.items;
    size_t behind = statement_behind(p, p->refused), code = behind;
    while (items[code].type == TOKEN_COMMENT)
        code++;
    if (has_code_before(p))
        buffer_append(rest, text, (size_t)(line_of(&items[p->refused], text) - text));
    if (items[code].type != TOKEN_END)
        buffer_puts(rest, line_of(&items[behind], text));
    while (rest->length > 0 && strchr(" \t\r\n", rest->data[rest->length - 1]) != NULL)
        rest->data[--rest->length] = '\0';
}
