/* SPDX-License-Identifier: MIT
 *
 * accept() whose descriptor is closed on exec. accept4(2) does it in one step, but is an extension,
 * and the macro that opens it on Linux gives other socket calls types that fit no table of
 * functions; so it has a file of its own.
 */
#define _GNU_SOURCE
#include "net/sys.h"

#ifdef SOCK_CLOEXEC

int net_sys_accept(int fd, struct sockaddr *address, socklen_t *length)
{
    return accept4(fd, address, length, SOCK_CLOEXEC);
}

#else

#include <fcntl.h>

/* Where accept4() is missing the new socket also inherits O_NONBLOCK; here it never does. */
int net_sys_accept(int fd, struct sockaddr *address, socklen_t *length)
{
    int accepted = accept(fd, address, length);
    if (accepted < 0)
        return -1;
    (void)fcntl(accepted, F_SETFD, FD_CLOEXEC);
    int flags = fcntl(accepted, F_GETFL);
    if (flags >= 0 && (flags & O_NONBLOCK))
        (void)fcntl(accepted, F_SETFL, flags & ~O_NONBLOCK);
    return accepted;
}

#endif
