/* SPDX-License-Identifier: MIT
 *
 * Text from elsewhere, made fit to be shown: whatever the bytes are, what comes out is printable,
 * and wrapping loses no character of it.
 */
#include "bytes.h"

#include "base/fold.h"

static void check_decoding(const char *text, size_t length)
{
    size_t at = 0;
    for (size_t size = 1; size > 0; at += size) {
        uint32_t code = 0;
        size = text_decode(text + at, length - at, &code);
        HOLDS(size <= 4 && size <= length - at && code <= 0x10ffff);
    }
    HOLDS(text_valid_length(text, length) == at);
}

static void check_escapes(const char *text, size_t length, size_t limit)
{
    struct buffer out = BUFFER_EMPTY;
    for (int layout = 0; layout < 2; layout++) {
        buffer_clear(&out);
        text_append_safe(&out, text, length, layout == 1);
        bytes_check_shown(buffer_text(&out), out.length, layout == 1, true);
        HOLDS(text_columns(buffer_text(&out), out.length) <= 2 * out.length);
    }
    buffer_clear(&out);
    text_append_quoted(&out, text, length, limit);
    bytes_check_shown(buffer_text(&out), out.length, false, true);
    HOLDS(out.length >= 2 && out.data[0] == '"');
    HOLDS(limit >= length ? out.data[out.length - 1] == '"' : out.data[out.length - 1] == '.');
    buffer_clear(&out);
    text_append_ascii(&out, text, length);
    for (size_t i = 0; i < out.length; i++)
        HOLDS((unsigned char)out.data[i] < 128);
    buffer_free(&out);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n';
}

/* The characters that are no spaces are the same, in the same order. */
static void check_same_ink(const char *wrapped, const char *text)
{
    for (;; wrapped++, text++) {
        while (is_blank(*wrapped))
            wrapped++;
        while (is_blank(*text))
            text++;
        HOLDS(*wrapped == *text);
        if (*text == '\0')
            return;
    }
}

/* There is room for a column at least. Wider than it should be is an example, or a word that stands
 * alone. */
static void check_lines(const char *line, size_t width, size_t indent)
{
    width = width > indent ? width : indent + 1;
    for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        size_t length = (size_t)(end - line);
        if (text_columns(line, length) <= width)
            continue;
        HOLDS(length > indent);
        HOLDS(line[indent] == ' ' || memchr(line + indent, ' ', length - indent) == NULL);
    }
    HOLDS(*line == '\0');
}

static void check_wrapping(const char *bytes, size_t length, size_t width)
{
    static const char *const indents[] = {"", "  "};
    struct buffer text = BUFFER_EMPTY, out = BUFFER_EMPTY;
    text_append_safe(&text, bytes, length, true);
    for (size_t i = 0; i < 2; i++) {
        buffer_clear(&out);
        text_append_wrapped(&out, buffer_text(&text), width, indents[i]);
        check_same_ink(buffer_text(&out), buffer_text(&text));
        check_lines(buffer_text(&out), width, strlen(indents[i]));
    }
    buffer_free(&text);
    buffer_free(&out);
}

/* The same ink in lines that were folded; a line that fits is left alone. */
static void check_folding(const char *bytes, size_t length, size_t width)
{
    struct buffer text = BUFFER_EMPTY, out = BUFFER_EMPTY;
    text_append_safe(&text, bytes, length, true);
    fold_append(&out, buffer_text(&text), text.length, width + 1);
    check_same_ink(buffer_text(&out), buffer_text(&text));
    buffer_clear(&out);
    fold_append(&out, buffer_text(&text), text.length, 2 * text.length + 1);
    HOLDS(strcmp(buffer_text(&out), buffer_text(&text)) == 0);
    buffer_free(&text);
    buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes b = {data, size, 0};
    size_t limit = bytes_take(&b), width = bytes_take(&b), length;
    char *text = bytes_text(&b, size, &length);
    check_decoding(text, length);
    check_escapes(text, length, limit == 255 ? SIZE_MAX : limit);
    check_wrapping(text, length, width);
    check_folding(text, length, width);
    free(text);
    return 0;
}
