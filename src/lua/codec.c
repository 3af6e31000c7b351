/* SPDX-License-Identifier: MIT
 *
 * ("text"):encode() and data:decode(). A Lua string is bytes already: encode gives it back, and
 * decode proves that the bytes are UTF-8, as Python's do by default. And string.rep, mended.
 */
#include "lua/codec.h"
#include "base/text.h"
#include "lua/argument.h"
#include "lua/pattern.h"

#include <lauxlib.h>
#include <limits.h>
#include <string.h>
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

/* How large a repetition becomes; 0 where it is small enough for Lua's own, or too large for it,
 * which that says. */
static size_t large_size(size_t unit, lua_Integer count, size_t separator)
{
    const size_t large = (size_t)1 << 20;
    if (count <= 1 || unit == 0 || (lua_Unsigned)count > INT_MAX / unit)
        return 0;
    const size_t size = (size_t)count * unit - separator;
    return size >= large ? size : 0;
}

/* Fills `size` bytes with what stands in the first `unit` of them, and doubles what is there with
 * each step: Lua's own goes through a billion letters one by one. */
static void fill(lua_State *L, char *bytes, size_t unit, size_t size)
{
    const size_t piece = (size_t)1 << 24; /* some milliseconds; then Ctrl-C is heard */
    for (size_t filled = unit, length; filled < size; filled += length) {
        const size_t begin = filled % unit;
        length = filled - begin < piece ? filled - begin : piece;
        length = length < size - filled ? length : size - filled;
        memcpy(bytes + filled, bytes + begin, length);
        engine_check_interrupt(L, engine_of(L));
    }
}

static int repeat_large(lua_State *L, size_t size)
{
    luaL_Buffer buffer;
    size_t length, separator = 0;
    const char *text = lua_tolstring(L, 1, &length);
    const char *between = lua_isnoneornil(L, 3) ? "" : lua_tolstring(L, 3, &separator);
    char *bytes = luaL_buffinitsize(L, &buffer, size);
    memcpy(bytes, text, length);
    memcpy(bytes + length, between, separator);
    fill(L, bytes, length + separator, size);
    luaL_pushresultsize(&buffer, size);
    return 1;
}

/* string.rep: Lua's own, upvalue 4, counts to n even where the result is empty, and nothing can
 * interrupt it. */
static int codec_rep(lua_State *L)
{
    const bool separates = !lua_isnoneornil(L, 3);
    if (!lua_isstring(L, 1) || (separates && !lua_isstring(L, 3)) || !lua_isinteger(L, 2))
        return binding_call_guarded(L, 4);
    size_t length, separator = 0;
    (void)lua_tolstring(L, 1, &length);
    if (separates)
        (void)lua_tolstring(L, 3, &separator);
    if (length + separator == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    const size_t size = large_size(length + separator, lua_tointeger(L, 2), separator);
    return size > 0 ? repeat_large(L, size) : binding_call_guarded(L, 4);
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
