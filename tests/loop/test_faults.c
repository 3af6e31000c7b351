/* SPDX-License-Identifier: MIT
 *
 * A poller whose calls fail by each errno of the manual pages, the first time and later: the error
 * is told to who asked, and to nobody else; what waits goes on waiting, and the next try succeeds.
 */
#include "loop/house.h"

#include <errno.h>

/* The poller that the test asks for, in front of the house's own. */
static struct {
    const struct poller_ops *real;
    int set_error, wait_error;
    int left; /* calls that succeed before one fails; negative: all do */
} faulty;

static bool fails_now(int error)
{
    return error != 0 && faulty.left-- == 0;
}

static int faulty_open(void **poller)
{
    return faulty.real->open(poller);
}

static void faulty_close(void *poller)
{
    faulty.real->close(poller);
}

static int faulty_set(void *poller, int fd, unsigned events, bool edge, unsigned stamp)
{
    if (fails_now(faulty.set_error))
        return faulty.set_error;
    return faulty.real->set(poller, fd, events, edge, stamp);
}

static void faulty_drop(void *poller, int fd)
{
    faulty.real->drop(poller, fd);
}

static int faulty_wait(void *poller, double seconds, struct poller_event *events, size_t room,
                       size_t *count)
{
    *count = 0;
    if (fails_now(faulty.wait_error))
        return faulty.wait_error;
    return faulty.real->wait(poller, seconds, events, room, count);
}

/* A loop over the house's poller, which fails as is said. */
static struct loop *open_faulty(const struct house *house, int set_error, int wait_error, int left)
{
    static struct poller_ops ops;
    struct loop *loop;
    faulty.real = house->ops;
    faulty.set_error = set_error;
    faulty.wait_error = wait_error;
    faulty.left = left;
    ops = (struct poller_ops){house->ops->edges, faulty_open, faulty_close,
                              faulty_set,        faulty_drop, faulty_wait};
    assert_int_equal(loop_new_with(&ops, &loop), 0);
    return loop;
}

/* One waits to read at each end, the third to write. */
static void start_third(struct house *house, struct guest guests[3], struct loop *loop, int error)
{
    const int which = faulty.left;
    for (int i = 0; i < 3; i++) {
        guests[i] = guest(house, "abc"[i], house -> pair[i % 2], i < 2 ? LOOP_READ : LOOP_WRITE);
        const int got = loop_wait_start(loop, &guests[i].wait);
        /* A poller of changes is asked once for both directions: the third needs nothing of it. */
        const bool asked = i < 2 || !house->ops->edges;
        assert_int_equal(got, i == which && asked ? error : 0);
        assert_int_equal(guests[i].wait.active, got == 0);
        if (got != 0)
            assert_int_equal(loop_wait_start(loop, &guests[i].wait), 0);
    }
}

/* epoll_ctl(2), and what poll's own table may lack; EPERM has a meaning of its own. */
static void a_wait_that_cannot_start(void **state)
{
    static const int errors[] = {EBADF, EINVAL, ELOOP, ENOENT, ENOMEM, ENOSPC};
    struct house *const house = *state;
    for (size_t i = 0; i < 3 * sizeof errors / sizeof errors[0]; i++) {
        struct guest guests[3];
        struct loop *const loop = open_faulty(house, errors[i / 3], 0, (int)(i % 3));
        start_third(house, guests, loop, errors[i / 3]);
        say(house->pair[0]);
        say(house->pair[1]);
        assert_int_equal(loop_turn(loop, 0), 0);
        assert_int_equal(strlen(house->seen), 6);
        for (int j = 0; j < 3; j++) {
            const char name[] = {"abc"[j], 'r', '\0'};
            assert_non_null(strstr(house->seen, name));
        }
        house->seen[0] = '\0';
        hear(house->pair[0]);
        hear(house->pair[1]);
        loop_free(loop);
    }
}

/* epoll_wait(2), poll(2): a turn that finds no events still sees deadlines, and loses no event. */
static void a_turn_that_cannot_wait(void **state)
{
    static const int errors[] = {EBADF, EFAULT, EINVAL, ENOMEM, EINTR};
    struct house *const house = *state;
    for (size_t i = 0; i < 2 * sizeof errors / sizeof errors[0]; i++) {
        const int error = errors[i / 2], expected = error == EINTR ? 0 : error;
        struct loop *const loop = open_faulty(house, 0, error, (int)(i % 2));
        struct guest reader = guest(house, 'a', house->pair[0], LOOP_READ);
        struct guest sleeper = guest(house, 'b', -1, 0);
        assert_int_equal(loop_wait_start(loop, &reader.wait), 0);
        if (i % 2 == 1)
            assert_int_equal(loop_turn(loop, 0), 0);
        sleeper.wait.deadline = 0; /* long ago */
        assert_int_equal(loop_wait_start(loop, &sleeper.wait), 0);
        say(house->pair[1]);
        assert_int_equal(loop_turn(loop, INFINITY), expected);
        expect_seen(house, "bt");
        assert_true(reader.wait.active);
        assert_int_equal(loop_turn(loop, INFINITY), 0);
        expect_seen(house, "ar");
        hear(house->pair[0]);
        loop_free(loop);
    }
}

static void count_ready(struct loop_watch *watch)
{
    hear(watch->fd);
}

static void a_watch_that_cannot_start(void **state)
{
    static const int errors[] = {EBADF, ENOMEM, ENOSPC};
    struct house *const house = *state;
    for (size_t i = 0; i < 2 * sizeof errors / sizeof errors[0]; i++) {
        struct loop *const loop = open_faulty(house, errors[i / 2], 0, (int)(i % 2));
        struct loop_watch first = {.fd = house->pair[0], .ready = count_ready};
        struct loop_watch second = {.fd = house->pair[1], .ready = count_ready};
        const int error = loop_watch_start(loop, &first);
        assert_int_equal(error, i % 2 == 0 ? errors[i / 2] : 0);
        assert_int_equal(loop_watch_start(loop, &second), i % 2 == 1 ? errors[i / 2] : 0);
        assert_int_equal(loop_watch_start(loop, error ? &first : &second), 0);
        say(house->pair[0]);
        say(house->pair[1]);
        assert_int_equal(loop_turn(loop, INFINITY), 0);
        assert_false(poller_is_readable(house->pair[0]));
        assert_false(poller_is_readable(house->pair[1]));
        loop_free(loop);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH_POLLER(a_wait_that_cannot_start),
        EACH_POLLER(a_turn_that_cannot_wait),
        EACH_POLLER(a_watch_that_cannot_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
