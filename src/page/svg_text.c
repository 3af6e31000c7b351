/* SPDX-License-Identifier: MIT
 *
 * One function finds where a line ends; measuring and drawing both ask it.
 */
#include "svg_text.h"

#include "base/text.h"
#include "base/width.h"
#include "page/escape.h"

#include <string.h>

/* Bytes of the next line. A word that is too long is cut between two characters. */
static size_t next_line(const char *text, size_t length, size_t limit)
{
    size_t at = 0, columns = 0, good = 0;
    while (at < length) {
        uint32_t code = 0;
        size_t size = text_decode(text + at, length - at, &code);
        columns += size != 0 ? width_of(code) : 1;
        if (columns > limit && at > 0)
            return good > at / 2 ? good : at;
        at += size != 0 ? size : 1;
        if (code == ' ' || code == ',')
            good = at;
    }
    return at;
}

size_t svg_text_columns(const char *text, size_t limit, size_t *lines)
{
    size_t length = strlen(text), widest = 0, at = 0;
    *lines = 0;
    do {
        size_t size = next_line(text + at, length - at, limit);
        size_t columns = text_columns(text + at, size);
        widest = columns > widest ? columns : widest;
        at += size;
        (*lines)++;
    } while (at < length);
    return widest;
}

/* A blank at the end would shift a line that is set to the right. */
static size_t without_blanks(const char *text, size_t size)
{
    while (size > 0 && text[size - 1] == ' ')
        size--;
    return size;
}

void svg_text_append(struct buffer *out, const char *text, size_t limit, int x, int step)
{
    size_t length = strlen(text), at = 0;
    do {
        size_t size = next_line(text + at, length - at, limit);
        if (at > 0)
            buffer_printf(out, "<tspan x=\"%d\" dy=\"%d\">", x, step);
        escape_append(out, text + at, without_blanks(text + at, size), false);
        buffer_puts(out, at > 0 ? "</tspan>" : "");
        at += size;
    } while (at < length);
}
