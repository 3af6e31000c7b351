/* SPDX-License-Identifier: MIT
 *
 * The one table of the system's constants, read by name and by number. Its rows come from
 * name.list; this file only knows which headers define them, and what the kinds are called. It must
 * not know who asks.
 */
#define _GNU_SOURCE /* EAI_NODATA and the AI_IDN flags */
#include "net/name.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#ifdef __linux__
#include <linux/errqueue.h>
#endif
#ifdef __GLIBC__
#include <linux/in6.h> /* IPV6_FLOWINFO; made to stand beside glibc's <netinet/in.h> alone */
#endif

/* glibc warns at each use of a flag that it deprecates; naming it here is no use. */
#ifdef __glibc_macro_warning
#undef __glibc_macro_warning
#define __glibc_macro_warning(message)
#endif

static const struct net_name name_table[] = {
#include "net_name_table.h"
};

#define NAME_COUNT (sizeof name_table / sizeof name_table[0])

static const struct {
    const char *title, *place;
    bool flags;
} name_kinds[NET_KIND_COUNT] = {
    [NET_FAMILY] = {"an address family", "the first argument of socket()", false},
    [NET_TYPE] = {"a socket type", "the second argument of socket()", true},
    [NET_PROTOCOL] = {"a protocol", "the third argument of socket(), or the level of setsockopt()",
                      false},
    [NET_LEVEL] = {"a level of options", "the second argument of setsockopt()", false},
    [NET_SOCKET_OPTION] = {"a socket option", "the option of setsockopt() at the level SOL_SOCKET",
                           false},
    [NET_TCP_OPTION] = {"a TCP option", "the option of setsockopt() at the level IPPROTO_TCP",
                        false},
    [NET_UDP_OPTION] = {"a UDP option", "the option of setsockopt() at the level IPPROTO_UDP",
                        false},
    [NET_IP_OPTION] = {"an IP option", "the option of setsockopt() at the level IPPROTO_IP", false},
    [NET_IPV6_OPTION] = {"an IPv6 option", "the option of setsockopt() at the level IPPROTO_IPV6",
                         false},
    [NET_MESSAGE_FLAG] = {"a message flag", "the last argument of send() and recv()", true},
    [NET_DIRECTION] = {"a direction (SHUT_RD, SHUT_WR or SHUT_RDWR)",
                       "the second argument of shutdown()", false},
    [NET_LOOKUP_FLAG] = {"a lookup flag", "the last argument of getaddrinfo()", true},
    [NET_NAMEINFO_FLAG] = {"a flag of getnameinfo()", "the second argument of getnameinfo()", true},
    [NET_ERRNO] = {"an error number", "what a failed call leaves in errno", false},
    [NET_LOOKUP_ERROR] = {"an error of a lookup", "what a failed lookup returns", false},
    [NET_PATH_MTU] = {"a mode of path MTU discovery", "the value of the option IP_MTU_DISCOVER",
                      false},
    [NET_SERVICE] = {"a type of service", "the value of the option IP_TOS", false},
    [NET_ENCAPSULATION] = {"a UDP encapsulation", "the value of the option UDP_ENCAP", false},
    [NET_FILTER_MODE] = {"a mode of source filters", "a part of the value of MCAST_MSFILTER",
                         false},
    [NET_ERROR_ORIGIN] = {"the origin of a queued error", "a part of what MSG_ERRQUEUE receives",
                          false},
    [NET_LIMIT] = {"a limit", "the backlog of listen(), or the size of a buffer", false},
};

const char *net_kind_title(enum net_kind kind)
{
    return name_kinds[kind].title;
}

const char *net_kind_place(enum net_kind kind)
{
    return name_kinds[kind].place;
}

bool net_kind_is_flags(enum net_kind kind)
{
    return name_kinds[kind].flags;
}

const struct net_name *net_names(size_t *count)
{
    *count = NAME_COUNT;
    return name_table;
}

const struct net_name *net_name_find(const char *name)
{
    size_t low = 0, high = NAME_COUNT;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, name_table[middle].name);
        if (order == 0)
            return &name_table[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Walks the whole table, because the preferred name may stand anywhere in it: about a microsecond,
 * and only where something is shown. */
const struct net_name *net_name_of(enum net_kind kind, long value)
{
    const struct net_name *best = NULL;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        const struct net_name *name = &name_table[i];
        if (name->value == value && name->kind == kind && (!best || name->rank < best->rank))
            best = name;
    }
    return best;
}

static void name_append_part(struct buffer *out, const char *text, bool *first)
{
    if (!*first)
        buffer_putc(out, '|');
    buffer_puts(out, text);
    *first = false;
}

/* Bit by bit from the lowest; what has no name follows as one number. */
static void name_append_bits(struct buffer *out, enum net_kind kind, unsigned long bits, bool first)
{
    unsigned long unknown = 0;
    for (unsigned long bit = 1; bit != 0 && bit <= bits; bit <<= 1) {
        if (!(bits & bit))
            continue;
        const struct net_name *name = net_name_of(kind, (long)bit);
        if (name)
            name_append_part(out, name->name, &first);
        else
            unknown |= bit;
    }
    if (unknown)
        buffer_printf(out, first ? "0x%lx" : "|0x%lx", unknown);
}

static void name_append_number(struct buffer *out, enum net_kind kind, long value)
{
    const struct net_name *name = net_name_of(kind, value);
    if (name && !(kind == NET_PROTOCOL && value == 0))
        buffer_puts(out, name->name);
    else
        buffer_printf(out, "%ld", value);
}

void net_name_append(struct buffer *out, enum net_kind kind, long value)
{
    const long type_mask = 0xf; /* of SOCK_STREAM and its like, on every system; flags are above */

    if (value == 0 && net_kind_is_flags(kind)) {
        buffer_putc(out, '0');
        return;
    }
    if (!net_kind_is_flags(kind) || (kind == NET_TYPE && value < 0)) {
        name_append_number(out, kind, value);
        return;
    }
    /* The flags of a call are an int: the sign bit of one is a flag too. */
    bool negative_int = value < 0 && value >= INT_MIN;
    unsigned long bits = negative_int ? (unsigned)(int)value : (unsigned long)value;
    bool first = true;
    if (kind == NET_TYPE && (value & type_mask) != 0) {
        name_append_number(out, kind, value & type_mask);
        bits &= ~(unsigned long)type_mask;
        first = false;
    }
    name_append_bits(out, kind, bits, first);
}

int net_type_alone(int type)
{
#ifdef SOCK_NONBLOCK
    type &= ~SOCK_NONBLOCK;
#endif
#ifdef SOCK_CLOEXEC
    type &= ~SOCK_CLOEXEC;
#endif
    return type;
}

bool net_type_is_nonblocking(int type)
{
#ifdef SOCK_NONBLOCK
    return (type & SOCK_NONBLOCK) != 0;
#else
    (void)type;
    return false;
#endif
}

const char *net_error_text(enum net_kind kind, int error)
{
    return kind == NET_LOOKUP_ERROR ? gai_strerror(error) : strerror(error);
}
