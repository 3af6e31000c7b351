/* SPDX-License-Identifier: MIT
 *
 * The ground of the translation: memory that lives as long as it, the place among the tokens, and
 * the ways to give up.
 */
#include "inside.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void *python_allocate(struct python *p, size_t size)
{
    struct chunk *chunk = calloc(1, sizeof *chunk + size);
    if (chunk == NULL) {
        p->failed = p->stopped = true;
        return NULL;
    }
    chunk->next = p->chunks;
    p->chunks = chunk;
    return chunk + 1;
}

const char *python_keep(struct python *p, const char *text, size_t length)
{
    char *copy = python_allocate(p, length + 1);
    if (copy == NULL)
        return "";
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

const char *python_say(struct python *p, const char *format, ...)
{
    struct buffer text = BUFFER_EMPTY;
    va_list values;
    va_start(values, format);
    buffer_vprintf(&text, format, values);
    va_end(values);
    const char *kept = python_keep(p, buffer_text(&text), text.length);
    python_drop(p, &text);
    return kept;
}

void python_drop(struct python *p, struct buffer *text)
{
    if (text->failed)
        p->failed = p->stopped = true;
    buffer_free(text);
}

void python_release(struct python *p)
{
    while (p->chunks != NULL) {
        struct chunk *next = p->chunks->next;
        free(p->chunks);
        p->chunks = next;
    }
    token_free(&p->list);
}

const struct token *python_peek_next(const struct python *p, size_t distance)
{
    static const struct token end = {.type = TOKEN_END, .start = "", .line = 0};
    if (p->stopped || p->at + distance >= p->list.count)
        return &end;
    return &p->list.items[p->at + distance];
}

const struct token *python_peek(const struct python *p)
{
    return python_peek_next(p, 0);
}

const struct token *python_take(struct python *p)
{
    const struct token *token = python_peek(p);
    if (token->type != TOKEN_END && token->type != TOKEN_WRONG)
        p->at++;
    return token;
}

bool python_sees(const struct python *p, const char *text)
{
    return token_is(python_peek(p), text);
}

bool python_accept(struct python *p, const char *text)
{
    if (!python_sees(p, text))
        return false;
    python_take(p);
    return true;
}

void python_expect(struct python *p, const char *text)
{
    if (!python_accept(p, text))
        python_wrong(p);
}

void python_wrong(struct python *p)
{
    if (p->stopped)
        return;
    p->wrong = p->stopped = true;
    p->problem_line = p->at < p->list.count ? p->list.items[p->at].line : 0;
    p->problem = "this is not understood";
}

void python_refuse(struct python *p, const char *format, ...)
{
    if (p->stopped)
        return;
    struct buffer text = BUFFER_EMPTY;
    va_list values;
    va_start(values, format);
    buffer_vprintf(&text, format, values);
    va_end(values);
    p->problem_line = p->at < p->list.count ? p->list.items[p->at].line : 0;
    p->problem = python_keep(p, buffer_text(&text), text.length);
    python_drop(p, &text);
    p->stopped = true;
}

bool python_is_keyword(const struct token *token)
{
    return token->type == TOKEN_NAME &&
           token_is_word(
               token->start, token->length,
               " and as assert async await break class continue def del elif else except "
               "finally for from global if import in is lambda nonlocal not or pass raise "
               "return try while with yield ");
}
