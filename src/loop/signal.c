/* SPDX-License-Identifier: MIT
 *
 * The handlers and what they need: a pipe that wakes the loop and a timer that rings. The timer is
 * made beforehand, because a handler may only set one; it has a real-time signal of its own where
 * the system has timers of POSIX, and SIGALRM elsewhere. Knows nothing of who reads the notes.
 */
#include "loop/signal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#if defined(_POSIX_TIMERS) && _POSIX_TIMERS > 0 && defined(SIGRTMIN) && !defined(SOCKREPL_PORTABLE)
#define HAS_OWN_TIMER
#define RING_SIGNAL (SIGRTMIN + 3)
#else
#define RING_SIGNAL SIGALRM
#endif

enum {
    RING_NANOSECONDS = 5 * 1000 * 1000,
    RINGS_OF_END = 40, /* a fifth of a second in all */
    SLOW_NANOSECONDS = 500 * 1000 * 1000,
    SLOW_RINGS = 10, /* after those: five seconds, in which the program has to end */
    TAKEN_COUNT = 8
};

/* What a handler can reach: there is one of it because there is one table of handlers in a process.
 */
static struct {
    struct loop *loop;
    struct signal_notes *notes; /* NULL while nothing is started */
    struct loop_watch wake;
    int wake_write;
    volatile sig_atomic_t rings_of_end; /* how many are left */
    struct sigaction before[TAKEN_COUNT];
#ifdef HAS_OWN_TIMER
    timer_t timer;
#endif
} place;

/* Which signals are taken; the place in this list is that in `before`. */
static int taken_signal(int i)
{
    const int all[TAKEN_COUNT] = {RING_SIGNAL, SIGINT,  SIGTERM,  SIGHUP,
                                  SIGTSTP,     SIGCONT, SIGWINCH, SIGPIPE};
    return all[i];
}

static void taken_signals(sigset_t *all)
{
    sigemptyset(all);
    for (int i = 0; i < TAKEN_COUNT; i++)
        sigaddset(all, taken_signal(i));
}

static int timer_open(void)
{
#ifdef HAS_OWN_TIMER
    struct sigevent event;
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = RING_SIGNAL;
    return timer_create(CLOCK_MONOTONIC, &event, &place.timer) == 0 ? 0 : errno;
#else
    return 0;
#endif
}

/* Rings every so many nanoseconds from now on; 0 is silence. Async-signal-safe. */
static void timer_ring_every(long nanoseconds)
{
#ifdef HAS_OWN_TIMER
    struct itimerspec every = {{0, nanoseconds}, {0, nanoseconds}};
    timer_settime(place.timer, 0, &every, NULL);
#else
    struct itimerval every = {{0, 0}, {0, 0}};
    every.it_value.tv_usec = every.it_interval.tv_usec = nanoseconds / 1000;
    setitimer(ITIMER_REAL, &every, NULL);
#endif
}

static void timer_close(void)
{
    timer_ring_every(0);
#ifdef HAS_OWN_TIMER
    timer_delete(place.timer);
#endif
}

/* A full pipe wakes the loop as well. */
static void wake_loop(void)
{
    const ssize_t written = write(place.wake_write, "!", 1);
    (void)written;
}

static void ring(struct signal_notes *notes)
{
    if (notes->interrupted && notes->rings < SIG_ATOMIC_MAX)
        notes->rings++;
    if (notes->ring)
        notes->ring(notes->owner);
}

/* A loop in a finalizer of Lua's hears no note, and its terminal may be gone. */
static void end_at_once(int number)
{
    sigset_t set;
    signal(number, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, number);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &set, NULL); /* within the handler it ends here */
}

static void note_ring(struct signal_notes *notes)
{
    if (place.rings_of_end > 0 && --place.rings_of_end < SLOW_RINGS) {
        timer_ring_every(SLOW_NANOSECONDS);
        if (notes->interrupted)
            ring(notes);
        if (place.rings_of_end == 0)
            end_at_once((int)notes->ended);
    } else if (place.rings_of_end > 0 || notes->interrupted) {
        ring(notes);
    } else {
        timer_ring_every(0);
    }
}

static void note_interrupt(struct signal_notes *notes)
{
    if (!notes->interrupted)
        notes->rings = 0;
    notes->interrupted = 1;
    timer_ring_every(RING_NANOSECONDS);
    ring(notes);
}

static void note_end(struct signal_notes *notes, int number)
{
    notes->ended = number;
    place.rings_of_end = RINGS_OF_END + SLOW_RINGS;
    timer_ring_every(RING_NANOSECONDS);
    ring(notes);
}

void signals_suspend(void)
{
    struct sigaction plain, ours;
    sigset_t stop, mask;
    memset(&plain, 0, sizeof plain);
    plain.sa_handler = SIG_DFL;
    sigemptyset(&plain.sa_mask);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigaction(SIGTSTP, &plain, &ours);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &stop, &mask); /* within the handler it stops here */
    sigprocmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &ours, NULL);
}

static void note_stop(struct signal_notes *notes)
{
    if (notes->defer_stop)
        notes->stopping = 1;
    else
        signals_suspend();
}

static void on_ring(int number)
{
    const int error = errno;
    (void)number;
    if (place.notes)
        note_ring(place.notes);
    errno = error;
}

static void on_signal(int number)
{
    const int error = errno;
    struct signal_notes *const notes = place.notes;
    if (number == SIGINT)
        note_interrupt(notes);
    else if (number == SIGTERM || number == SIGHUP)
        note_end(notes, number);
    else if (number == SIGTSTP)
        note_stop(notes);
    else if (number == SIGCONT)
        notes->continued = 1;
    else if (number == SIGWINCH)
        notes->resized = 1;
    if (number != SIGPIPE)
        wake_loop();
    errno = error;
}

static bool is_left_ignored(int number, const struct sigaction *before)
{
    return (number == SIGHUP || number == SIGTSTP) && before->sa_handler == SIG_IGN;
}

/* Only what asks somebody to give up makes his system call return. */
static int flags_of(int number)
{
    const bool interrupts =
        number == SIGINT || number == SIGTERM || number == SIGHUP || number == RING_SIGNAL;
    return interrupts ? 0 : SA_RESTART;
}

static void handlers_install(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    taken_signals(&action.sa_mask);
    for (int i = 0; i < TAKEN_COUNT; i++) {
        const int number = taken_signal(i);
        action.sa_handler = number == RING_SIGNAL ? on_ring : on_signal;
        action.sa_flags = flags_of(number);
        sigaction(number, NULL, &place.before[i]);
        if (!is_left_ignored(number, &place.before[i]))
            sigaction(number, &action, NULL);
    }
}

static void handlers_remove(void)
{
    /* A last ring that still hangs must not meet what the signal does by default: it kills. */
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    sigemptyset(&ignore.sa_mask);
    sigaction(RING_SIGNAL, &ignore, NULL);
    for (int i = 0; i < TAKEN_COUNT; i++)
        sigaction(taken_signal(i), &place.before[i], NULL);
}

static void on_wake(struct loop_watch *watch)
{
    char bytes[256];
    while (read(watch->fd, bytes, sizeof bytes) > 0)
        continue;
    if (place.notes && place.notes->noted)
        place.notes->noted(place.notes->owner);
}

static int wake_open(struct loop *loop)
{
    int ends[2];
    if (pipe(ends) != 0)
        return errno;
    for (int i = 0; i < 2; i++) {
        ends[i] = loop_keep_descriptor(ends[i]);
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    place.wake = (struct loop_watch){.fd = ends[0], .ready = on_wake};
    place.wake_write = ends[1];
    const int error = loop_watch_start(loop, &place.wake);
    if (error) {
        close(ends[0]);
        close(ends[1]);
    }
    return error;
}

static void wake_close(void)
{
    loop_forget(place.loop, place.wake.fd);
    close(place.wake.fd);
    close(place.wake_write);
}

int signals_start(struct loop *loop, struct signal_notes *notes)
{
    if (place.notes)
        return EBUSY;
    int error = wake_open(loop);
    if (error)
        return error;
    place.loop = loop;
    error = timer_open();
    if (error) {
        wake_close();
        return error;
    }
    place.rings_of_end = 0;
    place.notes = notes;
    handlers_install();
    return 0;
}

void signals_stop(void)
{
    sigset_t all, mask;
    if (!place.notes)
        return;
    taken_signals(&all);
    sigprocmask(SIG_BLOCK, &all, &mask); /* what comes now is for who comes next */
    timer_close();
    handlers_remove();
    wake_close();
    place.notes = NULL;
    sigprocmask(SIG_SETMASK, &mask, NULL);
}

bool signals_take_interrupt(struct signal_notes *notes)
{
    if (!notes->interrupted)
        return false;
    if (place.rings_of_end == 0)
        timer_ring_every(0);
    /* A second SIGINT that comes before this line is taken with the first. */
    notes->interrupted = 0;
    notes->rings = 0;
    return true;
}
