/* SPDX-License-Identifier: MIT
 *
 * Statements one after the other. In a script one that cannot be translated becomes a comment and a
 * problem, and the next is taken; what it holds within it goes with it.
 */
#include "inside.h"

#include <stdarg.h>
#include <string.h>

void statement_line(struct python *p, const char *format, ...)
{
    va_list values;
    if (p->stopped)
        return;
    buffer_fill(p->out, ' ', 2 * (size_t)p->depth);
    va_start(values, format);
    buffer_vprintf(p->out, format, values);
    va_end(values);
    buffer_putc(p->out, '\n');
}

/* A comment behind a statement goes behind its last line. */
void simple_comment(struct python *p)
{
    const struct token *token = python_take(p);
    const char *text = token->start;
    size_t length = token->length;
    while (length > 0 && *text == '#')
        text++, length--;
    if (length > 0 && *text == '!')
        text++, length--;
    while (length > 0 && strchr(" \r\t", text[length - 1]) != NULL)
        length--;
    const char *space = length > 0 && *text != ' ' ? " " : "";
    bool alone = p->at < 2 || p->list.items[p->at - 2].line != token->line || p->out->length == 0 ||
                 p->stopped;
    p->notes |= NOTE_COMMENT;
    if (alone) {
        statement_line(p, "--%s%.*s", space, (int)length, text);
        return;
    }
    p->out->length--;
    buffer_printf(p->out, " --%s%.*s\n", space, (int)length, text);
}

void statement_end(struct python *p)
{
    if (python_peek(p)->type == TOKEN_COMMENT)
        simple_comment(p);
    if (python_peek(p)->type == TOKEN_NEWLINE)
        python_take(p);
    else if (python_peek(p)->type != TOKEN_END)
        python_wrong(p);
}

static bool begins_clause(const struct token *token)
{
    return token_is(token, "else") || token_is(token, "elif") || token_is(token, "except") ||
           token_is(token, "finally");
}

static size_t skip_comments(const struct python *p, size_t at)
{
    while (p->list.items[at].type == TOKEN_COMMENT)
        at++;
    return at;
}

static bool is_last(const struct token *token)
{
    return token->type == TOKEN_END || token->type == TOKEN_WRONG;
}

/* Behind an indented block that begins at `at`. */
static size_t skip_block(const struct python *p, size_t at)
{
    int depth = 0;
    do {
        depth += p->list.items[at].type == TOKEN_INDENT;
        depth -= p->list.items[at].type == TOKEN_DEDENT;
        at++;
    } while (depth > 0 && !is_last(&p->list.items[at]));
    return at;
}

size_t statement_behind(const struct python *p, size_t at)
{
    do {
        while (!is_last(&p->list.items[at]) && p->list.items[at].type != TOKEN_NEWLINE)
            at++;
        if (is_last(&p->list.items[at]))
            return at;
        at++;
        if (p->list.items[skip_comments(p, at)].type == TOKEN_INDENT)
            at = skip_block(p, skip_comments(p, at));
    } while (begins_clause(&p->list.items[skip_comments(p, at)]));
    return at;
}

static void put_source(struct python *p, const char *from, const char *to, int line)
{
    while (from < to) {
        const char *newline = memchr(from, '\n', (size_t)(to - from));
        const char *end = newline ? newline : to;
        size_t length = (size_t)(end - from);
        while (length > 0 && strchr(" \r\t", from[length - 1]) != NULL)
            length--;
        if (length > 0)
            statement_line(p, "-- PYTHON line %d: %.*s", line, (int)length, from);
        from = end + 1;
        line++;
    }
}

/* Makes a comment of the statement whose translation stopped. */
static void give_up(struct python *p, size_t from, size_t written)
{
    const struct token *first = &p->list.items[from];
    size_t behind = statement_behind(p, from);
    const char *end = p->list.items[behind].start;
    if (p->list.items[behind].type == TOKEN_WRONG)
        end += strlen(end);
    else if (behind > from && !is_last(&p->list.items[behind]))
        end = p->list.items[behind - 1].start;
    buffer_printf(p->problems, "line %d: %s\n", p->problem_line ? p->problem_line : first->line,
                  p->problem ? p->problem : "there is no memory");
    p->problem_count++;
    p->stopped = p->wrong = false;
    p->nesting = 0;
    p->problem = NULL;
    p->out->length = written;
    put_source(p, first->start, end, first->line);
    p->at = behind;
}

void statement_read(struct python *p)
{
    size_t from = p->at, written = p->out->length;
    struct frame *frame = p->frame;
    struct scope *scope = p->scope;
    struct buffer *out = p->out;
    int depth = p->depth;
    p->in_block = false;
    if (python_peek(p)->type == TOKEN_COMMENT) {
        simple_comment(p);
        return;
    }
    if (!block_read(p))
        simple_read(p);
    if (!p->stopped || !p->script || p->failed)
        return;
    p->frame = frame;
    p->scope = scope;
    p->out = out;
    p->depth = depth;
    give_up(p, from, written);
}

void statement_read_all(struct python *p)
{
    while (!p->stopped && python_peek(p)->type != TOKEN_END) {
        size_t before = p->at;
        p->refused = before;
        p->written = p->out->length;
        if (python_peek(p)->type == TOKEN_DEDENT || python_peek(p)->type == TOKEN_INDENT)
            python_take(p); /* lines whose indentation fits no block stand where they are */
        else
            statement_read(p);
        if (p->at == before)
            return; /* the tokenizer could not go on */
    }
}
