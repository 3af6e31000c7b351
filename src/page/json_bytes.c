/* SPDX-License-Identifier: MIT
 *
 * Bytes in JSON, both ways: a string whose characters are the bytes' numbers.
 */
#include "json_inside.h"

#include "base/text.h"

#include <limits.h>
#include <string.h>

void json_append_bytes(struct buffer *out, const char *bytes, size_t length)
{
    buffer_putc(out, '"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '"' || c == '\\')
            buffer_printf(out, "\\%c", c);
        else if (c == '\n')
            buffer_puts(out, "\\n");
        else if (c < 0x20 || c > 0x7e || strchr("<>&'", c) != NULL)
            buffer_printf(out, "\\u%04x", c);
        else
            buffer_putc(out, (char)c);
    }
    buffer_putc(out, '"');
}

bool json_read_bytes(struct json_reader *reader, const json_t *value, const char **bytes,
                     size_t *length)
{
    *bytes = "";
    *length = 0;
    if (!json_is_string(value))
        return json_refuse(reader, "a string is expected");
    const char *text = json_string_value(value);
    size_t size = json_string_length(value), count = 0;
    char *copy = json_keep(reader, size + 1);
    if (copy == NULL)
        return false;
    for (size_t at = 0; at < size; count++) {
        uint32_t code = 0;
        size_t step = text_decode(text + at, size - at, &code);
        if (step == 0 || code > UCHAR_MAX)
            return json_refuse(reader, "a character is no byte: U+%04X", (unsigned)code);
        at += step;
        copy[count] = (char)code;
    }
    *bytes = copy;
    *length = count;
    return true;
}
