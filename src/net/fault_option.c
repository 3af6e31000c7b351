/* SPDX-License-Identifier: MIT
 *
 * Hints for setsockopt() and getsockopt(): an option that the socket does not have, a value that
 * the option does not take, a group of receivers.
 */
#include "fault_hint.h"

#include <errno.h>
#include <netinet/tcp.h>

#define CALL_SET CALL(NET_SETSOCKOPT)
#define CALL_OPTION (CALL_SET | CALL(NET_GETSOCKOPT))

#define UNKNOWN_OPTION                                                                             \
    "A {kind} socket does not know this option at this level. SO_ options go with SOL_SOCKET, "    \
    "TCP_ with IPPROTO_TCP, IP_ with IPPROTO_IP, IPV6_ with IPPROTO_IPV6."
#define PRIVILEGED "Setting this option to this value needs a privilege (root, or CAP_NET_ADMIN)."

static bool can_be_read(const struct net_fault *fault)
{
    return fault->seen.readable;
}

static bool is_congestion(const struct net_fault *fault)
{
#ifdef TCP_CONGESTION
    return fault->level == IPPROTO_TCP && fault->option == TCP_CONGESTION;
#else
    (void)fault;
    return false;
#endif
}

/* The one option that takes a thing away for which no name is given. */
static bool is_filter(const struct net_fault *fault)
{
#ifdef SO_DETACH_FILTER
    return fault->level == SOL_SOCKET && fault->option == SO_DETACH_FILTER;
#else
    (void)fault;
    return false;
#endif
}

static const struct hint rows[] = {
    {ENOPROTOOPT, CALL_SET, can_be_read,
     "{option} can only be read, by getsockopt(): the kernel says by it how {this} is.", NULL},
    {ENOPROTOOPT, CALL_OPTION, NULL, UNKNOWN_OPTION, NULL},
    {EOPNOTSUPP, CALL_OPTION, NULL, UNKNOWN_OPTION, NULL},
    {ENOTCONN, CALL_OPTION, NULL,
     "{option} is about a connection, and {this} has none. connect() comes first, or, at a server, "
     "accept().",
     NULL},
    {EISCONN, CALL_SET, NULL,
     "{option} cannot be set any more, as {this} is connected. Set it before connect().", NULL},
    {EINVAL, CALL_OPTION, NULL,
     "The option does not take this value, or not while the socket is as it is now: some must be "
     "set before bind() or connect().",
     NULL},
    {EDOM, CALL_SET, NULL, "The number is outside the range that the option takes.", NULL},
    {EPERM, CALL_SET, NULL, PRIVILEGED, NULL},
    {EACCES, CALL_SET, NULL, PRIVILEGED, NULL},

    {EADDRINUSE, CALL_SET, NULL,
     "{This} has joined that group already: once is enough, for as long as the socket is open.",
     NULL},
    {EADDRNOTAVAIL, CALL_SET, NULL,
     "The value names an address that this computer does not have, or a group that the socket has "
     "not joined.",
     NULL},
    {ENOBUFS, CALL_SET, NULL,
     "{This} is in as many groups as it may be (`sysctl net.ipv4.igmp_max_memberships` shows how "
     "many), or the kernel has no memory for the option.",
     NULL},
    {EPROTO, CALL_SET, NULL,
     "A stream has one peer, and joins no group. Use a socket of type SOCK_DGRAM.", NULL},
    {ENODEV, CALL_SET, NULL,
     "This computer has no network interface of that name or number. `ip link` in another terminal "
     "lists them.",
     NULL},

    {ENOENT, CALL_SET, is_congestion,
     "The kernel has no way of congestion control of that name. `sysctl "
     "net.ipv4.tcp_available_congestion_control` in another terminal lists the names.",
     NULL},
    {ENOENT, CALL_SET, is_filter, "{This} has no filter that could be taken away.", NULL},
    {ENOENT, CALL_SET, NULL, "The kernel has nothing of the name that the option was given.", NULL},
};

const struct hint_table hint_option = HINT_TABLE(rows);
