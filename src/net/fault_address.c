/* SPDX-License-Identifier: MIT
 *
 * Hints for what can be wrong with an address: taken, not this computer's, forbidden, of another
 * family, no such path. Who holds a taken one is src/net/fault_holder.c's to find out.
 */
#include "fault_hint.h"
#include "fault_holder.h"

#include "net/inspect.h"

#include <errno.h>

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

static bool is_unix_unnamed(const struct net_fault *fault)
{
    size_t length;
    net_address_path(&fault->address, &length);
    return net_address_family(&fault->address) == AF_UNIX && length == 0;
}

/* The socket has an address of its own already. */
static bool is_bound(const struct net_fault *fault)
{
    const struct net_address *local = &fault->seen.view.local;
    size_t length;
    net_address_path(local, &length);
    return net_address_port(local) > 0 || length > 0;
}

/* An address of IPv4, written as one of IPv6, at a socket that wants none. */
static bool is_mapped_for_ipv6_alone(const struct net_fault *fault)
{
    return fault->seen.ipv6_alone && net_address_family(&fault->address) == AF_INET6 &&
           IN6_IS_ADDR_V4MAPPED(&fault->address.u.in6.sin6_addr);
}

/* connect() found its own port given, and so did not look for a free one. */
static bool is_bound_stream(const struct net_fault *fault)
{
    return !hint_is_datagram(fault) && is_bound(fault);
}

static bool is_inet6(const struct net_fault *fault)
{
    return fault->facts.family == AF_INET6;
}

static void write_privileged_port(struct buffer *out, const struct hint_scene *scene)
{
    int port = net_address_port(&scene->fault->address), first = net_inspect_first_open_port();
    buffer_printf(out,
                  "Port %d is below %d, and such ports need a privilege (root, or "
                  "CAP_NET_BIND_SERVICE). Choose a port from %d on, such as %d.",
                  port, first, first, first > 8080 ? first : 8080);
}

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
    {EADDRINUSE, CALL(NET_LISTEN), NULL,
     "Another socket listens on {local} already. SO_REUSEADDR lets two of them bind one address, "
     "but only one may listen. Close the other, or choose another port.",
     NULL},
    {EADDRINUSE, CALL(NET_CONNECT), NULL, PAIR_TAKEN, NULL},

    {EADDRNOTAVAIL, CALL(NET_BIND), NULL,
     "{address} is not an address of this computer. bind() takes one of its own, such as "
     "\"127.0.0.1\", "
     "or \"\" for all of them; another computer's address goes to connect().",
     NULL},
    {EADDRNOTAVAIL, CALL(NET_CONNECT), is_bound_stream, PAIR_TAKEN, NULL},
    {EADDRNOTAVAIL, CALL(NET_CONNECT) | CALL_SEND, is_inet6,
     "This computer has no IPv6 address from which {where} can be reached, or no free port is "
     "left. Does the host have an IPv4 address, and does an AF_INET socket reach it?",
     NULL},
    {EADDRNOTAVAIL, CALL(NET_CONNECT) | CALL_SEND, NULL,
     "No local port is left from which to reach {where}: all are in use, or rest in TIME_WAIT. "
     "Close connections, or wait a minute.",
     NULL},
    {EADDRNOTAVAIL, CALL(NET_SETSOCKOPT), NULL,
     "The value names an address that this computer does not have, or a group that the socket has "
     "not joined.",
     NULL},

    {EACCES, CALL(NET_BIND), is_privileged_port, NULL, write_privileged_port},
    {EACCES, CALL(NET_BIND), hint_is_unix,
     "bind() makes a file at {where}, and you may not make one there. Choose a directory in which "
     "you may write, such as /tmp.",
     NULL},
    {EACCES, CALL(NET_CONNECT) | CALL_SEND, hint_is_unix,
     "You may not use the socket at {where}: that needs the right to write to that file and to "
     "pass through its directories. Its owner can give it with chmod.",
     NULL},
    {EACCES, CALL(NET_CONNECT) | CALL_SEND, hint_is_datagram,
     "Is {address} a broadcast address? Sending to everybody has to be asked for: "
     "setsockopt({s}, SOL_SOCKET, SO_BROADCAST, 1). Otherwise a firewall forbids it.",
     NULL},
    {EACCES, CALL_ADDRESSED | CALL(NET_SEND), NULL,
     "A firewall rule or a policy of this computer forbids {call}() with {where}.", NULL},

    {EAFNOSUPPORT, CALL_ADDRESSED, is_foreign,
     "{This} is of family {family}, and {where} is an address of {other}. Both must be of one "
     "family: make the socket with socket({other}).",
     NULL},
    {EINVAL, CALL_ADDRESSED, is_foreign,
     "{This} is of family {family}, and {where} is an address of {other}. Both must be of one "
     "family: make the socket with socket({other}).",
     NULL},
    {EINVAL, CALL_ADDRESSED, lacks_scope,
     "{address} is different for each network: say which by the name of its interface, as in "
     "fe80::1%eth0. `ip link` in another terminal lists the interfaces.",
     NULL},
    {ENETUNREACH, CALL_ADDRESSED, is_mapped_for_ipv6_alone, MAPPED, NULL},
    {EINVAL, CALL(NET_SENDTO) | CALL(NET_CONNECT), has_port_0,
     "Port 0 means \"any free port\" and is for bind() alone. Give the port that the receiver has "
     "bound.",
     NULL},
    {ECONNREFUSED, CALL(NET_CONNECT), has_port_0,
     "Port 0 means \"any free port\" and is for bind() alone: nothing can listen there. Give the "
     "port that the server has bound.",
     NULL},
    {EINVAL, CALL(NET_SENDTO) | CALL(NET_CONNECT), is_unix_unnamed,
     "An empty path names no socket. Give the path that the other side has bound.", NULL},
    {EINVAL, CALL(NET_BIND), hint_is_connected,
     "{This} is connected, and has got the local address {local} with that. bind() comes before "
     "connect(); for another address make a new socket.",
     NULL},
    {EINVAL, CALL(NET_BIND), is_bound,
     "{This} has an address already: {local}. A socket is bound once; for another address make a "
     "new one.",
     NULL},
    {EINVAL, CALL(NET_BIND), is_mapped_for_ipv6_alone, MAPPED, NULL},
    {ENODEV, CALL_ADDRESSED, NULL,
     "This computer has no network interface of the name or number behind the % of the address. "
     "`ip link` in another terminal lists them.",
     NULL},

    {EPROTOTYPE, CALL_ADDRESSED | CALL(NET_SEND), NULL,
     "The socket at {where} is of another type than {this}, which is {type}: one is a stream, the "
     "other takes datagrams. Both sides must use the same type.",
     NULL},
    {ENOENT, CALL(NET_BIND), NULL,
     "The directory in which {where} should stand does not exist. bind() makes the file, but no "
     "directory.",
     NULL},
    {ENOENT, CALL(NET_SETSOCKOPT), NULL,
     "The kernel has nothing of the name that the option was given. For TCP_CONGESTION, `sysctl "
     "net.ipv4.tcp_available_congestion_control` in another terminal lists the names.",
     NULL},
    {ENOENT, ANY_CALL, NULL,
     "There is no {where}. Is the server running, and has it bound this very path? A path without "
     "a / in front begins in the directory in which each program was started.",
     NULL},
    {ENOTDIR, ANY_CALL, NULL,
     "Something in front of a / in {where} is a file, not a directory. Check the path.", NULL},
    {EROFS, ANY_CALL, NULL,
     "{where} lies where nothing can be written. Choose another directory, such as /tmp.", NULL},
    {ENOSPC, CALL(NET_BIND), NULL,
     "There is no room left for a file at {where}. Choose another directory, or delete something.",
     NULL},
    {ELOOP, ANY_CALL, NULL,
     "The symbolic links in {where} lead round in a circle. `ls -l` shows where each one points.",
     NULL},
    {ENAMETOOLONG, ANY_CALL, NULL,
     "The path or a part of it is too long: an AF_UNIX address has room for about 100 bytes. "
     "Choose a shorter one, or one that begins in the current directory.",
     NULL},
};

const struct hint_table hint_address = HINT_TABLE(rows);
