/* SPDX-License-Identifier: MIT
 *
 * The state diagram of TCP (RFC 9293, figure 5) with a socket's present state marked and the way
 * that it came. Knows which transitions there are, not how a state is asked for.
 */
#ifndef VIEW_STATES_H
#define VIEW_STATES_H

#include "view/journal.h"

enum { STATES_LONGEST_PATH = 12 };

/* The states that a socket went through, oldest first, ended by the one that it has now (unknown:
 * by the last that is known): those that the journal's entries of it tell, and between two of them
 * those that it must have passed. A way that is too long has lost its beginning. Returns how many
 * stand in `path`; 0 for a socket that is not TCP's. */
size_t states_path(const struct journal *journal, unsigned origin, unsigned long serial,
                   enum net_tcp_state now, enum net_tcp_state path[STATES_LONGEST_PATH]);

/* Draws the diagram within 80 by 23, title and path included; in less than 77 columns, from 40, a
 * list of the transitions. The last state of the path is the present one and is marked so by more
 * than colour; of the way there, states stand in parentheses and lines are heavy. An empty path
 * draws the plain diagram. `title` is a line above it, or NULL. */
void states_append(struct buffer *out, const char *title, const enum net_tcp_state *path,
                   size_t count, size_t width, bool utf8);

#endif
