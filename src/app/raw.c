/* SPDX-License-Identifier: MIT
 *
 * Looking without touching. Of the API only what never calls a metamethod is used.
 */
#include "app/raw.h"

#include <string.h>

bool raw_follow_index(lua_State *L)
{
    if (!lua_getmetatable(L, -1))
        return false;
    lua_pushliteral(L, "__index");
    lua_rawget(L, -2);
    lua_replace(L, -3);
    lua_pop(L, 1);
    return lua_istable(L, -1);
}

/* Replaces the value at the top by its field, nil where there is none. */
static void get_field(lua_State *L, const char *name, size_t length)
{
    bool is_table = lua_istable(L, -1) || raw_follow_index(L);
    for (int i = 0; i < RAW_CHAIN && is_table; i++) {
        lua_pushlstring(L, name, length);
        if (lua_rawget(L, -2) != LUA_TNIL) {
            lua_replace(L, -2);
            return;
        }
        lua_pop(L, 1);
        is_table = raw_follow_index(L);
    }
    lua_pushnil(L);
    lua_replace(L, -2);
}

void raw_push_path(lua_State *L, const char *path, size_t length)
{
    size_t at = 0;
    lua_pushglobaltable(L);
    while (at <= length && !lua_isnil(L, -1)) {
        size_t part = 0;
        while (at + part < length && strchr(".:", path[at + part]) == NULL)
            part++;
        get_field(L, path + at, part);
        at += part + 1;
    }
}
