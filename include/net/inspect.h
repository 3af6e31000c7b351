/* SPDX-License-Identifier: MIT
 *
 * What the kernel tells of a socket without privilege, asked for without changing anything: nothing
 * here reads SO_ERROR, which would clear it. Each system's ways stand in src/net/inspect_*.c; where
 * a system cannot tell, the fact is said to be unknown.
 */
#ifndef NET_INSPECT_H
#define NET_INSPECT_H

#include "net/address.h"
#include "net/sys.h"

/* Numbers as in RFC 9293's figure, in the order of Linux's tcp_states.h. */
enum net_tcp_state {
    NET_TCP_UNKNOWN,
    NET_TCP_ESTABLISHED,
    NET_TCP_SYN_SENT,
    NET_TCP_SYN_RECV,
    NET_TCP_FIN_WAIT1,
    NET_TCP_FIN_WAIT2,
    NET_TCP_TIME_WAIT,
    NET_TCP_CLOSED,
    NET_TCP_CLOSE_WAIT,
    NET_TCP_LAST_ACK,
    NET_TCP_LISTEN,
    NET_TCP_CLOSING
};

/* "CLOSE_WAIT" */
const char *net_tcp_state_name(enum net_tcp_state state);

/* What a socket is, in a word or two: "TCP/IPv4", "UDP/IPv6", "UNIX stream". */
void net_kind_of_socket(struct buffer *out, int family, int type, int protocol);

struct net_view {
    struct net_address local, peer; /* length 0: none or unknown */
    enum net_tcp_state state;       /* of a TCP socket */
    bool had_peer; /* TCP: a connection stood once, ended or not; false where unknown */
    long queued,
        queue_limit; /* of a TCP listener: connections that wait, how many may; -1 unknown */
    long to_read;    /* bytes to be read, for datagrams those of the next one; -1 unknown */
    long unsent; /* TCP: bytes not yet acknowledged; -1 unknown. Elsewhere the kernel counts memory,
                    not bytes */
    long held;   /* of those, what was not sent even once: a FIN would wait behind it; 0: unknown */
};

/* Whether a socket on which listen() was called listens still: shutdown() ends that of TCP. */
bool net_view_listens(const struct net_view *view, bool listening);

/* A descriptor that is not open gives a view in which everything is unknown. */
void net_inspect(const struct net_sys *sys, int fd, int family, int type, bool listening,
                 struct net_view *view);

/* One line of the system's table of TCP or UDP sockets. A TCP socket that is only bound has none.
 */
struct net_tcp_entry {
    struct net_address local, remote;
    enum net_tcp_state state;
    unsigned uid;
    unsigned long inode; /* 0: no process holds it any more */
    double seconds_left; /* of TIME_WAIT; -1 unknown */
};

/* Calls `each` for every TCP (or UDP, by `type`) socket of this network namespace until it returns
 * false. Returns 0, or ENOSYS where the system cannot tell. */
int net_inspect_table(int type, bool (*each)(void *context, const struct net_tcp_entry *entry),
                      void *context);

/* The process that holds a socket's inode, where permitted: its pid and name (bytes that the
 * process chose, cut to `name_size`). Returns 0 or ENOENT. */
int net_inspect_process(unsigned long inode, long *pid, char *name, size_t name_size);

/* The first port that bind() gives to anybody; those below need a privilege. */
int net_inspect_first_open_port(void);

#endif
