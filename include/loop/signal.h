/* SPDX-License-Identifier: MIT
 *
 * Signals as events. A handler leaves a note, wakes the loop, and, for an interrupt, rings again
 * every few milliseconds until the note is taken: a call that was entered between the look at the
 * note and the system call is interrupted by the next ring, so that no Ctrl-C is ever lost. The end
 * of the program rings too, but only for a fifth of a second, since nobody takes that note; whoever
 * has not ended five seconds later is ended by the signal.
 */
#ifndef LOOP_SIGNAL_H
#define LOOP_SIGNAL_H

#include "loop/loop.h"

#include <signal.h>

struct signal_notes {
    volatile sig_atomic_t interrupted; /* SIGINT came and was not taken yet */
    volatile sig_atomic_t rings;      /* how often it rang since then, the signal itself included */
    volatile sig_atomic_t ended;      /* the number of a SIGTERM or SIGHUP */
    volatile sig_atomic_t resized;    /* SIGWINCH */
    volatile sig_atomic_t stopping;   /* SIGTSTP came while `defer_stop` was set */
    volatile sig_atomic_t continued;  /* SIGCONT */
    volatile sig_atomic_t defer_stop; /* set by whoever must restore the terminal before a stop */

    /* Called from the handler at each ring of an interrupt or of the end: async-signal-safe things
     * only. May be NULL, as may `noted`. */
    void (*ring)(void *owner);
    void *owner;

    /* Called from loop_turn() when a note was left. */
    void (*noted)(void *owner);
};

/* Takes SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH; SIGPIPE is caught and dropped rather
 * than ignored, so that programs started from the shell have it as usual. SIGHUP and SIGTSTP stay
 * ignored where they were (nohup; a parent without job control). An interrupt, an end and each ring
 * make a system call return EINTR; after the others it goes on. A thread must be started with all
 * signals blocked, or they come to it and interrupt nothing here. One process has one such place: a
 * second start returns EBUSY. */
int signals_start(struct loop *loop, struct signal_notes *notes);

/* Brings back what each signal did before. Harmless where nothing was started. */
void signals_stop(void);

/* Does what was put off by `defer_stop`: stops as SIGTSTP does by default, and returns once the
 * process goes on. */
void signals_suspend(void);

/* Takes the interrupt: it stops ringing. Returns whether there was one. */
bool signals_take_interrupt(struct signal_notes *notes);

#endif
