/* SPDX-License-Identifier: MIT
 *
 * One call as it was made: typed arguments, result, errno and times. Recorded once, rendered in
 * many ways (the call line, the table, the diagrams), so nothing here is text.
 */
#ifndef NET_RECORD_H
#define NET_RECORD_H

#include "net/address.h"

struct net_view;

/* The calls that are recorded, and the names that students call them by. */
#define NET_CALLS(X)                                                                               \
    X(NET_SOCKET, "socket")                                                                        \
    X(NET_SOCKETPAIR, "socketpair")                                                                \
    X(NET_BIND, "bind")                                                                            \
    X(NET_LISTEN, "listen")                                                                        \
    X(NET_ACCEPT, "accept")                                                                        \
    X(NET_CONNECT, "connect")                                                                      \
    X(NET_SEND, "send")                                                                            \
    X(NET_SENDTO, "sendto")                                                                        \
    X(NET_RECV, "recv")                                                                            \
    X(NET_RECVFROM, "recvfrom")                                                                    \
    X(NET_SHUTDOWN, "shutdown")                                                                    \
    X(NET_CLOSE, "close")                                                                          \
    X(NET_GETSOCKNAME, "getsockname")                                                              \
    X(NET_GETPEERNAME, "getpeername")                                                              \
    X(NET_SETSOCKOPT, "setsockopt")                                                                \
    X(NET_GETSOCKOPT, "getsockopt")                                                                \
    X(NET_POLL, "poll")                                                                            \
    X(NET_GETADDRINFO, "getaddrinfo")                                                              \
    X(NET_GETNAMEINFO, "getnameinfo")                                                              \
    X(NET_GETHOSTNAME, "gethostname")

#define NET_CALL_OF(call, name) call,
enum net_call { NET_CALLS(NET_CALL_OF) NET_CALL_COUNT };
#undef NET_CALL_OF

/* "bind" */
const char *net_call_name(enum net_call call);

struct net_record {
    enum net_call call;
    int fd;            /* the socket it was made on; -1 for none */
    long result;       /* of success: a descriptor, a count of bytes, 0 */
    int error;         /* errno value, or EAI_ value of the lookups; 0 for success */
    double start, end; /* seconds of CLOCK_MONOTONIC */

    /* Sockets by their owner's count: unlike a descriptor, a number is never used again. 0: none.
     */
    unsigned long serial;  /* the one it was made on */
    unsigned long made[2]; /* those that socket, socketpair and accept made */
    unsigned long reached; /* of connect: the listener in this process that it came to */

    /* How the socket stood after the call; of close before it, of accept the new one; and how the
     * listener stood that was reached. Looked at where a call changes it; NULL otherwise. */
    const struct net_view *view, *reached_view;
    bool reset; /* close sent RST, not FIN: bytes were unread, or SO_LINGER said 0 */

    int family, type, protocol; /* given, or the socket's */
    int second_fd;              /* of socketpair: `result` is the first, this the second */
    int backlog;                /* listen */
    int how;                    /* shutdown */
    int level, option;          /* setsockopt, getsockopt */
    int flags;                  /* send, recv, getaddrinfo */
    /* bind, connect, sendto: given; accept, recvfrom, get*name: got; listen: got without bind */
    struct net_address address;
    const char *data;           /* bytes given or got; the first byte of an option's value */
    size_t data_length;         /* how many of them stand at `data` */
    size_t came;                /* recv: true length of a datagram that was cut; 0: it was not */
    size_t size;                /* length asked for: of the data, of the buffer, of the poll set */
    const char *host, *service; /* lookups: asked for; NULL for none. Results stand in `address` */
    const char *task;           /* name of the background task that made the call, or NULL */
};

#endif
