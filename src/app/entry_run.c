/* SPDX-License-Identifier: MIT
 *
 * A chunk runs as the foreground, and its values are shown.
 */
#include "app/session.h"
#include "lua/binding.h"
#include "lua/show.h"

#include <lauxlib.h>

/* Shows the values that a statement returned; the stack holds them alone. */
static int show_values(lua_State *L, int status, lua_KContext context)
{
    struct session *session = (struct session *)context;
    int count = lua_gettop(L);
    (void)status;
    if (count == 1 && session->written != NULL && lua_touserdata(L, 1) == session->written)
        return 0;
    luaL_checkstack(L, LUA_MINSTACK, "too many values");
    if (count > 0 && !lua_isnil(L, 1)) {
        lua_pushvalue(L, 1);
        lua_setglobal(L, "_");
    }
    for (int i = 1; i <= count && !session->quiet; i++) {
        struct buffer *text = binding_buffer(L);
        show_append(L, i, text, (size_t)port_columns(&session->out));
        buffer_putc(text, '\n');
        port_begin(&session->out);
        report_fresh_line(session);
        port_put(&session->out, STYLE_PLAIN, text);
        port_end(&session->out);
        record_buffer(session, JOURNAL_SHOWN, text);
        buffer_free(text);
        lua_pop(L, 1);
    }
    if (count == 1 && lua_isnil(L, 1))
        stray_tell_of_name(session);
    return 0;
}

/* The foreground of an entry: argument 1 is its chunk. */
static int run_chunk(lua_State *L)
{
    struct session *session = session_of(L);
    lua_callk(L, 0, LUA_MULTRET, (lua_KContext)session, show_values);
    return show_values(L, LUA_OK, (lua_KContext)session);
}

void entry_start(struct session *session)
{
    lua_State *L = session->L;
    session->notes.defer_stop = 0;
    session->written = NULL;
    lua_pushlightuserdata(L, session);
    lua_pushcclosure(L, run_chunk, 1);
    lua_insert(L, -2);
    engine_start(session->engine, L, 1);
    if (session->prompt != NULL)
        waiting_begin(session);
}
