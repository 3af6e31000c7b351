/* SPDX-License-Identifier: MIT
 *
 * JSON in and out: what loads() takes, dumps() writes so that loads() takes it again and dumps()
 * writes the same.
 */
#include "fuzz.h"

#include "lua/library.h"
#include "net/sys.h"

#include <lauxlib.h>
#include <lualib.h>

static const char round_trip[] = "local text = ...\n"
                                 "local good, value = pcall(json.loads, text)\n"
                                 "if not good then return end\n"
                                 "local once = json.dumps(value)\n"
                                 "local twice = json.dumps(json.loads(once))\n"
                                 "assert(once == twice, once)\n"
                                 "json.dumps(value, 2)\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lua_State *L = luaL_newstate();
    HOLDS(L != NULL);
    luaL_openlibs(L);
    library_open(L, &net_sys_real, NULL);
    HOLDS(luaL_loadstring(L, round_trip) == LUA_OK);
    lua_pushlstring(L, (const char *)data, size);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
        abort();
    }
    lua_close(L);
    return 0;
}
