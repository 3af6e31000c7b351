/* SPDX-License-Identifier: MIT
 *
 * Registration. Constants are looked up when they are first read, so that a start costs little and
 * the globals stay readable.
 */
#include "lua/library.h"
#include "help/help.h"
#include "lua/address.h"
#include "lua/argument.h"
#include "lua/call.h"
#include "lua/codec.h"
#include "lua/constant.h"
#include "lua/coroutine.h"
#include "lua/error.h"
#include "lua/json.h"
#include "lua/judge.h"
#include "lua/picture.h"
#include "lua/task.h"

#include <ctype.h>
#include <string.h>

/* Whether a name is written as constants are: capitals, digits and underscores. */
static bool looks_like_constant(const char *name)
{
    if (!isupper((unsigned char)name[0]) || name[1] == '\0')
        return false;
    for (; *name != '\0'; name++)
        if (!isupper((unsigned char)*name) && !isdigit((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

/* Appends up to three constants nearest to a misspelt one: "AF_INET6 or AF_INET". */
static void append_nearest_constants(struct buffer *out, const char *name)
{
    enum { MOST = 3 };
    const char *best[MOST] = {NULL};
    unsigned distances[MOST];
    size_t count, found = 0;
    const struct net_name *names = net_names(&count);
    for (size_t i = 0; i < count; i++) {
        unsigned distance = help_distance(name, names[i].name);
        if (distance > help_tolerance(name))
            continue;
        size_t place = found;
        while (place > 0 && distances[place - 1] > distance)
            place--;
        if (place == MOST)
            continue;
        found += found < MOST;
        for (size_t j = found - 1; j > place; j--) {
            best[j] = best[j - 1];
            distances[j] = distances[j - 1];
        }
        best[place] = names[i].name;
        distances[place] = distance;
    }
    for (size_t i = 0; i < found && distances[i] <= distances[0] + 1; i++)
        buffer_printf(out, "%s%s", i == 0 ? "; did you mean " : " or ", best[i]);
    buffer_puts(out, found > 0 ? "?" : "");
}

/* Whether the name at index 2 is one that was assigned to, maybe nil: see assign(). */
static bool is_assigned(lua_State *L)
{
    if (!lua_istable(L, lua_upvalueindex(1)))
        return false;
    lua_pushvalue(L, 2);
    bool assigned = lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL;
    lua_pop(L, 1);
    return assigned;
}

/* A new global. One that is written as constants are is remembered, in upvalue 1: to read it is no
 * slip, even where it is nil. */
static int assign(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    if (lua_type(L, 2) == LUA_TSTRING && looks_like_constant(lua_tostring(L, 2))) {
        lua_pushvalue(L, 2);
        lua_pushboolean(L, true);
        lua_rawset(L, lua_upvalueindex(1));
    }
    lua_settop(L, 3);
    lua_rawset(L, 1);
    return 0;
}

/* A global or a field of `socket` that is not there: a constant of the system's, which becomes an
 * ordinary one; an error for what looks like one; else nil, as in Lua. */
static int missing(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    if (lua_type(L, 2) != LUA_TSTRING)
        return 0;
    const char *name = lua_tostring(L, 2);
    if (constant_push_named(L, name)) {
        lua_pushvalue(L, 2);
        lua_pushvalue(L, -2);
        lua_rawset(L, 1);
        return 1;
    }
    if (!looks_like_constant(name) || is_assigned(L))
        return 0;
    struct buffer *text = binding_buffer(L);
    buffer_printf(text, "%s is not defined", name);
    if (help_elsewhere(name) != NULL)
        buffer_printf(text, "; %s", help_elsewhere(name));
    else
        append_nearest_constants(text, name);
    binding_push_buffer(L, text);
    return luaL_error(L, "%s", lua_tostring(L, -1));
}

/* As missing(); and a function that the table does not have is answered with the nearest one. */
static int missing_from_socket(lua_State *L)
{
    int results = missing(L);
    if (results > 0 || lua_type(L, 2) != LUA_TSTRING)
        return results;
    const char *name = lua_tostring(L, 2), *nearest = NULL;
    if (help_elsewhere(name) != NULL)
        return luaL_error(L, "socket has no function '%s': %s", name, help_elsewhere(name));
    unsigned least = help_tolerance(name) + 1;
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1)) {
        const char *other = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        unsigned distance = help_distance(name, other);
        if (distance < least) {
            least = distance;
            nearest = other;
        }
    }
    if (nearest == NULL)
        return 0;
    return luaL_error(L, "socket has no function '%s'; did you mean '%s'?", name, nearest);
}

/* Copies every function of the table at the top into the table below it. */
static void copy_functions(lua_State *L)
{
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -6);
    }
}

/* Makes the metatable of sockets: of the functions in the table at the top, those that take a
 * socket first. */
static void make_methods(lua_State *L, struct engine *e)
{
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, -3) != 0;) {
        const struct help_topic *topic = help_find(lua_tostring(L, -2));
        if (topic != NULL && help_is_method(topic)) {
            lua_pushvalue(L, -2);
            lua_insert(L, -2);
            lua_rawset(L, -4);
        } else {
            lua_pop(L, 1);
        }
    }
    socket_open_meta(L, e);
    call_open_close(L);
}

/* For the table of globals at the top. */
static void watch_globals(lua_State *L)
{
    lua_createtable(L, 0, 2);
    lua_newtable(L); /* of the names that were assigned to */
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, missing, 1);
    lua_setfield(L, -3, "__index");
    lua_pushcclosure(L, assign, 1);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, -2);
}

/* Pushes a table of the functions that are global in the shell. */
static void push_functions(lua_State *L, struct engine *e)
{
    lua_newtable(L);
    call_open_setup(L, e);
    call_open_connect(L, e);
    call_open_send(L, e);
    call_open_recv(L, e);
    call_open_option(L, e);
    call_open_poll(L, e);
    call_open_lookup(L, e);
    picture_open_sockets(L, e);
    picture_open_calls(L, e);
    picture_open_stream(L, e);
    picture_open_diagram(L, e);
    picture_open_file(L, e);
    judge_open(L, e);
    task_open(L, e);
    if (e->registering == NULL) /* the metatable of sockets is one for all */
        make_methods(L, e);
    json_open(L);
    lua_setfield(L, -2, "json");
}

/* Makes the engine, and pushes the table of functions. */
static struct engine *make_functions(lua_State *L, const struct net_sys *sys,
                                     struct signal_notes *notes)
{
    struct engine *e = engine_new(L, sys, notes);
    lua_pop(L, 1);
    constant_open(L, e);
    address_open(L, e);
    error_open(L);
    push_functions(L, e);
    return e;
}

/* Puts the functions of the table at the top where the shell has them. */
static void make_global(lua_State *L, struct engine *e)
{
    lua_getglobal(L, "string");
    codec_open(L, e);
    lua_pop(L, 1);
    lua_pushglobaltable(L);
    lua_pushvalue(L, -2);
    copy_functions(L);
    lua_pop(L, 1);
    coroutine_open_protected(L, e);
    lua_pop(L, 1);
}

/* Pushes a table of the functions in the one at the top, as `socket` is: callable, with select and
 * the constants. */
static void push_callable(lua_State *L, struct engine *e)
{
    lua_newtable(L);
    lua_pushvalue(L, -2);
    copy_functions(L);
    lua_pop(L, 1);
    call_open_select(L, e);
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, missing_from_socket);
    lua_setfield(L, -2, "__index");
    call_push_table_function(L, e);
    lua_setfield(L, -2, "__call");
    lua_setmetatable(L, -2);
}

/* globals(): upvalue 3 is the table of functions. Other libraries may read a global that is not
 * there, so that the constants all are. */
static int put_globals(lua_State *L)
{
    struct engine *e = engine_of(L);
    argument_end(L, 0);
    lua_pushvalue(L, lua_upvalueindex(3));
    make_global(L, e);
    push_callable(L, e);
    lua_setglobal(L, "socket");
    size_t count;
    const struct net_name *names = net_names(&count);
    for (size_t i = 0; i < count; i++)
        if (constant_push_named(L, names[i].name))
            lua_setglobal(L, names[i].name);
    return 0;
}

/* What require() gives; upvalue 3 is the table of functions. */
static int push_module(lua_State *L)
{
    struct engine *e = engine_of(L);
    lua_pushvalue(L, lua_upvalueindex(3));
    push_callable(L, e);
    codec_open(L, e);
    coroutine_open_protected(L, e);
    lua_getglobal(L, "trace"); /* the shell's, where this is one */
    lua_setfield(L, -2, "trace");
    lua_pushlightuserdata(L, e);
    lua_pushliteral(L, "globals");
    lua_pushvalue(L, lua_upvalueindex(3));
    lua_pushcclosure(L, put_globals, 3);
    lua_setfield(L, -2, "globals");
    return 1;
}

/* Takes the table of functions at the top, and pushes what makes the module of it. */
static void push_opener(lua_State *L, struct engine *e)
{
    lua_pushlightuserdata(L, e);
    lua_pushliteral(L, "sockrepl");
    lua_rotate(L, -3, 2);
    lua_pushcclosure(L, push_module, 3);
}

/* In the shell, require "sockrepl" gives what is there. */
static void offer_module(lua_State *L, struct engine *e)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_insert(L, -2);
    push_opener(L, e);
    lua_setfield(L, -2, "sockrepl");
    lua_pop(L, 1);
}

/* All globals of the shell, of the table of functions at the top, which stays there. */
static void open_globals(lua_State *L, struct engine *e)
{
    make_global(L, e);
    push_callable(L, e);
    lua_setglobal(L, "socket");
    lua_getglobal(L, "string");
    codec_mend(L, e);
    lua_pop(L, 1);
    lua_pushglobaltable(L);
    coroutine_open(L, e);
    watch_globals(L);
    lua_pop(L, 1);
}

void library_fill(lua_State *L, struct engine *e)
{
    push_functions(L, e);
    open_globals(L, e);
    lua_pop(L, 1);
}

struct engine *library_open(lua_State *L, const struct net_sys *sys, struct signal_notes *notes)
{
    struct engine *e = make_functions(L, sys, notes);
    open_globals(L, e);
    offer_module(L, e);
    return e;
}

struct engine *library_push(lua_State *L, const struct net_sys *sys)
{
    struct engine *e = make_functions(L, sys, NULL);
    e->guest = true;
    push_opener(L, e);
    lua_call(L, 0, 1);
    return e;
}
