/* SPDX-License-Identifier: MIT
 *
 * The table of system calls that the program uses. It adds one thing to its namesakes: what a call
 * opens is closed on exec, so that a program started from the shell holds no port of a student's.
 */
#include "net/sys.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifdef SOCK_CLOEXEC

static int sys_socket(int family, int type, int protocol)
{
    return socket(family, type | SOCK_CLOEXEC, protocol);
}

static int sys_socketpair(int family, int type, int protocol, int fds[2])
{
    return socketpair(family, type | SOCK_CLOEXEC, protocol, fds);
}

#else

static int sys_socket(int family, int type, int protocol)
{
    int fd = socket(family, type, protocol);
    if (fd >= 0)
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

static int sys_socketpair(int family, int type, int protocol, int fds[2])
{
    if (socketpair(family, type, protocol, fds) != 0)
        return -1;
    (void)fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    return 0;
}

#endif

static int sys_set_nonblocking(int fd, int on)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0)
        return -1;
    int wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
    return wanted == flags ? 0 : fcntl(fd, F_SETFL, wanted);
}

static int sys_ioctl_int(int fd, unsigned long request, int *value)
{
    return ioctl(fd, request, value);
}

const struct net_sys net_sys_real = {
    .socket = sys_socket,
    .socketpair = sys_socketpair,
    .bind = bind,
    .listen = listen,
    .accept = net_sys_accept,
    .connect = connect,
    .send = send,
    .sendto = sendto,
    .recv = recv,
    .recvfrom = recvfrom,
    .shutdown = shutdown,
    .close = close,
    .getsockname = getsockname,
    .getpeername = getpeername,
    .setsockopt = setsockopt,
    .getsockopt = getsockopt,
    .set_nonblocking = sys_set_nonblocking,
    .ioctl_int = sys_ioctl_int,
    .poll = poll,
    .getaddrinfo = getaddrinfo,
    .freeaddrinfo = freeaddrinfo,
    .getnameinfo = getnameinfo,
    .gethostname = gethostname,
};
