/* SPDX-License-Identifier: MIT
 *
 * Where a call that cannot go on waits: by a yield to the scheduler, or, where Lua cannot yield, by
 * turning the loop from inside the call.
 */
#include "lua/task.h"
#include "scheduler.h"

#include <lauxlib.h>
#include <stdint.h>
#include <string.h>

/* Waits inside calls that cannot yield lie on one C stack, each upon the next: so many at most, and
 * so many bytes. */
#define DEEPEST 100
#define MOST_STACK (1L << 20)

static void on_wake(struct loop_wait *wait, enum loop_why why)
{
    struct task *task = (struct task *)((char *)wait - offsetof(struct task, wait));
    task_wake(task, why);
}

static void stop_waits(struct task *task)
{
    struct loop *loop = task->engine->loop;
    loop_wait_stop(loop, &task->wait);
    for (size_t i = 0; i < task->also_count; i++)
        loop_wait_stop(loop, &task->also[i].wait);
    task->also = NULL;
    task->also_count = 0;
}

void task_wake(struct task *task, enum loop_why why)
{
    if (task->state != TASK_WAITING)
        return;
    stop_waits(task);
    task->why = why;
    if (!task->nested) {
        books_make_ready(task->engine, task);
        return;
    }
    task->state = TASK_RUNNING;
    task->woken = true;
}

static void on_extra_wake(struct loop_wait *wait, enum loop_why why)
{
    task_wake(((struct extra_wait *)wait)->task, why);
}

void engine_also_wait(struct engine *e, struct extra_wait *waits, size_t count)
{
    struct task *task = task_current(e);
    for (size_t i = 0; i < count; i++) {
        waits[i].task = task;
        waits[i].wait.deadline = INFINITY;
        waits[i].wait.wake = on_extra_wake;
    }
    task->also = waits;
    task->also_count = count;
}

static int start_waits(struct task *task, const struct wait_for *what, double until)
{
    struct loop *loop = task->engine->loop;
    task->wait.fd = what->fd;
    task->wait.events = what->events;
    task->wait.deadline = until;
    task->wait.wake = on_wake;
    int error = loop_wait_start(loop, &task->wait);
    for (size_t i = 0; error == 0 && i < task->also_count; i++)
        error = loop_wait_start(loop, &task->also[i].wait);
    if (error != 0)
        stop_waits(task);
    return error;
}

bool engine_can_yield(lua_State *L, const struct engine *e)
{
    return L == e->running && e->closing == 0 && e->current != NULL && lua_isyieldable(L);
}

/* Lua counts C calls for each coroutine anew, and would not see the stack of all of them end. */
static bool is_stack_deep(const struct engine *e)
{
    const char here = 0;
    long used = (long)(e->stack_base - (intptr_t)&here);
    return used > MOST_STACK || used < -MOST_STACK;
}

void engine_wait_here(lua_State *L, struct engine *e)
{
    struct task *task = task_current(e);
    if (e->depth >= DEEPEST || is_stack_deep(e)) {
        stop_waits(task);
        task->state = TASK_RUNNING;
        luaL_error(L, "too many calls wait inside functions that cannot be suspended");
    }
    int status = LUA_OK;
    e->depth++;
    task->nested = true;
    task->woken = false;
    task->below = e->innermost;
    e->innermost = task;
    while (status == LUA_OK && !task->woken) {
        engine_turn(e, e->leaving ? e->leave_by : INFINITY);
        /* What was not stopped yet is at once; its <close> variables have a moment. */
        if (e->leaving && (task->stops == 0 || loop_now() >= e->leave_by))
            task_stop(task, TASK_CANCEL);
        if (e->guest && !task->woken)
            status = guest_try_hook(L, e);
    }
    task->nested = false;
    e->innermost = task->below;
    e->depth--;
    if (status == LUA_OK)
        return;
    stop_waits(task);
    task->state = TASK_RUNNING;
    lua_error(L);
}

int engine_wait_until(lua_State *L, struct engine *e, const struct wait_for *what, double until,
                      lua_KFunction k, lua_KContext context)
{
    struct task *task = task_current(e);
    engine_check_open(L, e);
    engine_raise_pending(L, e);
    bool yields = engine_can_yield(L, e);
    task->what = *what;
    int error = start_waits(task, what, until);
    if (error != 0)
        return luaL_error(L, "cannot wait in %s: %s", what->call, strerror(error));
    task->since = what->since > 0 ? what->since : engine_now(e);
    task->state = TASK_WAITING;
    if (yields) {
        e->waits = true;
        return lua_yieldk(L, 0, context, k);
    }
    engine_wait_here(L, e);
    e->here = L;
    return k(L, LUA_YIELD, context);
}

int engine_wait(lua_State *L, struct engine *e, const struct wait_for *what, lua_KFunction k,
                lua_KContext context)
{
    return engine_wait_until(L, e, what, what->deadline, k, context);
}

enum loop_why engine_waited(lua_State *L, struct engine *e)
{
    guest_check_entry(L, e);
    engine_raise_pending(L, e);
    return task_current(e)->why;
}

bool engine_is_turn_over(struct engine *e)
{
    if (engine_is_plain(e))
        return false;
    struct task *task = task_current(e);
    if (--task->budget > 0)
        return false;
    task->budget = ENGINE_BUDGET;
    return true;
}
