/* SPDX-License-Identifier: MIT
 *
 * Hints for what can be wrong with an address: taken, not this computer's, forbidden, of another
 * family, no such path. Who holds a taken one is src/net/fault_holder.c's to find out.
 */
#include "fault_hint.h"
#include "fault_holder.h"

#include "net/inspect.h"

#include <errno.h>
#include <net/if.h>

/* The address is of another family than the socket. */
static bool is_foreign(const struct net_fault *fault)
{
    int family = net_address_family(&fault->address);
    return fault->facts.exists && family != AF_UNSPEC && family != fault->facts.family;
}

static bool is_privileged_port(const struct net_fault *fault)
{
    int port = net_address_port(&fault->address);
    return port > 0 && port < net_inspect_first_open_port();
}

static bool has_port_0(const struct net_fault *fault)
{
    return net_address_port(&fault->address) == 0;
}

/* An IPv6 address that means another computer on each network, without the network's name. */
static bool lacks_scope(const struct net_fault *fault)
{
    const struct sockaddr_in6 *in6 = &fault->address.u.in6;
    return net_address_family(&fault->address) == AF_INET6 && in6->sin6_scope_id == 0 &&
           (IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&in6->sin6_addr));
}

/* The socket has an address of its own already. */
static bool is_bound(const struct net_fault *fault)
{
    const struct net_address *local = &fault->seen.view.local;
    size_t length;
    net_address_path(local, &length);
    return net_address_port(local) > 0 || length > 0;
}

static bool is_mapped(const struct net_address *a)
{
    return net_address_family(a) == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&a->u.in6.sin6_addr);
}

/* An address of IPv4, written as one of IPv6, at a socket that wants none. */
static bool is_mapped_for_ipv6_alone(const struct net_fault *fault)
{
    return fault->seen.ipv6_alone && is_mapped(&fault->address);
}

/* And there it is bind() that chose IPv6, which sets the option by the way. */
static bool is_mapped_for_bound(const struct net_fault *fault)
{
    const struct net_address *local = &fault->seen.view.local;
    return is_mapped(&fault->address) && net_address_family(local) == AF_INET6 &&
           !is_mapped(local) && !net_address_is_any(local);
}

/* The other way round: it has an address of IPv4 already, and is given one of IPv6. */
static bool is_for_mapped(const struct net_fault *fault)
{
    const struct net_address *local = &fault->seen.view.local;
    return is_mapped(local) && net_address_family(&fault->address) == AF_INET6 &&
           !is_mapped(&fault->address);
}

/* Bound to loopback, and the address is elsewhere. */
static bool is_confined_to_loopback(const struct net_fault *fault)
{
    const struct net_address *local = &fault->seen.view.local;
    return net_address_is_loopback(local) && fault->address.length != 0 &&
           !net_address_is_loopback(&fault->address) && !net_address_is_any(&fault->address);
}

static bool is_broadcast(const struct net_fault *fault)
{
    return net_address_family(&fault->address) == AF_INET && hint_is_to_many(fault) &&
           !IN_MULTICAST(ntohl(fault->address.u.in.sin_addr.s_addr)) && !fault->seen.broadcasts;
}

/* Linux knows more addresses for broadcast than getifaddrs() tells. */
static bool is_perhaps_broadcast(const struct net_fault *fault)
{
    return fault->facts.family == AF_INET && fault->facts.type != SOCK_STREAM &&
           !fault->seen.broadcasts;
}

static bool is_unrouted(const struct net_fault *fault)
{
    return fault->seen.unrouted || (fault->flags & MSG_DONTROUTE) != 0;
}

/* The network was named, and the kernel has none of that number. */
static bool has_unknown_scope(const struct net_fault *fault)
{
    char name[IF_NAMESIZE];
    return net_address_family(&fault->address) == AF_INET6 &&
           fault->address.u.in6.sin6_scope_id != 0 &&
           if_indextoname(fault->address.u.in6.sin6_scope_id, name) == NULL;
}

static bool has_scope(const struct net_fault *fault)
{
    return net_address_family(&fault->address) == AF_INET6 &&
           fault->address.u.in6.sin6_scope_id != 0;
}

/* listen() would have chosen a port, and found none. */
static bool is_unbound(const struct net_fault *fault)
{
    return net_address_port(&fault->seen.view.local) == 0;
}

static bool is_unbound_datagram(const struct net_fault *fault)
{
    return hint_is_internet(fault) && hint_is_datagram(fault) && is_unbound(fault);
}

/* ::1 is an address of every computer that has IPv6 turned on. */
static bool lacks_inet6(const struct net_fault *fault)
{
    return net_address_family(&fault->address) == AF_INET6 &&
           net_address_is_loopback(&fault->address) && !net_address_is_own(&fault->address);
}

static bool is_loopback(const struct net_fault *fault)
{
    return net_address_is_loopback(&fault->address) && !hint_is_to_many(fault);
}

static bool is_distant_inet6(const struct net_fault *fault)
{
    return hint_is_inet6(fault) && !net_address_is_loopback(&fault->address);
}

static bool is_raw_inet6(const struct net_fault *fault)
{
    return hint_is_inet6(fault) && fault->facts.type == SOCK_RAW;
}

/* connect() found its own port given, and so did not look for a free one. */
static bool is_bound_stream(const struct net_fault *fault)
{
    return !hint_is_datagram(fault) && is_bound(fault);
}

static void write_privileged_port(struct buffer *out, const struct hint_scene *scene)
{
    int port = net_address_port(&scene->fault->address), first = net_inspect_first_open_port();
    buffer_printf(out,
                  "Port %d is below %d, and such ports need a privilege (root, or "
                  "CAP_NET_BIND_SERVICE). Choose a port from %d on, such as %d.",
                  port, first, first, first > 8080 ? first : 8080);
}

#define FOREIGN                                                                                    \
    "{This} is of family {family}, and {where} is an address of {other}. Both must be of one "     \
    "family: make the socket with socket({other})."
#define NO_PORT                                                                                    \
    "No local port is left from which to reach {where}: all are in use, or rest in TIME_WAIT. "    \
    "Close connections, or wait a minute."
#define NO_INTERFACE                                                                               \
    "This computer has no network interface of the name or number behind the % of the address. "   \
    "`ip link` in another terminal lists them."
#define PAIR_TAKEN                                                                                 \
    "There is, or was a moment ago, a connection from this local address and port to {where}, "    \
    "and "                                                                                         \
    "there can be only one. Without bind() the kernel chooses a free port."
#define MAPPED                                                                                     \
    "{address} is an address of IPv4, written as one of IPv6, and IPV6_V6ONLY keeps {this} to "    \
    "IPv6. Leave that option out, or use a socket of AF_INET."

static const struct hint rows[] = {
    {EADDRINUSE, CALL(NET_BIND), is_bound,
     "{This} has an address already: {local}. A socket is bound once; for another address make a "
     "new one.",
     NULL},
    {EADDRINUSE, CALL(NET_BIND), NULL, NULL, hint_write_holder},
    {EADDRINUSE, CALL(NET_LISTEN), is_unbound,
     "{This} is not bound, and no free port is left on this computer for listen() to choose. "
     "Close connections, or bind() to a port of your choice.",
     NULL},
    {EADDRINUSE, CALL(NET_LISTEN), NULL,
     "Another socket listens on {local} already. SO_REUSEADDR lets two of them bind one address, "
     "but only one may listen. Close the other, or choose another port.",
     NULL},
    {EADDRINUSE, CALL(NET_CONNECT), NULL, PAIR_TAKEN, NULL},

    {EADDRNOTAVAIL, CALL_ADDRESSED, lacks_inet6,
     "This computer has no {address}: IPv6, or the loopback interface, is turned off. A socket of "
     "AF_INET and \"127.0.0.1\" do without IPv6.",
     NULL},
    {EADDRNOTAVAIL, CALL(NET_BIND), hint_is_inet6,
     "{address} is not an address of this computer. bind() takes one of its own, such as \"::1\", "
     "or \"\" for all of them; another computer's address goes to connect().",
     NULL},
    {EADDRNOTAVAIL, CALL(NET_BIND), NULL,
     "{address} is not an address of this computer. bind() takes one of its own, such as "
     "\"127.0.0.1\", or \"\" for all of them; another computer's address goes to connect().",
     NULL},
    {EADDRNOTAVAIL, CALL(NET_CONNECT), is_bound_stream, PAIR_TAKEN, NULL},
    {EADDRNOTAVAIL, CALL(NET_CONNECT) | CALL_SEND, is_distant_inet6,
     "This computer has no IPv6 address from which {where} can be reached, or no free port is "
     "left. Does the host have an IPv4 address, and does an AF_INET socket reach it?",
     NULL},
    {EADDRNOTAVAIL, CALL(NET_CONNECT) | CALL_SEND, NULL, NO_PORT, NULL},
    {EAGAIN, CALL(NET_SENDTO), is_unbound_datagram, NO_PORT, NULL},

    {EACCES, CALL(NET_BIND), is_privileged_port, NULL, write_privileged_port},
    {EACCES, CALL(NET_BIND), NULL,
     "A policy of this computer, such as SELinux has, forbids bind() to {where}.", NULL},
    {EACCES, CALL(NET_CONNECT) | CALL_SEND, is_broadcast,
     "{address} is a broadcast address. Sending to everybody has to be asked for: "
     "setsockopt({s}, SOL_SOCKET, SO_BROADCAST, 1).",
     NULL},
    {EACCES, CALL(NET_CONNECT) | CALL_SEND, is_perhaps_broadcast,
     "Is {address} a broadcast address? Sending to everybody has to be asked for: "
     "setsockopt({s}, SOL_SOCKET, SO_BROADCAST, 1). Otherwise a firewall or a route forbids it.",
     NULL},
    {EACCES, CALL(NET_CONNECT) | CALL_SEND, NULL,
     "A firewall rule, a route or a policy of this computer forbids {call}() with {where}.", NULL},

    {EAFNOSUPPORT, CALL_ADDRESSED, is_foreign, FOREIGN, NULL},
    {EINVAL, CALL_ADDRESSED, is_foreign, FOREIGN, NULL},
    {EAFNOSUPPORT, CALL_ADDRESSED, is_for_mapped,
     "{This} has {local}, an address of IPv4 written as one of IPv6, and reaches none but those of "
     "IPv4 from there. Make a new socket for {where}.",
     NULL},
    {EINVAL, CALL_ADDRESSED, lacks_scope,
     "{address} is different for each network: say which by the name of its interface, as in "
     "fe80::1%eth0. `ip link` in another terminal lists the interfaces.",
     NULL},
    {ENETUNREACH, CALL_ADDRESSED, lacks_scope,
     "{address} is different for each network: say which by the name of its interface, as in "
     "fe80::1%eth0. `ip link` in another terminal lists the interfaces.",
     NULL},
    {ENETUNREACH, CALL_ADDRESSED, has_unknown_scope, NO_INTERFACE, NULL},
    {ENETUNREACH, CALL_ADDRESSED, has_scope,
     "{address} cannot be reached through the interface behind its %: it is turned off, or leads "
     "elsewhere. `ip -6 route` in another terminal shows the routes.",
     NULL},
    {ENETUNREACH, CALL_ADDRESSED, is_mapped_for_bound,
     "{address} is an address of IPv4, written as one of IPv6, and {this} is bound to {local}, "
     "from where it reaches IPv6 alone. Use a socket of AF_INET.",
     NULL},
    {ENETUNREACH, CALL_ADDRESSED, is_mapped_for_ipv6_alone, MAPPED, NULL},
    {ENETUNREACH, CALL_ADDRESSED, is_unrouted,
     "{address} lies behind a router, and MSG_DONTROUTE or SO_DONTROUTE asks to send to the "
     "networks next to this computer alone. Leave it out.",
     NULL},
    {ENETUNREACH, CALL_ADDRESSED, is_loopback,
     "{address} is this computer itself, and cannot be reached: its loopback interface is turned "
     "off, or a firewall forbids it. `ip link set lo up`, as root, turns it on.",
     NULL},

    {EINVAL, CALL(NET_SENDTO) | CALL(NET_CONNECT), has_port_0,
     "Port 0 means \"any free port\" and is for bind() alone. Give the port that the receiver has "
     "bound.",
     NULL},
    {ECONNREFUSED, CALL(NET_CONNECT), has_port_0,
     "Port 0 means \"any free port\" and is for bind() alone: nothing can listen there. Give the "
     "port that the server has bound.",
     NULL},
    {EINVAL, CALL(NET_SENDTO) | CALL(NET_CONNECT), is_confined_to_loopback,
     "{This} is bound to {local}, and from there only this computer itself is reached. Leave "
     "bind() out, or bind to \"\".",
     NULL},
    {EINVAL, CALL(NET_SENDTO), is_raw_inet6,
     "A raw socket has no ports: the port of the address is 0, or the number of the socket's "
     "protocol.",
     NULL},
    {EINVAL, CALL(NET_BIND), hint_is_connected,
     "{This} is connected, and has got the local address {local} with that. bind() comes before "
     "connect(); for another address make a new socket.",
     NULL},
    {EINVAL, CALL(NET_BIND), is_bound,
     "{This} has an address already: {local}. A socket is bound once; for another address make a "
     "new one.",
     NULL},
    {EINVAL, CALL(NET_BIND), is_mapped_for_ipv6_alone, MAPPED, NULL},
    {EINVAL, CALL(NET_BIND), hint_is_stream_to_many,
     "{address} stands for many computers, and a stream has one peer. A socket of type SOCK_DGRAM "
     "can be bound to it.",
     NULL},
    {ENODEV, CALL_ADDRESSED, NULL, NO_INTERFACE, NULL},
};

const struct hint_table hint_address = HINT_TABLE(rows);
