/* SPDX-License-Identifier: MIT
 *
 * What those who are called may do: start, stop and free each other, close descriptors, turn the
 * loop again; and watches. With epoll and with poll(2).
 */
#include "house.h"

#include <errno.h>
#include <stdio.h>

static void start_again(struct guest *g)
{
    start(g);
}

/* One who always waits again must not keep the others, or the turn, from ending. */
static void test_a_wait_started_in_a_turn_waits_for_the_next(void **state)
{
    struct house *const house = *state;
    struct guest a = guest(house, 'a', house->pair[0], LOOP_WRITE);
    struct guest b = guest(house, 'b', -1, 0);
    a.then = b.then = start_again;
    b.wait.deadline = 0;
    start(&a);
    start(&b);
    turn(house);
    expect_seen(house, "arbt");
    turn(house);
    expect_seen(house, "arbt");
    loop_wait_stop(house->loop, &a.wait);
    loop_wait_stop(house->loop, &b.wait);
    turn(house);
    expect_seen(house, "");
}

static void stop_other(struct guest *g)
{
    loop_wait_stop(g->house->loop, &g->other->wait);
    free(g->other);
}

static void free_itself(struct guest *g)
{
    free(g);
}

static struct guest *make_guest(struct house *house, char name, unsigned events)
{
    struct guest *const made = malloc(sizeof *made);
    assert_non_null(made);
    *made = guest(house, name, house->pair[0], events);
    return made;
}

static void test_one_may_stop_and_free_another_that_is_due(void **state)
{
    struct house *const house = *state;
    struct guest a = guest(house, 'a', house->pair[0], LOOP_READ);
    a.other = make_guest(house, 'b', LOOP_READ);
    a.then = stop_other;
    struct guest *const c = make_guest(house, 'c', LOOP_READ);
    c->then = free_itself;
    start(&a);
    start(a.other);
    start(c);
    say(house->pair[1]);
    turn(house);
    expect_seen(house, "arcr");
}

static void forget_it(struct guest *g)
{
    loop_forget(g->house->loop, g->wait.fd);
}

static void test_forget_wakes_all_who_wait(void **state)
{
    struct house *const house = *state;
    struct guest a = guest(house, 'a', house->pair[0], LOOP_READ);
    struct guest b = guest(house, 'b', house->pair[0], LOOP_WRITE);
    struct guest c = guest(house, 'c', house->pair[1], LOOP_READ);
    struct guest *const d = make_guest(house, 'd', LOOP_READ);
    a.wait.deadline = loop_now() + 1000;
    d->then = free_itself;
    start(&a);
    start(&b);
    start(&c);
    start(d);
    loop_forget(house->loop, house->pair[0]);
    expect_seen(house, "acbcdc");
    assert_true(c.wait.active);
    assert_int_equal(a.wait.timer, 0);
    loop_wait_stop(house->loop, &c.wait);
    turn(house);
    expect_seen(house, "");
}

/* Those who were about to be woken for it as well, and those who were to be woken next time. */
static void test_forget_in_a_turn(void **state)
{
    struct house *const house = *state;
    struct guest a = guest(house, 'a', house->pair[0], LOOP_READ);
    struct guest b = guest(house, 'b', house->pair[0], LOOP_READ);
    struct guest c = guest(house, 'c', house->pair[0], LOOP_READ);
    a.then = start_again;
    b.then = forget_it;
    start(&a);
    start(&b);
    start(&c);
    say(house->pair[1]);
    /* a is started again and forgotten again at once; it must not go on for ever. */
    turn(house);
    assert_memory_equal(house->seen, "arbrccac", 8);
    house->seen[0] = '\0';
    a.then = NULL;
    loop_forget(house->loop, house->pair[0]);
}

static void nest(struct guest *g)
{
    turn(g->house);
    note(g->house, g->name, '.');
}

static void test_a_nested_turn_loses_nothing(void **state)
{
    struct house *const house = *state;
    int other[2];
    make_pair(other);
    struct guest a = guest(house, 'a', house->pair[0], LOOP_READ);
    struct guest b = guest(house, 'b', house->pair[0], LOOP_READ);
    struct guest c = guest(house, 'c', other[0], LOOP_READ);
    struct guest d = guest(house, 'd', -1, 0);
    d.wait.deadline = 0;
    a.then = nest;
    b.then = nest;
    start(&a);
    start(&b);
    start(&c);
    start(&d);
    say(house->pair[1]);
    say(other[1]);
    turn(house);
    assert_memory_equal(house->seen, "arbr", 4);
    assert_non_null(strstr(house->seen, "cr"));
    assert_non_null(strstr(house->seen, "dt"));
    assert_string_equal(house->seen + 8, "b.a.");
    house->seen[0] = '\0';
    loop_forget(house->loop, other[0]);
    close(other[0]);
    close(other[1]);
}

static void free_others_then_nest(struct guest *g)
{
    stop_other(g);
    nest(g);
}

static void test_a_nested_turn_after_freeing_one_that_was_due(void **state)
{
    struct house *const house = *state;
    struct guest a = guest(house, 'a', house->pair[0], LOOP_READ);
    a.other = make_guest(house, 'b', LOOP_READ);
    a.then = free_others_then_nest;
    struct guest c = guest(house, 'c', house->pair[0], LOOP_READ);
    start(&a);
    start(a.other);
    start(&c);
    say(house->pair[1]);
    turn(house);
    expect_seen(house, "arcra.");
}

static void reuse_number(struct guest *g)
{
    struct house *const house = g->house;
    const int number = g->other->wait.fd;
    loop_forget(house->loop, number);
    g->then = NULL;
    int fresh[2];
    make_pair(fresh);
    assert_int_equal(dup2(fresh[0], number), number); /* closes the old owner's */
    close(fresh[0]);
    close(house->pair[1]);
    house->pair[1] = fresh[1];
    start(g->other);
}

/* Both descriptors have an event in one batch; the first who is called closes the second's, and a
 * new socket gets its number. It must not be told of the old one's event. */
static void test_a_number_used_again_gets_no_old_event(void **state)
{
    struct house *const house = *state;
    int first[2];
    make_pair(first);
    struct guest a = guest(house, 'a', first[0], LOOP_READ);
    struct guest b = guest(house, 'b', house->pair[0], LOOP_READ);
    start(&a);
    say(first[1]);
    turn(house);
    expect_seen(house, "ar");
    a.other = &b;
    a.then = reuse_number;
    start(&a); /* is due at the next turn at once, before b */
    start(&b);
    say(house->pair[1]);
    turn(house);
    expect_seen(house, "arbc");
    turn(house);
    expect_seen(house, "");
    assert_true(b.wait.active);
    say(house->pair[1]);
    turn(house);
    expect_seen(house, "br");
    loop_forget(house->loop, first[0]);
    close(first[0]);
    close(first[1]);
}

static void test_forget_makes_both_worth_trying(void **state)
{
    struct house *const house = *state;
    loop_drained(house->loop, house->pair[0], LOOP_READ | LOOP_WRITE);
    assert_false(loop_is_worth_trying(house->loop, house->pair[0], LOOP_READ));
    loop_forget(house->loop, house->pair[0]);
    assert_true(loop_is_worth_trying(house->loop, house->pair[0], LOOP_READ));
    assert_true(loop_is_worth_trying(house->loop, house->pair[0], LOOP_WRITE));
}

struct keyboard {
    struct loop_watch watch;
    struct house *house;
    struct keyboard *stops;
};

static void on_key(struct loop_watch *watch)
{
    struct keyboard *const k = (struct keyboard *)watch;
    note(k->house, 'k', '!');
    if (k->stops)
        loop_watch_stop(k->house->loop, &k->stops->watch);
}

static void test_a_watch_goes_on_until_stopped(void **state)
{
    struct house *const house = *state;
    struct keyboard k = {{.fd = house->pair[0], .ready = on_key}, house, NULL};
    assert_int_equal(loop_watch_start(house->loop, &k.watch), 0);
    assert_int_equal(loop_watch_start(house->loop, &k.watch), EBUSY);
    turn(house);
    expect_seen(house, "");
    say(house->pair[1]);
    turn(house);
    turn(house);
    expect_seen(house, "k!k!");
    hear(house->pair[0]);
    turn(house);
    expect_seen(house, "");
    say(house->pair[1]);
    loop_watch_stop(house->loop, &k.watch);
    loop_watch_stop(house->loop, &k.watch);
    const double until = loop_now() + 0.01;
    assert_int_equal(loop_turn(house->loop, until), 0);
    assert_true(loop_now() >= until); /* what nobody watches wakes nobody */
    expect_seen(house, "");
}

static void test_a_watch_and_waits_share_a_descriptor(void **state)
{
    struct house *const house = *state;
    struct keyboard k = {{.fd = house->pair[0], .ready = on_key}, house, NULL};
    struct guest a = guest(house, 'a', house->pair[0], LOOP_READ);
    struct guest b = guest(house, 'b', house->pair[0], LOOP_WRITE);
    start(&a);
    turn(house);
    assert_int_equal(loop_watch_start(house->loop, &k.watch), 0);
    turn(house);
    expect_seen(house, "");
    say(house->pair[1]);
    turn(house);
    expect_seen(house, "k!ar");
    start(&b);
    turn(house);
    expect_seen(house, "k!br");
    hear(house->pair[0]);
    loop_drained(house->loop, house->pair[0], LOOP_READ);
    start(&a);
    loop_watch_stop(house->loop, &k.watch);
    turn(house);
    expect_seen(house, "");
    say(house->pair[1]);
    turn(house);
    expect_seen(house, "ar");
}

static void test_a_watch_may_stop_another(void **state)
{
    struct house *const house = *state;
    struct keyboard k = {{.fd = house->pair[0], .ready = on_key}, house, NULL};
    struct keyboard l = {{.fd = house->pair[0], .ready = on_key}, house, &k};
    k.stops = &l;
    assert_int_equal(loop_watch_start(house->loop, &k.watch), 0);
    assert_int_equal(loop_watch_start(house->loop, &l.watch), 0);
    say(house->pair[1]);
    turn(house);
    turn(house);
    expect_seen(house, "k!k!"); /* one of them, twice */
    loop_forget(house->loop, house->pair[0]);
    turn(house);
    expect_seen(house, "");
}

static void test_a_watched_file_is_ready_at_each_turn(void **state)
{
    struct house *const house = *state;
    FILE *const file = tmpfile();
    assert_non_null(file);
    struct keyboard k = {{.fd = fileno(file), .ready = on_key}, house, NULL};
    assert_int_equal(loop_watch_start(house->loop, &k.watch), 0);
    assert_int_equal(loop_turn(house->loop, INFINITY), 0);
    assert_int_equal(loop_turn(house->loop, INFINITY), 0);
    expect_seen(house, "k!k!");
    loop_watch_stop(house->loop, &k.watch);
    fclose(file);
}

static void drain_and_start_again(struct guest *g)
{
    g->house->seen[0] = '\0';
    g->name = '!';
    loop_drained(g->house->loop, g->wait.fd, LOOP_READ);
    start(g);
}

/* More always have something to read than one turn takes, and writers who cannot write wait there
 * too: whoever stands behind in the poller's list gets his turn all the same. */
static void test_nobody_starves(void **state)
{
    enum { MANY = 400 };
    struct house *const house = *state;
    static char bytes[65536];
    static struct guest readers[MANY], writers[MANY];
    say(house->pair[1]);
    while (write(house->pair[0], bytes, sizeof bytes) > 0)
        continue;
    for (int i = 0; i < MANY; i++) {
        const int fd = dup(house->pair[0]);
        assert_true(fd >= 0);
        readers[i] = guest(house, 'r', fd, LOOP_READ);
        writers[i] = guest(house, 'w', fd, LOOP_WRITE);
        readers[i].then = drain_and_start_again;
        start(&readers[i]);
        start(&writers[i]);
    }
    turn(house);
    turn(house);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(readers[i].name, '!');
        assert_true(writers[i].wait.active);
        readers[i].then = forget_what_was_seen;
        writers[i].then = forget_what_was_seen;
        loop_forget(house->loop, readers[i].wait.fd);
        close(readers[i].wait.fd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH_POLLER(test_a_wait_started_in_a_turn_waits_for_the_next),
        EACH_POLLER(test_one_may_stop_and_free_another_that_is_due),
        EACH_POLLER(test_forget_wakes_all_who_wait),
        EACH_POLLER(test_forget_in_a_turn),
        EACH_POLLER(test_a_nested_turn_loses_nothing),
        EACH_POLLER(test_a_nested_turn_after_freeing_one_that_was_due),
        EACH_POLLER(test_a_number_used_again_gets_no_old_event),
        EACH_POLLER(test_forget_makes_both_worth_trying),
        EACH_POLLER(test_a_watch_goes_on_until_stopped),
        EACH_POLLER(test_a_watch_and_waits_share_a_descriptor),
        EACH_POLLER(test_a_watch_may_stop_another),
        EACH_POLLER(test_a_watched_file_is_ready_at_each_turn),
        EACH_POLLER(test_nobody_starves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
