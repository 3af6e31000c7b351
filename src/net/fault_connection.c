/* SPDX-License-Identifier: MIT
 *
 * Hints for the life of a connection: listening, connecting, accepting, and how it ends or is never
 * reached. What goes through it is src/net/fault_transfer.c's.
 */
#include "fault_hint.h"

#include <errno.h>

static bool is_unix_unbound(const struct net_fault *fault)
{
    size_t length;
    net_address_path(&fault->seen.view.local, &length);
    return hint_is_unix(fault) && length == 0;
}

/* The shell's own time ran out, and the kernel goes on. */
static bool is_own_connecting(const struct net_fault *fault)
{
    return hint_is_own_timeout(fault) && fault->facts.connecting;
}

/* MSG_FASTOPEN makes of sendto() a connect() that sends. */
static bool is_fast_open(const struct net_fault *fault)
{
#ifdef MSG_FASTOPEN
    return (fault->flags & MSG_FASTOPEN) != 0;
#else
    (void)fault;
    return false;
#endif
}

/* What befell the new connection before anybody took it comes out of accept(2), by which it is lost
 * and not the listener. */
#define CLIENT_IS_LOST                                                                             \
    "The network lost the client that waited. Nothing is wrong with {this}: call accept() again."

#define CLIENT_HAS_NO_SOCKET                                                                       \
    "The system could not make a socket for the client that waited. Nothing is wrong with "        \
    "{this}: call accept() again."
#define CALL_WITH_PEER (CALL(NET_CONNECT) | CALL_TRANSFER)

static const struct hint rows[] = {
    {ECONNREFUSED, CALL(NET_CONNECT), NULL,
     "Nothing is listening on {where}. Is the server running? A socket that is bound takes "
     "connections only after listen().",
     NULL},
    {ECONNREFUSED, CALL(NET_SENDTO), is_fast_open,
     "Nothing is listening on {where}. Is the server running? A socket that is bound takes "
     "connections only after listen().",
     NULL},
    {ECONNREFUSED, CALL_TRANSFER, hint_is_datagram,
     "An earlier datagram was refused: no program has a socket on {peer}. UDP has no connection "
     "and can say so only at a later call. Is the receiver running?",
     NULL},
    {ECONNREFUSED, CALL_TRANSFER, NULL,
     "The connection that was begun earlier was refused: nothing listens there. Is the server "
     "running? Try again with a new socket.",
     NULL},

    {ECONNRESET, CALL(NET_CONNECT), NULL,
     "{where} took the connection and broke it off at once. Its server may have ended at this "
     "moment. Try again with a new socket.",
     NULL},
    {ECONNRESET, CALL(NET_ACCEPT), NULL,
     "That client broke off before accept() took it. Nothing is wrong with {this}: call accept() "
     "again.",
     NULL},
    {ECONNRESET, ANY_CALL, NULL,
     "The peer broke the connection off: it closed, or its program ended, before it had read or "
     "accepted all, or it had set SO_LINGER to 0. What was under way is lost. Close this socket.",
     NULL},
    {ECONNABORTED, CALL(NET_ACCEPT), NULL,
     "A client connected and went away before accept() took it. Nothing is wrong with {this}: call "
     "accept() again.",
     NULL},
    {ECONNABORTED, ANY_CALL, NULL,
     "This computer gave the connection up. Close the socket, and connect anew.", NULL},
    {EPROTO, CALL(NET_ACCEPT), NULL,
     "Something was wrong with the client that waited, not with {this}: call accept() again.",
     NULL},
    {EHOSTUNREACH, CALL(NET_ACCEPT), NULL, CLIENT_IS_LOST, NULL},
    {EHOSTDOWN, CALL(NET_ACCEPT), NULL, CLIENT_IS_LOST, NULL},
    {ENETUNREACH, CALL(NET_ACCEPT), NULL, CLIENT_IS_LOST, NULL},
    {ENOPROTOOPT, CALL(NET_ACCEPT), NULL, CLIENT_IS_LOST, NULL},
    {EOPNOTSUPP, CALL(NET_ACCEPT), hint_is_listening, CLIENT_IS_LOST, NULL},
    {ESOCKTNOSUPPORT, CALL(NET_ACCEPT), NULL, CLIENT_HAS_NO_SOCKET, NULL},
    {EPROTONOSUPPORT, CALL(NET_ACCEPT), NULL, CLIENT_HAS_NO_SOCKET, NULL},
#ifdef ENOSR
    {ENOSR, CALL(NET_ACCEPT), NULL, CLIENT_HAS_NO_SOCKET, NULL},
#endif
#ifdef ENONET
    {ENONET, CALL(NET_ACCEPT), NULL, CLIENT_IS_LOST, NULL},
#endif
    {ENOPROTOOPT, CALL_WITH_PEER, NULL,
     "The other computer, or a firewall before it, answered that it does not know the protocol "
     "({kind}). Is the address right?",
     NULL},
    {EPROTO, ANY_CALL, NULL,
     "A computer on the way answered that there was a mistake in the head of an earlier packet.",
     NULL},
    {ENETRESET, ANY_CALL, NULL,
     "The connection was dropped, as keepalive found the peer gone. Close the socket, and connect "
     "anew.",
     NULL},

    {ETIMEDOUT, CALL(NET_CONNECT), is_own_connecting,
     "The {seconds} s of settimeout() ran out before {where} answered. The kernel goes on "
     "connecting: close this socket, and try with a new one.",
     NULL},
    {ETIMEDOUT, CALL(NET_CONNECT), hint_is_own_timeout,
     "The {seconds} s of settimeout() ran out, and the server's queue of waiting connections was "
     "full all the time. It has to call accept().",
     NULL},
    {ETIMEDOUT, CALL(NET_CONNECT), NULL,
     "{where} never answered, however often TCP asked. Is the address right, and that computer "
     "on? A firewall that drops packets silently looks the same.",
     NULL},

    {EHOSTUNREACH, CALL_ADDRESSED, NULL,
     "{address} cannot be reached: no such computer answers on its network, or a router, a "
     "firewall or a route of this computer turned the packet back. Check the address; does ping "
     "reach it?",
     NULL},
    {EHOSTUNREACH, ANY_CALL, NULL,
     "The peer cannot be reached: its computer does not answer on its network any more, or a "
     "router "
     "or firewall turned a packet back.",
     NULL},
    {EHOSTDOWN, ANY_CALL, NULL,
     "The network says that the other computer is off. Check the address.", NULL},
    {ENETUNREACH, CALL(NET_CONNECT), hint_is_stream_to_many,
     "{address} stands for many computers, and a stream has one peer. Give one host's address, or "
     "use SOCK_DGRAM with sendto().",
     NULL},
    {ENETUNREACH, CALL_ADDRESSED, hint_is_inet6,
     "This computer has no route to {address}, perhaps as it has IPv4 only; or a router or "
     "firewall "
     "turned the packet back. Does the host have an IPv4 address, and does an AF_INET socket reach "
     "it?",
     NULL},
    {ENETUNREACH, CALL_ADDRESSED, NULL,
     "This computer has no route to {address}, or a router or firewall turned the packet back. Is "
     "the network up, and the address right? `ip route` in another terminal shows the routes.",
     NULL},
    {ENETUNREACH, ANY_CALL, NULL,
     "There is no route to the peer any more, or a router or firewall turned a packet back. Is the "
     "network up?",
     NULL},
    {ENETDOWN, CALL(NET_ACCEPT), NULL,
     "The network of the client that waited is down. Nothing is wrong with {this}: call accept() "
     "again.",
     NULL},
    {ENETDOWN, ANY_CALL, NULL,
     "The network interface through which this has to go is turned off. `ip link` in another "
     "terminal shows it.",
     NULL},

    {EINPROGRESS, CALL(NET_CONNECT), hint_is_nonblocking,
     "This is no failure: the connection is being made, and {this} does not wait for it. When "
     "poll() finds it ready to write, getsockopt({s}, SOL_SOCKET, SO_ERROR) is the outcome.",
     NULL},
    {EINPROGRESS, CALL(NET_CONNECT), NULL,
     "The time of SO_SNDTIMEO ran out before {where} answered. The kernel goes on connecting: "
     "close this socket, and try with a new one.",
     NULL},
    {EALREADY, ANY_CALL, NULL,
     "An earlier connect() of {this} is still under way. When poll() finds it ready to write, "
     "getsockopt({s}, SOL_SOCKET, SO_ERROR) is its outcome.",
     NULL},
    {EAGAIN, CALL(NET_CONNECT), hint_is_unix,
     "The server's queue of waiting connections is full: it has to call accept(). The same call "
     "may succeed a little later.",
     NULL},
    {EAGAIN, CALL(NET_CONNECT), NULL,
     "No local port is free for the connection at the moment. Close connections, or try again "
     "later.",
     NULL},

    {EISCONN, CALL(NET_CONNECT), hint_is_listening,
     "{This} is listening: it takes connections and cannot make one itself. Make a second socket "
     "for the client: c = socket().",
     NULL},
    {EISCONN, CALL(NET_CONNECT), hint_is_connected,
     "{This} is connected already, to {peer}. A socket of this type connects once: make a new one "
     "for another connection.",
     NULL},
    {EISCONN, CALL(NET_CONNECT), NULL,
     "{This} is connected already, or has been. A socket of this type connects once: make a new "
     "one.",
     NULL},
    {EINVAL, CALL(NET_CONNECT), hint_is_listening,
     "{This} is listening: it takes connections and cannot make one itself. Make a second socket "
     "for the client.",
     NULL},
    {EOPNOTSUPP, CALL(NET_CONNECT), hint_is_listening,
     "{This} is listening: it takes connections and cannot make one itself. Make a second socket "
     "for the client.",
     NULL},

    {EINVAL, CALL(NET_LISTEN), hint_is_connected,
     "{This} is connected to {peer}, and a connected socket cannot listen. A server listens on a "
     "socket of its own: socket(), bind(), listen().",
     NULL},
    {EINVAL, CALL(NET_LISTEN), hint_is_connecting,
     "{This} is being connected, and cannot listen. A server listens on a socket of its own: "
     "socket(), bind(), listen().",
     NULL},
    {EINVAL, CALL(NET_LISTEN), is_unix_unbound,
     "{This} has no path under which clients could find it. bind({s}, \"/tmp/name\") comes before "
     "listen().",
     NULL},
    {EINVAL, CALL(NET_LISTEN), NULL,
     "{This} is in use for a connection, and cannot listen. A server listens on a socket of its "
     "own: socket(), bind(), listen().",
     NULL},
    {EINVAL, CALL(NET_ACCEPT), hint_is_listening,
     "{This} does not listen any more: shutdown() has ended that. Make a new socket, bind() and "
     "listen().",
     NULL},
    {EINVAL, CALL(NET_ACCEPT), hint_is_connecting,
     "{This} is being connected to a server. accept() is for the socket that listens, a server's.",
     NULL},
    {EINVAL, CALL(NET_ACCEPT), hint_is_connected,
     "{This} is a connection, to {peer}. accept() is for the socket that listens; this one is for "
     "send() and recv().",
     NULL},
    {EINVAL, CALL(NET_ACCEPT), NULL,
     "{This} does not listen. A server calls bind(), then listen({s}), and only then accept({s}).",
     NULL},
    {EOPNOTSUPP, CALL(NET_LISTEN) | CALL(NET_ACCEPT), hint_is_datagram,
     "{call}() is for streams; {this} is for datagrams, which come without a connection. After "
     "bind() recvfrom() receives from everybody.",
     NULL},
    {EOPNOTSUPP, CALL(NET_LISTEN) | CALL(NET_ACCEPT), NULL,
     "Sockets of type {type} have no connections that {call}() could take. SOCK_STREAM has.", NULL},
};

const struct hint_table hint_connection = HINT_TABLE(rows);
