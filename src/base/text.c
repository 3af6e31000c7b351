/* SPDX-License-Identifier: MIT
 *
 * Decoding, escaping and wrapping. A character is let through only where a terminal does nothing
 * with it but draw it; what is not let through is written as Lua would write it in a string. The
 * lists of characters stand here, those of widths in width.c.
 */
#include "base/text.h"

#include "base/width.h"

#include <string.h>

enum { LAST_CODE = 0x10FFFF };

/* How many bytes a character takes by its first byte, and the least code that needs as many. */
static size_t lead_length(unsigned char lead, uint32_t *least)
{
    if (lead >= 0xC2 && lead <= 0xDF) {
        *least = 0x80;
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        *least = 0x800;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        *least = 0x10000;
        return 4;
    }
    return 0;
}

size_t text_decode(const char *bytes, size_t length, uint32_t *code)
{
    const unsigned char *const in = (const unsigned char *)bytes;
    if (length == 0)
        return 0;
    if (in[0] < 0x80) {
        *code = in[0];
        return 1;
    }
    uint32_t least = 0;
    const size_t size = lead_length(in[0], &least);
    if (size == 0 || size > length)
        return 0;
    uint32_t value = in[0] & (0x7FU >> size);
    for (size_t i = 1; i < size; i++) {
        if ((in[i] & 0xC0U) != 0x80)
            return 0;
        value = value << 6 | (in[i] & 0x3FU);
    }
    if (value < least || value > LAST_CODE || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code = value;
    return size;
}

size_t text_valid_length(const char *bytes, size_t length)
{
    size_t at = 0;
    uint32_t code = 0;
    while (at < length) {
        const size_t size = text_decode(bytes + at, length - at, &code);
        if (size == 0)
            break;
        at += size;
    }
    return at;
}

bool text_is_printable(uint32_t code)
{
    /* Controls, what changes direction, what takes no room or draws nothing, and tags. Variation
     * selectors FE00 to FE0F stay: they only choose between pictures of the character before. */
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        {0x0000, 0x001F}, {0x007F, 0x009F},   {0x00AD, 0x00AD},   {0x034F, 0x034F},
        {0x061C, 0x061C}, {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
        {0x200B, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},
        {0xD800, 0xDFFF}, {0xFDD0, 0xFDEF},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
        {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
    };
    if (code >= 0x20 && code < 0x7F)
        return true;
    if (code > LAST_CODE || (code & 0xFFFE) == 0xFFFE)
        return false;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (code >= hidden[i].first && code <= hidden[i].last)
            return false;
    return true;
}

size_t text_columns(const char *text, size_t length)
{
    size_t columns = 0;
    for (size_t at = 0; at < length;) {
        uint32_t code = 0xFFFD; /* what a terminal shows for a byte that is not UTF-8 */
        const size_t size = text_decode(text + at, length - at, &code);
        at += size ? size : 1;
        columns += code < 0x20 || code == 0x7F ? 0 : width_of(code);
    }
    return columns;
}

/* `bytes` is one character, or one byte that is none where `size` is 0. */
static void append_escaped(struct buffer *out, const char *bytes, size_t size, uint32_t code)
{
    if (size == 0)
        buffer_printf(out, "\\x%02x", (unsigned)(unsigned char)bytes[0]);
    else if (code == '\n')
        buffer_puts(out, "\\n");
    else if (code == '\r')
        buffer_puts(out, "\\r");
    else if (code == '\t')
        buffer_puts(out, "\\t");
    else if (code < 0x80)
        buffer_printf(out, "\\x%02x", (unsigned)code);
    else
        buffer_printf(out, "\\u{%x}", (unsigned)code);
}

void text_append_safe(struct buffer *out, const char *bytes, size_t length, bool layout)
{
    size_t plain = 0; /* where the bytes begin that were found good and not appended yet */
    size_t at = 0;
    while (at < length) {
        uint32_t code = 0;
        const size_t size = text_decode(bytes + at, length - at, &code);
        const bool kept = layout && (code == '\n' || code == '\t');
        if (size != 0 && (kept || text_is_printable(code))) {
            at += size;
            continue;
        }
        buffer_append(out, bytes + plain, at - plain);
        append_escaped(out, bytes + at, size, code);
        at += size ? size : 1;
        plain = at;
    }
    buffer_append(out, bytes + plain, length - plain);
}

void text_append_ascii(struct buffer *out, const char *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint32_t code = 0;
        const size_t size = text_decode(bytes + at, length - at, &code);
        if (size == 1)
            buffer_putc(out, bytes[at]);
        else
            append_escaped(out, bytes + at, size, code);
        at += size ? size : 1;
    }
}

void text_append_quoted(struct buffer *out, const char *bytes, size_t length, size_t limit)
{
    const size_t end = length < limit ? length : limit;
    size_t at = 0;
    buffer_putc(out, '"');
    while (at < end) {
        uint32_t code = 0;
        const size_t size = text_decode(bytes + at, length - at, &code);
        if (size > end - at)
            break; /* half a character would read as bytes that never came */
        if (size == 1 && (code == '"' || code == '\\'))
            buffer_putc(out, '\\');
        if (size == 1 && code == 0)
            buffer_puts(out, at + 1 < end && bytes[at + 1] >= '0' && bytes[at + 1] <= '9' ? "\\x00"
                                                                                          : "\\0");
        else if (size == 0 || !text_is_printable(code))
            append_escaped(out, bytes + at, size, code);
        else
            buffer_append(out, bytes + at, size);
        at += size ? size : 1;
    }
    buffer_puts(out, at < length ? "\"..." : "\"");
}

static void append_line(struct buffer *out, const char *line, size_t length, const char *indent)
{
    size_t margin = strlen(indent);
    while (length == 0 && margin > 0 && indent[margin - 1] == ' ')
        margin--; /* an empty line has no spaces at its end */
    buffer_append(out, indent, margin);
    buffer_append(out, line, length);
    buffer_putc(out, '\n');
}

/* How much of the line fits into `room` columns, up to a space or to the end; a word that is longer
 * than that stands alone and whole. */
static size_t fitting_length(const char *line, size_t length, size_t room)
{
    size_t fits = 0;
    for (size_t at = 0; at < length;) {
        const char *space = memchr(line + at + 1, ' ', length - at - 1);
        const size_t end = space ? (size_t)(space - line) : length;
        if (fits > 0 && text_columns(line, end) > room)
            break;
        fits = end;
        at = end;
    }
    return fits;
}

static void wrap_line(struct buffer *out, const char *line, size_t length, size_t room,
                      const char *indent)
{
    if (length == 0 || line[0] == ' ') {
        append_line(out, line, length, indent);
        return;
    }
    while (length > 0) {
        size_t used = fitting_length(line, length, room);
        size_t shown = used;
        while (shown > 0 && line[shown - 1] == ' ')
            shown--;
        append_line(out, line, shown, indent);
        while (used < length && line[used] == ' ')
            used++;
        line += used;
        length -= used;
    }
}

void text_append_wrapped(struct buffer *out, const char *text, size_t width, const char *indent)
{
    const size_t margin = text_columns(indent, strlen(indent));
    const size_t room = width > margin ? width - margin : 1;
    while (*text) {
        const size_t length = strcspn(text, "\n");
        wrap_line(out, text, length, room, indent);
        text += length;
        if (*text == '\n')
            text++;
    }
}

void text_append_hanging(struct buffer *out, const char *indent, const char *head, const char *text,
                         size_t width)
{
    struct buffer below = BUFFER_EMPTY, lines = BUFFER_EMPTY;
    buffer_puts(&below, indent);
    buffer_fill(&below, ' ', text_columns(head, strlen(head)));
    text_append_wrapped(&lines, text, width, buffer_text(&below));
    buffer_printf(out, "%s%s", indent, head);
    if (lines.length > below.length)
        buffer_puts(out, buffer_text(&lines) + below.length);
    else
        buffer_putc(out, '\n');
    out->failed |= below.failed || lines.failed;
    buffer_free(&below);
    buffer_free(&lines);
}
