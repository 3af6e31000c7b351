/* SPDX-License-Identifier: MIT
 *
 * What the options' values look like in memory, and which options belong to a level. Which option
 * has which type of value does not stand here but in name.list, behind its name.
 */
#include "net/option.h"

#include "option_system.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum net_kind net_option_kind(int level)
{
    static const struct {
        int level;
        enum net_kind kind;
    } levels[] = {
        {SOL_SOCKET, NET_SOCKET_OPTION}, {IPPROTO_TCP, NET_TCP_OPTION},
        {IPPROTO_UDP, NET_UDP_OPTION},   {IPPROTO_IP, NET_IP_OPTION},
        {IPPROTO_IPV6, NET_IPV6_OPTION},
    };
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (levels[i].level == level)
            return levels[i].kind;
    return NET_KIND_COUNT;
}

const struct net_name *net_option_name(int level, int option)
{
    enum net_kind kind = net_option_kind(level);
    const struct net_name *name = net_name_of(kind, option);
    if (name || kind != NET_IPV6_OPTION)
        return name;
    name = net_name_of(NET_IP_OPTION, option);
    return name && strncmp(name->name, "MCAST_", 6) == 0 ? name : NULL;
}

enum net_option_type net_option_type(int level, int option)
{
    const struct net_name *name = net_option_name(level, option);
    return name ? option_system_type(name->type) : NET_VALUE_INT;
}

size_t net_option_size(enum net_option_type type)
{
    static const size_t sizes[NET_VALUE_COUNT] = {
        [NET_VALUE_INT] = sizeof(int),
        [NET_VALUE_FLAG] = sizeof(int),
        [NET_VALUE_ERRNO] = sizeof(int),
        [NET_VALUE_FAMILY] = sizeof(int),
        [NET_VALUE_TYPE] = sizeof(int),
        [NET_VALUE_PROTOCOL] = sizeof(int),
        [NET_VALUE_PATH_MTU] = sizeof(int),
        [NET_VALUE_LINGER] = sizeof(struct linger),
        [NET_VALUE_SECONDS] = sizeof(struct timeval),
        [NET_VALUE_UINT64] = sizeof(uint64_t),
        [NET_VALUE_TEXT] = 1024, /* of these, security labels are longest */
        [NET_VALUE_MEMBERSHIP4] = sizeof(struct ip_mreq),
        [NET_VALUE_MEMBERSHIP6] = sizeof(struct ipv6_mreq),
        [NET_VALUE_INTERFACE4] = sizeof(struct in_addr),
        [NET_VALUE_BYTES] = OPTION_BYTES,
    };
    bool of_system = type == NET_VALUE_CREDENTIALS || type == NET_VALUE_TCP_INFO;
    return of_system ? option_system_size(type) : sizes[type];
}

const char *net_option_value_text(enum net_option_type type)
{
    switch (type) {
    case NET_VALUE_FLAG:
        return "1 for on or 0 for off";
    case NET_VALUE_LINGER:
        return "a table {onoff = 1, linger = seconds}";
    case NET_VALUE_SECONDS:
        return "a number of seconds";
    case NET_VALUE_MEMBERSHIP4:
        return "a table {multiaddr = group, interface = address}";
    case NET_VALUE_MEMBERSHIP6:
        return "a table {multiaddr = group, interface = number}";
    case NET_VALUE_INTERFACE4:
        return "the IPv4 address of an interface";
    default:
        return NULL;
    }
}

enum net_kind net_option_value_kind(enum net_option_type type)
{
    switch (type) {
    case NET_VALUE_ERRNO:
        return NET_ERRNO;
    case NET_VALUE_FAMILY:
        return NET_FAMILY;
    case NET_VALUE_TYPE:
        return NET_TYPE;
    case NET_VALUE_PROTOCOL:
        return NET_PROTOCOL;
    case NET_VALUE_PATH_MTU:
        return NET_PATH_MTU;
    default:
        return NET_KIND_COUNT;
    }
}

void net_option_append_level(struct buffer *out, int level)
{
    const int past_protocols = 256; /* IPPROTO_MPTCP is no level: its number is that of SOL_X25 */
    const struct net_name *name = NULL;
    if (level != SOL_SOCKET && level < past_protocols)
        name = net_name_of(NET_PROTOCOL, level);
    if (name)
        buffer_puts(out, name->name);
    else
        net_name_append(out, NET_LEVEL, level);
}

void net_option_append_name(struct buffer *out, int level, int option)
{
    const struct net_name *name = net_option_name(level, option);
    if (name)
        buffer_puts(out, name->name);
    else
        buffer_printf(out, "%d", option);
}
