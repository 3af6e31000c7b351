/* SPDX-License-Identifier: MIT
 *
 * A network of a process's own, in which every port is free and nobody else is met. Knows nothing
 * of what it is for.
 */
#ifndef NET_PRIVATE_H
#define NET_PRIVATE_H

/* Moves the calling process, which must have one thread, into a new network whose loopback is up;
 * the rights that come with it are given up, so that calls fail there as they do elsewhere. Returns
 * 0 or an errno value: ENOSYS where the system has no such thing. After a failure the process may
 * have no network at all, and can but end. */
int net_enter_private(void);

#endif
