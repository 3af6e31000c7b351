/* SPDX-License-Identifier: MIT
 *
 * Compiling of what was typed at the prompt.
 */
#include "lua/evaluate.h"

#include <lauxlib.h>
#include <string.h>

/* As what code typed at the prompt names itself in a message. */
#define CHUNK_NAME "=prompt"

/* Lua's parser met the end of the text where it wanted more. */
static bool wants_more(lua_State *L)
{
    static const char mark[] = "<eof>";
    size_t length;
    const char *message = lua_tolstring(L, -1, &length);
    size_t tail = sizeof mark - 1;
    return length >= tail && strcmp(message + length - tail, mark) == 0;
}

static bool compile_expression(lua_State *L, const char *text, size_t length)
{
    luaL_Buffer code;
    luaL_buffinit(L, &code);
    luaL_addstring(&code, "return ");
    luaL_addlstring(&code, text, length);
    luaL_pushresult(&code);
    size_t size;
    const char *bytes = lua_tolstring(L, -1, &size);
    bool good = luaL_loadbufferx(L, bytes, size, CHUNK_NAME, "t") == LUA_OK;
    lua_remove(L, -2);
    if (!good)
        lua_pop(L, 1);
    return good;
}

enum evaluate_outcome evaluate_compile(lua_State *L, const char *text, size_t length)
{
    if (compile_expression(L, text, length))
        return EVALUATE_READY;
    if (luaL_loadbufferx(L, text, length, CHUNK_NAME, "t") == LUA_OK)
        return EVALUATE_READY;
    if (!wants_more(L))
        return EVALUATE_WRONG;
    lua_pop(L, 1);
    return EVALUATE_INCOMPLETE;
}
