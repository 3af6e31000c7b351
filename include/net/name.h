/* SPDX-License-Identifier: MIT
 *
 * The names of the system's socket constants. The one list is src/net/name.list; it is read in both
 * directions, feeds the Lua constants, the call lines, completion and help, and leaves out what
 * this system's headers lack. A number without a name still prints.
 */
#ifndef NET_NAME_H
#define NET_NAME_H

#include "base/buffer.h"

/* What a constant is for; two constants of different kinds are never the same, whatever their
 * numbers. */
enum net_kind {
    NET_FAMILY,        /* AF_INET, PF_INET: the first argument of socket() */
    NET_TYPE,          /* SOCK_STREAM and SOCK_NONBLOCK, SOCK_CLOEXEC */
    NET_PROTOCOL,      /* IPPROTO_TCP */
    NET_LEVEL,         /* SOL_SOCKET */
    NET_SOCKET_OPTION, /* SO_REUSEADDR */
    NET_TCP_OPTION,    /* TCP_NODELAY */
    NET_UDP_OPTION,    /* UDP_CORK */
    NET_IP_OPTION,     /* IP_TTL */
    NET_IPV6_OPTION,   /* IPV6_V6ONLY */
    NET_MESSAGE_FLAG,  /* MSG_PEEK */
    NET_DIRECTION,     /* SHUT_WR */
    NET_LOOKUP_FLAG,   /* AI_PASSIVE */
    NET_NAMEINFO_FLAG, /* NI_NUMERICHOST */
    NET_ERRNO,         /* ECONNREFUSED */
    NET_LOOKUP_ERROR,  /* EAI_NONAME */
    NET_PATH_MTU,      /* IP_PMTUDISC_DO: from here on values of options, and limits */
    NET_SERVICE,       /* IPTOS_LOWDELAY */
    NET_ENCAPSULATION, /* UDP_ENCAP_ESPINUDP */
    NET_FILTER_MODE,   /* MCAST_INCLUDE */
    NET_ERROR_ORIGIN,  /* SO_EE_ORIGIN_ICMP */
    NET_LIMIT,         /* SOMAXCONN */
    NET_KIND_COUNT
};

struct net_name {
    const char *name;
    long value;
    enum net_kind kind;
    unsigned rank; /* its place in the list: of two names for one value the lower one is shown */
};

/* What a kind's constants are called in a message ("a socket type") and where they go ("the second
 * argument of socket()"), as in: SOCK_STREAM is a socket type; it is the second argument of
 * socket(). */
const char *net_kind_title(enum net_kind kind);
const char *net_kind_place(enum net_kind kind);

/* Whether values of the kind are sets of bits. Types are: a type carries SOCK_NONBLOCK and
 * SOCK_CLOEXEC, although SOCK_STREAM and its like are numbers. */
bool net_kind_is_flags(enum net_kind kind);

/* The type alone, without SOCK_NONBLOCK and SOCK_CLOEXEC; and whether the first is there. */
int net_type_alone(int type);
bool net_type_is_nonblocking(int type);

/* All names, sorted by name (strcmp); the count is stored. */
const struct net_name *net_names(size_t *count);

/* The entry of a name, NULL where the system has none. */
const struct net_name *net_name_find(const char *name);

/* The preferred entry for a number, NULL where none bears it. */
const struct net_name *net_name_of(enum net_kind kind, long value);

/* Whether net_name_of() gives another name than this one for its value: PF_INET, EWOULDBLOCK. */
bool net_name_is_alias(const struct net_name *name);

/* Appends the symbolic name: `SOCK_STREAM|SOCK_NONBLOCK`, `0`, or a number (flags in hexadecimal)
 * for what has no name. Protocol 0 is `0`, the family's own, and not IPPROTO_IP. */
void net_name_append(struct buffer *out, enum net_kind kind, long value);

/* The C library's text for a value of NET_ERRNO or NET_LOOKUP_ERROR, maybe in the user's language;
 * valid until the next call. */
const char *net_error_text(enum net_kind kind, int error);

#endif
