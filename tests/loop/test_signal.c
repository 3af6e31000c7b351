/* SPDX-License-Identifier: MIT
 *
 * Signals: no interrupt is lost, whenever it comes; each signal leaves its note; what was before
 * comes back. Whatever must stop, or may die, does so in a child.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loop/signal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { INTERRUPTS = 200 };

struct place {
    struct loop *loop;
    struct signal_notes notes;
    int pipe[2];
    volatile sig_atomic_t rung;
    int noted;
};

static void on_ring(void *owner)
{
    struct place *const place = owner;
    place->rung++;
}

static void on_noted(void *owner)
{
    struct place *const place = owner;
    place->noted++;
}

static void place_open(struct place *place)
{
    memset(place, 0, sizeof *place);
    place->notes.ring = on_ring;
    place->notes.noted = on_noted;
    place->notes.owner = place;
    assert_int_equal(pipe(place->pipe), 0);
    assert_int_equal(loop_new(&place->loop), 0);
    assert_int_equal(signals_start(place->loop, &place->notes), 0);
}

static void place_close(struct place *place)
{
    signals_stop();
    loop_free(place->loop);
    close(place->pipe[0]);
    close(place->pipe[1]);
}

/* A read that nothing but a signal ends. */
static void expect_interrupted_read(const struct place *place)
{
    char c;
    assert_int_equal(read(place->pipe[0], &c, 1), -1);
    assert_int_equal(errno, EINTR);
}

/* The classic race: the signal came after the look at the note and before the call. */
static void test_an_interrupt_before_the_call_ends_it(void **state)
{
    (void)state;
    struct place place;
    place_open(&place);
    for (int i = 1; i <= 20; i++) {
        raise(SIGINT);
        expect_interrupted_read(&place);
        assert_true(place.notes.interrupted);
        assert_true(place.notes.rings >= 2);
        assert_true(place.rung >= 2 * i);
        assert_true(signals_take_interrupt(&place.notes));
        assert_false(signals_take_interrupt(&place.notes));
        assert_int_equal(place.notes.rings, 0);
    }
    place_close(&place);
}

static void pause_up_to(unsigned *seed, unsigned microseconds)
{
    *seed = *seed * 1664525 + 1013904223;
    const struct timespec time = {0, (long)((*seed >> 8) % microseconds) * 1000};
    nanosleep(&time, NULL);
}

/* Interrupts its parent some time after each byte that it is sent. */
static void be_the_impatient_child(int requests)
{
    unsigned seed = 99;
    char c;
    while (read(requests, &c, 1) == 1) {
        pause_up_to(&seed, 1000);
        kill(getppid(), SIGINT);
    }
    _exit(0);
}

static void test_interrupts_at_any_moment_are_not_lost(void **state)
{
    (void)state;
    struct place place;
    int requests[2];
    assert_int_equal(pipe(requests), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(requests[1]);
        be_the_impatient_child(requests[0]);
    }
    close(requests[0]);
    place_open(&place);
    unsigned seed = 5;
    for (int i = 0; i < INTERRUPTS; i++) {
        assert_int_equal(write(requests[1], "!", 1), 1);
        pause_up_to(&seed, 1000);
        expect_interrupted_read(&place);
        assert_true(signals_take_interrupt(&place.notes));
    }
    assert_false(place.notes.interrupted);
    close(requests[1]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    place_close(&place);
}

static void test_a_turn_ends_and_says_so(void **state)
{
    (void)state;
    static const int all[] = {SIGINT, SIGTERM, SIGHUP, SIGCONT, SIGWINCH};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct place place;
        place_open(&place);
        errno = 77;
        raise(all[i]);
        assert_int_equal(errno, 77);
        assert_int_equal(place.noted, 0);
        while (place.noted == 0)
            assert_int_equal(loop_turn(place.loop, INFINITY), 0);
        assert_int_equal(place.notes.interrupted, all[i] == SIGINT);
        const bool ends = all[i] == SIGTERM || all[i] == SIGHUP;
        assert_int_equal(place.notes.ended, ends ? all[i] : 0);
        assert_int_equal(place.notes.continued, all[i] == SIGCONT);
        assert_int_equal(place.notes.resized, all[i] == SIGWINCH);
        place_close(&place);
    }
}

/* Nobody has taken the interrupt: then a turn must not wait for ever, though the pipe is empty. */
static void test_a_turn_ends_while_it_rings(void **state)
{
    (void)state;
    struct place place;
    place_open(&place);
    raise(SIGINT);
    for (int i = 0; i < 5; i++)
        assert_int_equal(loop_turn(place.loop, INFINITY), 0);
    assert_true(place.notes.rings >= 4);
    assert_int_equal(place.noted, 1);
    place_close(&place);
}

static void test_the_end_interrupts_too(void **state)
{
    (void)state;
    struct place place;
    place_open(&place);
    raise(SIGTERM);
    expect_interrupted_read(&place);
    assert_int_equal(place.notes.ended, SIGTERM);
    assert_int_equal(place.notes.rings, 0);
    assert_true(place.rung >= 2);
    raise(SIGINT);
    assert_true(signals_take_interrupt(&place.notes));
    expect_interrupted_read(&place); /* the end still rings */
    place_close(&place);
}

/* Resizing the window is no reason to give a call up. */
/* A shell in an endless loop of a finalizer, where no hook runs, outlived its terminal for hours.
 */
static void test_who_hears_no_end_is_ended(void **state)
{
    static const int ends[] = {SIGHUP, SIGTERM};
    pid_t children[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] > 0)
            continue;
        struct place place;
        signal(SIGHUP, SIG_DFL); /* as without nohup */
        place_open(&place);
        raise(ends[i]);
        while (place.notes.ended)
            continue;
        _exit(1);
    }
    for (int i = 0; i < 2; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), ends[i]);
    }
}

static void test_other_signals_let_a_call_go_on(void **state)
{
    (void)state;
    struct place place;
    place_open(&place);
    const pid_t parent = getpid(), child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        kill(parent, SIGWINCH);
        kill(parent, SIGCONT);
        kill(parent, SIGPIPE);
        _exit(write(place.pipe[1], "x", 1) != 1);
    }
    char c;
    assert_int_equal(read(place.pipe[0], &c, 1), 1);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(place.notes.resized);
    assert_true(place.notes.continued);
    place_close(&place);
}

static void test_a_broken_pipe_is_an_error(void **state)
{
    (void)state;
    struct place place;
    place_open(&place);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    assert_int_equal(errno, EPIPE);
    close(ends[1]);
    place_close(&place);
}

static void test_a_stop_may_be_put_off(void **state)
{
    (void)state;
    struct place place;
    place_open(&place);
    place.notes.defer_stop = 1;
    raise(SIGTSTP);
    assert_true(place.notes.stopping);
    while (place.noted == 0)
        assert_int_equal(loop_turn(place.loop, INFINITY), 0);
    place_close(&place);
}

static int be_the_stopped_child(bool put_off)
{
    struct place place;
    setpgid(0, 0);
    place_open(&place);
    place.notes.defer_stop = put_off;
    raise(SIGTSTP);
    if (put_off && (place.notes.continued || !place.notes.stopping))
        return 1;
    if (put_off)
        signals_suspend();
    if (!place.notes.continued)
        return 2;
    place.notes.defer_stop = 1; /* the handler is back in its place */
    place.notes.stopping = 0;
    raise(SIGTSTP);
    if (!place.notes.stopping)
        return 3;
    place_close(&place);
    return 0;
}

static void test_a_stop_stops(void **state)
{
    (void)state;
    for (int put_off = 0; put_off < 2; put_off++) {
        int status = 0;
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(be_the_stopped_child(put_off));
        assert_int_equal(waitpid(child, &status, WUNTRACED), child);
        assert_true(WIFSTOPPED(status));
        assert_int_equal(WSTOPSIG(status), SIGTSTP);
        assert_int_equal(kill(child, SIGCONT), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}

static void on_nothing(int number)
{
    (void)number;
}

static void test_what_was_before_comes_back(void **state)
{
    (void)state;
    static const int all[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH, SIGPIPE};
    enum { COUNT = sizeof all / sizeof *all };
    struct place place;
    struct signal_notes others = {.owner = NULL};
    struct sigaction mine = {.sa_handler = on_nothing}, found;
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(sigaction(all[i], &mine, NULL), 0);
    place_open(&place);
    assert_int_equal(signals_start(place.loop, &others), EBUSY);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(sigaction(all[i], NULL, &found), 0);
        assert_true(found.sa_handler != on_nothing);
    }
    place_close(&place);
    signals_stop();
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(sigaction(all[i], NULL, &found), 0);
        assert_true(found.sa_handler == on_nothing);
        signal(all[i], SIG_DFL);
    }
}

static void test_nohup_is_respected(void **state)
{
    (void)state;
    struct place place;
    signal(SIGHUP, SIG_IGN);
    signal(SIGTSTP, SIG_IGN);
    place_open(&place);
    raise(SIGHUP);
    raise(SIGTSTP);
    assert_int_equal(place.notes.ended, 0);
    place_close(&place);
    signal(SIGHUP, SIG_DFL);
    signal(SIGTSTP, SIG_DFL);
}

static bool anything_pending(void)
{
    sigset_t pending;
    sigpending(&pending);
    for (int i = SIGRTMIN; i <= SIGRTMAX; i++)
        if (sigismember(&pending, i))
            return true;
    return sigismember(&pending, SIGALRM);
}

/* What a ring's signal does by default is to kill. */
static void test_a_late_ring_does_no_harm(void **state)
{
    (void)state;
    struct place place;
    sigset_t every, before;
    place_open(&place);
    raise(SIGINT);
    sigfillset(&every);
    sigprocmask(SIG_BLOCK, &every, &before);
    while (!anything_pending())
        pause_up_to(&(unsigned){1}, 1000);
    place_close(&place);
    assert_false(anything_pending());
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static void test_it_may_start_again(void **state)
{
    (void)state;
    const int lowest = dup(0);
    close(lowest);
    for (int i = 0; i < 100; i++) {
        struct place place;
        place_open(&place);
        place_close(&place);
    }
    const int still = dup(0);
    close(still);
    assert_int_equal(still, lowest);
}

static volatile sig_atomic_t heard, interrupts_next;

static void on_own_interrupt(int number)
{
    (void)number;
    heard++;
}

/* In the place of the system's, which it calls: an interrupt comes just before. */
int sigaction(int number, const struct sigaction *action, struct sigaction *before)
{
    int (*real)(int, const struct sigaction *, struct sigaction *);
    void *const symbol = dlsym(RTLD_NEXT, "sigaction");
    memcpy(&real, &symbol, sizeof real);
    if (interrupts_next) {
        interrupts_next = 0;
        raise(SIGINT);
    }
    return real(number, action, before);
}

/* Between the timer's end and that of the handlers an interrupt set a timer that was gone, and
 * nobody heard of it; where the timer is the process's own, its ring killed. */
static void test_an_interrupt_amid_the_end_is_for_who_comes_next(void **state)
{
    (void)state;
    struct place place;
    struct sigaction own, before;
    memset(&own, 0, sizeof own);
    own.sa_handler = on_own_interrupt;
    assert_int_equal(sigaction(SIGINT, &own, &before), 0);
    place_open(&place);
    heard = 0;
    interrupts_next = 1;
    place_close(&place);
    assert_int_equal(interrupts_next, 0);
    assert_int_equal(heard, 1);
    assert_false(place.notes.interrupted);
    sigaction(SIGINT, &before, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_interrupt_before_the_call_ends_it),
        cmocka_unit_test(test_interrupts_at_any_moment_are_not_lost),
        cmocka_unit_test(test_a_turn_ends_and_says_so),
        cmocka_unit_test(test_a_turn_ends_while_it_rings),
        cmocka_unit_test(test_the_end_interrupts_too),
        cmocka_unit_test(test_who_hears_no_end_is_ended),
        cmocka_unit_test(test_other_signals_let_a_call_go_on),
        cmocka_unit_test(test_a_broken_pipe_is_an_error),
        cmocka_unit_test(test_a_stop_may_be_put_off),
        cmocka_unit_test(test_a_stop_stops),
        cmocka_unit_test(test_what_was_before_comes_back),
        cmocka_unit_test(test_nohup_is_respected),
        cmocka_unit_test(test_a_late_ring_does_no_harm),
        cmocka_unit_test(test_it_may_start_again),
        cmocka_unit_test(test_an_interrupt_amid_the_end_is_for_who_comes_next),
    };
    signal(SIGHUP, SIG_DFL); /* whatever started the tests may have ignored them */
    signal(SIGTSTP, SIG_DFL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
