/* SPDX-License-Identifier: MIT
 *
 * What net/inspect.h leaves to each system, within this room.
 */
#ifndef NET_INSPECT_SYSTEM_H
#define NET_INSPECT_SYSTEM_H

#include "net/inspect.h"

/* Fills in state, had_peer and the queue of a TCP socket, as far as the system tells. */
void inspect_tcp(const struct net_sys *sys, int fd, struct net_view *view);

#endif
