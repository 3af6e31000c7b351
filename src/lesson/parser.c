/* SPDX-License-Identifier: MIT
 *
 * What all readers of a lesson's lines need: to complain at a line, to copy what was read, and to
 * cut blanks. Where there is no memory the parser is starved and its outcome is nothing. Knows no
 * mark.
 */
#include "base/text.h"
#include "inside.h"

#include <stdlib.h>
#include <string.h>

void parser_complain(struct parser *p, unsigned line, const char *format, ...)
{
    struct buffer text = BUFFER_EMPTY;
    va_list values;
    va_start(values, format);
    buffer_vprintf(&text, format, values);
    va_end(values);
    buffer_printf(p->mistakes, "%s:%u: ", p->path, line);
    text_append_safe(p->mistakes, buffer_text(&text), text.length, false);
    buffer_putc(p->mistakes, '\n');
    p->starved |= text.failed || p->mistakes->failed;
    buffer_free(&text);
}

char *parser_copy(struct parser *p, const char *text, size_t length)
{
    char *copy = strndup(text, length);
    p->starved |= copy == NULL;
    return copy;
}

void *parser_add(struct parser *p, void **items, size_t *count, size_t size)
{
    char *grown = realloc(*items, (*count + 1) * size);
    if (grown == NULL) {
        p->starved = true;
        return NULL;
    }
    *items = grown;
    memset(grown + *count * size, 0, size);
    return grown + (*count)++ * size;
}

bool line_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

void line_trim(struct line *line)
{
    while (line->length > 0 && line_is_blank(line->text[line->length - 1]))
        line->length--;
    while (line->length > 0 && line_is_blank(line->text[0])) {
        line->text++;
        line->length--;
    }
}
