/* SPDX-License-Identifier: MIT
 *
 * Protected calls that a stop passes through, and coroutines that carry a wait: it yields through
 * each of the student's coroutines up to the engine, which later resumes them in turn.
 */
#include "lua/coroutine.h"
#include "lua/binding.h"
#include "lua/task.h"
#include "scheduler.h"

/* The context of a protected call: stops raised so far, and the values below its results. */
#define CONTEXT(stops, below) ((stops)*4 + (below))

static int end_protected(lua_State *L, int status, lua_KContext context)
{
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - (int)(context % 4);
    if (engine_must_stop(L, engine_of(L), context / 4)) {
        engine_push_stop(L);
        return lua_error(L);
    }
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
}

static int protected_call(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    lua_KContext context = CONTEXT(engine_stops(engine_of(L)), 0);
    int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, context, end_protected);
    return end_protected(L, status, context);
}

/* The message handler around the student's: a stop is none of its business. */
static int handle_message(lua_State *L)
{
    if (engine_is_stop(L, 1))
        return 1;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static int protected_call_with_handler(lua_State *L)
{
    int count = lua_gettop(L) - 2;
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, handle_message, 1);
    lua_replace(L, 2);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2); /* the first result and the function go below the arguments */
    lua_KContext context = CONTEXT(engine_stops(engine_of(L)), 2);
    int status = lua_pcallk(L, count, LUA_MULTRET, 2, context, end_protected);
    return end_protected(L, status, context);
}

/* How a coroutine's run ended for whoever resumed it. */
typedef int resumed(lua_State *L, lua_State *co, int status, int results);

static int resume_on(lua_State *L, lua_State *co, int arguments, lua_KFunction k, resumed *end);

/* To the caller of coroutine.resume(): true and the values, or false and the error. */
static int end_resume(lua_State *L, lua_State *co, int status, int results)
{
    bool good = status == LUA_OK || status == LUA_YIELD;
    if (!good)
        results = 1;
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushboolean(L, 0);
        lua_pushliteral(L, "too many results to resume");
        return 2;
    }
    lua_xmove(co, L, results);
    lua_pushboolean(L, good);
    lua_insert(L, -(results + 1));
    return results + 1;
}

/* To the caller of a wrapped function: the values, or the error raised anew. */
static int end_wrap(lua_State *L, lua_State *co, int status, int results)
{
    if (status == LUA_OK || status == LUA_YIELD) {
        luaL_checkstack(L, results, "too many results to resume");
        lua_xmove(co, L, results);
        return results;
    }
    lua_pushvalue(co, -1); /* its own copy is for its <close> variables */
    lua_xmove(co, L, 1);
    if (lua_status(co) <= LUA_YIELD) { /* it could not be resumed */
        lua_pop(co, 1);
    } else if (engine_close_coroutine(engine_of(L), co) != LUA_OK) {
        lua_xmove(co, L, 1); /* that of a <close> variable takes its place */
        lua_remove(L, -2);
    }
    if (lua_type(L, -1) == LUA_TSTRING && status != LUA_ERRMEM) {
        luaL_where(L, 1); /* as Lua's own: where the wrapped function was called */
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

/* Nothing is left on the coroutine's stack: what is would be its function, were it resumed. */
static int pass_stop(lua_State *L, lua_State *co)
{
    engine_close_coroutine(engine_of(L), co);
    lua_settop(co, 0);
    engine_push_stop(L);
    return lua_error(L);
}

static int resume_again(lua_State *L, int status, lua_KContext context)
{
    lua_State *co = (lua_State *)context; /* kept by the stack of whoever resumed it */
    (void)status;
    *books_mark(co) = COROUTINE_FREE;
    return resume_on(L, co, 0, resume_again, end_resume);
}

static int wrap_again(lua_State *L, int status, lua_KContext context)
{
    lua_State *co = (lua_State *)context;
    (void)status;
    *books_mark(co) = COROUTINE_FREE;
    return resume_on(L, co, 0, wrap_again, end_wrap);
}

static int resume_on(lua_State *L, lua_State *co, int arguments, lua_KFunction k, resumed *end)
{
    struct engine *e = engine_of(L);
    for (;;) {
        lua_KContext stops = engine_stops(e);
        int results = 0;
        int status = engine_resume(e, L, co, arguments, &results);
        if (status != LUA_YIELD || !e->waits) {
            if (status != LUA_OK && status != LUA_YIELD && engine_must_stop(co, e, stops))
                return pass_stop(L, co);
            return end(L, co, status, results);
        }
        *books_mark(co) = COROUTINE_WAITS; /* for good where the wait is refused */
        if (engine_can_yield(L, e))
            return lua_yieldk(L, 0, (lua_KContext)co, k);
        e->waits = false;
        engine_wait_here(L, e);
        *books_mark(co) = COROUTINE_FREE;
        arguments = 0;
    }
}

/* What coroutine.status() would say of one that cannot be closed; NULL for those that can. */
static const char *open_status(lua_State *L, lua_State *co)
{
    lua_Debug frame;
    if (co == L)
        return "running";
    return lua_status(co) == LUA_OK && lua_getstack(co, 0, &frame) ? "normal" : NULL;
}

static bool waits_in_call(lua_State *co)
{
    return lua_status(co) == LUA_YIELD && *books_mark(co) != COROUTINE_FREE;
}

/* Whether a task's own coroutine is over; what lies on its stack are the task's results. */
static bool is_spent(lua_State *L, lua_State *co)
{
    return *books_mark(co) == COROUTINE_OF_TASK && lua_status(co) == LUA_OK &&
           open_status(L, co) == NULL;
}

/* Why the coroutine cannot be resumed; NULL where it can. */
static const char *refusal(lua_State *L, lua_State *co, int arguments)
{
    if (waits_in_call(co))
        return "cannot resume a coroutine that waits in a call";
    if (is_spent(L, co))
        return "cannot resume dead coroutine";
    if (!lua_checkstack(co, arguments))
        return "too many arguments to resume";
    return NULL;
}

static int coroutine_resume(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTHREAD);
    lua_State *co = lua_tothread(L, 1);
    int arguments = lua_gettop(L) - 1;
    const char *why = refusal(L, co, arguments);
    if (why != NULL) {
        lua_pushboolean(L, 0);
        lua_pushstring(L, why);
        return 2;
    }
    lua_xmove(L, co, arguments);
    return resume_on(L, co, arguments, resume_again, end_resume);
}

static int resume_wrapped(lua_State *L)
{
    lua_State *co = lua_tothread(L, lua_upvalueindex(3));
    int arguments = lua_gettop(L);
    const char *why = refusal(L, co, arguments);
    if (why != NULL)
        return luaL_error(L, "%s", why);
    lua_xmove(L, co, arguments);
    return resume_on(L, co, arguments, wrap_again, end_wrap);
}

static int coroutine_wrap(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_State *co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    lua_pushcclosure(L, resume_wrapped, 3);
    return 1;
}

/* Of a task's own coroutine Lua's status, upvalue 3, would take the task's results for the function
 * and the arguments of one that has not begun. */
static int coroutine_status(lua_State *L)
{
    lua_State *co = lua_tothread(L, 1);
    if (co != NULL && is_spent(L, co)) {
        lua_pushliteral(L, "dead");
        return 1;
    }
    return binding_call_guarded(L, 3);
}

static int yielded(lua_State *L, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    engine_waited(L, engine_of(L));
    return 0;
}

/* In a task outside of any coroutine of the student's, a yield gives the others their turn. */
static int coroutine_yield(lua_State *L)
{
    struct engine *e = engine_of(L);
    const struct task *task = task_current(e);
    if (L != task->co)
        return lua_yield(L, lua_gettop(L));
    if (task->id == 0)
        return luaL_error(L, "attempt to yield from outside a coroutine");
    struct wait_for what = {.call = "yield", .fd = -1, .deadline = 0};
    return engine_wait(L, e, &what, yielded, 0);
}

static bool is_foreground(lua_State *L)
{
    const struct task *task = task_current(engine_of(L));
    return task->id == 0 && L == task->co;
}

static int coroutine_running(lua_State *L)
{
    lua_pushthread(L);
    lua_pushboolean(L, is_foreground(L));
    return 2;
}

static int coroutine_isyieldable(lua_State *L)
{
    lua_State *co = lua_isthread(L, 1) ? lua_tothread(L, 1) : L;
    lua_pushboolean(L, lua_isyieldable(co) && (co != L || !is_foreground(L)));
    return 1;
}

static int coroutine_close(lua_State *L)
{
    struct engine *e = engine_of(L);
    luaL_checktype(L, 1, LUA_TTHREAD);
    lua_State *co = lua_tothread(L, 1);
    const char *open = open_status(L, co);
    if (open != NULL)
        return luaL_error(L, "cannot close a %s coroutine", open);
    if (waits_in_call(co))
        return luaL_error(L, "cannot close a coroutine that waits in a call");
    lua_KContext stops = engine_stops(e);
    int status = is_spent(L, co) ? LUA_OK : engine_close_coroutine(e, co);
    if (engine_stops(e) != stops) {
        lua_settop(co, 0);
        engine_push_stop(L);
        return lua_error(L);
    }
    lua_pushboolean(L, status == LUA_OK);
    if (status == LUA_OK)
        return 1;
    lua_xmove(co, L, 1);
    return 2;
}

static int end_watched(lua_State *L, int status, lua_KContext stops)
{
    (void)status;
    if (engine_stops(engine_of(L)) == stops)
        return lua_gettop(L);
    engine_push_stop(L);
    return lua_error(L);
}

/* A function of Lua's own, upvalue 3, that would turn a stop into an ordinary result. */
static int watched(lua_State *L)
{
    lua_KContext stops = engine_stops(engine_of(L));
    lua_pushvalue(L, lua_upvalueindex(3));
    lua_insert(L, 1);
    lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, stops, end_watched);
    return end_watched(L, LUA_OK, stops);
}

/* Puts `around`, which has it as upvalue 3, in the place of the function `name` of the table at the
 * top of the stack. */
static void put_around(lua_State *L, struct engine *e, const char *name, lua_CFunction around)
{
    lua_pushlightuserdata(L, e);
    lua_pushstring(L, name);
    lua_getfield(L, -3, name);
    lua_pushcclosure(L, around, 3);
    lua_setfield(L, -2, name);
}

void coroutine_open_protected(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {
        {"pcall", protected_call}, {"xpcall", protected_call_with_handler}, {NULL, NULL}};
    binding_register(L, e, functions);
}

void coroutine_open(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {{"resume", coroutine_resume},
                                         {"wrap", coroutine_wrap},
                                         {"yield", coroutine_yield},
                                         {"running", coroutine_running},
                                         {"isyieldable", coroutine_isyieldable},
                                         {"close", coroutine_close},
                                         {NULL, NULL}};
    *books_mark(e->L) = COROUTINE_FREE;
    coroutine_open_protected(L, e);
    put_around(L, e, "load", watched);
    lua_getfield(L, -1, "coroutine");
    put_around(L, e, "status", coroutine_status);
    binding_register(L, e, functions);
    lua_pop(L, 1);
}
