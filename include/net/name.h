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

/* What the value of an option is; of what is no option, INT. */
enum net_option_type {
    NET_VALUE_INT,
    NET_VALUE_FLAG,     /* an int: 0 or 1 */
    NET_VALUE_ERRNO,    /* ints that bear a name, see net_option_value_kind(): ECONNREFUSED or 0 */
    NET_VALUE_FAMILY,   /* AF_INET */
    NET_VALUE_TYPE,     /* SOCK_STREAM */
    NET_VALUE_PROTOCOL, /* IPPROTO_TCP or 0 */
    NET_VALUE_PATH_MTU, /* IP_PMTUDISC_DO */
    NET_VALUE_LINGER,   /* struct linger */
    NET_VALUE_SECONDS,  /* struct timeval */
    NET_VALUE_UINT64,
    NET_VALUE_TEXT,        /* bytes up to a zero or to the value's length */
    NET_VALUE_CREDENTIALS, /* struct ucred */
    NET_VALUE_MEMBERSHIP4, /* struct ip_mreq; Linux takes ip_mreqn too */
    NET_VALUE_MEMBERSHIP6, /* struct ipv6_mreq */
    NET_VALUE_INTERFACE4,  /* struct in_addr; Linux takes what MEMBERSHIP4 takes too */
    NET_VALUE_TCP_INFO,    /* struct tcp_info; a kernel may know fewer or more fields */
    NET_VALUE_BYTES,       /* another struct, or bytes of any length */
    /* A struct of memory addresses, or a buffer whose length is not counted in bytes: the kernel
     * would read or write wherever the value says. Must not be offered to a scripting language. */
    NET_VALUE_POINTER,
    NET_VALUE_COUNT
};

struct net_name {
    const char *name;
    long value;
    enum net_kind kind;
    enum net_option_type type;
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

/* Appends the symbolic name: `SOCK_STREAM|SOCK_NONBLOCK`, `0`, or a number (flags in hexadecimal)
 * for what has no name. Protocol 0 is `0`, the family's own, and not IPPROTO_IP. */
void net_name_append(struct buffer *out, enum net_kind kind, long value);

/* The C library's text for a value of NET_ERRNO or NET_LOOKUP_ERROR, maybe in the user's language;
 * valid until the next call. */
const char *net_error_text(enum net_kind kind, int error);

#endif
