/* SPDX-License-Identifier: MIT
 *
 * How far apart the clocks of two shells were, as far as their calls tell: nothing can be received
 * before it was sent. Not for other rooms.
 */
#ifndef PAGE_CLOCK_H
#define PAGE_CLOCK_H

#include "view/journal.h"

/* Seconds by which the second shell's times may be moved so that no effect precedes its cause: no
 * less, and no more. Infinite where nothing says so; `least` over `most` where no shift will do. */
struct clock_bounds {
    double least, most;
};

/* Looks through a journal of two origins, aligned by what their clocks said. A cause counts from
 * when its call began, as it must; `by_return`: a send, a close and a listen from when it returned,
 * as it mostly is, and as their lines stand in the journal. Returns 0 or ENOMEM. */
int clock_compare(const struct journal *journal, bool by_return, struct clock_bounds *bounds);

#endif
