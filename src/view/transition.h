/* SPDX-License-Identifier: MIT
 *
 * The transitions of TCP's states (RFC 9293, figure 5), once, for the diagram and for the way that
 * a socket came. Knows nothing of either.
 */
#ifndef VIEW_TRANSITION_H
#define VIEW_TRANSITION_H

#include "net/inspect.h"

enum { TRANSITION_STATES = NET_TCP_CLOSING + 1 };

struct transition {
    enum net_tcp_state from, to;
    const char *label; /* what happens, and what is sent for it */
};

/* Of two ways between states the usual one stands first. Left out is what leads to CLOSED at once:
 * a reset, and close() before there is a connection. */
const struct transition *transitions(size_t *count);

/* The states between two, the shortest way, without passing CLOSED; their number is stored. False
 * where no way leads there. */
bool transition_between(enum net_tcp_state from, enum net_tcp_state to,
                        enum net_tcp_state between[TRANSITION_STATES], size_t *count);

#endif
