/* SPDX-License-Identifier: MIT
 *
 * Hints for sending and receiving, and for what needs a peer: there is none, it has gone, it is
 * slow, a datagram is too long.
 */
#include "fault_hint.h"

#include <errno.h>
#include <string.h>

/* The longest datagram: 65535 bytes without the headers of UDP and, in IPv4, of IP (udp(7)). */
#define LONGEST_IN 65507
#define LONGEST_IN6 65527

#define LISTENER_SENDS                                                                             \
    "{This} is the listening socket, and carries no data. Send on the socket that accept() "       \
    "returned: c = accept({s}), then {call}(c, data)."

#define LISTENER_RECEIVES                                                                          \
    "{This} is the listening socket, and carries no data. Data arrives on the socket that "        \
    "accept() returned: c = accept({s}), then {call}(c)."

#define NOT_CONNECTED                                                                              \
    "{This} is not connected. A client calls connect() first; a server takes its clients with "    \
    "accept(), and talks on the socket that accept() returned."

static bool is_unwritable(const struct net_fault *fault)
{
    return fault->facts.unwritable;
}

/* TCP says EPIPE to who never had a peer as well. */
static bool is_never_connected(const struct net_fault *fault)
{
    const struct net_view *view = &fault->seen.view;
    return view->state == NET_TCP_CLOSED && !view->had_peer && !fault->facts.ended;
}

/* UNIX stream sockets say EINVAL where the others say ENOTCONN. */
static bool is_unix_listening(const struct net_fault *fault)
{
    return hint_is_unix(fault) && fault->facts.listening;
}

static bool is_unix_alone(const struct net_fault *fault)
{
    return hint_is_unix(fault) && !hint_is_connected(fault);
}

static bool is_unix_stream(const struct net_fault *fault)
{
    return hint_is_unix(fault) && !hint_is_datagram(fault);
}

static bool is_mapped(const struct net_address *a)
{
    return net_address_family(a) == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&a->u.in6.sin6_addr);
}

/* A socket of AF_INET6 that sends to an address of IPv4 sends by IPv4. */
static bool is_too_long_in(const struct net_fault *fault)
{
    bool in = fault->facts.family == AF_INET || is_mapped(&fault->address) ||
              (fault->address.length == 0 && is_mapped(&fault->seen.view.peer));
    return in && hint_is_datagram(fault) && fault->size > LONGEST_IN;
}

static bool is_too_long_in6(const struct net_fault *fault)
{
    return hint_is_inet6(fault) && hint_is_datagram(fault) && fault->size > LONGEST_IN6;
}

static bool is_out_of_band(const struct net_fault *fault)
{
    return (fault->flags & MSG_OOB) != 0;
}

/* A queue of its own, beside that of the data. */
static bool is_of_error_queue(const struct net_fault *fault)
{
#ifdef MSG_ERRQUEUE
    return (fault->flags & MSG_ERRQUEUE) != 0;
#else
    (void)fault;
    return false;
#endif
}

static bool is_told_not_to_wait(const struct net_fault *fault)
{
    return (fault->flags & MSG_DONTWAIT) != 0;
}

static bool is_own_sendall(const struct net_fault *fault)
{
    return hint_is_own_timeout(fault) && !fault->facts.connecting && fault->sent >= 0 &&
           fault->name && strcmp(fault->name, "sendall") == 0;
}

static const struct hint rows[] = {
    {ENOTCONN, CALL_RECEIVE, hint_is_listening, LISTENER_RECEIVES, NULL},
    {ENOTCONN, CALL_SEND, hint_is_listening, LISTENER_SENDS, NULL},
    {ENOTCONN, CALL(NET_GETPEERNAME), hint_is_listening,
     "{This} is the listening socket, and has no peer. Each socket that accept() returns has one; "
     "accept() tells its address, too.",
     NULL},
    {ENOTCONN, ANY_CALL, hint_is_connecting,
     "The connection of {this} is still being made. When poll() finds it ready to write, "
     "getsockopt({s}, SOL_SOCKET, SO_ERROR) tells whether it came about.",
     NULL},
    {ENOTCONN, ANY_CALL, hint_was_connected,
     "The connection of {this} is over, on both sides: there is no peer any more. Close the "
     "socket; a new connection needs a new one.",
     NULL},
    {ENOTCONN, CALL_SEND, hint_is_datagram,
     "{This} has no peer, so {call}() does not know where to. Name the receiver with each "
     "datagram, sendto({s}, data, address), or call connect() once.",
     NULL},
    {ENOTCONN, CALL(NET_GETPEERNAME), hint_is_datagram,
     "A datagram socket has a peer only after connect(). recvfrom() tells who sent each datagram.",
     NULL},
    {ENOTCONN, CALL(NET_SHUTDOWN), NULL,
     "{This} has no connection of which shutdown() could end a direction. close({s}) closes any "
     "socket.",
     NULL},
    {ENOTCONN, CALL(NET_GETPEERNAME), NULL,
     "{This} has no peer, as it is not connected. A client calls connect() first; a server's "
     "peers are those of the sockets that accept() returns.",
     NULL},
    {ENOTCONN, ANY_CALL, NULL, NOT_CONNECTED, NULL},
    {EINVAL, CALL_RECEIVE, is_unix_listening, LISTENER_RECEIVES, NULL},
    {EINVAL, CALL_RECEIVE, is_out_of_band,
     "No out-of-band byte has come, or it was read already, or SO_OOBINLINE puts it among the "
     "others. Leave MSG_OOB out for ordinary data.",
     NULL},
    {EINVAL, CALL_RECEIVE, is_unix_alone, NOT_CONNECTED, NULL},

    {EPIPE, CALL_SEND, hint_is_listening, LISTENER_SENDS, NULL},
    {EPIPE, CALL_SEND, is_unwritable,
     "shutdown() has ended this direction: {this} sends no more, and can only receive. To send "
     "again, make a new connection.",
     NULL},
    {EPIPE, CALL_SEND, is_never_connected, NOT_CONNECTED, NULL},
    {EPIPE, CALL_RECEIVE, NULL,
     "shutdown() has ended this direction: nothing more can be received. Close this socket.", NULL},
    {EPIPE, ANY_CALL, hint_is_unix,
     "The peer has closed its socket, or receives no more after shutdown(). Close this socket.",
     NULL},
    {EPIPE, ANY_CALL, NULL,
     "The peer has closed the connection and takes nothing more. Often the first {call}() after "
     "that still succeeds, and only the next one fails. Close this socket.",
     NULL},
    {ESHUTDOWN, ANY_CALL, NULL,
     "shutdown() has ended this direction. To send again, make a new connection.", NULL},
    {EISCONN, CALL(NET_SENDTO), NULL,
     "{This} is connected, to {peer}, and what it sends goes there alone. Use send() without an "
     "address.",
     NULL},
    {EISCONN, ANY_CALL, NULL,
     "{This} is connected already, and cannot do what {call}() asks for any more.", NULL},
    {EDESTADDRREQ, CALL_SEND, NULL,
     "{This} has no peer, so {call}() does not know where to. Name the receiver with each "
     "datagram, sendto({s}, data, host, port), or call connect() once.",
     NULL},

    {EMSGSIZE, CALL_SEND, is_too_long_in,
     "{size} bytes do not fit into one datagram: over IPv4 it holds at most 65507. Send smaller "
     "pieces, or use SOCK_STREAM, which cuts the data up by itself.",
     NULL},
    {EMSGSIZE, CALL_SEND, is_too_long_in6,
     "{size} bytes do not fit into one datagram: over IPv6 it holds at most 65527. Send smaller "
     "pieces, or use SOCK_STREAM, which cuts the data up by itself.",
     NULL},
    {EMSGSIZE, CALL_SEND, hint_is_unix,
     "{size} bytes are too many for one message: it has to fit into the send buffer, whose size is "
     "SO_SNDBUF. Send smaller pieces, or use SOCK_STREAM.",
     NULL},
    {EMSGSIZE, CALL_SEND, NULL,
     "{size} bytes are more than the way to the receiver takes in one piece, and this socket does "
     "not let them be cut up. Send smaller pieces.",
     NULL},

    {EMSGSIZE, CALL_RECEIVE, NULL,
     "An earlier datagram was longer than the way to the receiver takes in one piece, and was not "
     "sent. Send smaller pieces.",
     NULL},

    {ETIMEDOUT, CALL_SEND, is_own_sendall,
     "The {seconds} s of settimeout() ran out when {sent} of {size} bytes were sent: the peer "
     "does not read fast enough. The rest can be sent later; err.sent is the count.",
     NULL},
    {ETIMEDOUT, CALL_TRANSFER | CALL(NET_ACCEPT), hint_is_own_timeout,
     "The {seconds} s of settimeout() ran out: {lack}. The socket is as good as before: call "
     "{call}() again; settimeout({s}, nil) lets it wait without a limit.",
     NULL},
    {ETIMEDOUT, CALL(NET_ACCEPT), NULL,
     "TCP heard nothing more of the client that waited, and gave it up. Nothing is wrong with "
     "{this}: call accept() again.",
     NULL},
    {ETIMEDOUT, ANY_CALL, hint_is_own_timeout, "The time that was set for {call}() ran out.", NULL},
    {ETIMEDOUT, ANY_CALL, NULL,
     "TCP got no answer from the peer for a long time, however often it asked, and gave the "
     "connection up. Close this socket. Is that computer, or the network, gone?",
     NULL},

    {EAGAIN, CALL_RECEIVE, is_of_error_queue,
     "No error is queued, and MSG_ERRQUEUE never waits. Errors are queued once IP_RECVERR, or "
     "IPV6_RECVERR, is set to 1.",
     NULL},
    {EAGAIN, CALL_TRANSFER, is_told_not_to_wait,
     "MSG_DONTWAIT asks not to wait, and {lack}. It is no failure: poll() tells when to try "
     "again, and without the flag {call}() waits.",
     NULL},
    {EAGAIN, CALL_TRANSFER | CALL(NET_ACCEPT), hint_is_nonblocking,
     "{This} does not wait, as settimeout({s}, 0) or SOCK_NONBLOCK asked for, and {lack}. poll() "
     "tells when to try again; settimeout({s}, nil) makes it wait.",
     NULL},
    {EAGAIN, CALL_RECEIVE | CALL(NET_ACCEPT), NULL,
     "The time of SO_RCVTIMEO ran out: {lack}. The socket is as good as before: call {call}() "
     "again, or set the option to 0 to wait without a limit.",
     NULL},
    {EAGAIN, CALL_SEND, NULL,
     "The time of SO_SNDTIMEO ran out: {lack}. The socket is as good as before: call {call}() "
     "again, or set the option to 0 to wait without a limit.",
     NULL},

    {EOPNOTSUPP, CALL_TRANSFER, is_out_of_band,
     "A {kind} socket has no out-of-band data: MSG_OOB is for TCP. Leave the flag out.", NULL},
    {EOPNOTSUPP, CALL(NET_SENDTO), is_unix_stream,
     "A {kind} socket sends to its peer alone. Call connect() first, then send() without an "
     "address.",
     NULL},
    {EOPNOTSUPP, CALL_TRANSFER, NULL,
     "A {kind} socket cannot do what the flags ask for. Leave them out.", NULL},
};

const struct hint_table hint_transfer = HINT_TABLE(rows);
