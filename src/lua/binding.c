/* SPDX-License-Identifier: MIT
 *
 * Registration of functions and types, and texts that Lua owns.
 */
#include "lua/binding.h"

#include <string.h>

#define BUFFER_TYPE TYPE_PREFIX "buffer"

void binding_new_type(lua_State *L, const char *type, const luaL_Reg *meta)
{
    luaL_newmetatable(L, type);
    luaL_setfuncs(L, meta, 0);
    lua_pushstring(L, type + strlen(TYPE_PREFIX));
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
}

void binding_push_function(lua_State *L, struct engine *e, const char *name, lua_CFunction function)
{
    lua_pushlightuserdata(L, e);
    lua_pushstring(L, name);
    lua_pushlightuserdata(L, e->registering);
    lua_pushcclosure(L, function, 3);
}

void binding_register(lua_State *L, struct engine *e, const luaL_Reg *functions)
{
    for (; functions->name != NULL; functions++) {
        binding_push_function(L, e, functions->name, functions->func);
        lua_setfield(L, -2, functions->name);
    }
}

const char *binding_function(lua_State *L)
{
    return lua_tostring(L, lua_upvalueindex(2));
}

const char *binding_name_of(lua_State *L, int index)
{
    const char *name = NULL;
    if (!lua_iscfunction(L, index) || lua_getupvalue(L, index, 1) == NULL)
        return NULL;
    bool ours = lua_islightuserdata(L, -1);
    lua_pop(L, 1);
    if (ours && lua_getupvalue(L, index, 2) != NULL) {
        name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
        lua_pop(L, 1);
    }
    return name;
}

static int buffer_gc(lua_State *L)
{
    buffer_free(lua_touserdata(L, 1));
    return 0;
}

struct buffer *binding_buffer(lua_State *L)
{
    struct buffer *text = lua_newuserdatauv(L, sizeof *text, 0);
    *text = BUFFER_EMPTY;
    if (luaL_newmetatable(L, BUFFER_TYPE)) {
        lua_pushcfunction(L, buffer_gc);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return text;
}

const char *binding_whole(lua_State *L, const struct buffer *text)
{
    if (text->failed)
        luaL_error(L, "not enough memory");
    return buffer_text(text);
}

int binding_push_buffer(lua_State *L, struct buffer *text)
{
    lua_pushlstring(L, binding_whole(L, text), text->length);
    buffer_free(text);
    return 1;
}

/* A message of the guarded function's own says neither where nor, lacking its caller, what. */
static int raise_guarded(lua_State *L)
{
    const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
    if (message == NULL || strstr(message, ": ") != NULL)
        return lua_error(L);
    luaL_where(L, 1);
    lua_pushfstring(L, "'%s'", binding_function(L));
    luaL_gsub(L, message, "'?'", lua_tostring(L, -1));
    lua_remove(L, -2);
    lua_concat(L, 2);
    return lua_error(L);
}

int binding_call_guarded(lua_State *L, int upvalue)
{
    lua_pushvalue(L, lua_upvalueindex(upvalue));
    lua_insert(L, 1);
    if (lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0) != LUA_OK)
        return raise_guarded(L);
    return lua_gettop(L);
}
