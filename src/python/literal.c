/* SPDX-License-Identifier: MIT
 *
 * Literals: strings with their prefixes and escapes, and numbers, as Lua writes them.
 */
#include "base/text.h"
#include "inside.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void append_code(struct buffer *out, unsigned long code)
{
    if (code < 0x80) {
        buffer_putc(out, (char)code);
    } else if (code < 0x800) {
        buffer_putc(out, (char)(0xC0 | code >> 6));
        buffer_putc(out, (char)(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
        buffer_putc(out, (char)(0xE0 | code >> 12));
        buffer_putc(out, (char)(0x80 | (code >> 6 & 0x3F)));
        buffer_putc(out, (char)(0x80 | (code & 0x3F)));
    } else {
        buffer_putc(out, (char)(0xF0 | (code >> 18 & 0x07)));
        buffer_putc(out, (char)(0x80 | (code >> 12 & 0x3F)));
        buffer_putc(out, (char)(0x80 | (code >> 6 & 0x3F)));
        buffer_putc(out, (char)(0x80 | (code & 0x3F)));
    }
}

/* \xhh \uhhhh \Uhhhhhhhh; `at` is behind the letter. Returns how many digits were taken. */
static size_t append_hexadecimal(struct python *p, struct buffer *out, const struct token *token,
                                 char letter, const char *at, size_t left)
{
    char digits[9] = "";
    size_t wanted = letter == 'x' ? 2 : letter == 'u' ? 4 : 8;
    if (left < wanted) {
        python_wrong(p);
        return left;
    }
    memcpy(digits, at, wanted);
    if (strspn(digits, "0123456789abcdefABCDEF") != wanted) {
        python_wrong(p);
        return wanted;
    }
    unsigned long code = strtoul(digits, NULL, 16);
    if (letter == 'x' && (token->prefix & TOKEN_BYTES) != 0)
        buffer_putc(out, (char)code);
    else
        append_code(out, code);
    return wanted;
}

/* An escape of one letter; '\0' stands for none of them. */
static char plain_escape(char letter)
{
    static const char letters[] = "\\'\"abfnrtv", bytes[] = "\\'\"\a\b\f\n\r\t\v";
    const char *found = letter != '\0' ? strchr(letters, letter) : NULL;
    return found != NULL ? bytes[found - letters] : '\0';
}

static size_t append_escape(struct python *p, struct buffer *out, const struct token *token,
                            const char *at, size_t left)
{
    char letter = at[1], plain = plain_escape(letter);
    bool bytes = (token->prefix & TOKEN_BYTES) != 0;
    if (plain != '\0') {
        buffer_putc(out, plain);
        return 2;
    }
    if (letter == 'x' || (!bytes && (letter == 'u' || letter == 'U')))
        return 2 + append_hexadecimal(p, out, token, letter, at + 2, left - 2);
    if (letter >= '0' && letter <= '7') {
        unsigned long code = 0;
        size_t i = 1;
        for (; i < 4 && i < left && at[i] >= '0' && at[i] <= '7'; i++)
            code = code * 8 + (unsigned long)(at[i] - '0');
        append_code(out, code & 0xFF);
        return i;
    }
    if (letter == 'N' && !bytes)
        python_refuse(p, "\\N{...} has no counterpart in Lua");
    if (letter != '\n') {
        buffer_putc(out, '\\');
        buffer_putc(out, letter);
    }
    return 2;
}

void literal_append(struct python *p, struct buffer *bytes, const struct token *token,
                    const char *at, size_t length)
{
    size_t i = 0;
    while (i < length) {
        if (at[i] == '\\' && i + 1 < length && (token->prefix & TOKEN_RAW) == 0) {
            i += append_escape(p, bytes, token, at + i, length - i);
            continue;
        }
        buffer_putc(bytes, at[i++]);
    }
}

const char *literal_quote(struct python *p, const struct buffer *bytes)
{
    struct buffer quoted = BUFFER_EMPTY;
    text_append_quoted(&quoted, buffer_text(bytes), bytes->length, SIZE_MAX);
    const char *text = python_keep(p, buffer_text(&quoted), quoted.length);
    quoted.failed = quoted.failed || bytes->failed;
    python_drop(p, &quoted);
    return text;
}

static struct value plain_string(struct python *p, const struct token *token)
{
    struct buffer bytes = BUFFER_EMPTY;
    literal_append(p, &bytes, token, token->body, token->body_length);
    struct value v = value_of(literal_quote(p, &bytes), KIND_TEXT, LEVEL_LITERAL);
    python_drop(p, &bytes);
    if ((token->prefix & TOKEN_BYTES) != 0)
        v.kind = KIND_BYTES;
    v.shape = SHAPE_LITERAL;
    v.literal = token;
    if (token->prefix != 0)
        p->notes |= NOTE_LETTER;
    if (token->length > 5 && token->body_length + 6 == token->length)
        p->notes |= NOTE_STRING;
    return v;
}

/* One string or several side by side, which are one. */
struct value literal_string(struct python *p)
{
    struct value all = {0};
    bool first = true;
    while (python_peek(p)->type == TOKEN_STRING) {
        const struct token *token = python_take(p);
        struct value v =
            (token->prefix & TOKEN_FORMAT) != 0 ? format_fields(p, token) : plain_string(p, token);
        if (first) {
            all = v;
            first = false;
            continue;
        }
        p->notes |= NOTE_STRING;
        all = value_of(python_say(p, "%s .. %s", value_text(p, &all, LEVEL_CONCAT),
                                  value_text(p, &v, LEVEL_CONCAT)),
                       all.kind, LEVEL_CONCAT);
    }
    return all;
}

/* 0o17, 0b101 and the old 017, as a decimal number. */
static struct value based_number(struct python *p, const char *digits, int base)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(digits, &end, base);
    if (*end != '\0' || errno != 0 || number > INT64_MAX)
        python_wrong(p);
    p->notes |= NOTE_OPERATOR;
    return value_of(python_say(p, "%llu", number), KIND_NUMBER, LEVEL_LITERAL);
}

static bool is_integer(const char *digits)
{
    return digits[strspn(digits, "0123456789")] == '\0';
}

struct value literal_number(struct python *p)
{
    char digits[40];
    size_t length = 0;
    const struct token *token = python_take(p);
    for (size_t i = 0; i < token->length && length + 1 < sizeof digits; i++)
        if (token->start[i] != '_')
            digits[length++] = token->start[i];
    digits[length] = '\0';
    if (length > 1 && (digits[length - 1] == 'L' || digits[length - 1] == 'l'))
        digits[--length] = '\0';
    char base = length > 1 && digits[0] == '0' ? (char)(tolower)((unsigned char)digits[1]) : '\0';
    if (base == 'o' || base == 'b')
        return based_number(p, digits + 2, base == 'o' ? 8 : 2);
    if (base != '\0' && base != 'x' && is_integer(digits) && strspn(digits, "0") < length)
        return based_number(p, digits, 8);
    if (base != 'x' && is_integer(digits) && length > 18)
        python_refuse(p, "the number is too large for an integer of Lua");
    if (base == 'x' ? digits[2 + strspn(digits + 2, "0123456789abcdefABCDEF")] != '\0'
                    : digits[strspn(digits, "0123456789.eE+-")] != '\0')
        python_wrong(p);
    struct value v = value_of(python_keep(p, digits, length), KIND_NUMBER, LEVEL_LITERAL);
    v.shape = SHAPE_LITERAL;
    v.literal = token;
    return v;
}
