/* SPDX-License-Identifier: MIT
 *
 * Some ten thousand random steps: sockets are written, read, closed and made anew under the same
 * numbers, waits come and go, and those who are woken do the same and turn the loop again. After
 * each step: nobody was told of another's event, and nobody waits on for what is there.
 */
#include "house.h"

#include <errno.h>
#include <poll.h>

enum { PAIRS = 8, ENDS = 2 * PAIRS, GUESTS = 40, STEPS = 12000, DEPTH = 3 };

struct visitor {
    struct loop_wait wait;
    struct fuzz *fuzz;
    unsigned long owner; /* of the number, when the wait began */
};

struct watcher {
    struct loop_watch watch;
    struct fuzz *fuzz;
    bool started;
};

struct fuzz {
    struct loop *loop;
    uint64_t seed;
    int fds[ENDS]; /* 2 * i and 2 * i + 1 are a pair */
    unsigned long owners[ENDS];
    unsigned long next_owner;
    struct visitor *visitors[GUESTS]; /* each freed as soon as it is not active */
    struct watcher watcher;
    int depth;
    unsigned long woken[3];
};

static unsigned roll(struct fuzz *f, unsigned sides)
{
    f->seed = f->seed * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(f->seed >> 33) % sides;
}

static void step(struct fuzz *f);

static int end_of(const struct fuzz *f, int fd)
{
    int i = 0;
    while (i < ENDS && f->fds[i] != fd)
        i++;
    return i;
}

static void on_visitor(struct loop_wait *wait, enum loop_why why)
{
    struct visitor *const v = (struct visitor *)wait;
    struct fuzz *const f = v->fuzz;
    f->woken[why]++;
    if (why == LOOP_TIMEOUT)
        assert_true(loop_now() >= wait->deadline);
    if (wait->fd >= 0)
        assert_int_equal(f->owners[end_of(f, wait->fd)], v->owner);
    for (int i = 0; i < GUESTS; i++)
        if (f->visitors[i] == v)
            f->visitors[i] = NULL;
    free(v);
    if (roll(f, 3) == 0)
        step(f);
}

static void step_wait(struct fuzz *f)
{
    const unsigned place = roll(f, GUESTS);
    if (f->visitors[place])
        return;
    const unsigned end = roll(f, ENDS);
    struct visitor *const v = calloc(1, sizeof *v);
    assert_non_null(v);
    const bool timer_alone = roll(f, 8) == 0;
    v->wait.fd = timer_alone ? -1 : f->fds[end];
    v->wait.events = 1 + roll(f, 3);
    v->wait.deadline = roll(f, 2) ? INFINITY : loop_now() + roll(f, 50) / 10000.0;
    v->wait.wake = on_visitor;
    v->fuzz = f;
    v->owner = f->owners[end];
    f->visitors[place] = v;
    assert_int_equal(loop_wait_start(f->loop, &v->wait), 0);
}

static void step_stop(struct fuzz *f)
{
    const unsigned place = roll(f, GUESTS);
    if (!f->visitors[place])
        return;
    loop_wait_stop(f->loop, &f->visitors[place]->wait);
    free(f->visitors[place]);
    f->visitors[place] = NULL;
}

static void step_write(struct fuzz *f)
{
    static char bytes[40000];
    const int fd = f->fds[roll(f, ENDS)];
    const size_t length = 1 + roll(f, sizeof bytes);
    const ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);
    if (n >= 0 ? (size_t)n < length : errno == EAGAIN)
        loop_drained(f->loop, fd, LOOP_WRITE);
}

static void step_read(struct fuzz *f)
{
    static char bytes[100000];
    const int fd = f->fds[roll(f, ENDS)];
    const ssize_t n = read(fd, bytes, sizeof bytes);
    if (n >= 0 ? (size_t)n < sizeof bytes : errno == EAGAIN)
        loop_drained(f->loop, fd, LOOP_READ);
}

static void step_shutdown(struct fuzz *f)
{
    shutdown(f->fds[roll(f, ENDS)], SHUT_WR);
}

static void step_reopen(struct fuzz *f)
{
    const unsigned pair = 2 * roll(f, PAIRS);
    for (unsigned i = pair; i < pair + 2; i++) {
        if (f->watcher.started && f->watcher.watch.fd == f->fds[i])
            f->watcher.started = false; /* loop_forget() ends it */
    }
    int old[2] = {f->fds[pair], f->fds[pair + 1]};
    const int depth = f->depth;
    f->depth = DEPTH; /* nobody may do anything to a number that is about to be closed */
    loop_forget(f->loop, old[0]);
    loop_forget(f->loop, old[1]);
    f->depth = depth;
    close(old[0]);
    close(old[1]);
    make_pair(&f->fds[pair]);
    f->owners[pair] = ++f->next_owner;
    f->owners[pair + 1] = ++f->next_owner;
}

static void on_watcher(struct loop_watch *watch)
{
    struct watcher *const w = (struct watcher *)watch;
    struct pollfd one = {.fd = watch->fd, .events = POLLIN};
    assert_true(w->started);
    if (poll(&one, 1, 0) == 0)
        return; /* one who was called before has read it */
    if (roll(w->fuzz, 3) == 0)
        step(w->fuzz);
}

static void step_watch(struct fuzz *f)
{
    if (f->watcher.started) {
        loop_watch_stop(f->loop, &f->watcher.watch);
    } else {
        f->watcher.watch = (struct loop_watch){.fd = f->fds[roll(f, ENDS)], .ready = on_watcher};
        assert_int_equal(loop_watch_start(f->loop, &f->watcher.watch), 0);
    }
    f->watcher.started = !f->watcher.started;
}

/* Which visitors must be woken by a turn: those whose event is there before it. */
static void collect_ready(const struct fuzz *f, unsigned long long ready[GUESTS])
{
    for (int i = 0; i < GUESTS; i++) {
        const struct visitor *const v = f->visitors[i];
        struct pollfd one = {.fd = v ? v->wait.fd : -1};
        if (v && v->wait.events & LOOP_READ)
            one.events |= POLLIN;
        if (v && v->wait.events & LOOP_WRITE)
            one.events |= POLLOUT;
        ready[i] = v && poll(&one, 1, 0) == 1 ? v->wait.order : 0;
    }
}

static void step_turn(struct fuzz *f)
{
    unsigned long long ready[GUESTS];
    collect_ready(f, ready);
    f->depth++;
    assert_int_equal(loop_turn(f->loop, 0), 0);
    f->depth--;
    for (int i = 0; i < GUESTS; i++)
        if (ready[i] && f->visitors[i])
            assert_true(f->visitors[i]->wait.order != ready[i]);
}

static void step(struct fuzz *f)
{
    static void (*const steps[])(struct fuzz *) = {
        step_wait,  step_wait, step_wait, step_wait, step_stop,     step_write,
        step_write, step_read, step_read, step_read, step_shutdown, step_reopen,
        step_watch, step_turn, step_turn, step_turn,
    };
    if (f->depth < DEPTH)
        steps[roll(f, sizeof steps / sizeof *steps)](f);
}

static void play(const struct poller_ops *ops, uint64_t seed)
{
    struct fuzz f = {.seed = seed};
    f.watcher.fuzz = &f;
    assert_int_equal(loop_new_with(ops, &f.loop), 0);
    for (int i = 0; i < ENDS; i += 2)
        make_pair(&f.fds[i]);
    for (int i = 0; i < ENDS; i++)
        f.owners[i] = ++f.next_owner;
    for (int i = 0; i < STEPS; i++)
        step(&f);
    for (int i = 0; i < 3; i++)
        assert_true(f.woken[i] > 10);
    f.depth = DEPTH;
    for (int i = 0; i < ENDS; i++) {
        loop_forget(f.loop, f.fds[i]);
        close(f.fds[i]);
    }
    for (int i = 0; i < GUESTS; i++) {
        if (f.visitors[i])
            loop_wait_stop(f.loop, &f.visitors[i]->wait);
        free(f.visitors[i]);
    }
    loop_free(f.loop);
}

static void test_random_steps(void **state)
{
    const struct house *const house = *state;
    for (uint64_t seed = 1; seed <= 4; seed++)
        play(house->ops, seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH_POLLER(test_random_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
