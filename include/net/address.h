/* SPDX-License-Identifier: MIT
 *
 * A socket address of any family, which always travels with its length: only the length tells an
 * unnamed UNIX socket from a path, and an abstract name from another. Knows the numeric forms;
 * names are net/lookup.h's.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include "base/buffer.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

struct net_address {
    socklen_t length; /* 0: there is no address */
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_un un;
        struct sockaddr_storage storage;
    } u;
};

/* AF_UNSPEC where there is no address. */
int net_address_family(const struct net_address *a);

/* Same family and content: host, port and scope; or path. Two that are no address are equal. */
bool net_address_equal(const struct net_address *a, const struct net_address *b);

/* 127.0.0.1:80, [::1]:80, [fe80::1%eth0]:80, a path, @name for an abstract name (bytes that are not
 * printable escaped), "(unnamed)" for a UNIX socket without a name; NULL where there is no address;
 * {AF_NETLINK, 12 bytes} for another family. */
void net_address_append(struct buffer *out, const struct net_address *a);

/* The host alone: 127.0.0.1, ::1, fe80::1%eth0. Nothing for other families. */
void net_address_append_host(struct buffer *out, const struct net_address *a);

/* Port in host order; -1 where the family has none. Setting one does nothing there. */
int net_address_port(const struct net_address *a);
void net_address_set_port(struct net_address *a, int port);

/* The path's bytes, not zero-terminated: none for an unnamed one and for other families; an
 * abstract name begins with a zero byte and may contain more of them. They stand within `a`. */
const char *net_address_path(const struct net_address *a, size_t *length);

/* A UNIX address of a path, of "@name" or "\0name" (abstract, on Linux), or of "" (unnamed: bind()
 * then lets the kernel choose). Returns 0, ENAMETOOLONG, or EINVAL for a zero byte inside a path.
 */
int net_address_from_path(const char *path, size_t length, struct net_address *a);

/* A numeric host in a family (AF_INET, AF_INET6 or AF_UNSPEC for whichever fits): dotted quad,
 * IPv6 text with or without %scope (an interface's name or number), "" (any, of IPv4 unless the
 * family says IPv6), "<broadcast>". Returns
 *   0
 *   EINVAL        the text is no numeric address: it needs a lookup
 *   EAFNOSUPPORT  it is one, but of another family than the one asked for
 *   ENODEV        there is no interface of the scope's name. */
int net_address_from_host(int family, const char *host, int port, struct net_address *a);

/* An IPv4 address as an integer in host order, as in 0x7f000001. */
void net_address_from_number(uint32_t number, int port, struct net_address *a);

/* A host's bytes, struct in_addr or in6_addr, as numeric text, and back; inet_ntop() and
 * inet_pton() for AF_INET and AF_INET6. `text` has room for NET_HOST_TEXT_SIZE bytes and is what is
 * returned. */
#define NET_HOST_TEXT_SIZE INET6_ADDRSTRLEN
const char *net_host_text(int family, const void *host, char *text);
bool net_host_parse(int family, const char *text, void *host);

/* Whether the host is this computer's loopback, or the "any" address of its family, an IPv4 address
 * mapped into IPv6 included; false for families without hosts. */
bool net_address_is_loopback(const struct net_address *a);
bool net_address_is_any(const struct net_address *a);

/* Whether no two sockets can be bound to them at once, as far as the addresses alone tell: they are
 * equal, or have one port and one of them means all hosts. One of IPv4 and one of IPv6 clash only
 * where the latter means all: most such sockets take IPv4 as well. */
bool net_address_clashes(const struct net_address *a, const struct net_address *b);

/* An IPv4 address that was mapped into IPv6, as what it is; any other as it stands. */
void net_address_unmap(const struct net_address *a, struct net_address *plain);

/* Whether the host is an address that an interface of this computer has now. */
bool net_address_is_own(const struct net_address *a);

/* Whether the host means more than one computer: multicast, or broadcast in a network that an
 * interface of this computer has now, an IPv4 address mapped into IPv6 included. */
bool net_address_is_many(const struct net_address *a);

/* Puts loopback in the host's place; the family, and mapping into IPv6, stay. */
void net_address_set_loopback(struct net_address *a);

#endif
