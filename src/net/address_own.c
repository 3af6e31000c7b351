/* SPDX-License-Identifier: MIT
 *
 * Whether an address is one of this computer's own: getifaddrs() is no POSIX, but Linux, macOS and
 * the BSDs have it.
 */
#include "net/address.h"

#include <ifaddrs.h>
#include <string.h>

void net_address_unmap(const struct net_address *a, struct net_address *plain)
{
    *plain = *a;
    if (net_address_family(a) != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&a->u.in6.sin6_addr))
        return;
    uint32_t number;
    memcpy(&number, &a->u.in6.sin6_addr.s6_addr[12], sizeof number);
    net_address_from_number(ntohl(number), net_address_port(a), plain);
}

static bool has_host(const struct ifaddrs *entry, const struct net_address *a)
{
    if (entry->ifa_addr == NULL || entry->ifa_addr->sa_family != a->u.any.sa_family)
        return false;
    if (a->u.any.sa_family == AF_INET) {
        struct sockaddr_in own;
        memcpy(&own, entry->ifa_addr, sizeof own);
        return own.sin_addr.s_addr == a->u.in.sin_addr.s_addr;
    }
    struct sockaddr_in6 own;
    memcpy(&own, entry->ifa_addr, sizeof own);
    return IN6_ARE_ADDR_EQUAL(&own.sin6_addr, &a->u.in6.sin6_addr);
}

bool net_address_is_own(const struct net_address *a)
{
    struct net_address plain;
    struct ifaddrs *list;
    net_address_unmap(a, &plain);
    int family = net_address_family(&plain);
    if ((family != AF_INET && family != AF_INET6) || getifaddrs(&list) != 0)
        return false;
    bool own = false;
    for (const struct ifaddrs *entry = list; entry != NULL && !own; entry = entry->ifa_next)
        own = has_host(entry, &plain);
    freeifaddrs(list);
    return own;
}

void net_address_set_loopback(struct net_address *a)
{
    int port = net_address_port(a);
    struct net_address plain;
    net_address_unmap(a, &plain);
    if (net_address_family(a) == AF_INET) {
        net_address_from_number(INADDR_LOOPBACK, port, a);
    } else if (net_address_family(&plain) == AF_INET) {
        net_address_from_host(AF_INET6, "::ffff:127.0.0.1", port, a);
    } else if (net_address_family(a) == AF_INET6) {
        net_address_from_host(AF_INET6, "::1", port, a);
    }
}
