/* SPDX-License-Identifier: MIT
 *
 * The globals of a lesson: Lua's libraries opened anew, so that nobody's changes to them are seen,
 * without what reaches out of the sandbox; then the shell's own functions.
 *
 * A function of Lua's that is written in C and can be made to run for ever cannot be interrupted:
 * such ones are given no more than they could finish.
 */
#include "lua/binding.h"
#include "lua/library.h"
#include "sandbox_inside.h"

#include <lualib.h>
#include <string.h>

/* Elements that a function of the library `table` may be sent over: more than there is memory for.
 */
#define MOST_ELEMENTS ((lua_Integer)1 << 24)

/* json.loads takes many times its text in memory that Lua does not count. */
#define MOST_JSON ((size_t)4 << 20)

/* The upvalue of a function that guards one of Lua's: that one. `load` has the globals too. */
enum { UP_ORIGINAL = 4, UP_GLOBALS };

static int call_original(lua_State *L)
{
    return binding_call_guarded(L, UP_ORIGINAL);
}

/* Puts a guard around the function `name` of the table at the top of the stack; more upvalues may
 * be pushed before. */
static void guard(lua_State *L, const struct sandbox *sandbox, const luaL_Reg *functions)
{
    for (; functions->name != NULL; functions++) {
        lua_pushlightuserdata(L, sandbox->engine);
        lua_pushstring(L, functions->name);
        lua_pushlightuserdata(L, sandbox->engine->registering);
        lua_getfield(L, -4, functions->name);
        lua_pushglobaltable(L);
        lua_pushcclosure(L, functions->func, 5);
        lua_setfield(L, -2, functions->name);
    }
}

static void forget(lua_State *L, const char *const *names)
{
    for (; *names != NULL; names++) {
        lua_pushnil(L);
        lua_setfield(L, -2, *names);
    }
}

/* load(chunk [, name [, mode [, globals]]]): text alone, with the lesson's globals. */
static int safe_load(lua_State *L)
{
    lua_settop(L, lua_gettop(L) < 4 ? (lua_isnone(L, 4) ? 3 : 4) : 4);
    const char *mode = luaL_optstring(L, 3, "t");
    if (strchr(mode, 't') == NULL) {
        lua_pushnil(L);
        lua_pushliteral(L, "a lesson loads text alone, no binary chunks");
        return 2;
    }
    lua_pushliteral(L, "t");
    lua_replace(L, 3);
    if (lua_gettop(L) < 4)
        lua_pushvalue(L, lua_upvalueindex(UP_GLOBALS));
    return call_original(L);
}

static int safe_getmetatable(lua_State *L)
{
    if (lua_type(L, 1) != LUA_TSTRING)
        return call_original(L);
    lua_pushboolean(L, 0); /* all strings of the session share it */
    return 1;
}

/* Lua runs finalizers where nothing can interrupt them. */
static int safe_setmetatable(lua_State *L)
{
    if (lua_istable(L, 2)) {
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL)
            return sandbox_refuse(L, false, "a lesson has no finalizers (__gc)");
        lua_pop(L, 1);
    }
    return call_original(L);
}

/* How the session collects is not a lesson's to settle. */
static int safe_collectgarbage(lua_State *L)
{
    static const char *const allowed[] = {"collect", "count", "step", "isrunning", NULL};
    lua_settop(L, 1);
    luaL_checkoption(L, 1, "collect", allowed);
    return call_original(L);
}

static lua_Integer check_span(lua_State *L, lua_Integer first, lua_Integer last)
{
    if (last > first && (lua_Unsigned)last - (lua_Unsigned)first > (lua_Unsigned)MOST_ELEMENTS)
        sandbox_refuse(L, false, "more than %I elements", MOST_ELEMENTS);
    return last;
}

/* insert, remove and sort, which believe __len */
static int safe_by_length(lua_State *L)
{
    if (lua_istable(L, 1))
        check_span(L, 1, luaL_len(L, 1));
    return call_original(L);
}

static int safe_concat(lua_State *L)
{
    if (lua_istable(L, 1)) {
        lua_Integer last = lua_isnoneornil(L, 4) ? luaL_len(L, 1) : luaL_checkinteger(L, 4);
        check_span(L, luaL_optinteger(L, 3, 1), last);
    }
    return call_original(L);
}

static int safe_move(lua_State *L)
{
    check_span(L, luaL_checkinteger(L, 2), luaL_checkinteger(L, 3));
    return call_original(L);
}

static int safe_loads(lua_State *L)
{
    if (lua_type(L, 1) == LUA_TSTRING && lua_rawlen(L, 1) > MOST_JSON)
        return sandbox_refuse(L, false, "a lesson reads at most %d MiB", (int)(MOST_JSON >> 20));
    return call_original(L);
}

/* Adds copies of `names` in the library at the top to a new table, which takes its place. */
static void keep(lua_State *L, const char *const *names)
{
    lua_newtable(L);
    for (; *names != NULL; names++) {
        lua_getfield(L, -2, *names);
        lua_setfield(L, -2, *names);
    }
    lua_remove(L, -2);
}

static void open_libraries(lua_State *L)
{
    static const luaL_Reg libraries[] = {{LUA_STRLIBNAME, luaopen_string},
                                         {LUA_TABLIBNAME, luaopen_table},
                                         {LUA_MATHLIBNAME, luaopen_math},
                                         {LUA_UTF8LIBNAME, luaopen_utf8},
                                         {LUA_COLIBNAME, luaopen_coroutine},
                                         {LUA_OSLIBNAME, luaopen_os},
                                         {NULL, NULL}};
    lua_pushcfunction(L, luaopen_base);
    lua_call(L, 0, 0);
    for (const luaL_Reg *library = libraries; library->name != NULL; library++) {
        lua_pushcfunction(L, library->func);
        lua_pushstring(L, library->name);
        lua_call(L, 1, 1);
        lua_setglobal(L, library->name);
    }
}

static void restrict_base(lua_State *L, const struct sandbox *sandbox)
{
    static const char *const dangerous[] = {"dofile", "loadfile", "print", "warn", NULL};
    static const luaL_Reg guards[] = {{"load", safe_load},
                                      {"getmetatable", safe_getmetatable},
                                      {"setmetatable", safe_setmetatable},
                                      {"collectgarbage", safe_collectgarbage},
                                      {NULL, NULL}};
    forget(L, dangerous);
    guard(L, sandbox, guards);
}

static void restrict_libraries(lua_State *L, const struct sandbox *sandbox)
{
    static const char *const dangerous[] = {"dump", NULL};
    static const char *const times[] = {"time", "clock", "date", "difftime", NULL};
    static const luaL_Reg tables[] = {{"insert", safe_by_length}, {"remove", safe_by_length},
                                      {"sort", safe_by_length},   {"concat", safe_concat},
                                      {"move", safe_move},        {NULL, NULL}};
    static const luaL_Reg removal[] = {{"remove", sandbox_remove}, {NULL, NULL}};
    lua_getfield(L, -1, LUA_STRLIBNAME);
    forget(L, dangerous);
    lua_pop(L, 1);
    lua_getfield(L, -1, LUA_TABLIBNAME);
    guard(L, sandbox, tables);
    lua_pop(L, 1);
    lua_getfield(L, -1, LUA_OSLIBNAME);
    keep(L, times);
    binding_register(L, sandbox->engine, removal);
    lua_setfield(L, -2, LUA_OSLIBNAME);
}

/* Nobody gets the metatable of the value at the top of the stack, or sets another. */
static void protect(lua_State *L)
{
    if (!lua_getmetatable(L, -1))
        return;
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}

/* json.array sets a metatable without asking, which must not get a __gc by then. */
static void restrict_json(lua_State *L, const struct sandbox *sandbox)
{
    static const luaL_Reg guards[] = {{"loads", safe_loads}, {NULL, NULL}};
    lua_getfield(L, -1, "json");
    guard(L, sandbox, guards);
    lua_getfield(L, -1, "null");
    protect(L);
    lua_pop(L, 1);
    lua_getfield(L, -1, "array");
    lua_newtable(L);
    lua_call(L, 1, 1);
    protect(L);
    lua_pop(L, 2);
}

void sandbox_fill(lua_State *L, struct sandbox *sandbox)
{
    open_libraries(L);
    library_fill(L, sandbox->engine);
    restrict_base(L, sandbox);
    restrict_libraries(L, sandbox);
    restrict_json(L, sandbox);
    protect(L);
    lua_getfield(L, -1, "socket");
    protect(L);
    lua_pop(L, 1);
}
