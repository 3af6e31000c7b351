/* SPDX-License-Identifier: MIT
 *
 * What two shells recorded, as one journal: the two sides of a conversation in two terminals or on
 * two computers. Knows journals, not files.
 */
#ifndef PAGE_MERGE_H
#define PAGE_MERGE_H

#include "view/journal.h"

/* The first's entries have origin 0, the second's 1 and the first's clock. Where the clocks
 * differed so that an effect would precede its cause (an accept its connect, a byte received the
 * send of it), the second's times are moved by the least amount that mends it, and a JOURNAL_SHOWN
 * at the beginning says so. Returns 0, ENOMEM, or EINVAL with `why` in words. */
int merge_journals(const struct journal *first, const struct journal *second, struct journal **both,
                   struct buffer *why);

#endif
