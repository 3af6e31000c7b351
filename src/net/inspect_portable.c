/* SPDX-License-Identifier: MIT
 *
 * Where the system is not known to tell more of a socket than POSIX asks, which is whether it
 * listens: everything else is said to be unknown.
 */
#include "inspect_system.h"

#if !defined(__linux__) || defined(SOCKREPL_PORTABLE)

#include <errno.h>

void inspect_tcp(const struct net_sys *sys, int fd, struct net_view *view)
{
    int listens = 0;
    socklen_t length = sizeof listens;
    bool told = sys->getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0;
    view->state = told && listens ? NET_TCP_LISTEN : NET_TCP_UNKNOWN;
}

int net_inspect_table(int type, bool (*each)(void *context, const struct net_tcp_entry *entry),
                      void *context)
{
    (void)type;
    (void)each;
    (void)context;
    return ENOSYS;
}

int net_inspect_process(unsigned long inode, long *pid, char *name, size_t name_size)
{
    (void)inode;
    (void)pid;
    (void)name;
    (void)name_size;
    return ENOENT;
}

int net_inspect_first_open_port(void)
{
    return IPPORT_RESERVED;
}

#endif
