/* SPDX-License-Identifier: MIT
 *
 * A text that grows. Rendering code appends without looking at each step whether memory sufficed:
 * a failure is remembered, appends after it do nothing, and whoever uses the text asks once.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data; /* owned; zero-terminated whenever it is not NULL */
    size_t length;
    size_t capacity;
    bool failed; /* an append found no memory; the text is incomplete */
};

/* No text is larger, whatever it is made of: a table may show one string a million times. */
#define BUFFER_LARGEST ((size_t)1 << 30)

#define BUFFER_EMPTY ((struct buffer){NULL, 0, 0, false})

/* Gives the memory back; the buffer is empty afterwards and may be used again. */
void buffer_free(struct buffer *b);

/* Forgets the text and a failure, keeps the memory. */
void buffer_clear(struct buffer *b);

/* Makes room for `extra` more bytes; false where there is no memory. */
bool buffer_reserve(struct buffer *b, size_t extra);

void buffer_append(struct buffer *b, const void *data, size_t length);
void buffer_puts(struct buffer *b, const char *text);
void buffer_putc(struct buffer *b, char c);
void buffer_fill(struct buffer *b, char c, size_t count);
void buffer_printf(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_vprintf(struct buffer *b, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* The text so far, zero-terminated, never NULL; valid until the next append. */
const char *buffer_text(const struct buffer *b);

#endif
