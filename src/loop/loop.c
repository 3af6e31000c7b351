/* SPDX-License-Identifier: MIT
 *
 * The loop itself. A turn first moves every wait whose event or deadline came onto one list, and
 * only then calls anybody, from the head of that list: so whoever is called may start, stop or free
 * any wait, close any descriptor or turn the loop again, and nothing found by an outer turn is lost
 * or reaches a wait that is gone. Knows pollers by their table alone.
 */
#include "loop/loop.h"

#include "loop/heap.h"
#include "loop/poller.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum {
    SMALLEST = 64,
    BATCH = 256, /* events of one turn */
    BOTH = LOOP_READ | LOOP_WRITE
};

/* Where a wait is: with its descriptor (or nowhere but in the heap), about to be woken in this
 * turn, in the next, or by loop_forget(). */
enum place { PARKED, DUE, LATER, CLOSING };

struct waits {
    struct loop_wait *first, *last;
};

struct slot {
    struct waits waits; /* in the order in which they were started */
    unsigned stamp;     /* tells this owner of the number from those before */
    unsigned watched;   /* how many watches there are */
    unsigned char
        wanted; /* what the poller was asked for; 0 where it does not know the descriptor */
    unsigned char ready; /* an event came since it was drained */
    unsigned char dry;   /* drained, and no event came since */
    bool level;          /* the poller reports states, not changes */
    bool hung;           /* the other side closed: no further event will say so */
    bool always;         /* of a kind that the poller refuses: always ready */
};

struct loop {
    const struct poller_ops *ops;
    void *poller;
    struct slot *slots; /* by descriptor */
    size_t slot_count;
    struct waits due, later, closing;
    struct loop_watch *watches;
    struct heap heap;
    unsigned long long started; /* how many waits so far */
};

double loop_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int loop_new(struct loop **loop)
{
#ifdef POLLER_HAS_EPOLL
    return loop_new_with(&poller_epoll, loop);
#else
    return loop_new_with(&poller_poll, loop);
#endif
}

int loop_new_with(const struct poller_ops *ops, struct loop **loop)
{
    struct loop *const made = calloc(1, sizeof *made);
    if (!made)
        return ENOMEM;
    made->ops = ops;
    const int error = ops->open(&made->poller);
    if (error) {
        free(made);
        return error;
    }
    *loop = made;
    return 0;
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    loop->ops->close(loop->poller);
    heap_free(&loop->heap);
    free(loop->slots);
    free(loop);
}

static void waits_append(struct waits *waits, struct loop_wait *wait)
{
    wait->next = NULL;
    wait->previous = waits->last;
    if (waits->last)
        waits->last->next = wait;
    else
        waits->first = wait;
    waits->last = wait;
}

static void waits_remove(struct waits *waits, struct loop_wait *wait)
{
    if (wait->previous)
        wait->previous->next = wait->next;
    else
        waits->first = wait->next;
    if (wait->next)
        wait->next->previous = wait->previous;
    else
        waits->last = wait->previous;
    wait->next = wait->previous = NULL;
}

static int slots_reserve(struct loop *loop, int fd)
{
    if ((size_t)fd < loop->slot_count)
        return 0;
    size_t count = loop->slot_count ? loop->slot_count : SMALLEST;
    while (count <= (size_t)fd)
        count *= 2;
    if (count > SIZE_MAX / sizeof(struct slot))
        return ENOMEM;
    struct slot *slots = realloc(loop->slots, count * sizeof *slots);
    if (!slots)
        return ENOMEM;
    for (size_t i = loop->slot_count; i < count; i++)
        slots[i] = (struct slot){.stamp = 0};
    loop->slots = slots;
    loop->slot_count = count;
    return 0;
}

/* What the poller should report: by changes, both directions for good once somebody waited; by
 * states, what somebody wants to know now. */
static unsigned slot_interest(const struct slot *slot, bool level)
{
    unsigned events = slot->watched ? LOOP_READ : 0;
    if (!level)
        return slot->waits.first || (slot->wanted && !slot->level) ? BOTH : 0;
    for (const struct loop_wait *wait = slot->waits.first; wait && events != BOTH;
         wait = wait->next)
        events |= wait->events;
    return events;
}

/* Tells the poller what has changed about the descriptor. */
static int slot_sync(struct loop *loop, int fd)
{
    struct slot *const slot = &loop->slots[fd];
    const bool level = slot->watched || !loop->ops->edges;
    const unsigned wanted = slot_interest(slot, level);
    if (slot->always || (wanted == slot->wanted && (level == slot->level || wanted == 0)))
        return 0;
    if (wanted == 0) {
        loop->ops->drop(loop->poller, fd);
        slot->wanted = 0;
        return 0;
    }
    const int error = loop->ops->set(loop->poller, fd, wanted, !level, slot->stamp);
    if (error == EPERM) {
        slot->always = true;
        slot->ready = BOTH;
        return 0;
    }
    if (error)
        return error;
    slot->wanted = (unsigned char)wanted;
    slot->level = level;
    return 0;
}

static struct waits *waits_of(struct loop *loop, const struct loop_wait *wait)
{
    switch ((enum place)wait->place) {
    case DUE:
        return &loop->due;
    case LATER:
        return &loop->later;
    case CLOSING:
        return &loop->closing;
    case PARKED:
        break;
    }
    return wait->fd < 0 ? NULL : &loop->slots[wait->fd].waits;
}

/* Takes the wait out of wherever it is. */
static void wait_unlink(struct loop *loop, struct loop_wait *wait)
{
    struct waits *const waits = waits_of(loop, wait);
    heap_remove(&loop->heap, wait);
    if (waits)
        waits_remove(waits, wait);
}

/* Links it where it will be woken from. The wait is over for the poller, not yet for its owner. */
static void wait_move(struct loop *loop, struct loop_wait *wait, enum place place,
                      enum loop_why why)
{
    wait_unlink(loop, wait);
    wait->place = (unsigned char)place;
    wait->why = why;
    waits_append(waits_of(loop, wait), wait);
}

/* Links a wait to its descriptor, or to the next turn where the descriptor is ready already. */
static int wait_park(struct loop *loop, struct loop_wait *wait)
{
    int error = slots_reserve(loop, wait->fd);
    if (error)
        return error;
    waits_append(&loop->slots[wait->fd].waits, wait);
    const struct slot *const slot = &loop->slots[wait->fd];
    if (!(slot->ready & wait->events))
        error = slot_sync(loop, wait->fd);
    if (error)
        waits_remove(&loop->slots[wait->fd].waits, wait);
    else if (slot->ready & wait->events)
        wait_move(loop, wait, LATER, LOOP_READY);
    return error;
}

int loop_wait_start(struct loop *loop, struct loop_wait *wait)
{
    if (wait->active)
        return EBUSY;
    if (wait->fd < -1 || isnan(wait->deadline))
        return EINVAL;
    if (wait->fd >= 0 && ((wait->events & BOTH) == 0 || (wait->events & ~(unsigned)BOTH) != 0))
        return EINVAL;
    wait->place = PARKED;
    wait->timer = 0;
    wait->order = ++loop->started;
    int error = wait->deadline < INFINITY ? heap_add(&loop->heap, wait) : 0;
    if (!error && wait->fd >= 0)
        error = wait_park(loop, wait);
    if (error)
        heap_remove(&loop->heap, wait);
    wait->active = error == 0;
    return error;
}

void loop_wait_stop(struct loop *loop, struct loop_wait *wait)
{
    if (!wait->active)
        return;
    wait_unlink(loop, wait);
    wait->active = false;
    if (wait->fd >= 0 && wait->place == PARKED)
        slot_sync(loop, wait->fd);
}

int loop_watch_start(struct loop *loop, struct loop_watch *watch)
{
    struct loop_watch **end = &loop->watches;
    for (; *end; end = &(*end)->next)
        if (*end == watch)
            return EBUSY;
    if (watch->fd < 0)
        return EBADF;
    int error = slots_reserve(loop, watch->fd);
    if (error)
        return error;
    loop->slots[watch->fd].watched++;
    error = slot_sync(loop, watch->fd);
    if (error) {
        loop->slots[watch->fd].watched--;
        return error;
    }
    watch->due = false;
    watch->next = NULL;
    *end = watch;
    return 0;
}

void loop_watch_stop(struct loop *loop, struct loop_watch *watch)
{
    struct loop_watch **link = &loop->watches;
    while (*link && *link != watch)
        link = &(*link)->next;
    if (!*link)
        return;
    *link = watch->next;
    loop->slots[watch->fd].watched--;
    slot_sync(loop, watch->fd);
}

bool loop_is_worth_trying(const struct loop *loop, int fd, unsigned event)
{
    if (fd < 0 || (size_t)fd >= loop->slot_count)
        return true;
    return !(loop->slots[fd].dry & event);
}

void loop_drained(struct loop *loop, int fd, unsigned event)
{
    if (fd < 0 || slots_reserve(loop, fd) != 0)
        return;
    struct slot *const slot = &loop->slots[fd];
    if (slot->always || (slot->hung && (event & LOOP_READ) && poller_is_readable(fd)))
        return;
    if (event & LOOP_READ)
        slot->hung = false;
    slot->ready &= (unsigned char)~event;
    slot->dry |= (unsigned char)event;
}

static void close_waits(struct loop *loop, const struct waits *waits, int fd)
{
    for (struct loop_wait *wait = waits->first, *next; wait; wait = next) {
        next = wait->next;
        if (wait->fd == fd)
            wait_move(loop, wait, CLOSING, LOOP_CLOSED);
    }
}

static void close_watches(struct loop *loop, int fd)
{
    struct loop_watch **link = &loop->watches;
    while (*link) {
        if ((*link)->fd == fd)
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

/* Calls all who are on the list; a call from within that does the same leaves nothing to do here.
 */
static void wake_all(struct loop *loop, struct waits *waits)
{
    struct loop_wait *wait;
    while ((wait = waits->first)) {
        wait_unlink(loop, wait);
        wait->active = false;
        wait->wake(wait, wait->why);
    }
}

void loop_forget(struct loop *loop, int fd)
{
    if (fd < 0 || (size_t)fd >= loop->slot_count)
        return;
    struct slot *const slot = &loop->slots[fd];
    close_waits(loop, &loop->due, fd);
    close_waits(loop, &slot->waits, fd);
    close_waits(loop, &loop->later, fd);
    close_watches(loop, fd);
    if (slot->wanted)
        loop->ops->drop(loop->poller, fd);
    *slot = (struct slot){.stamp = slot->stamp + 1};
    wake_all(loop, &loop->closing);
}

static void take_event(struct loop *loop, const struct poller_event *event)
{
    struct slot *const slot = &loop->slots[event->fd];
    if (event->stamp != slot->stamp)
        return;
    slot->ready |= (unsigned char)event->events;
    slot->dry &= (unsigned char)~event->events;
    slot->hung |= event->hung;
    for (struct loop_wait *wait = slot->waits.first, *next; wait; wait = next) {
        next = wait->next;
        if (wait->events & event->events)
            wait_move(loop, wait, DUE, LOOP_READY);
    }
    if (slot->watched && (event->events & LOOP_READ))
        for (struct loop_watch *watch = loop->watches; watch; watch = watch->next)
            watch->due |= watch->fd == event->fd;
    if (slot->level)
        slot_sync(loop, event->fd);
}

static void take_deadlines(struct loop *loop)
{
    struct loop_wait *wait = heap_first(&loop->heap);
    const double now = wait ? loop_now() : 0;
    for (; wait && wait->deadline <= now; wait = heap_first(&loop->heap)) {
        const int fd = wait->fd;
        wait_move(loop, wait, DUE, LOOP_TIMEOUT);
        if (fd >= 0)
            slot_sync(loop, fd);
    }
}

/* Those that need no event: waits for what is ready, watches of what always is. Returns whether
 * anybody is to be called already. */
static bool take_ready(struct loop *loop)
{
    while (loop->later.first)
        wait_move(loop, loop->later.first, DUE, LOOP_READY);
    bool found = loop->due.first != NULL;
    for (struct loop_watch *watch = loop->watches; watch; watch = watch->next) {
        watch->due |= loop->slots[watch->fd].always;
        found |= watch->due;
    }
    return found;
}

static void call_watches(struct loop *loop)
{
    struct loop_watch *watch = loop->watches;
    while (watch) {
        if (!watch->due) {
            watch = watch->next;
            continue;
        }
        watch->due = false;
        watch->ready(watch);
        watch = loop->watches; /* the call may have changed the list */
    }
}

static double seconds_left(const struct loop *loop, double until)
{
    const struct loop_wait *const first = heap_first(&loop->heap);
    const double end = first && first->deadline < until ? first->deadline : until;
    const double left = end < INFINITY ? end - loop_now() : end;
    return left > 0 ? left : 0;
}

int loop_turn(struct loop *loop, double until)
{
    struct poller_event events[BATCH];
    size_t count = 0;
    const double seconds = take_ready(loop) ? 0 : seconds_left(loop, until);
    const int error = loop->ops->wait(loop->poller, seconds, events, BATCH, &count);
    for (size_t i = 0; i < count; i++)
        take_event(loop, &events[i]);
    take_deadlines(loop);
    call_watches(loop);
    wake_all(loop, &loop->due);
    return error == EINTR ? 0 : error;
}
