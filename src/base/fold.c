/* SPDX-License-Identifier: MIT
 *
 * A line is a row of words with blanks in front of them; blanks within double quotes belong to the
 * word.
 */
#include "base/fold.h"

#include "base/text.h"

#include <string.h>

/* How long the word is; the escapes of a quoted text are those of text_append_quoted(). */
static size_t word_length(const char *text, size_t length)
{
    bool quoted = false;
    size_t at = 0;
    for (; at < length && (quoted || text[at] != ' '); at++) {
        if (text[at] == '"')
            quoted = !quoted;
        else if (quoted && text[at] == '\\' && at + 1 < length)
            at++;
    }
    return at;
}

size_t fold_blanks(const char *text, size_t length)
{
    size_t count = 0;
    while (count < length && text[count] == ' ')
        count++;
    return count;
}

/* The column behind a text that the terminal wraps by itself. */
static size_t column_behind(const char *text, size_t length, size_t column, size_t width)
{
    const size_t end = column + text_columns(text, length);
    return end <= width ? end : (end - 1) % width + 1;
}

size_t fold_append_part(struct buffer *out, const char *part, size_t length, size_t column,
                        size_t width, size_t hang)
{
    for (size_t at = 0; at < length;) {
        const size_t gap = fold_blanks(part + at, length - at);
        const char *const word = part + at + gap;
        const size_t size = word_length(word, length - at - gap);
        const size_t columns = text_columns(word, size);
        const bool fits = size == 0 || column + gap + columns <= width || hang + columns > width;
        if (fits || at == 0) {
            buffer_append(out, part + at, gap + size);
            column = column_behind(part + at, gap + size, column, width);
        } else {
            buffer_putc(out, '\n');
            buffer_fill(out, ' ', hang);
            buffer_append(out, word, size);
            column = hang + columns;
        }
        at += gap + size;
    }
    return column;
}

static size_t hang_of(const char *line, size_t length, size_t width)
{
    const size_t hang = fold_blanks(line, length) + 2;
    return hang < width / 2 ? hang : width / 2;
}

void fold_append(struct buffer *out, const char *text, size_t length, size_t width)
{
    for (size_t at = 0; at < length;) {
        const char *const line = text + at;
        const char *const newline = memchr(line, '\n', length - at);
        const size_t size = newline ? (size_t)(newline - line) : length - at;
        fold_append_part(out, line, size, 0, width, hang_of(line, size, width));
        if (newline)
            buffer_putc(out, '\n');
        at += size + (newline ? 1 : 0);
    }
}
