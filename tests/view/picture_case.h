/* SPDX-License-Identifier: MIT
 *
 * What the tests of all pictures ask: the very text, lines that fit, nothing raw. And records made
 * in a line.
 */
#ifndef PICTURE_CASE_H
#define PICTURE_CASE_H

#include "base/text.h"

#include <string.h>

/* Every line ends, fits, and has nothing in it that a terminal would obey. */
static inline void expect_fit(const struct buffer *out, size_t width, bool utf8)
{
    const char *text = buffer_text(out);
    assert_false(out->failed);
    assert_true(out->length > 0 && text[out->length - 1] == '\n');
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        size_t length = strcspn(line, "\n");
        assert_true(text_columns(line, length) <= width);
        for (size_t at = 0; at < length;) {
            uint32_t code = 0;
            size_t size = text_decode(line + at, length - at, &code);
            assert_true(size > 0 && text_is_printable(code));
            assert_true(utf8 || size == 1);
            at += size;
        }
    }
}

/* xorshift32, from a seed that stands in the test: a failure can be had again. */
static inline uint32_t draw(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* Bytes that would do harm: OSC 52, a clear, a title, a bidirectional override, half a character.
 */
static const char hostile[] = "\x1b]52;c;Zm9v\a\x1b[2J\x9b"
                              "1m\xe2\x80\xae\xc3\x00</script>\r\n\xf0\x9f\x98\x80\xcc\x81\xff\x7f";

#endif
