/* SPDX-License-Identifier: MIT
 *
 * The scheduler: which coroutine runs, and how it ends. Waiting itself is in wait.c, how running
 * code is stopped in stop.c, what students call tasks in task.c.
 */
#include "lua/engine.h"
#include "lua/sandbox.h"
#include "lua/socket.h"
#include "lua/task.h"
#include "scheduler.h"
#include "view/journal.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

/* What <close> variables may wait in all once the program ends. */
#define LEAVE_SECONDS 1.0

static int engine_gc(lua_State *L)
{
    struct engine *e = lua_touserdata(L, 1);
    if (e->loop == NULL)
        return 0;
    engine_end(e);
    for (struct task *task = e->tasks; task != NULL; task = task->next)
        task->state = TASK_STOPPED; /* it did not end, and never runs again */
    if (e->notes != NULL)
        signals_stop();
    loop_free(e->loop);
    e->loop = NULL;
    journal_free(e->journal);
    e->journal = NULL;
    free(e->scratch);
    e->scratch = NULL;
    return 0;
}

static void make_trunk(lua_State *L, struct engine *e)
{
    struct task *trunk = lua_newuserdatauv(L, sizeof *trunk, 0);
    memset(trunk, 0, sizeof *trunk);
    trunk->engine = e;
    trunk->co = L;
    trunk->state = TASK_RUNNING;
    lua_setiuservalue(L, -2, 1);
    e->trunk = trunk;
}

struct engine *engine_new(lua_State *L, const struct net_sys *sys, struct signal_notes *notes)
{
    struct engine *e = lua_newuserdatauv(L, sizeof *e, 1);
    memset(e, 0, sizeof *e);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, engine_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    e->sys = sys;
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
    e->L = lua_tothread(L, -1);
    lua_pop(L, 1);
    e->running = e->L;
    e->stack_base = (intptr_t)&L;
    make_trunk(L, e);
    stop_open(L);
    books_open(L);
    int error = loop_new(&e->loop);
    if (error == 0 && notes != NULL) {
        notes->ring = stop_ring;
        notes->owner = e;
        error = signals_start(e->loop, notes);
        e->notes = error == 0 ? notes : NULL;
    }
    if (error != 0)
        luaL_error(L, "cannot wait for events: %s", strerror(error));
    return e;
}

int engine_resume(struct engine *e, lua_State *L, lua_State *co, int arguments, int *results)
{
    lua_State *before = e->running;
    e->running = co;
    int status = lua_resume(co, L, arguments, results);
    e->running = before;
    return status;
}

int engine_close_coroutine(struct engine *e, lua_State *co)
{
    lua_State *before = e->running;
    e->running = co;
    e->closing++;
#if LUA_VERSION_RELEASE_NUM >= 50406
    int status = lua_closethread(co, before);
#else
    int status = lua_resetthread(co);
#endif
    e->closing--;
    e->running = before;
    return status;
}

/* Keeps the error while the coroutine's <close> variables run, and puts it back on its stack. */
static void close_failed(struct task *task)
{
    lua_State *L = task->engine->L;
    lua_pushvalue(task->co, -1);
    lua_xmove(task->co, L, 1);
    engine_close_coroutine(task->engine, task->co);
    lua_settop(task->co, 0);
    lua_xmove(L, task->co, 1);
}

static void finish(struct engine *e, struct task *task, int status, int results)
{
    lua_State *L = e->L;
    bool stopped = status != LUA_OK && engine_is_stop(task->co, -1);
    lua_checkstack(L, 4);
    books_push(L, task); /* keeps it until its joiners and the host have heard */
    e->running = L;      /* what the host shows may run code of the student's */
    if (status != LUA_OK && !stopped && e->host.failed != NULL)
        e->host.failed(e->host.owner, task);
    if (status != LUA_OK)
        close_failed(task); /* its <close> variables may wait: it has not ended before */
    task->state = status == LUA_OK ? TASK_DONE : stopped ? TASK_STOPPED : TASK_FAILED;
    task->results = status == LUA_OK ? results : 1;
    books_leave(task);
    if (task == e->foreground)
        e->foreground = NULL;
    engine_wake_joiners(e, task);
    e->current = NULL;
    if (e->host.ended != NULL)
        e->host.ended(e->host.owner, task);
    e->running = NULL;
    books_forget(L, task);
    lua_pop(L, 1);
}

/* As lua_resume(); a task that was cancelled before it began does not begin. */
static int begin_or_go_on(struct engine *e, struct task *task, int *results)
{
    lua_State *co = task->co;
    if (task->begun && lua_status(co) != LUA_YIELD)
        return guest_lose_coroutine(task);
    int arguments = task->begun ? 0 : lua_gettop(co) - 1;
    if (!task->begun && task->stop != TASK_GO_ON) {
        lua_settop(co, 0);
        engine_push_stop(co);
        return LUA_ERRRUN;
    }
    task->begun = true;
    if (e->guest)
        guest_raise_later(co, task);
    return engine_resume(e, NULL, co, arguments, results);
}

/* Resumes a task until it waits or ends. */
static void run(struct engine *e, struct task *task)
{
    struct task *before = e->current;
    e->current = task;
    task->state = TASK_RUNNING;
    task->budget = ENGINE_BUDGET;
    e->waits = false;
    int results = 0;
    int status = begin_or_go_on(e, task, &results);
    if (status == LUA_YIELD) {
        bool waits = e->waits;
        e->waits = false;
        if (!waits) { /* the student's own yield: somebody else's turn */
            lua_pop(task->co, results);
            books_make_ready(e, task);
        }
    } else {
        finish(e, task, status, results);
    }
    e->current = before;
}

double engine_now(const struct engine *e)
{
    bool shown = e->current == e->foreground; /* whose wait is told to the second */
    return shown || e->turn_time <= 0 ? loop_now() : e->turn_time;
}

void engine_turn(struct engine *e, double until)
{
    struct task *current = e->current;
    lua_State *running = e->running;
    unsigned closing = e->closing;
    e->current = NULL;
    e->running = NULL;
    e->closing = 0;
    loop_turn(e->loop, e->ready != NULL ? 0 : until);
    e->turn_time = loop_now();
    /* Only those that are ready now: who becomes ready meanwhile comes after the loop was asked. */
    for (unsigned count = e->ready_count; count > 0 && e->ready != NULL; count--)
        run(e, books_take_ready(e));
    e->current = current;
    e->running = running;
    e->closing = closing;
}

void engine_start(struct engine *e, lua_State *L, int arguments)
{
    e->leaving = false;
    e->trunk->stop = TASK_GO_ON;
    sandbox_refill(e);
    e->foreground = task_new(L, e, arguments, 0);
    lua_pop(L, 1);
}

static void cancel_all(struct engine *e)
{
    /* A task that will not end (it catches its own cancellation in a loop) is left to die. */
    for (int turn = 0; turn < 100 && (e->tasks != NULL || e->foreground != NULL); turn++) {
        for (struct task *task = e->tasks; task != NULL; task = task->next)
            task_stop(task, TASK_CANCEL);
        if (e->foreground != NULL)
            task_stop(e->foreground, TASK_CANCEL);
        engine_turn(e, 0);
    }
}

void engine_leave(struct engine *e)
{
    if (!e->leaving)
        e->leave_by = loop_now() + LEAVE_SECONDS;
    e->leaving = true;
}

void engine_end(struct engine *e)
{
    engine_leave(e);
    cancel_all(e);
    while (e->sockets != NULL)
        socket_close(e->sockets);
}
