/* SPDX-License-Identifier: MIT
 *
 * Bytes as offset, hexadecimal digits and text. Knows bytes alone, not where they came from.
 */
#ifndef VIEW_HEXDUMP_H
#define VIEW_HEXDUMP_H

#include "base/buffer.h"

/* Lines for a display of `width` columns, of 16, 8 or 4 bytes, whatever fits; each ends with a
 * newline, and there is none for no bytes. Whatever is not printable ASCII is a dot in the text
 * column. `utf8`: the column may have borders beyond ASCII. */
void hexdump_append(struct buffer *out, const char *bytes, size_t length, size_t width, bool utf8);

#endif
