/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out while the session does something of its own, outside of any statement: Lua
 * raises, and the raise must neither end a shell with open sockets nor pass over what holds memory.
 */
#include "app/session.h"

struct guarded {
    struct session *session;
    void (*run)(struct session *session, const void *what);
    const void *what;
};

static int call(lua_State *L)
{
    const struct guarded *guarded = lua_touserdata(L, 1);
    lua_settop(L, 0);
    guarded->run(guarded->session, guarded->what);
    return 0;
}

int guard_try(struct session *session, void (*run)(struct session *session, const void *what),
              const void *what)
{
    struct guarded guarded = {session, run, what};
    lua_pushcfunction(session->L, call);
    lua_pushlightuserdata(session->L, &guarded);
    return lua_pcall(session->L, 1, 0, 0);
}

void guard_run(struct session *session, void (*run)(struct session *session, const void *what),
               const void *what)
{
    if (guard_try(session, run, what) == LUA_OK)
        return;
    if (!session->asking)
        lua_error(session->L);
    report_message(session, session->L, "error: ");
    lua_pop(session->L, 1);
    entry_recover(session);
}
