/* SPDX-License-Identifier: MIT
 *
 * Compiling of what was typed at the prompt.
 */
#include "lua/evaluate.h"

#include <lauxlib.h>
#include <string.h>

/* As what code typed at the prompt names itself in a message. */
#define CHUNK_NAME "=prompt"

/* Whether a short string that is open at the end of the text goes on in the next line. */
static bool continues_string(const char *text, size_t length)
{
    if (length >= 2 && memcmp(text + length - 2, "\\z", 2) == 0)
        return true;
    return length >= 1 && text[length - 1] == '\\';
}

/* Lua's parser met the end of the text where it wanted more. A quote that was not closed is no such
 * case, as no further line could close it; nor is a method without its brackets, a common slip. */
static bool wants_more(lua_State *L, const char *text, size_t length)
{
    static const char mark[] = "<eof>", quote[] = "unfinished string near <eof>";
    size_t message_length;
    const char *message = lua_tolstring(L, -1, &message_length);
    size_t tail = sizeof mark - 1;
    if (message_length < tail || strcmp(message + message_length - tail, mark) != 0)
        return false;
    if (strstr(message, "function arguments expected") != NULL)
        return false; /* s:close */
    return strstr(message, quote) == NULL || continues_string(text, length);
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
    if (!wants_more(L, text, length))
        return EVALUATE_WRONG;
    lua_pop(L, 1);
    return EVALUATE_INCOMPLETE;
}
