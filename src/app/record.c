/* SPDX-License-Identifier: MIT
 *
 * What the session enters into the journal beside the calls: what was typed, what was shown, and
 * how the sockets stood after each statement.
 */
#include "app/session.h"
#include "lua/snapshot.h"

#include <lauxlib.h>

void record_text(struct session *session, enum journal_kind kind, const char *text)
{
    const struct engine *e = session->engine;
    if (e->recording && (session->asking || session->play != NULL))
        journal_add_text(e->journal, kind, loop_now(), text);
}

static int enter_sockets(lua_State *L)
{
    snapshot_enter(L, engine_find(L));
    return 0;
}

void record_sockets(struct session *session)
{
    lua_State *L = session->L;
    lua_pushcfunction(L, enter_sockets);
    if (lua_pcall(L, 0, 0, 0) != LUA_OK)
        lua_pop(L, 1); /* no memory for a table that nobody asked for */
}
