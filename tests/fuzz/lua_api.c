/* SPDX-License-Identifier: MIT
 *
 * The calls themselves: bytes choose a sequence of them, which lua_api.lua makes on real sockets
 * and on a model of what sockets may do. It fails where the two disagree.
 */
#include "fuzz.h"

#include "lua/library.h"
#include "net/sys.h"

#include <lauxlib.h>
#include <lualib.h>

/* Lua's own `string.pack` and so on stay; what a sequence of calls has no use for is not there. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lua_State *L = luaL_newstate();
    HOLDS(L != NULL);
    luaL_openlibs(L);
    struct engine *e = library_open(L, &net_sys_real, NULL);
    HOLDS(size == 0 || engine_set_recording(e, data[0] % 2 == 0) == 0);
    HOLDS(luaL_loadfile(L, FUZZ_FOLDER "/lua_api.lua") == LUA_OK);
    lua_pushlstring(L, (const char *)data, size);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
        fprintf(stderr, "%s\n", luaL_tolstring(L, -1, NULL));
        abort();
    }
    lua_close(L);
    return 0;
}
