/* SPDX-License-Identifier: MIT
 *
 * Connections that are over for their socket, while the kernel still keeps them: because close()
 * took the socket, or because Linux took a connection in TIME_WAIT from an open one. Found by their
 * addresses, which the journal remembers; knows nothing of variables and tables.
 */
#ifndef LUA_SNAPSHOT_OVER_H
#define LUA_SNAPSHOT_OVER_H

#include "lua/engine.h"
#include "view/journal.h"

/* Connections that were closed, newest first, whose fate is asked for. */
enum { OVER_MOST = 32 };

struct over_closed {
    struct journal_socket rows[OVER_MOST]; /* those that the kernel still keeps */
    size_t count;
    size_t unasked; /* further ones that it may still keep */
};

/* Finds the closed connections; all of them of `serial` where that is not 0. */
void over_find_closed(const struct engine *e, unsigned long serial, struct over_closed *closed);

/* Of rows of open sockets, those whose connection the kernel keeps in TIME_WAIT get that state, and
 * the peer: the socket itself says CLOSED and knows no peer any more. */
void over_find_resting(const struct engine *e, struct journal_socket *rows, size_t count);

#endif
