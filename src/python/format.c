/* SPDX-License-Identifier: MIT
 *
 * Text with values in it: f"...", "..." % x and "...".format(x), as .. or string.format.
 */
#include "inside.h"

#include <string.h>

/* A field's format as string.format knows it; NULL where it does not. */
static const char *field_format(struct python *p, const char *at, size_t length)
{
    size_t digits = 0;
    while (digits < length && strchr("0123456789.", at[digits]) != NULL)
        digits++;
    if (digits + 1 != length || strchr("dxXfeg", at[digits]) == NULL)
        return NULL;
    return python_say(p, "%%%.*s", (int)length, at);
}

/* Where a replacement field ends: its expression, then `!` or `:`, then `}`. */
static size_t field_expression(const char *at, size_t length)
{
    int depth = 0;
    char quote = '\0';
    for (size_t i = 0; i < length; i++) {
        char c = at[i];
        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (strchr("([{", c) != NULL)
            depth++;
        else if (depth > 0 && strchr(")]}", c) != NULL)
            depth--;
        else if (depth == 0 &&
                 (c == '}' || c == ':' || (c == '!' && (i + 1 == length || at[i + 1] != '='))))
            return i;
    }
    return length;
}

/* Translates an expression that stands within a string. */
static struct value read_inner(struct python *p, const char *at, size_t length, int line)
{
    struct token_list outer = p->list;
    size_t place = p->at;
    token_scan(&p->list, at, length, line);
    p->at = 0;
    struct value v = expression_read_list(p);
    const struct token *token = python_peek(p);
    if (token->type == TOKEN_NEWLINE)
        token = python_peek_next(p, 1);
    if (!p->stopped && token->type != TOKEN_END)
        python_wrong(p);
    if (p->list.failed)
        p->failed = p->stopped = true;
    token_free(&p->list);
    p->list = outer;
    p->at = place;
    return v;
}

struct pieces {
    const char *text; /* joined by ..; NULL for none yet */
    struct buffer plain;
};

static void join(struct python *p, struct pieces *pieces, const char *text)
{
    pieces->text = pieces->text ? python_say(p, "%s .. %s", pieces->text, text) : text;
}

static void end_plain(struct python *p, struct pieces *pieces)
{
    if (pieces->plain.length > 0 || pieces->plain.failed)
        join(p, pieces, literal_quote(p, &pieces->plain));
    python_drop(p, &pieces->plain);
}

/* One field behind its `{`; returns how many bytes it takes, its `}` included. */
static size_t add_field(struct python *p, struct pieces *pieces, const struct token *token,
                        const char *at, size_t length)
{
    size_t end = field_expression(at, length), closing = end;
    while (closing < length && at[closing] != '}')
        closing++;
    if (closing == length) {
        python_wrong(p);
        return length;
    }
    struct value v = read_inner(p, at, end, token->line);
    end_plain(p, pieces);
    if (at[end] == '}') {
        join(p, pieces, value_shown(p, &v));
        return closing + 1;
    }
    const char *format = at[end] == ':' ? field_format(p, at + end + 1, closing - end - 1) : NULL;
    if (format == NULL)
        python_refuse(p, "the format %.*s has no counterpart in string.format",
                      (int)(closing - end), at + end);
    else
        join(p, pieces, python_say(p, "string.format(\"%s\", %s)", format, value_text(p, &v, 0)));
    return closing + 1;
}

/* The values of a string whose fields are expressions. */
struct value format_fields(struct python *p, const struct token *token)
{
    struct pieces pieces = {NULL, BUFFER_EMPTY};
    const char *at = token->body;
    size_t length = token->body_length, i = 0, plain = 0;
    p->notes |= NOTE_STRING;
    while (i < length && !p->stopped) {
        bool doubled = i + 1 < length && at[i + 1] == at[i];
        if (at[i] != '{' && at[i] != '}') {
            i++;
            continue;
        }
        literal_append(p, &pieces.plain, token, at + plain, i - plain + (doubled ? 1 : 0));
        if (doubled)
            i += 2;
        else if (at[i] == '}')
            python_wrong(p);
        else
            i += 1 + add_field(p, &pieces, token, at + i + 1, length - i - 1);
        plain = i;
    }
    if (!p->stopped)
        literal_append(p, &pieces.plain, token, at + plain, length - plain);
    if (pieces.text == NULL || pieces.plain.length > 0)
        join(p, &pieces, literal_quote(p, &pieces.plain));
    python_drop(p, &pieces.plain);
    return value_of(pieces.text, KIND_TEXT, LEVEL_CONCAT);
}

/* Whether string.format understands all fields of a text, and how many there are. */
static bool count_fields(const struct token *token, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < token->body_length; i++) {
        if (token->body[i] != '%')
            continue;
        if (++i < token->body_length && token->body[i] == '%')
            continue;
        while (i < token->body_length && strchr("0123456789.-+ ", token->body[i]) != NULL)
            i++;
        if (i == token->body_length || strchr("dsxXfgeicou", token->body[i]) == NULL)
            return false;
        ++*count;
    }
    return true;
}

struct value format_percent(struct python *p, const struct value *format, const struct value *v)
{
    size_t fields = 0, count = v->shape == SHAPE_TUPLE ? v->count : 1;
    p->notes |= NOTE_STRING;
    if (v->kind == KIND_DICT)
        python_refuse(p, "a format with names has no counterpart in string.format");
    if (format->literal != NULL && !count_fields(format->literal, &fields))
        python_refuse(p, "this format has no counterpart in string.format");
    if (format->literal != NULL && fields != count)
        python_refuse(p, "the format has %zu fields for %zu values", fields, count);
    const char *values =
        v->shape == SHAPE_TUPLE ? value_list(p, v->items, v->count) : value_text(p, v, 0);
    return value_of(python_say(p, "string.format(%s, %s)", value_text(p, format, 0), values),
                    KIND_TEXT, LEVEL_PLACE);
}

/* The index of the next field of "{} {0}"; SIZE_MAX where it is anything else. */
static size_t field_number(const char *at, size_t length, size_t next)
{
    if (length == 0)
        return next;
    return length == 1 && at[0] >= '0' && at[0] <= '9' ? (size_t)(at[0] - '0') : (size_t)-1;
}

struct value format_method(struct python *p, const struct value *format, const struct value *items,
                           size_t count)
{
    struct pieces pieces = {NULL, BUFFER_EMPTY};
    const struct token *token = format->literal;
    size_t next = 0, plain = 0, i = 0;
    if (token == NULL) {
        python_refuse(p, "format() is translated for a string that stands there");
        return *format;
    }
    p->notes |= NOTE_STRING;
    while (i < token->body_length && !p->stopped) {
        const char *at = token->body + i;
        if (*at != '{' && *at != '}') {
            i++;
            continue;
        }
        const char *closing = memchr(at, '}', token->body_length - i);
        size_t length = closing != NULL && closing > at ? (size_t)(closing - at) - 1 : 0;
        size_t field = *at == '{' && closing ? field_number(at + 1, length, next) : (size_t)-1;
        if (field >= count) {
            python_refuse(p, "this format is not translated: join the pieces by ..");
            break;
        }
        literal_append(p, &pieces.plain, token, token->body + plain, i - plain);
        end_plain(p, &pieces);
        join(p, &pieces, value_shown(p, &items[field]));
        next++;
        i += length + 2;
        plain = i;
    }
    if (!p->stopped)
        literal_append(p, &pieces.plain, token, token->body + plain, token->body_length - plain);
    if (pieces.text == NULL || pieces.plain.length > 0)
        join(p, &pieces, literal_quote(p, &pieces.plain));
    python_drop(p, &pieces.plain);
    return value_of(pieces.text, KIND_TEXT, LEVEL_CONCAT);
}
