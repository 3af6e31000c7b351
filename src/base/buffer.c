/* SPDX-License-Identifier: MIT
 *
 * The growing text. Capacity doubles, so that appending byte by byte stays linear; one byte more
 * than the text is always there for the zero at its end. Knows nothing of what the text means.
 */
#include "base/buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 64 };

void buffer_free(struct buffer *b)
{
    free(b->data);
    *b = BUFFER_EMPTY;
}

void buffer_clear(struct buffer *b)
{
    b->length = 0;
    b->failed = false;
    if (b->data)
        b->data[0] = '\0';
}

bool buffer_reserve(struct buffer *b, size_t extra)
{
    if (b->failed)
        return false;
    if (extra < b->capacity - b->length)
        return true;
    b->failed = true; /* until memory was found */
    if (extra >= BUFFER_LARGEST - b->length)
        return false;
    const size_t needed = b->length + extra + 1;
    size_t capacity = b->capacity ? b->capacity : SMALLEST;
    while (capacity < needed)
        capacity *= 2;
    char *data = realloc(b->data, capacity);
    if (!data)
        return false;
    data[b->length] = '\0';
    b->data = data;
    b->capacity = capacity;
    b->failed = false;
    return true;
}

void buffer_append(struct buffer *b, const void *data, size_t length)
{
    if (length == 0 || !buffer_reserve(b, length))
        return;
    memcpy(b->data + b->length, data, length);
    b->length += length;
    b->data[b->length] = '\0';
}

void buffer_puts(struct buffer *b, const char *text)
{
    buffer_append(b, text, strlen(text));
}

void buffer_putc(struct buffer *b, char c)
{
    buffer_append(b, &c, 1);
}

void buffer_fill(struct buffer *b, char c, size_t count)
{
    if (count == 0 || !buffer_reserve(b, count))
        return;
    memset(b->data + b->length, c, count);
    b->length += count;
    b->data[b->length] = '\0';
}

void buffer_printf(struct buffer *b, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(b, format, arguments);
    va_end(arguments);
}

void buffer_vprintf(struct buffer *b, const char *format, va_list arguments)
{
    if (!buffer_reserve(b, SMALLEST))
        return;
    va_list again;
    va_copy(again, arguments);
    const size_t room = b->capacity - b->length;
    const int length = vsnprintf(b->data + b->length, room, format, arguments);
    if (length >= 0 && (size_t)length >= room && buffer_reserve(b, (size_t)length))
        vsnprintf(b->data + b->length, (size_t)length + 1, format, again);
    va_end(again);
    if (length < 0)
        b->failed = true;
    if (b->failed)
        b->data[b->length] = '\0';
    else
        b->length += (size_t)length;
}

const char *buffer_text(const struct buffer *b)
{
    return b->data ? b->data : "";
}
