/* SPDX-License-Identifier: MIT
 *
 * The bytes of an input, taken one after the other by targets that make something of them; where
 * there are no more, zeros come. And what all text fit to be shown must be.
 */
#ifndef FUZZ_BYTES_H
#define FUZZ_BYTES_H

#include "fuzz.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

struct bytes {
    const uint8_t *data;
    size_t size, at;
};

static inline unsigned bytes_take(struct bytes *b)
{
    return b->at < b->size ? b->data[b->at++] : 0;
}

/* A number below `count`, of at most 256. */
static inline unsigned bytes_choose(struct bytes *b, unsigned count)
{
    return bytes_take(b) % count;
}

static inline bool bytes_end(const struct bytes *b)
{
    return b->at >= b->size;
}

/* Whatever follows, up to `most` bytes, with a zero behind them; the caller frees it. */
static inline char *bytes_text(struct bytes *b, size_t most, size_t *length)
{
    size_t left = b->size - b->at;
    *length = most < left ? most : left;
    char *text = malloc(*length + 1);
    HOLDS(text != NULL);
    memcpy(text, b->data + b->at, *length);
    text[*length] = '\0';
    b->at += *length;
    return text;
}

/* Nothing in it that a terminal would obey; `layout`: newlines and tabs may be there. */
static inline void bytes_check_shown(const char *text, size_t length, bool layout, bool utf8)
{
    for (size_t at = 0, size = 0; at < length; at += size) {
        uint32_t code = 0;
        size = text_decode(text + at, length - at, &code);
        HOLDS(size > 0);
        HOLDS(text_is_printable(code) || (layout && (code == '\n' || code == '\t')));
        HOLDS(utf8 || size == 1);
    }
}

/* A picture: lines that end, of at most `width` columns. */
static inline void bytes_check_picture(const struct buffer *out, size_t width, bool utf8)
{
    const char *line = buffer_text(out);
    HOLDS(!out->failed && strlen(line) == out->length);
    bytes_check_shown(line, out->length, true, utf8);
    HOLDS(strchr(line, '\t') == NULL);
    for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
        HOLDS(text_columns(line, (size_t)(end - line)) <= width);
    HOLDS(*line == '\0');
}

#endif
