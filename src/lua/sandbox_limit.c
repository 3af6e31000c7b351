/* SPDX-License-Identifier: MIT
 *
 * What a lesson is refused, and how much an entry may print and take.
 */
#include "sandbox_inside.h"

#include <lauxlib.h>
#include <stdarg.h>

void sandbox_refill(struct engine *e)
{
    e->output_left = SANDBOX_OUTPUT;
    sandbox_refill_memory(e);
}

int sandbox_refuse(lua_State *L, bool network, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    lua_pushvfstring(L, format, values);
    va_end(values);
    const char *function = lua_tostring(L, lua_upvalueindex(2));
    return luaL_error(L, "%s: %s%s", function, lua_tostring(L, -1),
                      network ? "; a lesson talks to this computer only, unless `--: needs "
                                "network` stands in its header"
                              : "");
}

void sandbox_spend_output(lua_State *L, struct engine *e, size_t bytes)
{
    if (sandbox_of(L) == NULL)
        return;
    if (bytes > e->output_left) {
        e->output_left = 0;
        luaL_error(L, "a lesson prints at most %d KiB between two entries",
                   (int)(SANDBOX_OUTPUT >> 10));
    }
    e->output_left -= bytes;
}
