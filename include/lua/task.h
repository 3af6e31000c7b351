/* SPDX-License-Identifier: MIT
 *
 * A task: a coroutine that the engine resumes when what it waits for has happened. The foreground
 * is one too.
 */
#ifndef LUA_TASK_H
#define LUA_TASK_H

#include "lua/engine.h"

enum task_state { TASK_READY, TASK_RUNNING, TASK_WAITING, TASK_DONE, TASK_FAILED, TASK_STOPPED };

enum task_stop { TASK_GO_ON, TASK_CANCEL, TASK_INTERRUPT };

struct task {
    struct engine *engine;
    lua_State *co;
    struct sandbox *sandbox; /* whose function spawned it, or NULL */
    unsigned id;             /* 0: the foreground */
    enum task_state state;
    enum task_stop stop; /* to be raised when it runs next */
    bool begun;
    bool in_connect;    /* it was stopped while a connect went on */
    bool nested;        /* its wait turns the loop from inside a call */
    bool woken;         /* of such a wait: it is over */
    struct task *below; /* of such a wait: whose it stands upon */
    bool runaway;       /* stopped because it gave nobody else a turn */
    unsigned awaited;   /* how many wait for its end: an error is theirs to hear */
    int results;        /* values on its stack once it is done */
    int budget;         /* calls until it is somebody else's turn */
    unsigned stops;     /* raised in it so far */
    struct loop_wait wait;
    struct extra_wait *also; /* further waits, in memory of whoever waits */
    size_t also_count;
    enum loop_why why;
    struct wait_for what;
    double since; /* of the wait */
    struct task *next_ready;
    struct task *next, *previous;
    char name[40];
};

/* Makes a task of the function and `arguments` values at the top of the stack, which it takes, and
 * pushes it. It runs at the next turn. An id of 0 makes it the foreground. */
struct task *task_new(lua_State *L, struct engine *e, int arguments, unsigned id);

/* The task whose code runs: the main state's stand-in outside of any. */
static inline struct task *task_current(const struct engine *e)
{
    return e->current != NULL ? e->current : e->trunk;
}

bool task_is_over(const struct task *task);

/* Wakes whoever waits; the reason is asked for by engine_waited(). */
void task_wake(struct task *task, enum loop_why why);

/* Asks the task to stop at the next moment it runs. */
void task_stop(struct task *task, enum task_stop stop);

/* Appends `task 2 "server": waits in accept on 127.0.0.1:12345`. */
void task_describe(struct buffer *out, const struct task *task);

/* Appends what a wait waits for: "a client on 127.0.0.1:8080". */
void task_append_wait(struct buffer *out, const struct task *task);

/* spawn, wait, cancel, tasks, sleep */
void task_open(lua_State *L, struct engine *e);

#endif
