/* SPDX-License-Identifier: MIT
 *
 * The one place where the shell waits: for descriptors, for deadlines and for signals. Whoever
 * waits owns the wait's memory; the loop only links it in, so that starting a wait allocates
 * nothing for each wait and ending one cannot fail. Knows neither sockets nor Lua.
 *
 * Times are seconds of CLOCK_MONOTONIC; INFINITY is never. Functions return 0 or an errno value.
 */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

struct loop;

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

enum loop_why {
    LOOP_READY,   /* an event came; trying again may still find nothing */
    LOOP_TIMEOUT, /* the deadline came first */
    LOOP_CLOSED   /* loop_forget() was called for the descriptor */
};

/* Waits once. `wake` is called from loop_turn(), or from loop_forget(); the wait is over by then
 * and may be started again or freed. */
struct loop_wait {
    int fd;          /* -1 to wait for the deadline alone */
    unsigned events; /* LOOP_READ, LOOP_WRITE or both */
    double deadline;
    void (*wake)(struct loop_wait *wait, enum loop_why why);

    /* The loop's own; zero before the first start. */
    struct loop_wait *next, *previous;
    size_t timer;             /* place in the heap, plus one; 0 where it is in none */
    unsigned long long order; /* of two with one deadline the one started first goes first */
    enum loop_why why;
    unsigned char place; /* the list that it is linked into */
    bool active;
};

/* Watches a descriptor for reading until it is stopped: for the keyboard and for wake-ups. `ready`
 * is called at each turn that finds it readable. */
struct loop_watch {
    int fd;
    void (*ready)(struct loop_watch *watch);

    /* The loop's own. */
    struct loop_watch *next;
    bool due;
};

double loop_now(void);

/* Moves a descriptor of the program's own out of the low numbers, so that a learner's first socket
 * is 3 as it is in a C program. Returns the new number, close-on-exec, the old one closed; or `fd`
 * itself where it cannot be moved. */
int loop_keep_descriptor(int fd);

int loop_new(struct loop **loop);
void loop_free(struct loop *loop);

/* EINVAL for no events or a deadline that is no number, EBUSY for a wait that is active, EBADF,
 * ENOMEM or ENOSPC from the poller. A descriptor that cannot be waited for, such as a file, is
 * always ready. Where an event came since loop_drained() was last said, the wait ends at the next
 * turn: so say it after EAGAIN, before waiting. */
int loop_wait_start(struct loop *loop, struct loop_wait *wait);

/* Harmless where the wait is not active. */
void loop_wait_stop(struct loop *loop, struct loop_wait *wait);

int loop_watch_start(struct loop *loop, struct loop_watch *watch);
void loop_watch_stop(struct loop *loop, struct loop_watch *watch);

/* Whether a call on the descriptor is worth trying before waiting: false only where loop_drained()
 * was said and no event came since. */
bool loop_is_worth_trying(const struct loop *loop, int fd, unsigned event);

/* Says that the descriptor has been read or written dry (EAGAIN, a short read of a stream). Not
 * heard where the end of a stream or an error stands behind what was read: those do not come twice.
 */
void loop_drained(struct loop *loop, int fd, unsigned event);

/* The descriptor is about to be closed: wakes all who wait for it with LOOP_CLOSED and ends watches
 * of it. Nothing that later gets the same number is confused with it. */
void loop_forget(struct loop *loop, int fd);

/* Waits until something happens or `until` comes, and calls whoever it happened to: watches first,
 * then waits in the order of their events, then those whose deadline came. A signal that
 * loop/signal.h takes ends the wait too. May be called again from within what it calls, which may
 * also start, stop and forget anything; a wait started there is not looked at before the next turn.
 */
int loop_turn(struct loop *loop, double until);

#endif
