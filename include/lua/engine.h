/* SPDX-License-Identifier: MIT
 *
 * The engine under all functions: it runs the foreground and the background tasks as coroutines
 * over one loop, and is where a call that must wait waits. Knows no particular call.
 *
 * A call that cannot go on yields through every coroutine of the student's up to the engine, so
 * that nothing else stands still; where Lua cannot yield (table.sort, string.gsub, __gc, the main
 * state of a stock interpreter) the engine turns the loop from inside the call instead. While the
 * foreground is alone and nobody is typing, calls are plain blocking system calls.
 */
#ifndef LUA_ENGINE_H
#define LUA_ENGINE_H

#include "loop/loop.h"
#include "loop/signal.h"
#include "net/record.h"
#include "net/sys.h"

#include <lua.h>
#include <stdint.h>

struct engine;
struct journal;
struct sandbox;
struct task;
struct socket;

/* What a drawing may use. */
struct display {
    size_t columns;
    bool utf8;     /* borders beyond ASCII */
    bool terminal; /* it would break what is longer than a line */
};

/* What the house above hears of; each may be NULL. */
struct engine_host {
    /* A call that the student's code made has ended. */
    void (*recorded)(void *owner, const struct net_record *record);
    /* A socket that nothing referred to any more was closed. `text` says which. */
    void (*collected)(void *owner, const char *text);
    /* An error is about to end a task: it lies on the task's stack, and where it happened below. */
    void (*failed)(void *owner, struct task *task);
    /* A task ended. Its results or its error lie on its stack. */
    void (*ended)(void *owner, struct task *task);
    /* An interrupt came while the foreground has nothing to stop. */
    void (*interrupted)(void *owner);
    /* Something was done otherwise than it was asked for, as a sandbox does. */
    void (*told)(void *owner, const char *text);
    void (*display)(void *owner, struct display *display);
    void *owner;
};

/* What a call waits for. */
struct wait_for {
    const char *call;             /* "accept" */
    struct socket *socket;        /* NULL where it is none */
    struct task *task;            /* of wait(task) */
    const struct net_address *to; /* of connect and sendto; NULL otherwise */
    double since;                 /* when the call began; 0: now */
    int fd;                       /* -1 for the deadline alone */
    unsigned events;
    double deadline; /* INFINITY for none */

    /* What the call keeps for itself over the wait. */
    size_t size;
    size_t done;
    int flags;
    unsigned futile;
};

struct engine {
    lua_State *L; /* the main state; tasks are coroutines of it */
    const struct net_sys *sys;
    struct loop *loop;
    struct signal_notes *notes; /* NULL where the program handles signals itself */
    struct engine_host host;
    struct journal *journal;   /* of what was called; NULL before recording was first switched on */
    unsigned long judged_from; /* number of the first entry that judge.h is asked about */
    bool aside;                /* the foreground only looks: its calls are told to nobody */

    bool guest;              /* in an interpreter whose coroutines, pcall and signals are its own */
    bool recording;          /* calls go into the journal */
    bool leaving;            /* waits inside calls that cannot yield are given up */
    bool waits;              /* the yield under way is a wait, not the student's own */
    bool attended;           /* somebody types meanwhile: no call may block outside the loop */
    lua_State *here;         /* who goes on after a wait without having yielded */
    struct task *foreground; /* the statement or script in hand, NULL between two */
    struct task *current;    /* whose code runs now, NULL in the loop */
    struct task *trunk;      /* stands for the main state where code runs outside of any task */
    lua_State *volatile running; /* the coroutine in which it runs; a signal hooks it */
    unsigned closing;            /* > 0 while <close> variables of a dead coroutine run */
    double turn_time;            /* when the present turn of the loop began */
    double leave_by;             /* where `leaving`, those of <close> variables too */

    struct task *tasks; /* background tasks that have not ended, oldest first */
    struct task *newest;
    unsigned task_count, last_id;
    struct task *ready, *ready_tail;
    unsigned ready_count;
    unsigned depth;         /* of waits inside calls that cannot yield */
    struct task *innermost; /* of those that wait so: it stands upon the others on the C stack */
    intptr_t stack_base;    /* about where the C stack began; not to be followed */

    struct socket *sockets; /* open ones, newest first */
    unsigned long last_serial;
    char *scratch; /* where data is received before it becomes a string */
    size_t scratch_size;
    const void *socket_meta, *address_meta, *constant_meta;

    struct sandbox *sandbox;       /* of the lesson that plays, or NULL */
    struct sandbox *registering;   /* whose functions are being registered; NULL: ordinary ones */
    struct sandbox_memory *memory; /* what Lua has allocated; NULL before the first lesson */
    size_t output_left;            /* bytes that lessons may still print before the next entry */
};

/* Makes the engine as a userdata at the top of the stack, which must stay referenced. */
struct engine *engine_new(lua_State *L, const struct net_sys *sys, struct signal_notes *notes);

/* The engine of the function that runs: its first upvalue. */
#define engine_of(L) ((struct engine *)lua_touserdata(L, lua_upvalueindex(1)))

/* The shell's own userdata begin with the address of their metatable as a mark: whether a value is
 * one of them is then told without touching the stack. NULL where it is not. */
static inline void *engine_to(lua_State *L, int index, size_t size, const void *mark)
{
    void *object = lua_touserdata(L, index);
    if (object == NULL || lua_rawlen(L, index) != size)
        return NULL;
    return *(const void **)object == mark ? object : NULL;
}

/* The engine of a state, for functions without upvalues. */
struct engine *engine_find(lua_State *L);

/* Whether calls may simply block in the kernel. */
static inline bool engine_is_plain(const struct engine *e)
{
    return e->task_count == 0 && !e->attended;
}

/* Raises where the engine has ended: the state is being closed, and what runs is the finalizer of
 * an older value than the engine. Before anything is opened or waited for. */
void engine_check_open(lua_State *L, const struct engine *e);

/* Waits, then goes on in `k`, which first asks engine_waited(). To be called as
 * `return engine_wait(...)` by a function whose arguments are on the stack. */
int engine_wait(lua_State *L, struct engine *e, const struct wait_for *what, lua_KFunction k,
                lua_KContext context);

/* As engine_wait(), but the wait ends at `until`, which comes before the call's own deadline. */
int engine_wait_until(lua_State *L, struct engine *e, const struct wait_for *what, double until,
                      lua_KFunction k, lua_KContext context);

/* When a wait begins, for what is only shown: a background task is content with the turn's time,
 * which costs nothing. */
double engine_now(const struct engine *e);

/* Waits for what the task that runs waits for already, from inside a call that cannot yield. */
void engine_wait_here(lua_State *L, struct engine *e);

/* Whether the code that runs may yield to the engine. */
bool engine_can_yield(lua_State *L, const struct engine *e);

/* How the wait ended. Raises where the task was stopped meanwhile. */
enum loop_why engine_waited(lua_State *L, struct engine *e);

/* A further descriptor of a wait: whoever waits sets `fd` and `events`. */
struct extra_wait {
    struct loop_wait wait;
    struct task *task;
};

/* More descriptors for the next engine_wait(); the caller's Lua stack keeps the array. */
void engine_also_wait(struct engine *e, struct extra_wait *waits, size_t count);

/* To be called after each call that did not wait: every so often it is somebody else's turn, which
 * this says by true; then engine_wait() with a deadline of 0 gives it to them. */
bool engine_is_turn_over(struct engine *e);

/* Whether Ctrl-C is about to stop the code that runs. */
bool engine_is_interrupted(const struct engine *e);

/* Raises if an interrupt is for the code that runs: after EINTR, and from the hook. Of a guest, the
 * interpreter's own handler has set a hook, which runs now. */
void engine_check_interrupt(lua_State *L, struct engine *e);

/* Whether somebody listens to what is recorded; a record need not be filled in otherwise. */
static inline bool engine_records(const struct engine *e)
{
    return e->recording || e->host.recorded != NULL;
}

/* Whether calls go into the journal, which is made when they first do. Returns 0 or ENOMEM. */
int engine_set_recording(struct engine *e, bool on);

/* Enters a call into the journal and tells the host of it, with the name of the task that made it.
 */
void engine_record(struct engine *e, struct net_record *record);

/* Waits for events until `until`, or not at all where something is ready; then runs that. */
void engine_turn(struct engine *e, double until);

/* Starts a function, with `arguments` values above it at the top of the stack, as the foreground;
 * takes both. */
void engine_start(struct engine *e, lua_State *L, int arguments);

/* Stops the foreground's statement, or tells the host that there is none. */
void engine_interrupt(struct engine *e);

/* The program is about to end: whatever waits on the C stack above its main loop is cancelled, so
 * that the stack unwinds to there. */
void engine_leave(struct engine *e);

/* Cancels all tasks, lets their <close> variables run and closes every socket. */
void engine_end(struct engine *e);

/* Pushes the value that stands for "stopped", which no pcall catches; or raises it. */
void engine_push_stop(lua_State *L);
int engine_raise_stop(lua_State *L, struct engine *e);
bool engine_is_stop(lua_State *L, int index);

/* How many stops were raised in the task that runs; see engine_must_stop(). */
lua_KContext engine_stops(const struct engine *e);

/* Whether the error at the top must pass through a pcall that was entered when engine_stops() was
 * `before`: it is a stop, or took the place of one that was raised since. */
bool engine_must_stop(lua_State *L, const struct engine *e, lua_KContext before);

/* Resumes a student's coroutine: keeps account of which one runs. As lua_resume(). */
int engine_resume(struct engine *e, lua_State *L, lua_State *co, int arguments, int *results);

/* Runs the <close> variables of a coroutine that ended by an error or is given up; as
 * lua_closethread(). */
int engine_close_coroutine(struct engine *e, lua_State *co);

#endif
