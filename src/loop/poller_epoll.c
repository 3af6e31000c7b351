/* SPDX-License-Identifier: MIT
 *
 * Linux's epoll behind the loop's table. Edge-triggered, a descriptor is registered once and for
 * both directions, so that a wait costs no system call and idle descriptors cost nothing.
 */
#include "loop/poller.h"

#ifdef POLLER_HAS_EPOLL

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { BATCH = 256 };

struct epoller {
    int fd;
};

static int epoller_open(void **poller)
{
    struct epoller *const p = malloc(sizeof *p);
    if (!p)
        return ENOMEM;
    p->fd = epoll_create1(EPOLL_CLOEXEC);
    if (p->fd < 0) {
        const int error = errno;
        free(p);
        return error;
    }
    p->fd = loop_keep_descriptor(p->fd);
    *poller = p;
    return 0;
}

static void epoller_close(void *poller)
{
    struct epoller *const p = poller;
    close(p->fd);
    free(p);
}

static int epoller_set(void *poller, int fd, unsigned events, bool edge, unsigned stamp)
{
    const struct epoller *const p = poller;
    struct epoll_event wanted = {.events = 0};
    wanted.data.u64 = (uint64_t)stamp << 32 | (uint32_t)fd;
    if (events & LOOP_READ)
        wanted.events |= EPOLLIN;
    if (events & LOOP_WRITE)
        wanted.events |= EPOLLOUT;
    if (edge) /* as a state it would come at every turn to one who waits to write */
        wanted.events |= EPOLLRDHUP | EPOLLPRI | (uint32_t)EPOLLET;
    if (epoll_ctl(p->fd, EPOLL_CTL_ADD, fd, &wanted) == 0)
        return 0;
    if (errno == EEXIST && epoll_ctl(p->fd, EPOLL_CTL_MOD, fd, &wanted) == 0)
        return 0;
    return errno;
}

static void epoller_drop(void *poller, int fd)
{
    const struct epoller *const p = poller;
    struct epoll_event none = {.events = 0}; /* Linux before 2.6.9 wants one */
    epoll_ctl(p->fd, EPOLL_CTL_DEL, fd, &none);
}

static struct poller_event translate(const struct epoll_event *in)
{
    enum { HUNG = EPOLLHUP | EPOLLERR | EPOLLRDHUP };
    struct poller_event out = {
        .fd = (int)(uint32_t)in->data.u64,
        .stamp = (unsigned)(in->data.u64 >> 32),
        /* A read stops short at urgent data too, with more behind it. */
        .hung = (in->events & (HUNG | EPOLLPRI)) != 0,
    };
    if (in->events & (EPOLLIN | HUNG))
        out.events |= LOOP_READ;
    if (in->events & (EPOLLOUT | HUNG))
        out.events |= LOOP_WRITE;
    return out;
}

static int epoller_wait(void *poller, double seconds, struct poller_event *events, size_t room,
                        size_t *count)
{
    const struct epoller *const p = poller;
    struct epoll_event found[BATCH];
    const int most = room < BATCH ? (int)room : BATCH;
    *count = 0;
    const int n = epoll_wait(p->fd, found, most, poller_milliseconds(seconds));
    if (n < 0)
        return errno;
    for (int i = 0; i < n; i++)
        events[i] = translate(&found[i]);
    *count = (size_t)n;
    return 0;
}

const struct poller_ops poller_epoll = {
    .edges = true,
    .open = epoller_open,
    .close = epoller_close,
    .set = epoller_set,
    .drop = epoller_drop,
    .wait = epoller_wait,
};

#endif
