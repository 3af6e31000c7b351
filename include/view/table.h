/* SPDX-License-Identifier: MIT
 *
 * The table of sockets: variable, descriptor, kind, state, addresses and queues, with the
 * connections that the kernel keeps after close(). Draws rows that others have filled.
 */
#ifndef VIEW_TABLE_H
#define VIEW_TABLE_H

#include "view/journal.h"

/* "tcp", "udp6", "unix": the kind in a word of the table. */
void table_append_kind(struct buffer *out, const struct journal_socket *row);

/* "LISTEN", "ESTABLISHED"; of a socket that has no TCP state what it is instead: "bound",
 * "connected", "-". */
const char *table_state(const struct journal_socket *row);

/* Whether the local address says anything: a socket that was not bound has 0.0.0.0:0. */
bool table_has_name(const struct net_address *local);

/* Draws the rows in lines of at most `width` columns, from 40; `rest` more rows are told of. "no
 * sockets are open" where there are none. */
void table_append(struct buffer *out, const struct journal_socket *rows, size_t count, size_t rest,
                  size_t width, bool utf8);

#endif
