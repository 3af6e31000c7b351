/* SPDX-License-Identifier: MIT
 *
 * What every system with sockets tells in the same way: addresses, counts of bytes, and what things
 * are called. It must not know how a system tells more.
 */
#include "inspect_system.h"

#include "net/name.h"

#include <sys/ioctl.h>
#include <termios.h>

const char *net_tcp_state_name(enum net_tcp_state state)
{
    static const char *const names[] = {
        [NET_TCP_UNKNOWN] = "unknown",       [NET_TCP_ESTABLISHED] = "ESTABLISHED",
        [NET_TCP_SYN_SENT] = "SYN_SENT",     [NET_TCP_SYN_RECV] = "SYN_RECV",
        [NET_TCP_FIN_WAIT1] = "FIN_WAIT1",   [NET_TCP_FIN_WAIT2] = "FIN_WAIT2",
        [NET_TCP_TIME_WAIT] = "TIME_WAIT",   [NET_TCP_CLOSED] = "CLOSED",
        [NET_TCP_CLOSE_WAIT] = "CLOSE_WAIT", [NET_TCP_LAST_ACK] = "LAST_ACK",
        [NET_TCP_LISTEN] = "LISTEN",         [NET_TCP_CLOSING] = "CLOSING",
    };
    return names[state];
}

/* A protocol of the Internet families, by what socket() was told. */
static const char *internet_protocol(int type, int protocol)
{
    static const struct {
        int type, protocol;
        const char *name;
    } known[] = {
        {SOCK_STREAM, 0, "TCP"},
        {SOCK_STREAM, IPPROTO_TCP, "TCP"},
        {SOCK_DGRAM, 0, "UDP"},
        {SOCK_DGRAM, IPPROTO_UDP, "UDP"},
        {SOCK_DGRAM, IPPROTO_ICMP, "ICMP"},
        {SOCK_DGRAM, IPPROTO_ICMPV6, "ICMP"},
#ifdef IPPROTO_SCTP
        {SOCK_STREAM, IPPROTO_SCTP, "SCTP"},
        {SOCK_SEQPACKET, IPPROTO_SCTP, "SCTP"},
        {SOCK_SEQPACKET, 0, "SCTP"},
#endif
#ifdef IPPROTO_MPTCP
        {SOCK_STREAM, IPPROTO_MPTCP, "MPTCP"},
#endif
#ifdef IPPROTO_UDPLITE
        {SOCK_DGRAM, IPPROTO_UDPLITE, "UDP-Lite"},
#endif
    };
    if (type == SOCK_RAW)
        return "raw";
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].type == type && known[i].protocol == protocol)
            return known[i].name;
    }
    return NULL;
}

static const char *unix_type(int type)
{
    switch (type) {
    case SOCK_STREAM:
        return "UNIX stream";
    case SOCK_DGRAM:
        return "UNIX datagram";
    case SOCK_SEQPACKET:
        return "UNIX seqpacket";
    default:
        return NULL;
    }
}

void net_kind_of_socket(struct buffer *out, int family, int type, int protocol)
{
    bool internet = family == AF_INET || family == AF_INET6;
    const char *known = NULL;
    if (internet)
        known = internet_protocol(type, protocol);
    if (family == AF_UNIX)
        known = unix_type(type);
    if (known) {
        buffer_puts(out, known);
        if (internet)
            buffer_puts(out, family == AF_INET ? "/IPv4" : "/IPv6");
        return;
    }
    net_name_append(out, NET_FAMILY, family);
    buffer_putc(out, ' ');
    net_name_append(out, NET_TYPE, type);
    if (protocol == 0)
        return;
    buffer_putc(out, ' ');
    net_name_append(out, NET_PROTOCOL, protocol);
}

typedef int inspect_ask(int fd, struct sockaddr *address, socklen_t *length);

static void inspect_address(inspect_ask *ask, int fd, struct net_address *a)
{
    a->length = sizeof a->u;
    if (ask(fd, &a->u.any, &a->length) != 0)
        a->length = 0;
}

static long inspect_count(const struct net_sys *sys, int fd, unsigned long request)
{
    int count = 0;
    return sys->ioctl_int(fd, request, &count) == 0 ? count : -1;
}

bool net_view_listens(const struct net_view *view, bool listening)
{
    return view->state == NET_TCP_LISTEN || (listening && view->state == NET_TCP_UNKNOWN);
}

void net_inspect(const struct net_sys *sys, int fd, int family, int type, bool listening,
                 struct net_view *view)
{
    bool tcp = type == SOCK_STREAM && (family == AF_INET || family == AF_INET6);
    *view = (struct net_view){.queued = -1, .queue_limit = -1, .to_read = -1, .unsent = -1};
    if (fd < 0)
        return;
    inspect_address(sys->getsockname, fd, &view->local);
    inspect_address(sys->getpeername, fd, &view->peer);
    if (tcp)
        inspect_tcp(sys, fd, view);
    if (net_view_listens(view, listening))
        return;
    view->to_read = inspect_count(sys, fd, FIONREAD);
#ifdef TIOCOUTQ
    if (tcp) /* Linux counts 3 after a connect that was refused */
        view->unsent = view->state == NET_TCP_CLOSED ? 0 : inspect_count(sys, fd, TIOCOUTQ);
#endif
}
