/* SPDX-License-Identifier: MIT
 *
 * What is looked at as a call fails, for the hint that may be read later: the socket's addresses
 * and state, some of its options, and what stands at a path. Nothing is changed by looking. It must
 * not know what a hint says.
 */
#include "net/fault.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* The errnos whose hints speak of the socket's addresses, state or options. */
static bool needs_view(const struct net_fault *fault)
{
    static const int errors[] = {EACCES,   EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT,
                                 EINVAL,   EISCONN,    ECONNREFUSED,  EMSGSIZE,
                                 ENOTCONN, EPIPE,      ENETUNREACH};
    if (fault->error == EAGAIN) /* of a datagram it may mean that no port is free */
        return fault->call == NET_SENDTO && fault->facts.family != AF_UNIX &&
               fault->facts.type == SOCK_DGRAM;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        if (errors[i] == fault->error)
            return true;
    }
    return false;
}

/* A socket without the option answers as one that has not set it. */
static bool has_option(const struct net_sys *sys, const struct net_facts *facts, int level,
                       int option)
{
    int value = 0;
    socklen_t length = sizeof value;
    return sys->getsockopt(facts->fd, level, option, &value, &length) == 0 && value != 0;
}

static void look_at_socket(const struct net_sys *sys, const struct net_facts *facts,
                           struct net_observation *seen)
{
    net_inspect(sys, facts->fd, facts->family, facts->type, facts->listening, &seen->view);
    if (facts->family != AF_INET && facts->family != AF_INET6)
        return;
    seen->reuses = has_option(sys, facts, SOL_SOCKET, SO_REUSEADDR);
    seen->broadcasts = has_option(sys, facts, SOL_SOCKET, SO_BROADCAST);
    seen->unrouted = has_option(sys, facts, SOL_SOCKET, SO_DONTROUTE);
    seen->ipv6_alone =
        facts->family == AF_INET6 && has_option(sys, facts, IPPROTO_IPV6, IPV6_V6ONLY);
}

/* SO_ERROR can be read, and would be cleared by that. */
static bool is_readable(const struct net_sys *sys, const struct net_fault *fault)
{
    char value[256];
    socklen_t length = sizeof value;
    if (fault->level == SOL_SOCKET && fault->option == SO_ERROR)
        return true;
    return sys->getsockopt(fault->facts.fd, fault->level, fault->option, value, &length) == 0;
}

static enum net_standing look_at_directory(char *path)
{
    struct stat found;
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return NET_STANDS_DIRECTORY;
    slash[slash == path] = '\0'; /* of "/name" the directory is "/" */
    return stat(path, &found) == 0 && S_ISDIR(found.st_mode) ? NET_STANDS_DIRECTORY
                                                             : NET_STANDS_NOTHING;
}

/* bind() finds a link itself in its way, the others follow it. */
static enum net_standing look_at_path(enum net_call call, const struct net_address *a)
{
    struct stat found;
    char path[sizeof a->u.un.sun_path + 1] = "";
    size_t length;
    const char *bytes = net_address_path(a, &length);
    if (length == 0 || bytes[0] == '\0' || length >= sizeof path)
        return NET_STANDS_UNKNOWN;
    memcpy(path, bytes, length);
    if ((call == NET_BIND ? lstat(path, &found) : stat(path, &found)) == 0)
        return S_ISSOCK(found.st_mode) ? NET_STANDS_SOCKET : NET_STANDS_OTHER;
    return errno == ENOENT ? look_at_directory(path) : NET_STANDS_UNKNOWN;
}

/* Whoever began to connect need not have heard how that ended: the kernel has. */
static bool is_connecting(const struct net_sys *sys, int fd)
{
    struct pollfd connection = {.fd = fd, .events = POLLOUT};
    return sys->poll(&connection, 1, 0) <= 0;
}

static void observe(const struct net_sys *sys, struct net_fault *fault,
                    struct net_observation *seen)
{
    bool open = fault->facts.exists && fault->facts.fd >= 0;
    if (open && fault->facts.connecting)
        fault->facts.connecting = is_connecting(sys, fault->facts.fd);
    if (fault->cause != NET_KERNEL)
        return;
    if (open && needs_view(fault))
        look_at_socket(sys, &fault->facts, seen);
    if (open && fault->call == NET_SETSOCKOPT && fault->error == ENOPROTOOPT)
        seen->readable = is_readable(sys, fault);
    if (fault->error == EADDRINUSE || fault->error == ECONNREFUSED || fault->error == ENOENT)
        seen->standing = look_at_path(fault->call, &fault->address);
}

void net_fault_observe(const struct net_sys *sys, struct net_fault *fault)
{
    int saved = errno;
    if (fault->seen.made)
        return;
    fault->seen = (struct net_observation){.made = true};
    observe(sys, fault, &fault->seen);
    errno = saved;
}
