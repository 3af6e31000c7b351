/* SPDX-License-Identifier: MIT
 *
 * How code is stopped: by a value that no pcall of the shell's catches, raised where an interrupt,
 * a cancel or the program's end finds the code. Does not choose who runs next.
 */
#include "lua/engine.h"
#include "lua/task.h"
#include "scheduler.h"

#include <lauxlib.h>
#include <string.h>

/* How often an interrupt rings (every 5 ms) before a background task counts as one that gives
 * nobody else a turn. */
#define RUNAWAY_RINGS 30

/* Key of the registry. */
static const char stop_key = 0;

void engine_push_stop(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &stop_key);
}

bool engine_is_stop(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    engine_push_stop(L);
    bool is = lua_rawequal(L, index, -1);
    lua_pop(L, 1);
    return is;
}

/* The stop: a table, so that it compares by identity and prints as what it is. */
static int stop_tostring(lua_State *L)
{
    lua_pushliteral(L, "stopped");
    return 1;
}

void stop_open(lua_State *L)
{
    lua_newtable(L);
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, stop_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &stop_key);
}

static void on_hook(lua_State *L, lua_Debug *activation)
{
    (void)activation;
    lua_sethook(L, NULL, 0, 0);
    engine_check_interrupt(L, engine_find(L));
}

/* The next instruction of whatever runs calls on_hook(), as in lua.c. */
void stop_ring(void *owner)
{
    struct engine *e = owner;
    lua_State *L = e->running;
    if (L != NULL)
        lua_sethook(L, on_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

/* Where the foreground waits inside a call that cannot yield, tasks that wait so upon it on the C
 * stack stand in its way. */
static void interrupt_foreground(struct engine *e)
{
    struct task *in_the_way = e->foreground->nested ? e->innermost : NULL;
    for (; in_the_way != NULL && in_the_way != e->foreground; in_the_way = in_the_way->below) {
        in_the_way->runaway = true;
        task_stop(in_the_way, TASK_CANCEL);
    }
    task_stop(e->foreground, TASK_INTERRUPT);
}

void engine_interrupt(struct engine *e)
{
    if (e->leaving)
        e->leave_by = 0; /* no more patience */
    else if (e->foreground != NULL)
        interrupt_foreground(e);
    else if (e->trunk->state == TASK_WAITING)
        task_stop(e->trunk, TASK_INTERRUPT);
    else if (e->host.interrupted != NULL)
        e->host.interrupted(e->host.owner);
}

int engine_raise_stop(lua_State *L, struct engine *e)
{
    task_current(e)->stops++;
    engine_push_stop(L);
    return lua_error(L);
}

/* Whether the code runs inside a finalizer, where Lua drops errors. The collector stands still
 * then; while it runs there is no need to walk the stack, of which Lua counts each level from the
 * top. */
static bool is_in_finalizer(lua_State *L)
{
    lua_Debug frame;
    if (lua_gc(L, LUA_GCISRUNNING) > 0)
        return false;
    for (int level = 0; lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "n", &frame);
        if (frame.name != NULL && strcmp(frame.name, "__gc") == 0 &&
            strcmp(frame.namewhat, "metamethod") == 0)
            return true;
    }
    return false;
}

void engine_raise_pending(lua_State *L, struct engine *e)
{
    struct task *task = task_current(e);
    if (task->stop == TASK_GO_ON)
        return;
    task->also_count = 0; /* they belong to a wait that does not begin */
    if (!is_in_finalizer(L))
        task->stop = TASK_GO_ON;
    engine_raise_stop(L, e);
}

bool engine_is_interrupted(const struct engine *e)
{
    const struct task *task = task_current(e);
    bool heeds = task == e->foreground || task == e->trunk;
    return heeds && (task->stop == TASK_INTERRUPT || (e->notes != NULL && e->notes->interrupted));
}

void engine_check_interrupt(lua_State *L, struct engine *e)
{
    struct task *task = task_current(e);
    if (e->guest)
        guest_heed_hook(L, e);
    if (e->notes == NULL || !(e->notes->interrupted || e->notes->ended))
        return;
    if (!e->notes->interrupted && task->stops > 0)
        return; /* the program ends, and this code knows */
    if (e->notes->interrupted && task != e->foreground && task != e->trunk) {
        if (e->notes->rings < RUNAWAY_RINGS)
            return;
        task->runaway = true;
    }
    if (!is_in_finalizer(L))
        signals_take_interrupt(e->notes);
    engine_raise_stop(L, e);
}

lua_KContext engine_stops(const struct engine *e)
{
    return task_current(e)->stops;
}

bool engine_must_stop(lua_State *L, const struct engine *e, lua_KContext before)
{
    return engine_stops(e) != before || engine_is_stop(L, -1);
}
