/* SPDX-License-Identifier: MIT
 *
 * Who is woken, when and in which order, and that no wake-up is lost; with epoll and with poll(2).
 */
#include "house.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/resource.h>

static void test_a_wait_ends_once(void **state)
{
    struct house *const house = *state;
    struct guest a = guest(house, 'a', house->pair[0], LOOP_READ);
    start(&a);
    turn(house);
    expect_seen(house, "");
    say(house->pair[1]);
    turn(house);
    turn(house);
    expect_seen(house, "ar");
}

static void test_both_directions(void **state)
{
    struct house *const house = *state;
    struct guest a = guest(house, 'a', house->pair[0], LOOP_READ);
    struct guest b = guest(house, 'b', house->pair[0], LOOP_WRITE);
    struct guest c = guest(house, 'c', house->pair[0], LOOP_READ | LOOP_WRITE);
    start(&a);
    start(&b);
    start(&c);
    turn(house);
    expect_seen(house, "brcr");
    say(house->pair[1]);
    turn(house);
    expect_seen(house, "ar");
}

static void test_all_who_wait_are_woken_in_order(void **state)
{
    struct house *const house = *state;
    struct guest guests[10];
    for (int i = 0; i < 10; i++) {
        guests[i] = guest(house, (char)('0' + i), house->pair[0], LOOP_READ);
        start(&guests[i]);
    }
    loop_wait_stop(house->loop, &guests[0].wait);
    loop_wait_stop(house->loop, &guests[5].wait);
    loop_wait_stop(house->loop, &guests[9].wait);
    loop_wait_stop(house->loop, &guests[9].wait);
    say(house->pair[1]);
    turn(house);
    expect_seen(house, "1r2r3r4r6r7r8r");
}

static void test_wrong_waits_are_refused(void **state)
{
    struct house *const house = *state;
    struct guest a = guest(house, 'a', house->pair[0], 0);
    assert_int_equal(loop_wait_start(house->loop, &a.wait), EINVAL);
    a.wait.events = 4;
    assert_int_equal(loop_wait_start(house->loop, &a.wait), EINVAL);
    a.wait.events = LOOP_READ;
    a.wait.deadline = NAN;
    assert_int_equal(loop_wait_start(house->loop, &a.wait), EINVAL);
    a.wait.deadline = INFINITY;
    a.wait.fd = -2;
    assert_int_equal(loop_wait_start(house->loop, &a.wait), EINVAL);
    assert_false(a.wait.active);
    a.wait.fd = house->pair[0];
    start(&a);
    assert_int_equal(loop_wait_start(house->loop, &a.wait), EBUSY);
    loop_wait_stop(house->loop, &a.wait);
}

/* epoll says EBADF at once, poll by an event: either way nobody waits for ever. */
static void test_a_closed_number_is_told(void **state)
{
    struct house *const house = *state;
    const int gone = dup(house->pair[0]);
    assert_true(gone >= 0);
    close(gone);
    struct guest a = guest(house, 'a', gone, LOOP_READ);
    a.wait.deadline = loop_now() + 1000;
    const int error = loop_wait_start(house->loop, &a.wait);
    if (error == 0) {
        turn(house);
        expect_seen(house, "ar");
    } else {
        assert_int_equal(error, EBADF);
        assert_int_equal(a.wait.timer, 0);
        assert_false(a.wait.active);
    }
    loop_forget(house->loop, gone);
}

static void test_deadlines(void **state)
{
    struct house *const house = *state;
    struct guest a = guest(house, 'a', house->pair[0], LOOP_READ);
    struct guest b = guest(house, 'b', -1, 0);
    struct guest c = guest(house, 'c', -1, 0);
    a.wait.deadline = loop_now() + 1000; /* no machine is so busy that it comes in this turn */
    c.wait.deadline = -INFINITY;
    start(&a);
    start(&c);
    turn(house);
    expect_seen(house, "ct");
    loop_wait_stop(house->loop, &a.wait);
    const double begin = loop_now();
    a.wait.deadline = begin + 0.02;
    b.wait.deadline = begin + 0.01;
    start(&a);
    start(&b);
    while (a.wait.active)
        assert_int_equal(loop_turn(house->loop, INFINITY), 0);
    assert_true(loop_now() >= begin + 0.02);
    expect_seen(house, "btat");
    const double until = loop_now() + 0.01;
    assert_int_equal(loop_turn(house->loop, until), 0);
    assert_true(loop_now() >= until);
}

static void test_an_event_goes_before_a_deadline(void **state)
{
    struct house *const house = *state;
    struct guest a = guest(house, 'a', house->pair[0], LOOP_READ);
    a.wait.deadline = loop_now();
    start(&a);
    say(house->pair[1]);
    turn(house);
    turn(house);
    expect_seen(house, "ar");
    assert_int_equal(a.wait.timer, 0);
}

static void count_in_order(struct guest *g)
{
    double *const last = (double *)(void *)g->other;
    assert_true(g->wait.deadline >= last[0]);
    assert_true(g->wait.deadline > last[0] || (double)g->wait.order > last[1]);
    last[0] = g->wait.deadline;
    last[1] = (double)g->wait.order;
    last[2]++;
    g->house->seen[0] = '\0';
}

static void test_ten_thousand_deadlines_come_in_order(void **state)
{
    enum { MANY = 10000 };
    struct house *const house = *state;
    struct guest *const guests = calloc(MANY, sizeof *guests);
    assert_non_null(guests);
    double last[3] = {-INFINITY, 0, 0};
    const double now = loop_now();
    unsigned seed = 7;
    for (size_t i = 0; i < MANY; i++) {
        guests[i] = guest(house, 'a', -1, 0);
        seed = seed * 1664525 + 1013904223;
        guests[i].wait.deadline = now - (double)(seed >> 24);
        guests[i].then = count_in_order;
        guests[i].other = (struct guest *)(void *)last;
        start(&guests[i]);
    }
    for (size_t i = 0; i < MANY; i += 3)
        loop_wait_stop(house->loop, &guests[i].wait);
    turn(house);
    assert_int_equal((int)last[2], MANY - (MANY + 2) / 3);
    free(guests);
}

static void test_readiness_is_remembered(void **state)
{
    struct house *const house = *state;
    const int fd = house->pair[0];
    struct guest a = guest(house, 'a', fd, LOOP_READ);
    assert_true(loop_is_worth_trying(house->loop, fd, LOOP_READ));
    assert_true(loop_is_worth_trying(house->loop, 100000, LOOP_READ));
    loop_drained(house->loop, fd, LOOP_READ);
    assert_false(loop_is_worth_trying(house->loop, fd, LOOP_READ));
    assert_true(loop_is_worth_trying(house->loop, fd, LOOP_WRITE));
    start(&a);
    say(house->pair[1]);
    turn(house);
    expect_seen(house, "ar");
    assert_true(loop_is_worth_trying(house->loop, fd, LOOP_READ));
    hear(fd);
    loop_drained(house->loop, fd, LOOP_READ);
    assert_false(loop_is_worth_trying(house->loop, fd, LOOP_READ));
    start(&a);
    turn(house);
    expect_seen(house, "");
    say(house->pair[1]);
    turn(house);
    expect_seen(house, "ar");
}

/* An edge that came while nobody waited must wake the next who waits: it will not come again. */
static void test_no_wake_up_is_lost_between_waits(void **state)
{
    struct house *const house = *state;
    const int fd = house->pair[0];
    struct guest a = guest(house, 'a', fd, LOOP_READ);
    start(&a);
    turn(house);
    loop_wait_stop(house->loop, &a.wait);
    say(house->pair[1]);
    turn(house);
    start(&a);
    turn(house);
    expect_seen(house, "ar");
    start(&a); /* nobody has read it yet */
    turn(house);
    expect_seen(house, "ar");
    hear(fd);
    loop_drained(house->loop, fd, LOOP_READ);
    say(house->pair[1]); /* before the wait, behind the drain */
    start(&a);
    turn(house);
    expect_seen(house, "ar");
}

static void test_a_full_pipe_becomes_writable(void **state)
{
    struct house *const house = *state;
    static char bytes[65536];
    struct guest a = guest(house, 'a', house->pair[0], LOOP_WRITE);
    start(&a);
    turn(house);
    expect_seen(house, "ar");
    while (write(house->pair[0], bytes, sizeof bytes) > 0)
        continue;
    assert_int_equal(errno, EAGAIN);
    loop_drained(house->loop, house->pair[0], LOOP_WRITE);
    assert_false(loop_is_worth_trying(house->loop, house->pair[0], LOOP_WRITE));
    start(&a);
    turn(house);
    expect_seen(house, "");
    while (read(house->pair[1], bytes, sizeof bytes) > 0)
        continue;
    turn(house);
    expect_seen(house, "ar");
}

/* Data and the end of the stream may come as one edge. A reader who read all the data and says
 * "drained" after the short read must still hear of the end. */
static void test_the_end_behind_a_short_read_is_not_lost(void **state)
{
    struct house *const house = *state;
    const int fd = house->pair[0];
    struct guest a = guest(house, 'a', fd, LOOP_READ);
    start(&a);
    turn(house);
    say(house->pair[1]);
    assert_int_equal(shutdown(house->pair[1], SHUT_WR), 0);
    turn(house);
    expect_seen(house, "ar");
    hear(fd);
    for (int again = 0; again < 3; again++) {
        loop_drained(house->loop, fd, LOOP_READ);
        start(&a);
        turn(house);
        expect_seen(house, "ar");
        char c;
        assert_int_equal(read(fd, &c, 1), 0);
    }
}

/* An unconnected TCP socket counts as hung up; once it is connected that must be forgotten. */
static void test_a_socket_may_come_back_to_life(void **state)
{
    struct house *const house = *state;
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(listener >= 0 && client >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    struct guest a = guest(house, 'a', client, LOOP_READ);
    start(&a);
    turn(house);
    expect_seen(house, "ar");
    assert_int_equal(connect(client, (struct sockaddr *)&address, size), 0);
    loop_drained(house->loop, client, LOOP_READ);
    turn(house); /* the change to connected is an edge of its own */
    loop_drained(house->loop, client, LOOP_READ);
    start(&a);
    turn(house);
    expect_seen(house, "");
    loop_forget(house->loop, client);
    expect_seen(house, "ac");
    close(client);
    close(listener);
}

static void test_a_hang_up_makes_both_ready(void **state)
{
    struct house *const house = *state;
    struct guest a = guest(house, 'a', house->pair[0], LOOP_READ);
    start(&a);
    turn(house);
    loop_drained(house->loop, house->pair[0], LOOP_READ);
    loop_drained(house->loop, house->pair[0], LOOP_WRITE);
    close(house->pair[1]);
    house->pair[1] = -1;
    turn(house);
    expect_seen(house, "ar");
    assert_true(loop_is_worth_trying(house->loop, house->pair[0], LOOP_READ));
    assert_true(loop_is_worth_trying(house->loop, house->pair[0], LOOP_WRITE));
}

static void test_a_file_is_always_ready(void **state)
{
    struct house *const house = *state;
    FILE *const file = tmpfile();
    assert_non_null(file);
    struct guest a = guest(house, 'a', fileno(file), LOOP_READ);
    for (int again = 0; again < 3; again++) {
        start(&a);
        assert_int_equal(loop_turn(house->loop, INFINITY), 0);
        expect_seen(house, "ar");
        loop_drained(house->loop, fileno(file), LOOP_READ);
    }
    loop_forget(house->loop, fileno(file));
    fclose(file);
}

/* More events than one turn takes: nobody is left behind. */
static void test_many_ready_descriptors_all_get_their_turn(void **state)
{
    enum { MANY = 400 };
    struct house *const house = *state;
    static struct guest guests[MANY];
    static int fds[MANY];
    for (int i = 0; i < MANY; i++) {
        fds[i] = dup(house->pair[0]);
        assert_true(fds[i] >= 0);
        guests[i] = guest(house, 'a', fds[i], LOOP_WRITE);
        guests[i].then = forget_what_was_seen;
        start(&guests[i]);
    }
    int left = MANY;
    for (int turns = 0; left > 0; turns++) {
        assert_true(turns < 3);
        turn(house);
        left = 0;
        for (int i = 0; i < MANY; i++)
            left += guests[i].wait.active;
    }
    for (int i = 0; i < MANY; i++) {
        loop_forget(house->loop, fds[i]);
        close(fds[i]);
    }
}

static void test_no_descriptor_for_the_loop_is_told(void **state)
{
    struct house *const house = *state;
    struct rlimit before, none;
    if (!house->ops->edges)
        return; /* poll(2) needs none */
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    struct loop *loop = NULL;
    assert_int_equal(loop_new_with(house->ops, &loop), EMFILE);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_null(loop);
}

static void test_low_numbers_are_left_to_the_learner(void **state)
{
    (void)state;
    const int next = dup(0);
    assert_true(next >= 0);
    close(next);
    struct loop *loop = NULL;
    assert_int_equal(loop_new(&loop), 0);
    const int first = dup(0);
    assert_int_equal(first, next);
    close(first);
    loop_free(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH_POLLER(test_a_wait_ends_once),
        EACH_POLLER(test_both_directions),
        EACH_POLLER(test_all_who_wait_are_woken_in_order),
        EACH_POLLER(test_wrong_waits_are_refused),
        EACH_POLLER(test_a_closed_number_is_told),
        EACH_POLLER(test_deadlines),
        EACH_POLLER(test_an_event_goes_before_a_deadline),
        EACH_POLLER(test_ten_thousand_deadlines_come_in_order),
        EACH_POLLER(test_readiness_is_remembered),
        EACH_POLLER(test_no_wake_up_is_lost_between_waits),
        EACH_POLLER(test_a_full_pipe_becomes_writable),
        EACH_POLLER(test_the_end_behind_a_short_read_is_not_lost),
        EACH_POLLER(test_a_socket_may_come_back_to_life),
        EACH_POLLER(test_a_hang_up_makes_both_ready),
        EACH_POLLER(test_a_file_is_always_ready),
        EACH_POLLER(test_many_ready_descriptors_all_get_their_turn),
        EACH_POLLER(test_no_descriptor_for_the_loop_is_told),
        cmocka_unit_test(test_low_numbers_are_left_to_the_learner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
