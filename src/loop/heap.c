/* SPDX-License-Identifier: MIT
 *
 * The heap of deadlines. Waits with one deadline leave it in the order in which they were started.
 * Knows no clock.
 */
#include "loop/heap.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

enum { SMALLEST = 16 };

static bool is_before(const struct loop_wait *a, const struct loop_wait *b)
{
    return a->deadline < b->deadline || (a->deadline <= b->deadline && a->order < b->order);
}

static void put(struct heap *heap, size_t place, struct loop_wait *wait)
{
    heap->waits[place] = wait;
    wait->timer = place + 1;
}

/* Puts the wait where it belongs between `place`, which is free, and the top. */
static void sift_up(struct heap *heap, size_t place, struct loop_wait *wait)
{
    while (place > 0) {
        const size_t parent = (place - 1) / 2;
        if (!is_before(wait, heap->waits[parent]))
            break;
        put(heap, place, heap->waits[parent]);
        place = parent;
    }
    put(heap, place, wait);
}

/* The same downwards; returns where it was put. */
static size_t sift_down(struct heap *heap, size_t place, struct loop_wait *wait)
{
    size_t child = 2 * place + 1;
    while (child < heap->count) {
        if (child + 1 < heap->count && is_before(heap->waits[child + 1], heap->waits[child]))
            child++;
        if (!is_before(heap->waits[child], wait))
            break;
        put(heap, place, heap->waits[child]);
        place = child;
        child = 2 * place + 1;
    }
    put(heap, place, wait);
    return place;
}

int heap_add(struct heap *heap, struct loop_wait *wait)
{
    if (heap->count == heap->room) {
        const size_t room = heap->room ? 2 * heap->room : SMALLEST;
        if (room > SIZE_MAX / sizeof(struct loop_wait *))
            return ENOMEM;
        struct loop_wait **waits = realloc(heap->waits, room * sizeof(struct loop_wait *));
        if (!waits)
            return ENOMEM;
        heap->waits = waits;
        heap->room = room;
    }
    heap->count++;
    sift_up(heap, heap->count - 1, wait);
    return 0;
}

void heap_remove(struct heap *heap, struct loop_wait *wait)
{
    if (wait->timer == 0)
        return;
    const size_t place = wait->timer - 1;
    struct loop_wait *const last = heap->waits[--heap->count];
    wait->timer = 0;
    if (last == wait)
        return;
    if (sift_down(heap, place, last) == place)
        sift_up(heap, place, last);
}

struct loop_wait *heap_first(const struct heap *heap)
{
    return heap->count ? heap->waits[0] : NULL;
}

void heap_free(struct heap *heap)
{
    free(heap->waits);
    *heap = (struct heap){NULL, 0, 0};
}
