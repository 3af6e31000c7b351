/* SPDX-License-Identifier: MIT
 *
 * What the loop asks of a poller, and what it believes: with pollers that count or that lie.
 */
#include "house.h"

#ifdef POLLER_HAS_EPOLL
enum { SETS_ALLOWED = 1 };

/* A poller of its own data: the true one, and how often it was told something. */
struct counter {
    void *poller;
    int sets;
};

static int counter_open(void **poller)
{
    struct counter *const c = calloc(1, sizeof *c);
    assert_non_null(c);
    *poller = c;
    return poller_epoll.open(&c->poller);
}

static void counter_close(void *poller)
{
    struct counter *const c = poller;
    poller_epoll.close(c->poller);
    free(c);
}

static int counter_set(void *poller, int fd, unsigned events, bool edge, unsigned stamp)
{
    struct counter *const c = poller;
    assert_true(++c->sets <= SETS_ALLOWED);
    return poller_epoll.set(c->poller, fd, events, edge, stamp);
}

static void counter_drop(void *poller, int fd)
{
    struct counter *const c = poller;
    poller_epoll.drop(c->poller, fd);
}

static int counter_wait(void *poller, double seconds, struct poller_event *events, size_t room,
                        size_t *count)
{
    struct counter *const c = poller;
    return poller_epoll.wait(c->poller, seconds, events, room, count);
}

/* A message costs no epoll_ctl: the descriptor is made known once, for both directions. */
static void test_a_descriptor_is_registered_once(void **state)
{
    (void)state;
    static const struct poller_ops counting = {
        true, counter_open, counter_close, counter_set, counter_drop, counter_wait,
    };
    struct house house = {.ops = &counting};
    assert_int_equal(loop_new_with(&counting, &house.loop), 0);
    make_pair(house.pair);
    for (int i = 0; i < 100; i++) {
        struct guest a = guest(&house, 'a', house.pair[0], LOOP_READ);
        struct guest b = guest(&house, 'b', house.pair[0], LOOP_WRITE);
        start(&a);
        start(&b);
        say(house.pair[1]);
        turn(&house);
        turn(&house);
        assert_false(a.wait.active || b.wait.active);
        hear(house.pair[0]);
        loop_drained(house.loop, house.pair[0], LOOP_READ);
        struct guest c = guest(&house, 'c', house.pair[0], LOOP_READ);
        start(&c);
        loop_wait_stop(house.loop, &c.wait);
        house.seen[0] = '\0';
    }
    loop_free(house.loop);
    close(house.pair[0]);
    close(house.pair[1]);
}
#endif

/* A poller that reports one event, of whoever had the number `age` owners ago. */
struct liar {
    int fd;
    unsigned stamp;
    unsigned age;
};

static int liar_open(void **poller)
{
    *poller = calloc(1, sizeof(struct liar));
    assert_non_null(*poller);
    return 0;
}

static int liar_set(void *poller, int fd, unsigned events, bool edge, unsigned stamp)
{
    struct liar *const liar = poller;
    (void)events;
    (void)edge;
    liar->fd = fd;
    liar->stamp = stamp;
    return 0;
}

static void liar_drop(void *poller, int fd)
{
    struct liar *const liar = poller;
    assert_int_equal(liar->fd, fd);
    liar->age = 1;
}

static int liar_wait(void *poller, double seconds, struct poller_event *events, size_t room,
                     size_t *count)
{
    struct liar *const liar = poller;
    (void)seconds;
    assert_true(room > 0);
    events[0] = (struct poller_event){liar->fd, liar->stamp - liar->age, LOOP_READ, false};
    liar->age = 0;
    *count = 1;
    return 0;
}

static void test_an_event_of_a_former_owner_is_dropped(void **state)
{
    (void)state;
    static const struct poller_ops lying = {true, liar_open, free, liar_set, liar_drop, liar_wait};
    struct house house = {.ops = &lying};
    assert_int_equal(loop_new_with(&lying, &house.loop), 0);
    struct guest a = guest(&house, 'a', 5, LOOP_READ);
    start(&a);
    loop_forget(house.loop, 5);
    expect_seen(&house, "ac");
    start(&a);
    turn(&house);
    expect_seen(&house, "");
    turn(&house);
    expect_seen(&house, "ar");
    loop_free(house.loop);
}

static void test_milliseconds_are_rounded_up(void **state)
{
    (void)state;
    assert_int_equal(poller_milliseconds(INFINITY), -1);
    assert_int_equal(poller_milliseconds(0), 0);
    assert_int_equal(poller_milliseconds(-5), 0);
    assert_int_equal(poller_milliseconds(0.0001), 1);
    assert_int_equal(poller_milliseconds(0.001), 1);
    assert_int_equal(poller_milliseconds(1.2345), 1235);
    assert_int_equal(poller_milliseconds(1e300), 2147483647);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef POLLER_HAS_EPOLL
        cmocka_unit_test(test_a_descriptor_is_registered_once),
#endif
        cmocka_unit_test(test_an_event_of_a_former_owner_is_dropped),
        cmocka_unit_test(test_milliseconds_are_rounded_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
