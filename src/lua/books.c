/* SPDX-License-Identifier: MIT
 *
 * The engine's books: which engine a state has, which tasks there are, and which of them run next.
 * Runs nothing.
 */
#include "lua/engine.h"
#include "scheduler.h"

#include <lauxlib.h>

/* Keys of the registry. */
static const char engine_key = 0, tasks_key = 0;

struct engine *engine_find(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &engine_key);
    struct engine *e = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return e;
}

void engine_check_open(lua_State *L, const struct engine *e)
{
    if (e->loop == NULL)
        luaL_error(L, "the program is ending, and makes no more calls");
}

void books_open(lua_State *L)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &tasks_key);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &engine_key);
}

/* Keeps a live task's userdata (at the top, stays there) from being collected. */
static void anchor(lua_State *L, struct task *task)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &tasks_key);
    lua_pushvalue(L, -2);
    lua_rawsetp(L, -2, task);
    lua_pop(L, 1);
}

void books_forget(lua_State *L, struct task *task)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &tasks_key);
    lua_pushnil(L);
    lua_rawsetp(L, -2, task);
    lua_pop(L, 1);
}

void books_enter(lua_State *L, struct task *task)
{
    struct engine *e = task->engine;
    anchor(L, task);
    if (task->id == 0)
        return;
    task->previous = e->newest;
    *(e->newest != NULL ? &e->newest->next : &e->tasks) = task;
    e->newest = task;
    e->task_count++;
}

void books_leave(struct task *task)
{
    struct engine *e = task->engine;
    if (task->id == 0)
        return;
    *(task->previous != NULL ? &task->previous->next : &e->tasks) = task->next;
    *(task->next != NULL ? &task->next->previous : &e->newest) = task->previous;
    task->next = task->previous = NULL;
    e->task_count--;
}

void books_push(lua_State *L, struct task *task)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &tasks_key);
    lua_rawgetp(L, -1, task);
    lua_remove(L, -2);
}

void books_make_ready(struct engine *e, struct task *task)
{
    task->state = TASK_READY;
    task->next_ready = NULL;
    *(e->ready_tail != NULL ? &e->ready_tail->next_ready : &e->ready) = task;
    e->ready_tail = task;
    e->ready_count++;
}

struct task *books_take_ready(struct engine *e)
{
    struct task *task = e->ready;
    e->ready = task->next_ready;
    if (e->ready == NULL)
        e->ready_tail = NULL;
    task->next_ready = NULL;
    e->ready_count--;
    return task;
}
