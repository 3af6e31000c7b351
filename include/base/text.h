/* SPDX-License-Identifier: MIT
 *
 * Text that came from elsewhere, made fit to be shown. Nothing that a peer sent may steer a
 * terminal, so whatever is not plainly printable is written as an escape. Knows UTF-8 and columns,
 * neither terminals nor Lua.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/buffer.h"

#include <stdint.h>

/* Decodes one UTF-8 character (RFC 3629: no surrogates, no overlong forms). Returns how many bytes
 * it takes, 0 where the bytes are not UTF-8 or `length` is 0. */
size_t text_decode(const char *bytes, size_t length, uint32_t *code);

/* The offset of the first byte that is not UTF-8; `length` where all of it is. */
size_t text_valid_length(const char *bytes, size_t length);

/* Whether a terminal may get this character as it is: not a control character, not a bidirectional
 * override, not another invisible formatting character, not a noncharacter. */
bool text_is_printable(uint32_t code);

/* Columns that well-formed UTF-8 text takes on a terminal. */
size_t text_columns(const char *text, size_t length);

/* Appends bytes with everything unprintable escaped: \r \x1b \u{202e}. Newlines and tabs stay where
 * `layout` is set. */
void text_append_safe(struct buffer *out, const char *bytes, size_t length, bool layout);

/* Appends a text with every character beyond ASCII escaped, for a terminal whose character set is
 * not known to have them; control characters stay as they are. */
void text_append_ascii(struct buffer *out, const char *bytes, size_t length);

/* Appends bytes as a quoted string that Lua would read back, `"GET /\r\n"`; after `limit` bytes the
 * rest is left out and `...` follows the closing quote. No character is cut in two. */
void text_append_quoted(struct buffer *out, const char *bytes, size_t length, size_t limit);

/* Appends text wrapped at spaces into lines of at most `width` columns, the `indent` in front of
 * each included; every line ends with a newline. A newline in the text is kept; a line that begins
 * with a space is an example and is not wrapped; a word that is too long stands alone and whole. */
void text_append_wrapped(struct buffer *out, const char *text, size_t width, const char *indent);

/* Appends `indent`, `head` and the text, so wrapped that its further lines begin below its first.
 */
void text_append_hanging(struct buffer *out, const char *indent, const char *head, const char *text,
                         size_t width);

#endif
