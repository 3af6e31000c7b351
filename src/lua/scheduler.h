/* SPDX-License-Identifier: MIT
 *
 * What the parts of the scheduler share and nobody else needs: books.c, engine.c, stop.c, wait.c,
 * task.c, coroutine.c, guest.c.
 */
#ifndef LUA_SCHEDULER_H
#define LUA_SCHEDULER_H

#include "lua/task.h"

/* Calls that succeed at once until it is somebody else's turn. */
#define ENGINE_BUDGET 64

/* books.c */
/* With the engine's userdata at the top of the stack, which stays there. */
void books_open(lua_State *L);

/* Enters a new task (its userdata at the top of the stack), which lives from then on. */
void books_enter(lua_State *L, struct task *task);

/* Pushes the userdata of a task that has not been forgotten. */
void books_push(lua_State *L, struct task *task);

/* A task has ended: it is none of the engine's; and nothing of it is needed any more. */
void books_leave(struct task *task);
void books_forget(lua_State *L, struct task *task);

/* Puts the task at the end of the queue of those that run next; or takes the first, of which there
 * must be one. */
void books_make_ready(struct engine *e, struct task *task);
struct task *books_take_ready(struct engine *e);

/* What a coroutine is to the engine: only that may resume or close one that waits in a call, and a
 * task's own for good. */
enum coroutine_mark { COROUTINE_FREE, COROUTINE_WAITS, COROUTINE_OF_TASK };

/* It stands in the space that Lua lends to each coroutine's host, so that a mark needs no memory:
 * where there is none, a wait could not be given up halfway. A new coroutine has the main state's,
 * which is free for ever. A guest marks none: the space is its interpreter's. */
static inline enum coroutine_mark *books_mark(lua_State *co)
{
    return lua_getextraspace(co);
}

/* The others */
/* Wakes all that wait in wait(task). */
void engine_wake_joiners(struct engine *e, struct task *task);

/* A guest (guest.c): pushes onto a new coroutine what runs a task's function there. */
void guest_push_base(lua_State *co, struct engine *e);
void guest_open(lua_State *L);

/* The coroutine of a task that is to run was resumed or closed by other code: gives it a new one
 * with an error at the top. Returns LUA_ERRRUN. */
int guest_lose_coroutine(struct task *task);

/* A task that yielded of its own accord goes on: a stop is raised at what it does next. */
void guest_raise_later(lua_State *co, const struct task *task);

/* Whether a wait goes on where the engine, or a call of its own, said so; raises otherwise. */
void guest_check_entry(lua_State *L, struct engine *e);

/* Runs a hook that the interpreter's own handler of SIGINT has set. It raises. */
void guest_heed_hook(lua_State *L, struct engine *e);

/* As guest_heed_hook(), in a wait: LUA_OK, or an error is at the top of the stack. */
int guest_try_hook(lua_State *L, struct engine *e);

/* Makes the stop, and has the code that runs raise it: in a signal handler, with the engine. */
void stop_open(lua_State *L);
void stop_ring(void *owner);

/* Raises a stop that was asked for while the task that runs waited. */
void engine_raise_pending(lua_State *L, struct engine *e);

#endif
