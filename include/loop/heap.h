/* SPDX-License-Identifier: MIT
 *
 * Waits by deadline: a binary heap that any of its waits can be taken out of, because each knows
 * its place. For the loop alone.
 */
#ifndef LOOP_HEAP_H
#define LOOP_HEAP_H

#include "loop/loop.h"

struct heap {
    struct loop_wait **waits;
    size_t count, room;
};

/* Returns 0 or ENOMEM. */
int heap_add(struct heap *heap, struct loop_wait *wait);

/* Harmless where the wait is not in the heap. */
void heap_remove(struct heap *heap, struct loop_wait *wait);

/* The wait whose deadline comes first, NULL where there is none. */
struct loop_wait *heap_first(const struct heap *heap);

void heap_free(struct heap *heap);

#endif
