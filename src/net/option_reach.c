/* SPDX-License-Identifier: MIT
 *
 * Which options a stranger's code may set. Whatever is in neither list could send a packet by
 * another way (source routes, interfaces), take what is the system's, or is not known.
 */
#include "net/option.h"

#include <string.h>

static const char *const of_socket[] = {
    "SO_REUSEADDR",
    "SO_REUSEPORT",
    "SO_KEEPALIVE",
    "SO_BROADCAST",
    "SO_LINGER",
    "SO_RCVBUF",
    "SO_SNDBUF",
    "SO_RCVTIMEO",
    "SO_SNDTIMEO",
    "SO_RCVLOWAT",
    "SO_SNDLOWAT",
    "SO_OOBINLINE",
    "SO_DONTROUTE",
    "SO_PASSCRED",
    "SO_PEEK_OFF",
    "TCP_NODELAY",
    "TCP_MAXSEG",
    "TCP_CORK",
    "TCP_KEEPIDLE",
    "TCP_KEEPINTVL",
    "TCP_KEEPCNT",
    "TCP_USER_TIMEOUT",
    "TCP_QUICKACK",
    "TCP_DEFER_ACCEPT",
    "TCP_SYNCNT",
    "TCP_LINGER2",
    "TCP_WINDOW_CLAMP",
    "TCP_FASTOPEN",
    "IP_TTL",
    "IP_TOS",
    "IP_MULTICAST_LOOP",
    "IP_MULTICAST_TTL",
    "IP_MTU_DISCOVER",
    "IP_RECVERR",
    "IPV6_V6ONLY",
    "IPV6_UNICAST_HOPS",
    "IPV6_MULTICAST_HOPS",
    "IPV6_MULTICAST_LOOP",
};

static const char *const of_network[] = {
    "IP_ADD_MEMBERSHIP", "IP_DROP_MEMBERSHIP",  "IP_MULTICAST_IF",      "IPV6_JOIN_GROUP",
    "IPV6_LEAVE_GROUP",  "IPV6_ADD_MEMBERSHIP", "IPV6_DROP_MEMBERSHIP", "IPV6_MULTICAST_IF",
};

static bool has(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

enum net_reach net_option_reach(int level, int option)
{
    const struct net_name *name = net_option_name(level, option);
    if (name == NULL)
        return NET_REACH_SYSTEM;
    if (has(of_socket, sizeof of_socket / sizeof of_socket[0], name->name))
        return NET_REACH_SOCKET;
    if (has(of_network, sizeof of_network / sizeof of_network[0], name->name))
        return NET_REACH_NETWORK;
    return NET_REACH_SYSTEM;
}
