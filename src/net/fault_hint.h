/* SPDX-License-Identifier: MIT
 *
 * How hints stand in tables, within this room: each row is for one errno, some calls and a state of
 * the socket, and has a text with {placeholders} or a function that writes it. The first row that
 * fits is the hint. A table is a file of its own subject.
 */
#ifndef NET_FAULT_HINT_H
#define NET_FAULT_HINT_H

#include "net/fault.h"

struct hint_scene {
    const struct net_fault *fault;
    const struct net_witness *witness;
};

struct hint {
    int error;
    unsigned calls;                              /* a set of CALL(); ANY_CALL */
    bool (*when)(const struct net_fault *fault); /* NULL: always */
    const char *text;                            /* for hint_append(); NULL: `write` does it */
    void (*write)(struct buffer *out, const struct hint_scene *scene);
};

struct hint_table {
    const struct hint *hints;
    size_t count;
};

#define HINT_TABLE(array)                                                                          \
    {                                                                                              \
        array, sizeof(array) / sizeof((array)[0])                                                  \
    }

#define ANY_CALL 0u
#define CALL(name) (1u << (name))
_Static_assert(NET_CALL_COUNT < 32, "a set of calls is one word");
#define CALL_MAKE (CALL(NET_SOCKET) | CALL(NET_SOCKETPAIR))
#define CALL_SEND (CALL(NET_SEND) | CALL(NET_SENDTO))
#define CALL_RECEIVE (CALL(NET_RECV) | CALL(NET_RECVFROM))
#define CALL_TRANSFER (CALL_SEND | CALL_RECEIVE)
#define CALL_ADDRESSED (CALL(NET_BIND) | CALL(NET_CONNECT) | CALL(NET_SENDTO))

/* Of options; of a UNIX socket's path; of getting an address; of a connection's life; of data; of
 * making a socket, and of whatever is left. */
extern const struct hint_table hint_option, hint_path, hint_address, hint_connection, hint_transfer,
    hint_socket;

/* Of the lookups: `error` is an EAI_ value. */
extern const struct hint_table hint_lookup;

/* Appends a text in which these stand for what is known:
 *   {s} {this} {This}   the socket's variable; where it has none: "s", "this socket", "This socket"
 *   {call}              the function that the student called
 *   {where} {address}   the address given: "127.0.0.1 port 80", "127.0.0.1"; a path
 *   {local} {peer}      the socket's addresses, as {where}
 *   {family} {type} {kind} {other}   AF_INET, SOCK_STREAM, TCP/IPv4; the family of {where}
 *   {size} {sent} {seconds} {fd} {error} {option}
 *   {lack}              what the call waited for in vain, a clause
 *   {host} {service}    of a lookup, quoted */
void hint_append(struct buffer *out, const struct hint_scene *scene, const char *text);

/* The conditions that more than one table asks for. */
bool hint_is_listening(const struct net_fault *fault);
bool hint_is_unix(const struct net_fault *fault);
bool hint_is_unix_abstract(const struct net_fault *fault); /* the address that was given */
bool hint_is_internet(const struct net_fault *fault);
bool hint_is_inet6(const struct net_fault *fault);
bool hint_is_connecting(const struct net_fault *fault);
bool hint_is_datagram(const struct net_fault *fault);
bool hint_is_connected(const struct net_fault *fault);  /* it has a peer */
bool hint_was_connected(const struct net_fault *fault); /* it had one, and the connection is over */
bool hint_is_to_many(const struct net_fault *fault); /* the address means more than one computer */
bool hint_is_stream_to_many(const struct net_fault *fault);
bool hint_is_own_timeout(const struct net_fault *fault);
bool hint_is_nonblocking(const struct net_fault *fault); /* settimeout(s, 0), SOCK_NONBLOCK */

#endif
