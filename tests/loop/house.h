/* SPDX-License-Identifier: MIT
 *
 * What the loop's tests share: a loop with a pair of sockets, and guests, which are waits that
 * write down how they ended. Each test runs once for each poller.
 */
#ifndef TESTS_LOOP_HOUSE_H
#define TESTS_LOOP_HOUSE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loop/loop.h"
#include "loop/poller.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SEEN = 64 };

struct house;

/* A wait that writes down how it ended and then does what a test wants done. */
struct guest {
    struct loop_wait wait;
    struct house *house;
    char name;
    void (*then)(struct guest *guest);
    struct guest *other;
};

struct house {
    const struct poller_ops *ops;
    struct loop *loop;
    int pair[2]; /* two ends of a stream, non-blocking */
    char seen[SEEN];
};

static inline void note(struct house *house, char name, char how)
{
    const size_t length = strlen(house->seen);
    assert_true(length + 3 <= SEEN);
    house->seen[length] = name;
    house->seen[length + 1] = how;
    house->seen[length + 2] = '\0';
}

static inline void on_wake(struct loop_wait *wait, enum loop_why why)
{
    struct guest *const guest = (struct guest *)wait;
    assert_false(wait->active);
    note(guest->house, guest->name, "rtc"[why]);
    if (guest->then)
        guest->then(guest);
}

static inline struct guest guest(struct house *house, char name, int fd, unsigned events)
{
    return (struct guest){
        .wait = {.fd = fd, .events = events, .deadline = INFINITY, .wake = on_wake},
        .house = house,
        .name = name,
    };
}

static inline void start(struct guest *g)
{
    assert_int_equal(loop_wait_start(g->house->loop, &g->wait), 0);
    assert_true(g->wait.active);
}

/* Turns for as long as there is something to do at once. */
static inline void turn(struct house *house)
{
    assert_int_equal(loop_turn(house->loop, 0), 0);
}

static inline void expect_seen(struct house *house, const char *expected)
{
    assert_string_equal(house->seen, expected);
    house->seen[0] = '\0';
}

static inline void say(int fd)
{
    assert_int_equal(write(fd, "x", 1), 1);
}

static inline void hear(int fd)
{
    char c;
    assert_int_equal(read(fd, &c, 1), 1);
}

static inline void make_pair(int pair[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(fcntl(pair[i], F_SETFL, O_NONBLOCK), 0);
}

static inline int open_house(void **state)
{
    struct house *const house = calloc(1, sizeof *house);
    assert_non_null(house);
    house->ops = *state;
    assert_int_equal(loop_new_with(house->ops, &house->loop), 0);
    make_pair(house->pair);
    *state = house;
    return 0;
}

static inline int close_house(void **state)
{
    struct house *const house = *state;
    loop_free(house->loop);
    for (int i = 0; i < 2; i++)
        if (house->pair[i] >= 0)
            close(house->pair[i]);
    free(house);
    return 0;
}

static inline void forget_what_was_seen(struct guest *g)
{
    g->house->seen[0] = '\0';
}

#ifdef POLLER_HAS_EPOLL
#define EPOLL(test)                                                                                \
    {#test " (epoll)", test, open_house, close_house, (void *)(uintptr_t)&poller_epoll},
#else
#define EPOLL(test)
#endif
#define EACH_POLLER(test)                                                                          \
    EPOLL(test)                                                                                    \
    {                                                                                              \
#test " (poll)", test, open_house, close_house, (void *)(uintptr_t)&poller_poll            \
    }

#endif
