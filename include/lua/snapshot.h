/* SPDX-License-Identifier: MIT
 *
 * The sockets of the shell as they stand at this moment: rows for the table of them, joined to the
 * variables that hold them and to what the kernel keeps of those that were closed.
 */
#ifndef LUA_SNAPSHOT_H
#define LUA_SNAPSHOT_H

#include "lua/socket.h"
#include "view/journal.h"

struct snapshot {
    struct journal_socket *rows; /* open sockets by descriptor, then those that were closed */
    size_t count, rest;          /* `rest` open sockets have no row: more than were asked for */
    size_t unasked; /* connections closed in the last minute of which the kernel was not asked */
};

/* Pushes a userdata that owns the rows, at most `most` of open sockets. May raise. */
void snapshot_push(lua_State *L, struct engine *e, size_t most, struct snapshot *snapshot);

/* The state of a TCP socket, open or closed: of one whose connection is over, what the kernel still
 * keeps of it. NET_TCP_CLOSED where that is nothing, and where the journal does not tell which
 * connection it was. */
enum net_tcp_state snapshot_state(const struct socket *s);

/* Enters the table of sockets into the journal; as little as possible where nothing was called
 * since the last one. May raise. */
void snapshot_enter(lua_State *L, struct engine *e);

#endif
