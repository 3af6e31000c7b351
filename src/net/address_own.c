/* SPDX-License-Identifier: MIT
 *
 * Whether an address is one of this computer's own, or of one of its networks: getifaddrs() is no
 * POSIX, but Linux, macOS and the BSDs have it.
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

/* What stands for every computer of the interface's network: all bits of the host are ones. */
static bool has_broadcast(const struct ifaddrs *entry, const struct net_address *a)
{
    struct sockaddr_in own, mask;
    if (entry->ifa_addr == NULL || entry->ifa_addr->sa_family != AF_INET ||
        entry->ifa_netmask == NULL)
        return false;
    memcpy(&own, entry->ifa_addr, sizeof own);
    memcpy(&mask, entry->ifa_netmask, sizeof mask);
    uint32_t hosts = ~ntohl(mask.sin_addr.s_addr); /* in a network of one or two is no broadcast */
    return hosts > 1 && ntohl(a->u.in.sin_addr.s_addr) == (ntohl(own.sin_addr.s_addr) | hosts);
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

/* Whether it is so of any interface. */
static bool is_any_interface(const struct net_address *a,
                             bool (*is)(const struct ifaddrs *entry, const struct net_address *a))
{
    struct ifaddrs *list;
    bool found = false;
    if (getifaddrs(&list) != 0)
        return false;
    for (const struct ifaddrs *entry = list; entry != NULL && !found; entry = entry->ifa_next)
        found = is(entry, a);
    freeifaddrs(list);
    return found;
}

bool net_address_is_own(const struct net_address *a)
{
    struct net_address plain;
    net_address_unmap(a, &plain);
    int family = net_address_family(&plain);
    return (family == AF_INET || family == AF_INET6) && is_any_interface(&plain, has_host);
}

bool net_address_is_many(const struct net_address *a)
{
    struct net_address plain;
    net_address_unmap(a, &plain);
    if (net_address_family(&plain) == AF_INET6)
        return IN6_IS_ADDR_MULTICAST(&plain.u.in6.sin6_addr);
    if (net_address_family(&plain) != AF_INET)
        return false;
    uint32_t host = ntohl(plain.u.in.sin_addr.s_addr);
    return IN_MULTICAST(host) || host == INADDR_BROADCAST ||
           is_any_interface(&plain, has_broadcast);
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
