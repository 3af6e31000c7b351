/* SPDX-License-Identifier: MIT
 *
 * Cutting counts columns, not bytes: a character is taken whole or not at all.
 */
#include "cell.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

void cell_append_safe(struct buffer *out, const char *bytes, size_t length, bool utf8)
{
    struct buffer safe = BUFFER_EMPTY;
    if (utf8) {
        text_append_safe(out, bytes, length, false);
        return;
    }
    text_append_safe(&safe, bytes, length, false);
    text_append_ascii(out, buffer_text(&safe), safe.length);
    out->failed = out->failed || safe.failed;
    buffer_free(&safe);
}

size_t cell_columns(const struct buffer *text)
{
    return text_columns(buffer_text(text), text->length);
}

static size_t character_size(const char *text, size_t length)
{
    uint32_t code;
    size_t size = text_decode(text, length, &code);
    return size > 0 ? size : 1;
}

/* The bytes at the text's beginning that fit into so many columns. */
static size_t fitting_head(const char *text, size_t length, size_t columns)
{
    size_t at = 0;
    while (at < length) {
        size_t size = character_size(text + at, length - at);
        size_t taken = text_columns(text + at, size);
        if (taken > columns)
            break;
        columns -= taken;
        at += size;
    }
    return at;
}

/* Where the end of the text begins that fits into so many columns. */
static size_t fitting_tail(const char *text, size_t length, size_t columns)
{
    size_t left = text_columns(text, length);
    size_t at = 0;
    while (at < length && left > columns) {
        size_t size = character_size(text + at, length - at);
        left -= text_columns(text + at, size);
        at += size;
    }
    return at;
}

void cell_append_cut(struct buffer *out, const struct buffer *text, size_t columns, bool utf8)
{
    const char *bytes = buffer_text(text);
    const char *ellipsis = utf8 ? "\u2026" : "...";
    size_t dots = utf8 ? 1 : 3;
    out->failed = out->failed || text->failed;
    if (cell_columns(text) <= columns) {
        buffer_append(out, bytes, text->length);
        return;
    }
    if (columns <= dots) {
        buffer_fill(out, '.', columns);
        return;
    }
    size_t head = (columns - dots) / 2, tail = columns - dots - head;
    size_t end = fitting_tail(bytes, text->length, tail);
    buffer_append(out, bytes, fitting_head(bytes, text->length, head));
    buffer_puts(out, ellipsis);
    buffer_append(out, bytes + end, text->length - end);
}

/* Appends the text, cut; returns how many columns are left over. */
static size_t append_and_count(struct buffer *out, const struct buffer *text, size_t columns,
                               bool utf8)
{
    size_t begin = out->length;
    cell_append_cut(out, text, columns, utf8);
    size_t taken = text_columns(buffer_text(out) + begin, out->length - begin);
    return taken < columns ? columns - taken : 0;
}

void cell_append_left(struct buffer *out, const struct buffer *text, size_t columns, bool utf8)
{
    buffer_fill(out, ' ', append_and_count(out, text, columns, utf8));
}

void cell_append_right(struct buffer *out, const struct buffer *text, size_t columns, bool utf8)
{
    size_t taken = cell_columns(text);
    buffer_fill(out, ' ', taken < columns ? columns - taken : 0);
    cell_append_cut(out, text, columns, utf8);
}

void cell_write_count(char text[CELL_COUNT], size_t count)
{
    char digits[CELL_COUNT];
    int length = snprintf(digits, sizeof digits, "%zu", count);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *text++ = ',';
        *text++ = digits[i];
    }
    *text = '\0';
}

void cell_append_count(struct buffer *out, size_t count)
{
    char text[CELL_COUNT];
    cell_write_count(text, count);
    buffer_puts(out, text);
}

void cell_end_line(struct buffer *out)
{
    if (out->failed)
        return;
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->length--;
    buffer_putc(out, '\n');
}
