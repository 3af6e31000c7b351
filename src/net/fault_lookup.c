/* SPDX-License-Identifier: MIT
 *
 * Hints for a name that was not found. Most often the text was no name at all: an address with a
 * slip in it, a port or a scheme glued on; so the text is looked at before the errno is explained.
 */
#define _GNU_SOURCE /* EAI_NODATA and EAI_ADDRFAMILY */
#include "fault_hint.h"

#include "net/address.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Longer text is no slip in an address any more. */
#define LONGEST_QUAD 40

static const char *host_of(const struct net_fault *fault)
{
    return fault->host ? fault->host : "";
}

static bool has_no_host(const struct net_fault *fault)
{
    return host_of(fault)[0] == '\0';
}

static bool has_service(const struct net_fault *fault)
{
    return fault->service && fault->service[0] != '\0';
}

/* Nothing was asked for by name: the answer to a getnameinfo(). */
static bool has_nothing(const struct net_fault *fault)
{
    return has_no_host(fault) && !has_service(fault);
}

static bool wants_ipv6(const struct net_fault *fault)
{
    return fault->facts.family == AF_INET6;
}

static bool is_url(const struct net_fault *fault)
{
    return strstr(host_of(fault), "://") != NULL;
}

static bool has_path(const struct net_fault *fault)
{
    return strchr(host_of(fault), '/') != NULL;
}

static bool has_blank(const struct net_fault *fault)
{
    return host_of(fault)[strcspn(host_of(fault), " \t\r\n")] != '\0';
}

/* One colon with digits or a service behind it: in IPv6 text there are two at least. */
static bool has_port(const struct net_fault *fault)
{
    const char *host = host_of(fault);
    const char *colon = strchr(host, ':');
    return colon && colon != host && !strchr(colon + 1, ':');
}

static bool has_brackets(const struct net_fault *fault)
{
    return host_of(fault)[0] == '[';
}

static bool is_ipv6_text(const struct net_fault *fault)
{
    const char *host = host_of(fault);
    const char *colon = strchr(host, ':');
    return colon && strchr(colon + 1, ':');
}

/* Digits and dots alone, at least one dot: meant to be IPv4. */
static bool is_quad_text(const struct net_fault *fault)
{
    const char *host = host_of(fault);
    size_t length = strspn(host, "0123456789.");
    return strchr(host, '.') && isdigit((unsigned char)host[0]) && host[length] == '\0' &&
           length <= LONGEST_QUAD;
}

/* And with a slip in it. */
static bool is_wrong_quad(const struct net_fault *fault)
{
    struct in_addr bytes;
    return is_quad_text(fault) && !net_host_parse(AF_INET, host_of(fault), &bytes);
}

/* Whoever asked wanted the answer itself, and not a socket's address. */
static bool was_called(const struct net_fault *fault, const char *name)
{
    return fault->name && strcmp(fault->name, name) == 0;
}

static bool is_getaddrinfo(const struct net_fault *fault)
{
    return was_called(fault, "getaddrinfo");
}

static bool is_gethostbyname(const struct net_fault *fault)
{
    return was_called(fault, "gethostbyname");
}

static bool asks_for_ipv6(const struct net_fault *fault)
{
    return wants_ipv6(fault) && was_called(fault, "getaddrinfo");
}

static bool has_flag(const struct net_fault *fault, int flag)
{
    return fault->call == NET_GETADDRINFO && (fault->flags & flag) != 0;
}

static bool wants_numeric_host(const struct net_fault *fault)
{
    return has_flag(fault, AI_NUMERICHOST) && !has_no_host(fault);
}

static bool wants_numeric_service(const struct net_fault *fault)
{
    return has_flag(fault, AI_NUMERICSERV) && has_service(fault) &&
           fault->service[strspn(fault->service, "0123456789")] != '\0';
}

static bool is_multicast_dns(const struct net_fault *fault)
{
    const char *host = host_of(fault);
    size_t length = strlen(host);
    return length > 6 && strcasecmp(host + length - 6, ".local") == 0;
}

static int count_parts(const char *host)
{
    int parts = 1;
    for (; *host != '\0'; host++)
        parts += *host == '.';
    return parts;
}

/* The digits of the first part that is above 255, NULL where none is. */
static const char *find_large_part(const char *host)
{
    while (*host != '\0') {
        size_t digits = strspn(host, "0123456789");
        if (digits > 0 && strtol(host, NULL, 10) > 255)
            return host;
        host += digits + (host[digits] == '.');
    }
    return NULL;
}

static void write_quad(struct buffer *out, const struct hint_scene *scene)
{
    const char *host = host_of(scene->fault);
    int parts = count_parts(host);
    const char *large = find_large_part(host);
    hint_append(out, scene,
                "{host} looks like an IPv4 address, which has four numbers from 0 to 255");
    if (large)
        buffer_printf(out, ", but %.*s is too large", (int)strspn(large, "0123456789"), large);
    else if (parts != 4)
        buffer_printf(out, ", but this has %d part%s", parts, parts == 1 ? "" : "s");
    buffer_puts(out, ". An example is 127.0.0.1.");
}

#define URL                                                                                        \
    "A host is a name alone: leave out what stands in front of :// and behind the name in {host}."
#define BRACKETS                                                                                   \
    "Brackets belong to URLs, where they part an address from its port. The host {host} is "       \
    "written without them, as in \"::1\", and the port is an argument of its own."
#define PORT                                                                                       \
    "The port does not belong to the host {host}: it is an argument of its own, as in "            \
    "(\"localhost\", 80)."
#define PATH                                                                                       \
    "A host is a name alone: there is no / in one. {host} may be a path, for an AF_UNIX socket."
#define BLANK "There is a blank in {host}, and names of hosts have none."

/* What is wrong with the text itself is so whichever way the lookup failed. */
#define SHAPES(error)                                                                              \
    {error, ANY_CALL, is_url, URL, NULL}, {error, ANY_CALL, has_brackets, BRACKETS, NULL},         \
        {error, ANY_CALL, has_path, PATH, NULL}, {error, ANY_CALL, has_blank, BLANK, NULL},        \
        {error, ANY_CALL, has_port, PORT, NULL},                                                   \
    {                                                                                              \
        error, ANY_CALL, is_wrong_quad, NULL, write_quad                                           \
    }

static const struct hint rows[] = {
    {EAI_NONAME, ANY_CALL, wants_numeric_service,
     "AI_NUMERICSERV takes a port in digits, and {service} is the name of a service. Leave the "
     "flag "
     "out.",
     NULL},
    SHAPES(EAI_NONAME),
    {EAI_NONAME, ANY_CALL, wants_numeric_host,
     "AI_NUMERICHOST takes an address in numbers, and {host} is a name. Leave the flag out.", NULL},
    {EAI_NONAME, ANY_CALL, has_nothing,
     "No name is known for {address}, and NI_NAMEREQD asks for one. Leave the flag out: then the "
     "numbers are the answer.",
     NULL},
    {EAI_NONAME, ANY_CALL, has_no_host,
     "The service {service} is no number, and only a number may stand here.", NULL},
    {EAI_NONAME, ANY_CALL, is_multicast_dns,
     "Names that end in .local are those of computers nearby, and need mDNS (Avahi) on both. The "
     "numeric address works without.",
     NULL},
    {EAI_NONAME, ANY_CALL, asks_for_ipv6,
     "The host {host} has no IPv6 address, as far as is known here, and AF_INET6 asks for one. "
     "AF_UNSPEC, or no family at all, asks for any.",
     NULL},
    {EAI_NONAME, ANY_CALL, wants_ipv6,
     "The host {host} has no IPv6 address, as far as is known here, and this socket is one for "
     "IPv6. Use a socket of AF_INET, or an address such as \"::1\".",
     NULL},
    {EAI_NONAME, ANY_CALL, NULL,
     "Nobody knows the host {host}: it stands neither in /etc/hosts nor with the name server. Is "
     "it spelt right? \"localhost\" and addresses such as \"127.0.0.1\" always work.",
     NULL},
#ifdef EAI_NODATA
    SHAPES(EAI_NODATA),
    {EAI_NODATA, ANY_CALL, NULL,
     "The name {host} exists, but has no address of the family that was asked for. Try the other "
     "one, AF_INET or AF_INET6.",
     NULL},
#endif
#ifdef EAI_ADDRFAMILY
    {EAI_ADDRFAMILY, ANY_CALL, is_gethostbyname,
     "{host} has no address of IPv4, and gethostbyname() gives no other: getaddrinfo({host}) does.",
     NULL},
    {EAI_ADDRFAMILY, ANY_CALL, is_getaddrinfo,
     "{host} is an address of another family than the one that was asked for, or has none of that "
     "family. AF_UNSPEC, or no family at all, asks for any.",
     NULL},
    {EAI_ADDRFAMILY, ANY_CALL, is_ipv6_text,
     "{host} is an IPv6 address, and the socket is of another family. Make it with "
     "socket(AF_INET6), or "
     "give an IPv4 address.",
     NULL},
    {EAI_ADDRFAMILY, ANY_CALL, is_quad_text,
     "{host} is an IPv4 address, and the socket is of another family. Make it with "
     "socket(AF_INET), or "
     "give an IPv6 address.",
     NULL},
    {EAI_ADDRFAMILY, ANY_CALL, NULL,
     "The host {host} has no address of the family that was asked for. Try the other one, AF_INET "
     "or AF_INET6.",
     NULL},
#endif
    SHAPES(EAI_AGAIN),
    {EAI_AGAIN, ANY_CALL, has_nothing,
     "No name server answered for {address}. Is the network up? Without NI_NAMEREQD the numbers "
     "are the answer.",
     NULL},
    {EAI_AGAIN, ANY_CALL, NULL,
     "No name server answered for {host}. Is the network up? Without one only numeric addresses "
     "work, and names in /etc/hosts such as \"localhost\".",
     NULL},
    SHAPES(EAI_FAIL),
    {EAI_FAIL, ANY_CALL, has_nothing,
     "The name server could not answer for {address}, and asking again will not help.", NULL},
    {EAI_FAIL, ANY_CALL, NULL,
     "The name server could not answer for {host}, and asking again will not help. Is the name "
     "spelt right? A numeric address works without a name server.",
     NULL},
    {EAI_SERVICE, ANY_CALL, has_service,
     "The service {service} does not stand in /etc/services, or not for this type of socket. Give "
     "the port as a number.",
     NULL},
    {EAI_SERVICE, ANY_CALL, NULL,
     "Sockets of this type have no services. Give SOCK_STREAM or SOCK_DGRAM.", NULL},
    {EAI_FAMILY, ANY_CALL, NULL,
     "Only AF_INET and AF_INET6 have hosts that can be looked up; AF_UNSPEC means both.", NULL},
    {EAI_SOCKTYPE, ANY_CALL, NULL,
     "Type and protocol do not go together, or there is no such type. SOCK_STREAM and SOCK_DGRAM "
     "are the usual ones, and 0 means any.",
     NULL},
    {EAI_BADFLAGS, CALL(NET_GETNAMEINFO), NULL,
     "There is no such flag for getnameinfo(): it takes NI_ constants.", NULL},
    {EAI_BADFLAGS, ANY_CALL, NULL,
     "There is no such flag, or it does not go with the rest: AI_CANONNAME needs a host.", NULL},
    {EAI_MEMORY, ANY_CALL, NULL, "There is no memory left for the answer.", NULL},
    {EAI_OVERFLOW, ANY_CALL, NULL, "The name of that address is too long.", NULL},
    {EAI_SYSTEM, ANY_CALL, has_no_host,
     "The lookup failed in the system, not for what was looked up: {error}.", NULL},
    {EAI_SYSTEM, ANY_CALL, NULL,
     "Looking {host} up failed in the system, not for its name: {error}.", NULL},
};

const struct hint_table hint_lookup = HINT_TABLE(rows);
