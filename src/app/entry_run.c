/* SPDX-License-Identifier: MIT
 *
 * A chunk runs as the foreground, and its values are shown.
 */
#include "app/session.h"
#include "base/fold.h"
#include "lua/binding.h"
#include "lua/show.h"

#include <lauxlib.h>

/* The record keeps the text as it is; a terminal would break its lines anywhere. */
static void put_value(struct session *session, const struct buffer *text)
{
    struct buffer folded = BUFFER_EMPTY;
    bool fold = session->out.terminal && !text->failed;
    if (fold)
        fold_append(&folded, buffer_text(text), text->length, (size_t)port_columns(&session->out));
    port_begin(&session->out);
    report_fresh_line(session);
    port_put(&session->out, STYLE_PLAIN, fold && !folded.failed ? &folded : text);
    port_end(&session->out);
    buffer_free(&folded);
}

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
        put_value(session, text);
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
