/* SPDX-License-Identifier: MIT
 *
 * What the loop asks of the system: one table of functions for epoll, one for poll(2). A poller
 * knows descriptors and nothing of who waits for them. For the loop and its tests alone.
 */
#ifndef LOOP_POLLER_H
#define LOOP_POLLER_H

#include "loop/loop.h"

#include <stdbool.h>
#include <stddef.h>

struct poller_event {
    int fd;
    unsigned stamp;  /* as it was given to set() */
    unsigned events; /* LOOP_READ, LOOP_WRITE or both */
    bool hung;       /* the other side has closed, or the socket is in error */
};

struct poller_ops {
    bool edges; /* can report changes instead of states */

    int (*open)(void **poller);
    void (*close)(void *poller);

    /* Reports the events of `fd` from now on, those that hold already too; replaces what was set
     * before. EPERM where the kind of file cannot be waited for. */
    int (*set)(void *poller, int fd, unsigned events, bool edge, unsigned stamp);
    void (*drop)(void *poller, int fd);

    /* Waits up to `seconds`, INFINITY for ever; at most `room` events. */
    int (*wait)(void *poller, double seconds, struct poller_event *events, size_t room,
                size_t *count);
};

extern const struct poller_ops poller_poll;

/* SOCKREPL_PORTABLE leaves out what is Linux's own. */
#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)
#define POLLER_HAS_EPOLL
extern const struct poller_ops poller_epoll;
#endif

/* Rounded up, so that a deadline is over when a wait for it ends; -1 for ever. */
int poller_milliseconds(double seconds);

/* Whether a read would return at once. */
bool poller_is_readable(int fd);

int loop_new_with(const struct poller_ops *ops, struct loop **loop);

#endif
