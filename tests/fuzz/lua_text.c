/* SPDX-License-Identifier: MIT
 *
 * Text as the prompt quotes and shows it is Lua, and reads back as what it was; and a line of any
 * bytes at the prompt is a statement, an unfinished one, or an error that can be shown.
 */
#include "bytes.h"

#include "lua/evaluate.h"
#include "lua/library.h"
#include "lua/show.h"
#include "net/sys.h"

#include <lauxlib.h>
#include <lualib.h>

/* The value of an expression is a string; it is left on the stack. */
static const char *read_back(lua_State *L, const struct buffer *quoted, size_t *length)
{
    lua_pushfstring(L, "return %s", buffer_text(quoted));
    HOLDS(luaL_loadstring(L, lua_tostring(L, -1)) == LUA_OK);
    HOLDS(lua_pcall(L, 0, 1, 0) == LUA_OK && lua_type(L, -1) == LUA_TSTRING);
    return lua_tolstring(L, -1, length);
}

static void check_quoted(lua_State *L, const char *text, size_t length, size_t limit)
{
    struct buffer out = BUFFER_EMPTY;
    text_append_quoted(&out, text, length, limit);
    size_t got = length;
    if (limit < length) {
        HOLDS(out.length >= 3 && strcmp(out.data + out.length - 3, "...") == 0);
        out.data[out.length -= 3] = '\0';
    }
    const char *back = read_back(L, &out, &got);
    HOLDS(limit < length ? got <= limit && limit - got < 4 : got == length);
    HOLDS(memcmp(back, text, got) == 0);
    lua_settop(L, 0);
    buffer_free(&out);
}

static int show(lua_State *L)
{
    show_append(L, 1, lua_touserdata(L, 2), 80);
    return 0;
}

/* As a value of its own, and as a key and a value of a table. */
static void check_shown(lua_State *L, const char *text, size_t length)
{
    for (int way = 0; way < 2; way++) {
        struct buffer out = BUFFER_EMPTY;
        lua_pushcfunction(L, show);
        if (way == 1)
            lua_newtable(L);
        lua_pushlstring(L, text, length);
        if (way == 1) {
            lua_pushvalue(L, -1);
            lua_settable(L, -3);
        }
        lua_pushlightuserdata(L, &out);
        HOLDS(lua_pcall(L, 2, 0, 0) == LUA_OK);
        bytes_check_shown(buffer_text(&out), out.length, true, true);
        buffer_free(&out);
    }
}

static void check_typed(lua_State *L, const char *text, size_t length)
{
    enum evaluate_outcome outcome = evaluate_compile(L, text, length);
    if (outcome == EVALUATE_INCOMPLETE)
        HOLDS(lua_gettop(L) == 0);
    if (outcome == EVALUATE_READY)
        HOLDS(lua_isfunction(L, 1) && lua_gettop(L) == 1);
    if (outcome == EVALUATE_WRONG)
        HOLDS(lua_isstring(L, 1) && lua_gettop(L) == 1);
    lua_settop(L, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes b = {data, size, 0};
    size_t limit = bytes_take(&b), length;
    char *text = bytes_text(&b, size, &length);
    lua_State *L = luaL_newstate();
    HOLDS(L != NULL);
    luaL_openlibs(L);
    library_open(L, &net_sys_real, NULL);
    lua_settop(L, 0);
    check_quoted(L, text, length, SIZE_MAX);
    check_quoted(L, text, length, limit);
    check_shown(L, text, length);
    check_typed(L, text, length);
    lua_close(L);
    free(text);
    return 0;
}
