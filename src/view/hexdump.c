/* SPDX-License-Identifier: MIT
 *
 * The classic three columns. Six digits of offset are enough for 16 MiB, and leave 16 bytes a line
 * room in 76 columns, 8 in 44.
 */
#include "view/hexdump.h"

#define MOST_BYTES ((size_t)16)
#define LEAST_BYTES ((size_t)4)

struct layout {
    size_t digits; /* of the offset */
    size_t bytes;  /* in a line */
    const char *border;
};

static void layout_init(struct layout *layout, size_t length, size_t width, bool utf8)
{
    layout->digits = 6;
    for (size_t last = (length - 1) >> 24; last > 0; last >>= 4)
        layout->digits++;
    layout->border = utf8 ? "\u2502" : "|";
    layout->bytes = MOST_BYTES;
    /* Digits, two spaces, three columns a byte and one for the gap, a space, the text in borders.
     */
    while (layout->bytes > LEAST_BYTES && layout->digits + 4 * layout->bytes + 6 > width)
        layout->bytes /= 2;
}

static void append_hex(struct buffer *out, const char *bytes, size_t count, size_t columns)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < columns; i++) {
        if (i == columns / 2)
            buffer_putc(out, ' '); /* the gap in the middle */
        if (i >= count) {
            buffer_puts(out, "   ");
            continue;
        }
        unsigned char byte = (unsigned char)bytes[i];
        const char shown[] = {digits[byte >> 4], digits[byte & 0xf], ' '};
        buffer_append(out, shown, sizeof shown);
    }
}

static void append_text(struct buffer *out, const char *bytes, size_t count, const char *border)
{
    buffer_puts(out, border);
    for (size_t i = 0; i < count; i++)
        buffer_putc(out, bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.');
    buffer_puts(out, border);
    buffer_putc(out, '\n');
}

void hexdump_append(struct buffer *out, const char *bytes, size_t length, size_t width, bool utf8)
{
    struct layout layout;
    if (length == 0)
        return;
    layout_init(&layout, length, width, utf8);
    for (size_t at = 0; at < length; at += layout.bytes) {
        size_t count = length - at < layout.bytes ? length - at : layout.bytes;
        buffer_printf(out, "%0*zx  ", (int)layout.digits, at);
        append_hex(out, bytes + at, count, layout.bytes);
        buffer_putc(out, ' ');
        append_text(out, bytes + at, count, layout.border);
    }
}
