/* SPDX-License-Identifier: MIT
 *
 * Text from anywhere, made fit to stand in HTML and XML: as content and as a quoted attribute. It
 * is the one door by which such text comes into a page or a picture.
 */
#ifndef PAGE_ESCAPE_H
#define PAGE_ESCAPE_H

#include "base/buffer.h"

/* Appends bytes with everything escaped that is markup, and, as for a terminal, that is not
 * printable: control characters, bidirectional overrides, bytes that are not UTF-8. Newlines and
 * tabs stay where `layout` is set. */
void escape_append(struct buffer *out, const char *bytes, size_t length, bool layout);

/* The same of a zero-terminated text in one line. */
void escape_puts(struct buffer *out, const char *text);

#endif
