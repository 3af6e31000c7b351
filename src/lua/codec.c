/* SPDX-License-Identifier: MIT
 *
 * ("text"):encode() and data:decode(). A Lua string is bytes already: encode gives it back, and
 * decode proves that the bytes are UTF-8, as Python's do by default. And string.rep, mended.
 */
#include "lua/codec.h"
#include "base/text.h"
#include "lua/argument.h"
#include "lua/pattern.h"

#include <strings.h>

static void check_encoding(lua_State *L, int index)
{
    if (lua_isnoneornil(L, index))
        return;
    const char *name = argument_text(L, index, "encoding");
    if (strcasecmp(name, "utf-8") != 0 && strcasecmp(name, "utf8") != 0)
        argument_expected(L, index, "encoding", "\"utf-8\"");
}

static int codec_encode(lua_State *L)
{
    size_t length;
    argument_bytes(L, 1, "text", &length);
    check_encoding(L, 2);
    argument_end(L, 2);
    lua_settop(L, 1);
    return 1;
}

static int codec_decode(lua_State *L)
{
    size_t length;
    const char *bytes = argument_bytes(L, 1, "data", &length);
    check_encoding(L, 2);
    argument_end(L, 2);
    size_t valid = text_valid_length(bytes, length);
    if (valid < length)
        return argument_error(L, 1, "data", "UTF-8 expected, got byte 0x%02x at position %zu",
                              (unsigned char)bytes[valid], valid + 1);
    lua_settop(L, 1);
    return 1;
}

static bool is_empty(lua_State *L, int index)
{
    return lua_isnoneornil(L, index) ||
           (lua_type(L, index) == LUA_TSTRING && lua_rawlen(L, index) == 0);
}

/* string.rep: Lua's own, upvalue 4, counts to n even where the result is empty, and nothing can
 * interrupt it. */
static int codec_rep(lua_State *L)
{
    if (!lua_isstring(L, 1) || !is_empty(L, 1) || !is_empty(L, 3) || !lua_isinteger(L, 2))
        return binding_call_guarded(L, 4);
    lua_pushliteral(L, "");
    return 1;
}

void codec_open(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {
        {"encode", codec_encode}, {"decode", codec_decode}, {NULL, NULL}};
    binding_register(L, e, functions);
}

void codec_mend(lua_State *L, struct engine *e)
{
    lua_pushlightuserdata(L, e);
    lua_pushliteral(L, "rep");
    lua_pushlightuserdata(L, e->registering);
    lua_getfield(L, -4, "rep");
    lua_pushcclosure(L, codec_rep, 4);
    lua_setfield(L, -2, "rep");
    pattern_open(L);
}
