/* SPDX-License-Identifier: MIT
 *
 * Entering and leaving: the exchange of the globals, and what a lesson leaves behind.
 */
#include "sandbox_inside.h"

#include <errno.h>
#include <lauxlib.h>
#include <string.h>

/* Keys of the registry: the ordinary globals while a lesson plays; what the lesson's had at first.
 */
static const char ordinary_key = 0, given_key = 0;

/* And all sandboxes. */
#define SANDBOXES "sockrepl.sandboxes"

struct entrance {
    struct engine *engine;
    const struct sandbox_policy *policy;
    struct sandbox *made;
};

static int sandbox_gc(lua_State *L)
{
    sandbox_remove_directory(lua_touserdata(L, 1), false);
    return 0;
}

/* Functions and sockets point at it without Lua's knowing: it stays until the engine ends. */
static struct sandbox *make(lua_State *L, const struct entrance *entrance)
{
    const char *directory = entrance->policy->directory;
    struct sandbox *sandbox = lua_newuserdatauv(L, sizeof *sandbox, 0);
    *sandbox = (struct sandbox){.engine = entrance->engine};
    sandbox->network = entrance->policy->network;
    sandbox->owns_directory = directory == NULL;
    if (directory != NULL && strlen(directory) >= sizeof sandbox->directory)
        luaL_error(L, "the directory's name is too long");
    if (directory != NULL)
        memcpy(sandbox->directory, directory, strlen(directory) + 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, sandbox_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, SANDBOXES);
    lua_insert(L, -2);
    lua_rawsetp(L, -2, sandbox);
    lua_pop(L, 1);
    return sandbox;
}

/* Keeps a copy of the table at the top of the stack: what is not in it later is the lesson's. */
static void keep_given(lua_State *L)
{
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, -3) != 0; lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -5);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &given_key);
}

static void set_globals(lua_State *L)
{
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}

static int build(lua_State *L)
{
    struct entrance *entrance = lua_touserdata(L, 1);
    const struct sandbox_policy *policy = entrance->policy;
    struct engine *e = entrance->engine;
    entrance->made = make(L, entrance);
    e->registering = entrance->made;
    lua_newtable(L);
    lua_pushvalue(L, -1);
    set_globals(L);
    sandbox_fill(L, entrance->made);
    if (policy->fill != NULL)
        policy->fill(L, policy->owner);
    sandbox_count_memory(L, e);
    keep_given(L);
    return 1;
}

/* Builds with the globals exchanged and leaves the new ones, or an error, at the top of the stack;
 * the globals and the strings' methods are then what they were before. */
static int build_aside(lua_State *L, struct entrance *entrance)
{
    lua_pushglobaltable(L);
    lua_pushliteral(L, "");
    if (!lua_getmetatable(L, -1))
        lua_pushnil(L);
    lua_pushcfunction(L, build);
    lua_pushlightuserdata(L, entrance);
    int status = lua_pcall(L, 1, 1, 0);
    entrance->engine->registering = NULL;
    lua_rotate(L, -4, 1); /* the result, the globals, "", its metatable */
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
    set_globals(L);
    return status;
}

int sandbox_enter(lua_State *L, struct engine *e, const struct sandbox_policy *policy)
{
    struct entrance entrance = {.engine = e, .policy = policy};
    if (!lua_checkstack(L, LUA_MINSTACK))
        return ENOMEM;
    if (build_aside(L, &entrance) != LUA_OK) {
        lua_pop(L, 1);
        return ENOMEM;
    }
    if (e->sandbox == NULL) {
        lua_pushglobaltable(L);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &ordinary_key);
    }
    set_globals(L);
    e->sandbox = entrance.made;
    lua_gc(L, LUA_GCCOLLECT); /* what is used now is not the lesson's */
    sandbox_limit_memory(e, policy->memory != 0 ? policy->memory : SANDBOX_MEMORY);
    sandbox_refill(e);
    return 0;
}

/* The stack of publish(): the lesson's globals, the ordinary ones, what the lesson was given, Lua's
 * libraries, and the key in hand. */
enum { LESSONS = 1, ORDINARY, GIVEN, LIBRARIES, KEY };

static bool has_key(lua_State *L, int table, int key)
{
    lua_pushvalue(L, key);
    bool has = lua_rawget(L, table) != LUA_TNIL;
    lua_pop(L, 1);
    return has;
}

/* Whether the key is one by which the session's own things go: what the lesson was given, a
 * library, the program's arguments. */
static bool is_taken(lua_State *L, int key)
{
    if (has_key(L, GIVEN, key) || has_key(L, LIBRARIES, key))
        return true;
    return lua_type(L, key) == LUA_TSTRING && strcmp(lua_tostring(L, key), "arg") == 0;
}

/* What the student's own code calls stays what it was. */
static bool is_function(lua_State *L, int key)
{
    lua_pushvalue(L, key);
    bool is = lua_rawget(L, ORDINARY) == LUA_TFUNCTION;
    lua_pop(L, 1);
    return is;
}

static int publish(lua_State *L)
{
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    for (lua_pushnil(L); lua_next(L, LESSONS) != 0; lua_settop(L, KEY)) {
        if (is_taken(L, KEY) || is_function(L, KEY))
            continue;
        lua_pushvalue(L, KEY);
        lua_pushvalue(L, -2);
        lua_rawset(L, ORDINARY);
    }
    return 0;
}

int sandbox_leave(lua_State *L, struct engine *e)
{
    if (e->sandbox == NULL)
        return 0;
    if (!lua_checkstack(L, LUA_MINSTACK))
        return ENOMEM;
    lua_pushcfunction(L, publish);
    lua_pushglobaltable(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ordinary_key);
    lua_pushvalue(L, -1);
    set_globals(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &given_key);
    sandbox_remove_directory(e->sandbox, true);
    e->sandbox = NULL;
    int status = lua_pcall(L, 3, 0, 0);
    if (status != LUA_OK)
        lua_pop(L, 1);
    return status == LUA_OK ? 0 : ENOMEM;
}
