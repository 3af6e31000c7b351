/* SPDX-License-Identifier: MIT
 *
 * sockets, state and states: how the sockets of the shell stand at this moment.
 */
#include "lua/argument.h"
#include "lua/picture.h"
#include "lua/snapshot.h"
#include "view/states.h"
#include "view/table.h"

#include <errno.h>
#include <lauxlib.h>
#include <limits.h>

/* Rows of open sockets that are drawn; the table has them all. */
#define MOST_DRAWN 200

static void push_kind(lua_State *L, const struct journal_socket *row)
{
    struct buffer *kind = binding_buffer(L);
    table_append_kind(kind, row);
    binding_push_buffer(L, kind);
    lua_setfield(L, -3, "kind");
    lua_pop(L, 1);
}

/* Pushes a row as a table. */
static void push_row(lua_State *L, struct engine *e, const struct journal_socket *row)
{
    const struct net_view *view = &row->view;
    lua_createtable(L, 0, 10);
    if (row->variable[0] != '\0')
        picture_set_text(L, "var", row->variable);
    picture_set_count(L, "fd", row->fd);
    push_kind(L, row);
    picture_set_text(L, "state", table_state(row));
    picture_set_address(L, e, "address", &view->local);
    picture_set_address(L, e, "peer", &view->peer);
    picture_set_count(L, "to_read", view->to_read);
    picture_set_count(L, "unsent", view->unsent);
    picture_set_count(L, "queued", view->queued);
    picture_set_count(L, "backlog", view->queue_limit);
    if (row->closed >= 0) {
        lua_pushnumber(L, row->closed);
        lua_setfield(L, -2, "closed");
    }
}

static void draw_rows(const struct engine *e, const struct snapshot *snapshot, struct buffer *out)
{
    struct display display = picture_display(e);
    size_t count = snapshot->count, rest = snapshot->rest;
    if (count > MOST_DRAWN) {
        rest += count - MOST_DRAWN;
        count = MOST_DRAWN;
    }
    table_append(out, snapshot->rows, count, rest, display.columns, display.utf8);
    if (snapshot->unasked > 0)
        buffer_printf(out, "%zu closed earlier: not looked for\n", snapshot->unasked);
}

static int picture_sockets(lua_State *L)
{
    struct engine *e = engine_of(L);
    struct snapshot snapshot;
    argument_end(L, 0);
    snapshot_push(L, e, INT_MAX, &snapshot);
    struct buffer *text = binding_buffer(L);
    draw_rows(e, &snapshot, text);
    lua_createtable(L, (int)snapshot.count, 0);
    for (size_t i = 0; i < snapshot.count; i++) {
        push_row(L, e, &snapshot.rows[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    picture_make(L, text);
    return 1;
}

static bool is_tcp(const struct socket *s)
{
    return s->type == SOCK_STREAM && (s->family == AF_INET || s->family == AF_INET6);
}

/* A stream without TCP has as much of a state as these. */
static const char *state_of_stream(const struct socket *s)
{
    struct net_view view;
    socket_look(s, &view);
    return s->listening ? "LISTEN" : view.peer.length != 0 ? "ESTABLISHED" : "CLOSED";
}

static int picture_state(lua_State *L)
{
    const struct socket *s = socket_check(L, 1);
    argument_end(L, 1);
    if (is_tcp(s))
        lua_pushstring(L, net_tcp_state_name(snapshot_state(s)));
    else if (s->type == SOCK_STREAM || s->type == SOCK_SEQPACKET)
        lua_pushstring(L, state_of_stream(s));
    else
        lua_pushnil(L);
    return 1;
}

static void push_path(lua_State *L, const enum net_tcp_state *path, size_t count)
{
    lua_createtable(L, (int)count, 1);
    for (size_t i = 0; i < count; i++) {
        lua_pushstring(L, net_tcp_state_name(path[i]));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static size_t find_path(const struct socket *s, enum net_tcp_state path[STATES_LONGEST_PATH])
{
    enum net_tcp_state now = snapshot_state(s);
    if (s->engine->journal != NULL)
        return states_path(s->engine->journal, 0, s->serial, now, path);
    path[0] = now;
    return 1;
}

static int picture_states(lua_State *L)
{
    struct engine *e = engine_of(L);
    struct display display = picture_display(e);
    enum net_tcp_state path[STATES_LONGEST_PATH];
    size_t count = 0;
    argument_end(L, 1);
    lua_settop(L, 1);
    struct buffer *title = binding_buffer(L);
    if (!lua_isnoneornil(L, 1)) {
        const struct socket *s = socket_check(L, 1);
        if (!is_tcp(s))
            return argument_error(L, 1, "s", "a TCP socket expected: no other has these states");
        socket_describe(title, s);
        picture_check(L, title->failed ? ENOMEM : 0);
        count = find_path(s, path);
    }
    struct buffer *text = binding_buffer(L);
    states_append(text, count > 0 ? buffer_text(title) : NULL, path, count, display.columns,
                  display.utf8);
    buffer_free(title);
    push_path(L, path, count);
    if (count > 0)
        picture_set_text(L, "state", net_tcp_state_name(path[count - 1]));
    picture_make(L, text);
    return 1;
}

void picture_open_sockets(lua_State *L, struct engine *e)
{
    static const luaL_Reg functions[] = {{"sockets", picture_sockets},
                                         {"state", picture_state},
                                         {"states", picture_states},
                                         {NULL, NULL}};
    binding_register(L, e, functions);
}
