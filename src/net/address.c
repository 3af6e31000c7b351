/* SPDX-License-Identifier: MIT
 *
 * Addresses and their text, in both directions, without a lookup. What differs between the families
 * stands here and nowhere else. It must not know who asked for an address, nor resolve a name.
 */
#include "net/address.h"

#include "base/text.h"
#include "net/name.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>

#define PATH_OFFSET offsetof(struct sockaddr_un, sun_path)
#define PATH_ROOM sizeof(((struct sockaddr_un *)0)->sun_path)

/* Linux's namespace of UNIX addresses that stand in no directory: their first byte is zero. */
#ifdef __linux__
#define ABSTRACT_NAMES true
#else
#define ABSTRACT_NAMES false
#endif

int net_address_family(const struct net_address *a)
{
    const size_t shortest = offsetof(struct sockaddr, sa_family) + sizeof a->u.any.sa_family;
    return a->length < shortest ? AF_UNSPEC : a->u.any.sa_family;
}

/* The bytes that are there: the kernel tells the whole length of an address that it had to cut. */
static size_t address_size(const struct net_address *a)
{
    return a->length < sizeof a->u ? a->length : sizeof a->u;
}

/* Counts from the union, not within sun_path: Linux adds a zero byte after a path that fills it. */
const char *net_address_path(const struct net_address *a, size_t *length)
{
    const char *path = (const char *)&a->u + PATH_OFFSET;
    *length = 0;
    if (net_address_family(a) != AF_UNIX || address_size(a) <= PATH_OFFSET)
        return "";
    *length = address_size(a) - PATH_OFFSET;
    if (path[0] == '\0' && ABSTRACT_NAMES)
        return path;
    *length = strnlen(path, *length);
    return path;
}

static bool address_equal_path(const struct net_address *a, const struct net_address *b)
{
    size_t a_length, b_length;
    const char *a_path = net_address_path(a, &a_length), *b_path = net_address_path(b, &b_length);
    return a_length == b_length && memcmp(a_path, b_path, a_length) == 0;
}

bool net_address_equal(const struct net_address *a, const struct net_address *b)
{
    if (net_address_family(a) != net_address_family(b))
        return false;
    switch (net_address_family(a)) {
    case AF_UNSPEC:
        return true;
    case AF_INET:
        return a->u.in.sin_port == b->u.in.sin_port &&
               a->u.in.sin_addr.s_addr == b->u.in.sin_addr.s_addr;
    case AF_INET6:
        return a->u.in6.sin6_port == b->u.in6.sin6_port &&
               a->u.in6.sin6_scope_id == b->u.in6.sin6_scope_id &&
               IN6_ARE_ADDR_EQUAL(&a->u.in6.sin6_addr, &b->u.in6.sin6_addr);
    case AF_UNIX:
        return address_equal_path(a, b);
    default:
        return a->length == b->length && memcmp(&a->u, &b->u, address_size(a)) == 0;
    }
}

static void address_append_scope(struct buffer *out, unsigned scope)
{
    char name[IF_NAMESIZE];
    if (scope == 0)
        return;
    if (if_indextoname(scope, name))
        buffer_printf(out, "%%%s", name);
    else
        buffer_printf(out, "%%%u", scope);
}

void net_address_append_host(struct buffer *out, const struct net_address *a)
{
    char text[INET6_ADDRSTRLEN];
    switch (net_address_family(a)) {
    case AF_INET:
        buffer_puts(out, inet_ntop(AF_INET, &a->u.in.sin_addr, text, sizeof text));
        break;
    case AF_INET6:
        buffer_puts(out, inet_ntop(AF_INET6, &a->u.in6.sin6_addr, text, sizeof text));
        address_append_scope(out, a->u.in6.sin6_scope_id);
        break;
    default:
        break;
    }
}

static void address_append_path(struct buffer *out, const struct net_address *a)
{
    size_t length;
    const char *path = net_address_path(a, &length);
    if (length == 0) {
        buffer_puts(out, "(unnamed)");
        return;
    }
    if (path[0] == '\0') {
        buffer_putc(out, '@');
        path++;
        length--;
    }
    text_append_safe(out, path, length, false);
}

void net_address_append(struct buffer *out, const struct net_address *a)
{
    int family = net_address_family(a);
    switch (family) {
    case AF_UNSPEC:
        buffer_puts(out, "NULL");
        break;
    case AF_INET:
        net_address_append_host(out, a);
        buffer_printf(out, ":%d", net_address_port(a));
        break;
    case AF_INET6:
        buffer_putc(out, '[');
        net_address_append_host(out, a);
        buffer_printf(out, "]:%d", net_address_port(a));
        break;
    case AF_UNIX:
        address_append_path(out, a);
        break;
    default:
        buffer_putc(out, '{');
        net_name_append(out, NET_FAMILY, family);
        buffer_printf(out, ", %u bytes}", (unsigned)a->length);
    }
}

const char *net_host_text(int family, const void *host, char *text)
{
    return inet_ntop(family, host, text, NET_HOST_TEXT_SIZE);
}

bool net_host_parse(int family, const char *text, void *host)
{
    return inet_pton(family, text, host) == 1;
}

int net_address_port(const struct net_address *a)
{
    switch (net_address_family(a)) {
    case AF_INET:
        return ntohs(a->u.in.sin_port);
    case AF_INET6:
        return ntohs(a->u.in6.sin6_port);
    default:
        return -1;
    }
}

void net_address_set_port(struct net_address *a, int port)
{
    switch (net_address_family(a)) {
    case AF_INET:
        a->u.in.sin_port = htons((uint16_t)port);
        break;
    case AF_INET6:
        a->u.in6.sin6_port = htons((uint16_t)port);
        break;
    default:
        break;
    }
}

int net_address_from_path(const char *path, size_t length, struct net_address *a)
{
    bool abstract = ABSTRACT_NAMES && length > 0 && (path[0] == '@' || path[0] == '\0');
    if (length > PATH_ROOM)
        return ENAMETOOLONG;
    if (!abstract && length > 0 && memchr(path, '\0', length))
        return EINVAL;

    memset(a, 0, sizeof *a);
    a->u.un.sun_family = AF_UNIX;
    a->length = (socklen_t)(PATH_OFFSET + length);
    if (length == 0)
        return 0;
    memcpy(a->u.un.sun_path, path, length);
    if (abstract)
        a->u.un.sun_path[0] = '\0';
    else if (length < PATH_ROOM)
        a->length++; /* the terminating zero, where there is room for one */
    return 0;
}

void net_address_from_number(uint32_t number, int port, struct net_address *a)
{
    memset(a, 0, sizeof *a);
    a->length = sizeof a->u.in;
    a->u.in.sin_family = AF_INET;
    a->u.in.sin_port = htons((uint16_t)port);
    a->u.in.sin_addr.s_addr = htonl(number);
}

static void address_from_in6(const struct in6_addr *host, int port, struct net_address *a)
{
    memset(a, 0, sizeof *a);
    a->length = sizeof a->u.in6;
    a->u.in6.sin6_family = AF_INET6;
    a->u.in6.sin6_port = htons((uint16_t)port);
    a->u.in6.sin6_addr = *host;
}

/* An interface's number, or its name. */
static int address_parse_scope(const char *text, uint32_t *scope)
{
    uint64_t number = 0;
    size_t digits = strspn(text, "0123456789");
    if (text[0] == '\0')
        return EINVAL;
    if (text[digits] != '\0') {
        *scope = if_nametoindex(text);
        return *scope == 0 ? ENODEV : 0;
    }
    for (size_t i = 0; i < digits; i++) {
        number = number * 10 + (uint64_t)(text[i] - '0');
        if (number > UINT32_MAX)
            return ENODEV;
    }
    *scope = (uint32_t)number;
    return 0;
}

/* 0, EINVAL where it is no IPv6 text, ENODEV where there is no such interface. */
static int address_parse_in6(const char *host, int port, struct net_address *a)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr parsed;
    uint32_t scope = 0;
    size_t length = strcspn(host, "%");
    if (length >= sizeof text)
        return EINVAL;
    memcpy(text, host, length);
    text[length] = '\0';
    if (inet_pton(AF_INET6, text, &parsed) != 1)
        return EINVAL;
    if (host[length] == '%') {
        int error = address_parse_scope(host + length + 1, &scope);
        if (error)
            return error;
    }
    address_from_in6(&parsed, port, a);
    a->u.in6.sin6_scope_id = scope;
    return 0;
}

/* The same for IPv4, with the two words that stand for an address of their own. */
static int address_parse_in(const char *host, int port, struct net_address *a)
{
    struct in_addr parsed;
    if (host[0] == '\0') {
        net_address_from_number(INADDR_ANY, port, a);
        return 0;
    }
    if (strcmp(host, "<broadcast>") == 0) {
        net_address_from_number(INADDR_BROADCAST, port, a);
        return 0;
    }
    if (inet_pton(AF_INET, host, &parsed) != 1)
        return EINVAL;
    net_address_from_number(ntohl(parsed.s_addr), port, a);
    return 0;
}

int net_address_from_host(int family, const char *host, int port, struct net_address *a)
{
    struct net_address parsed;
    int error;
    if (family == AF_INET6 && host[0] == '\0') {
        address_from_in6(&in6addr_any, port, a);
        return 0;
    }
    error = address_parse_in(host, port, &parsed);
    if (error == EINVAL)
        error = address_parse_in6(host, port, &parsed);
    if (error == ENODEV && family == AF_INET)
        return EAFNOSUPPORT;
    if (error)
        return error;
    if (family != AF_UNSPEC && family != net_address_family(&parsed))
        return EAFNOSUPPORT;
    *a = parsed;
    return 0;
}

/* The IPv4 address, its own or mapped into IPv6, in host order. */
static bool address_to_number(const struct net_address *a, uint32_t *number)
{
    const unsigned char *bytes = a->u.in6.sin6_addr.s6_addr;
    if (net_address_family(a) == AF_INET) {
        *number = ntohl(a->u.in.sin_addr.s_addr);
        return true;
    }
    if (net_address_family(a) != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&a->u.in6.sin6_addr))
        return false;
    *number = (uint32_t)bytes[12] << 24 | (uint32_t)bytes[13] << 16 | (uint32_t)bytes[14] << 8 |
              bytes[15];
    return true;
}

bool net_address_is_loopback(const struct net_address *a)
{
    uint32_t number;
    if (address_to_number(a, &number))
        return number >> 24 == IN_LOOPBACKNET;
    return net_address_family(a) == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&a->u.in6.sin6_addr);
}

bool net_address_is_any(const struct net_address *a)
{
    uint32_t number;
    if (address_to_number(a, &number))
        return number == INADDR_ANY;
    return net_address_family(a) == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&a->u.in6.sin6_addr);
}

bool net_address_clashes(const struct net_address *a, const struct net_address *b)
{
    if (net_address_port(a) != net_address_port(b) || net_address_port(a) < 0)
        return net_address_port(a) < 0 && net_address_equal(a, b);
    if (net_address_family(a) == net_address_family(b))
        return net_address_is_any(a) || net_address_is_any(b) || net_address_equal(a, b);
    const struct net_address *in6 = net_address_family(a) == AF_INET6 ? a : b;
    return net_address_is_any(in6) || IN6_IS_ADDR_V4MAPPED(&in6->u.in6.sin6_addr);
}
