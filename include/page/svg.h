/* SPDX-License-Identifier: MIT
 *
 * The sequence diagram as SVG: lanes, calls beside them, arrows between. It is XML whatever the
 * rows hold, has no script and fetches nothing; by its style it is light or dark. Knows rows, not
 * where they come from.
 */
#ifndef PAGE_SVG_H
#define PAGE_SVG_H

#include "view/sequence.h"

/* A document of its own. The buffer says whether memory sufficed. */
void svg_append(struct buffer *out, const struct sequence *sequence);

/* The same as a part of a page, which has the style already. Each row is a group that says by
 * `data-entry` which entry of the journal it came from. */
void svg_append_inline(struct buffer *out, const struct sequence *sequence);

#endif
