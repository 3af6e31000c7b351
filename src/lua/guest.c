/* SPDX-License-Identifier: MIT
 *
 * The engine as a guest: in an interpreter that has its own coroutine library and its own handler
 * of Ctrl-C, as the stock lua5.4 has. A task's coroutine can then be resumed or closed by anybody
 * who asked coroutine.running() for it; that must end the task, and harm nothing else.
 */
#include "lua/binding.h"
#include "lua/task.h"
#include "scheduler.h"

#define GUARD_TYPE TYPE_PREFIX "guard"

/* lua.c's handler of SIGINT asks for a hook at whatever comes next. */
#define HOOK_EVERYTHING (LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT)

/* Of a value below a task's function: closed with the coroutine, by whomever. */
static int guard_close(lua_State *L)
{
    lua_getiuservalue(L, 1, 1);
    struct task *task = lua_touserdata(L, -1);
    if (task->engine->loop != NULL)
        task_wake(task, LOOP_CLOSED); /* where it waits: nothing may refer to its stack now */
    return 0;
}

static int base_on(lua_State *L, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    return lua_gettop(L) - 1;
}

static int base(lua_State *L)
{
    struct engine *e = engine_of(L);
    lua_newuserdatauv(L, 0, 1);
    luaL_setmetatable(L, GUARD_TYPE);
    books_push(L, e->current);
    lua_setiuservalue(L, -2, 1);
    lua_insert(L, 1);
    lua_toclose(L, 1);
    lua_callk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, base_on);
    return base_on(L, LUA_OK, 0);
}

void guest_push_base(lua_State *co, struct engine *e)
{
    lua_pushlightuserdata(co, e);
    lua_pushcclosure(co, base, 1);
}

void guest_open(lua_State *L)
{
    static const luaL_Reg meta[] = {{"__close", guard_close}, {NULL, NULL}};
    binding_new_type(L, GUARD_TYPE, meta);
    lua_pop(L, 1);
}

int guest_lose_coroutine(struct task *task)
{
    lua_State *L = task->engine->L;
    books_push(L, task);
    task->co = lua_newthread(L);
    lua_setiuservalue(L, -2, 1);
    lua_pop(L, 1);
    lua_pushliteral(task->co, "other code resumed or closed this task's own coroutine");
    return LUA_ERRRUN;
}

static void on_hook(lua_State *L, lua_Debug *activation)
{
    (void)activation;
    lua_sethook(L, NULL, 0, 0);
    engine_raise_pending(L, engine_find(L));
}

void guest_raise_later(lua_State *co, const struct task *task)
{
    if (task->stop != TASK_GO_ON && lua_gethook(co) == NULL)
        lua_sethook(co, on_hook, HOOK_EVERYTHING, 1);
}

void guest_check_entry(lua_State *L, struct engine *e)
{
    bool expected = L == e->running || L == e->here;
    e->here = NULL;
    if (expected)
        return;
    for (struct task *task = e->tasks; task != NULL; task = task->next)
        if (task->co == L)
            task_wake(task, LOOP_CLOSED);
    luaL_error(L, "a task's own coroutine cannot be resumed by other code while it waits");
}

static int nothing(lua_State *L)
{
    (void)L;
    return 0;
}

void guest_heed_hook(lua_State *L, struct engine *e)
{
    lua_Hook hook = lua_gethook(e->L);
    if (hook == NULL)
        return;
    if (L != e->L && lua_gethookmask(e->L) == HOOK_EVERYTHING && lua_gethookcount(e->L) == 1)
        lua_sethook(L, hook, HOOK_EVERYTHING, 1);
    lua_pushcfunction(L, nothing);
    lua_call(L, 0, 0);
}

static int heed_hook(lua_State *L)
{
    guest_heed_hook(L, lua_touserdata(L, 1));
    return 0;
}

int guest_try_hook(lua_State *L, struct engine *e)
{
    if (lua_gethook(e->L) == NULL)
        return LUA_OK;
    lua_pushcfunction(L, heed_hook);
    lua_pushlightuserdata(L, e);
    return lua_pcall(L, 1, 0, 0);
}
