/* SPDX-License-Identifier: MIT
 *
 * A call that failed: what is known of it, and why it failed. The hint is written for this call,
 * this errno and this socket's state; it is not a dictionary of errnos. Knows nothing of who asks.
 */
#ifndef NET_FAULT_H
#define NET_FAULT_H

#include "net/inspect.h"
#include "net/record.h"

/* What was known of the socket when the call failed. */
struct net_facts {
    int fd; /* -1: closed, or none */
    int family, type, protocol;
    bool exists;          /* there is a socket, open or closed */
    unsigned long serial; /* of whoever owns the socket: descriptors are used again, this is not */
    bool listening;
    bool connecting; /* a connect was begun; net_fault_observe() looks whether it goes on */
    bool ended;      /* the peer's end of stream was received */
    bool unwritable; /* it said SHUT_WR */
    double timeout;  /* the shell's own; negative: none */
};

enum net_cause {
    NET_KERNEL,      /* the kernel's answer */
    NET_OWN_TIMEOUT, /* settimeout()'s time ran out */
    NET_CLOSED_HERE, /* the socket was closed while the call waited */
    NET_LOOKUP       /* a name was not found; `error` is an EAI_ value */
};

/* What stands at the path of an AF_UNIX address. */
enum net_standing {
    NET_STANDS_UNKNOWN,   /* it has no path, or may not be looked at */
    NET_STANDS_NOTHING,   /* nor is there a directory in which it could stand */
    NET_STANDS_DIRECTORY, /* nothing, but its directory is there */
    NET_STANDS_SOCKET,
    NET_STANDS_OTHER /* a file, a directory, a link: no socket */
};

/* What net_fault_observe() found. */
struct net_observation {
    bool made;
    bool reuses;     /* the socket has SO_REUSEADDR */
    bool broadcasts; /* and SO_BROADCAST */
    bool unrouted;   /* and SO_DONTROUTE */
    bool ipv6_alone; /* and IPV6_V6ONLY */
    bool readable;   /* the option that setsockopt() did not take can be read */
    enum net_standing standing;
    struct net_view view;
};

struct net_fault {
    enum net_call call; /* NET_CALL_COUNT: none of them, as for a task that was cancelled */
    const char *name;   /* the function as the student called it, "sendall" */
    enum net_cause cause;
    int error;
    int system_error; /* errno of EAI_SYSTEM */
    int flags;
    int level, option;          /* of setsockopt() and getsockopt() */
    size_t size;                /* bytes that were to be sent */
    long sent;                  /* bytes that went before; -1 where that says nothing */
    struct net_address address; /* given to the call; length 0: none */
    struct net_facts facts;
    struct net_observation seen;
    const char *host, *service; /* of a lookup; valid while the fault is made */
};

/* Who in this process can tell more; each function may be NULL, and appends a noun phrase and
 * returns true where it knows. */
struct net_witness {
    /* The holder of a local address: "s, a listening socket of this shell". */
    bool (*holder)(void *owner, const struct net_address *address, int type, struct buffer *out);
    /* The name of a socket: "c". */
    bool (*name)(void *owner, const struct net_facts *facts, struct buffer *out);
    void *owner;
};

/* Asks the socket, and looks at its path, for what a hint will want to know. To be called as the
 * fault is made: when the hint is read its descriptor may belong to another socket. Costs nothing
 * for an errno whose hints need no more than the facts, EAGAIN of a stream among them. Keeps errno.
 */
void net_fault_observe(const struct net_sys *sys, struct net_fault *fault);

/* "ECONNREFUSED", "EAI_NONAME"; a number's digits where it has no name. */
void net_fault_append_name(struct buffer *out, const struct net_fault *fault);

/* strerror's or gai_strerror's text; valid until the next call of either. */
const char *net_fault_message(const struct net_fault *fault);

/* Appends the hint, one paragraph without a newline, printable whatever the peer or a path
 * contains; nothing where there is nothing to say. A fault that was not observed is observed now,
 * by facts.fd. `witness` may be NULL. */
void net_fault_append_hint(struct buffer *out, const struct net_sys *sys,
                           const struct net_fault *fault, const struct net_witness *witness);

#endif
