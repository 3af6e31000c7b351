/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out under the loop: what could not be started is told and leaves no trace, all
 * else goes on, and the same call succeeds once there is memory. Ending a wait needs none.
 */
#include "loop/house.h"
#include "scarce.h"

#include "loop/signal.h"

#include <errno.h>

/* Enough waits for every table to grow a second time. */
enum { PAIRS = 80, LINES = 2 * PAIRS, MOST_ALLOCATIONS = 1000 };

/* Far away, so that the wait stands in the heap too. */
#define LATER 1e6

struct line {
    struct loop_wait wait;
    int woken;
};

/* Sockets in pairs, and a wait for each end. */
struct street {
    struct loop *loop;
    struct line lines[LINES];
};

static void wake_line(struct loop_wait *wait, enum loop_why why)
{
    assert_int_equal(why, LOOP_READY);
    ((struct line *)wait)->woken++;
}

static void open_street(struct street *street)
{
    for (int i = 0; i < LINES; i += 2) {
        int pair[2];
        make_pair(pair);
        for (int side = 0; side < 2; side++) {
            struct loop_wait wait = {.fd = pair[side],
                                     .events = LOOP_READ,
                                     .deadline = loop_now() + LATER,
                                     .wake = wake_line};
            street->lines[i + side] = (struct line){.wait = wait};
        }
    }
}

static void close_street(struct street *street)
{
    for (int i = 0; i < LINES; i++)
        close(street->lines[i].wait.fd);
}

/* Starts those that do not wait yet; returns how many could not be. */
static int start_all(struct street *street)
{
    int failed = 0;
    for (int i = 0; i < LINES; i++) {
        struct loop_wait *const wait = &street->lines[i].wait;
        if (wait->active)
            continue;
        int error = loop_wait_start(street->loop, wait);
        assert_true(error == 0 || error == ENOMEM);
        assert_int_equal(wait->active, error == 0);
        failed += error != 0;
    }
    return failed;
}

/* Every wait that was started ends once, by the byte that comes; no other one ends. */
static void talk_to_all(struct street *street)
{
    bool waited[LINES];
    for (int i = 0; i < LINES; i++) {
        struct line *const line = &street->lines[i];
        waited[i] = line->wait.active;
        line->woken = 0;
        say(street->lines[i ^ 1].wait.fd);
    }
    assert_int_equal(loop_turn(street->loop, 0), 0);
    for (int i = 0; i < LINES; i++) {
        assert_int_equal(street->lines[i].woken, waited[i]);
        assert_false(street->lines[i].wait.active);
        hear(street->lines[i].wait.fd);
        loop_drained(street->loop, street->lines[i].wait.fd, LOOP_READ);
    }
}

/* Returns whether no allocation was missed. */
static bool wait_short(struct street *street, const struct poller_ops *ops, long left, bool stays)
{
    assert_int_equal(loop_new_with(ops, &street->loop), 0);
    scarce_begin(left, stays);
    int failed = start_all(street);
    bool missed = scarce_end();
    assert_int_equal(missed, failed > 0);
    talk_to_all(street);
    assert_int_equal(start_all(street), 0);
    talk_to_all(street);
    loop_free(street->loop);
    return !missed;
}

static void waits_start_or_not(void **state)
{
    const struct house *house = *state;
    static struct street street;
    open_street(&street);
    assert_false(wait_short(&street, house->ops, 0, false));
    for (long left = 0; !wait_short(&street, house->ops, left / 2, left % 2 == 1); left++)
        assert_in_range(left, 0, MOST_ALLOCATIONS);
    close_street(&street);
}

/* With all memory gone those that wait are woken, stopped and forgotten as ever. */
static void waits_end_without_memory(void **state)
{
    const struct house *house = *state;
    static struct street street;
    open_street(&street);
    assert_int_equal(loop_new_with(house->ops, &street.loop), 0);
    assert_int_equal(start_all(&street), 0);
    scarce_begin(0, true);
    for (int i = 0; i < LINES; i += 4) {
        loop_wait_stop(street.loop, &street.lines[i].wait);
        assert_false(street.lines[i].wait.active);
    }
    talk_to_all(&street);
    for (int i = 0; i < LINES; i++)
        loop_forget(street.loop, street.lines[i].wait.fd);
    assert_false(scarce_end());
    loop_free(street.loop);
    close_street(&street);
}

/* The set of descriptors was grown before it was asked whether the descriptor stood in it already:
 * with the set full and no memory, a wait that had ended went on being reported, at every turn. */
static void less_is_asked_without_memory(void **state)
{
    const struct house *house = *state;
    static struct street street;
    struct poller_event events[LINES];
    size_t count = 0;
    void *poller;
    open_street(&street);
    assert_int_equal(house->ops->open(&poller), 0);
    for (int i = 0; i < LINES; i++) {
        const int fd = street.lines[i].wait.fd;
        assert_int_equal(house->ops->set(poller, fd, LOOP_READ | LOOP_WRITE, false, 0), 0);
        scarce_begin(0, true);
        assert_int_equal(house->ops->set(poller, fd, LOOP_READ, false, 0), 0);
        assert_false(scarce_end());
    }
    assert_int_equal(house->ops->wait(poller, 0, events, LINES, &count), 0);
    assert_int_equal(count, 0);
    house->ops->close(poller);
    close_street(&street);
}

static void loops_are_made_or_not(void **state)
{
    const struct house *house = *state;
    const int before = scarce_count_descriptors();
    bool missed = true;
    for (long left = 0; missed; left++) {
        struct loop *loop = NULL;
        scarce_begin(left / 2, left % 2 == 1);
        const int error = loop_new_with(house->ops, &loop);
        missed = scarce_end();
        assert_int_equal(error, missed ? ENOMEM : 0);
        assert_int_equal(loop != NULL, !missed);
        loop_free(loop);
        assert_int_equal(scarce_count_descriptors(), before);
        assert_in_range(left, 0, MOST_ALLOCATIONS);
    }
}

struct visitor {
    struct loop_watch watch;
    int seen;
};

static void on_ready(struct loop_watch *watch)
{
    hear(watch->fd);
    ((struct visitor *)watch)->seen++;
}

static void watches_start_or_not(void **state)
{
    struct house *const house = *state;
    bool missed = true;
    for (long left = 0; missed; left++) {
        struct loop *loop;
        struct visitor visitor = {.watch = {.fd = house->pair[0], .ready = on_ready}};
        assert_int_equal(loop_new_with(house->ops, &loop), 0);
        scarce_begin(left / 2, left % 2 == 1);
        const int error = loop_watch_start(loop, &visitor.watch);
        missed = scarce_end();
        assert_int_equal(error, missed ? ENOMEM : 0);
        if (missed) {
            loop_watch_stop(loop, &visitor.watch); /* harmless */
            assert_int_equal(loop_turn(loop, 0), 0);
            assert_int_equal(loop_watch_start(loop, &visitor.watch), 0);
        }
        say(house->pair[1]);
        assert_int_equal(loop_turn(loop, 0), 0);
        assert_int_equal(visitor.seen, 1);
        loop_free(loop);
    }
}

/* What is not heard for want of memory costs a try, and no wake-up. */
static void a_dry_descriptor_is_asked_again(void **state)
{
    struct house *const house = *state;
    struct guest g = guest(house, 'a', house->pair[0], LOOP_READ);
    scarce_begin(0, true);
    loop_drained(house->loop, house->pair[0], LOOP_READ);
    assert_true(scarce_end());
    assert_true(loop_is_worth_trying(house->loop, house->pair[0], LOOP_READ));
    start(&g);
    turn(house);
    expect_seen(house, "");
    say(house->pair[1]);
    turn(house);
    expect_seen(house, "ar");
    hear(house->pair[0]);
}

struct catcher {
    struct signal_notes notes;
    int interrupts;
};

static void on_noted(void *owner)
{
    struct catcher *const catcher = owner;
    catcher->interrupts += signals_take_interrupt(&catcher->notes);
}

/* Ctrl-C reaches the loop, once. */
static void interrupt(struct catcher *catcher, struct loop *loop)
{
    raise(SIGINT);
    assert_int_equal(loop_turn(loop, 0), 0);
    assert_int_equal(catcher->interrupts, 1);
}

/* Signals that could not be taken do what they did before, and can be taken later. */
static void signals_are_taken_or_not(void **state)
{
    const struct house *house = *state;
    bool missed = true;
    for (long left = 0; missed; left++) {
        struct loop *loop;
        struct catcher catcher = {.notes = {.noted = on_noted, .owner = &catcher}};
        struct sigaction action;
        assert_int_equal(loop_new_with(house->ops, &loop), 0);
        const int before = scarce_count_descriptors();
        scarce_begin(left / 2, left % 2 == 1);
        const int error = signals_start(loop, &catcher.notes);
        missed = scarce_end();
        assert_int_equal(error, missed ? ENOMEM : 0);
        if (missed) {
            assert_int_equal(scarce_count_descriptors(), before);
            assert_int_equal(sigaction(SIGINT, NULL, &action), 0);
            assert_true(action.sa_handler == SIG_DFL);
            assert_int_equal(signals_start(loop, &catcher.notes), 0);
        }
        interrupt(&catcher, loop);
        signals_stop();
        assert_int_equal(scarce_count_descriptors(), before);
        loop_free(loop);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH_POLLER(waits_start_or_not),           EACH_POLLER(waits_end_without_memory),
        EACH_POLLER(less_is_asked_without_memory), EACH_POLLER(loops_are_made_or_not),
        EACH_POLLER(watches_start_or_not),         EACH_POLLER(a_dry_descriptor_is_asked_again),
        EACH_POLLER(signals_are_taken_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
