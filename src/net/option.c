/* SPDX-License-Identifier: MIT
 *
 * The table of options whose value is not a plain int. Its rows bear names instead of numbers, so
 * that no row depends on what this system's headers define; net/name.h turns numbers into names.
 */
#include "net/option.h"

#include "option_system.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

static const struct net_option option_table[] = {
    {"IPV6_2292DSTOPTS", NET_VALUE_FLAG},
    {"IPV6_2292HOPLIMIT", NET_VALUE_FLAG},
    {"IPV6_2292HOPOPTS", NET_VALUE_FLAG},
    {"IPV6_2292PKTINFO", NET_VALUE_FLAG},
    {"IPV6_2292PKTOPTIONS", NET_VALUE_BYTES},
    {"IPV6_2292RTHDR", NET_VALUE_FLAG},
    {"IPV6_ADDRFORM", NET_VALUE_FAMILY},
    {"IPV6_ADD_MEMBERSHIP", NET_VALUE_MEMBERSHIP6},
    {"IPV6_AUTHHDR", NET_VALUE_BYTES},
    {"IPV6_AUTOFLOWLABEL", NET_VALUE_FLAG},
    {"IPV6_DONTFRAG", NET_VALUE_FLAG},
    {"IPV6_DROP_MEMBERSHIP", NET_VALUE_MEMBERSHIP6},
    {"IPV6_DSTOPTS", NET_VALUE_BYTES},
    {"IPV6_FLOWINFO", NET_VALUE_FLAG},
    {"IPV6_FLOWINFO_SEND", NET_VALUE_FLAG},
    {"IPV6_FLOWLABEL_MGR", NET_VALUE_BYTES},
    {"IPV6_FREEBIND", NET_VALUE_FLAG},
    {"IPV6_HDRINCL", NET_VALUE_FLAG},
    {"IPV6_HOPOPTS", NET_VALUE_BYTES},
    {"IPV6_IPSEC_POLICY", NET_VALUE_BYTES},
    {"IPV6_JOIN_ANYCAST", NET_VALUE_MEMBERSHIP6},
    {"IPV6_JOIN_GROUP", NET_VALUE_MEMBERSHIP6},
    {"IPV6_LEAVE_ANYCAST", NET_VALUE_MEMBERSHIP6},
    {"IPV6_LEAVE_GROUP", NET_VALUE_MEMBERSHIP6},
    {"IPV6_MTU_DISCOVER", NET_VALUE_PATH_MTU},
    {"IPV6_MULTICAST_ALL", NET_VALUE_FLAG},
    {"IPV6_MULTICAST_LOOP", NET_VALUE_FLAG},
    {"IPV6_NEXTHOP", NET_VALUE_BYTES},
    {"IPV6_ORIGDSTADDR", NET_VALUE_FLAG},
    {"IPV6_PATHMTU", NET_VALUE_BYTES},
    {"IPV6_PKTINFO", NET_VALUE_BYTES},
    {"IPV6_PKTOPTIONS", NET_VALUE_BYTES},
    {"IPV6_RECVDSTOPTS", NET_VALUE_FLAG},
    {"IPV6_RECVERR", NET_VALUE_FLAG},
    {"IPV6_RECVERR_RFC4884", NET_VALUE_FLAG},
    {"IPV6_RECVFRAGSIZE", NET_VALUE_FLAG},
    {"IPV6_RECVHOPLIMIT", NET_VALUE_FLAG},
    {"IPV6_RECVHOPOPTS", NET_VALUE_FLAG},
    {"IPV6_RECVORIGDSTADDR", NET_VALUE_FLAG},
    {"IPV6_RECVPATHMTU", NET_VALUE_FLAG},
    {"IPV6_RECVPKTINFO", NET_VALUE_FLAG},
    {"IPV6_RECVRTHDR", NET_VALUE_FLAG},
    {"IPV6_RECVTCLASS", NET_VALUE_FLAG},
    {"IPV6_ROUTER_ALERT_ISOLATE", NET_VALUE_FLAG},
    {"IPV6_RTHDR", NET_VALUE_BYTES},
    {"IPV6_RTHDRDSTOPTS", NET_VALUE_BYTES},
    {"IPV6_TRANSPARENT", NET_VALUE_FLAG},
    {"IPV6_V6ONLY", NET_VALUE_FLAG},
    {"IPV6_XFRM_POLICY", NET_VALUE_BYTES},
    {"IP_ADD_MEMBERSHIP", NET_VALUE_MEMBERSHIP4},
    {"IP_ADD_SOURCE_MEMBERSHIP", NET_VALUE_BYTES},
    {"IP_BIND_ADDRESS_NO_PORT", NET_VALUE_FLAG},
    {"IP_BLOCK_SOURCE", NET_VALUE_BYTES},
    {"IP_CHECKSUM", NET_VALUE_FLAG},
    {"IP_DROP_MEMBERSHIP", NET_VALUE_MEMBERSHIP4},
    {"IP_DROP_SOURCE_MEMBERSHIP", NET_VALUE_BYTES},
    {"IP_FREEBIND", NET_VALUE_FLAG},
    {"IP_HDRINCL", NET_VALUE_FLAG},
    {"IP_IPSEC_POLICY", NET_VALUE_BYTES},
    {"IP_MSFILTER", NET_VALUE_BYTES},
    {"IP_MTU_DISCOVER", NET_VALUE_PATH_MTU},
    {"IP_MULTICAST_ALL", NET_VALUE_FLAG},
    {"IP_MULTICAST_IF", NET_VALUE_INTERFACE4},
    {"IP_MULTICAST_LOOP", NET_VALUE_FLAG},
    {"IP_NODEFRAG", NET_VALUE_FLAG},
    {"IP_OPTIONS", NET_VALUE_BYTES},
    {"IP_ORIGDSTADDR", NET_VALUE_FLAG},
    {"IP_PASSSEC", NET_VALUE_FLAG},
    {"IP_PKTINFO", NET_VALUE_FLAG},
    {"IP_PKTOPTIONS", NET_VALUE_BYTES},
    {"IP_RECVERR", NET_VALUE_FLAG},
    {"IP_RECVERR_RFC4884", NET_VALUE_FLAG},
    {"IP_RECVFRAGSIZE", NET_VALUE_FLAG},
    {"IP_RECVOPTS", NET_VALUE_FLAG},
    {"IP_RECVORIGDSTADDR", NET_VALUE_FLAG},
    {"IP_RECVTOS", NET_VALUE_FLAG},
    {"IP_RECVTTL", NET_VALUE_FLAG},
    {"IP_RETOPTS", NET_VALUE_FLAG},
    {"IP_TRANSPARENT", NET_VALUE_FLAG},
    {"IP_UNBLOCK_SOURCE", NET_VALUE_BYTES},
    {"IP_XFRM_POLICY", NET_VALUE_BYTES},
    {"MCAST_BLOCK_SOURCE", NET_VALUE_BYTES},
    {"MCAST_JOIN_GROUP", NET_VALUE_BYTES},
    {"MCAST_JOIN_SOURCE_GROUP", NET_VALUE_BYTES},
    {"MCAST_LEAVE_GROUP", NET_VALUE_BYTES},
    {"MCAST_LEAVE_SOURCE_GROUP", NET_VALUE_BYTES},
    {"MCAST_MSFILTER", NET_VALUE_BYTES},
    {"MCAST_UNBLOCK_SOURCE", NET_VALUE_BYTES},
    {"SO_ACCEPTCONN", NET_VALUE_FLAG},
    {"SO_ATTACH_FILTER", NET_VALUE_POINTER},
    {"SO_ATTACH_REUSEPORT_CBPF", NET_VALUE_POINTER},
    {"SO_BINDTODEVICE", NET_VALUE_TEXT},
    {"SO_BROADCAST", NET_VALUE_FLAG},
    {"SO_BSDCOMPAT", NET_VALUE_FLAG},
    {"SO_COOKIE", NET_VALUE_UINT64},
    {"SO_DEBUG", NET_VALUE_FLAG},
    {"SO_DOMAIN", NET_VALUE_FAMILY},
    {"SO_DONTROUTE", NET_VALUE_FLAG},
    {"SO_ERROR", NET_VALUE_ERRNO},
    {"SO_GET_FILTER", NET_VALUE_POINTER},
    {"SO_KEEPALIVE", NET_VALUE_FLAG},
    {"SO_LINGER", NET_VALUE_LINGER},
    {"SO_LOCK_FILTER", NET_VALUE_FLAG},
    {"SO_MEMINFO", NET_VALUE_BYTES},
    {"SO_NETNS_COOKIE", NET_VALUE_UINT64},
    {"SO_NOFCS", NET_VALUE_FLAG},
    {"SO_NO_CHECK", NET_VALUE_FLAG},
    {"SO_OOBINLINE", NET_VALUE_FLAG},
    {"SO_PASSCRED", NET_VALUE_FLAG},
    {"SO_PASSSEC", NET_VALUE_FLAG},
    {"SO_PEERCRED", NET_VALUE_CREDENTIALS},
    {"SO_PEERGROUPS", NET_VALUE_BYTES},
    {"SO_PEERNAME", NET_VALUE_BYTES},
    {"SO_PEERSEC", NET_VALUE_TEXT},
    {"SO_PREFER_BUSY_POLL", NET_VALUE_FLAG},
    {"SO_PROTOCOL", NET_VALUE_PROTOCOL},
    {"SO_RCVMARK", NET_VALUE_FLAG},
    {"SO_RCVTIMEO", NET_VALUE_SECONDS},
    {"SO_REUSEADDR", NET_VALUE_FLAG},
    {"SO_REUSEPORT", NET_VALUE_FLAG},
    {"SO_RXQ_OVFL", NET_VALUE_FLAG},
    {"SO_SELECT_ERR_QUEUE", NET_VALUE_FLAG},
    {"SO_SNDTIMEO", NET_VALUE_SECONDS},
    {"SO_TIMESTAMP", NET_VALUE_FLAG},
    {"SO_TIMESTAMPNS", NET_VALUE_FLAG},
    {"SO_TXTIME", NET_VALUE_BYTES},
    {"SO_TYPE", NET_VALUE_TYPE},
    {"SO_WIFI_STATUS", NET_VALUE_FLAG},
    {"SO_ZEROCOPY", NET_VALUE_FLAG},
    {"TCP_CC_INFO", NET_VALUE_BYTES},
    {"TCP_CONGESTION", NET_VALUE_TEXT},
    {"TCP_COOKIE_TRANSACTIONS", NET_VALUE_BYTES},
    {"TCP_CORK", NET_VALUE_FLAG},
    {"TCP_FASTOPEN_CONNECT", NET_VALUE_FLAG},
    {"TCP_FASTOPEN_KEY", NET_VALUE_BYTES},
    {"TCP_FASTOPEN_NO_COOKIE", NET_VALUE_FLAG},
    {"TCP_INFO", NET_VALUE_TCP_INFO},
    {"TCP_INQ", NET_VALUE_FLAG},
    {"TCP_MD5SIG", NET_VALUE_BYTES},
    {"TCP_MD5SIG_EXT", NET_VALUE_BYTES},
    {"TCP_NODELAY", NET_VALUE_FLAG},
    {"TCP_QUICKACK", NET_VALUE_FLAG},
    {"TCP_REPAIR_OPTIONS", NET_VALUE_BYTES},
    {"TCP_REPAIR_WINDOW", NET_VALUE_BYTES},
    {"TCP_SAVED_SYN", NET_VALUE_BYTES},
    {"TCP_THIN_DUPACK", NET_VALUE_FLAG},
    {"TCP_THIN_LINEAR_TIMEOUTS", NET_VALUE_FLAG},
    {"TCP_ULP", NET_VALUE_TEXT},
    {"TCP_ZEROCOPY_RECEIVE", NET_VALUE_POINTER},
    {"UDP_CORK", NET_VALUE_FLAG},
    {"UDP_GRO", NET_VALUE_FLAG},
    {"UDP_NO_CHECK6_RX", NET_VALUE_FLAG},
    {"UDP_NO_CHECK6_TX", NET_VALUE_FLAG},
};

#define OPTION_COUNT (sizeof option_table / sizeof option_table[0])

const struct net_option *net_options(size_t *count)
{
    *count = OPTION_COUNT;
    return option_table;
}

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
    size_t low = 0, high = OPTION_COUNT;
    while (name && low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name->name, option_table[middle].name);
        if (order == 0)
            return option_system_type(option_table[middle].type);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NET_VALUE_INT;
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
        [NET_VALUE_BYTES] = 4096,
    };
    bool of_system = type == NET_VALUE_CREDENTIALS || type == NET_VALUE_TCP_INFO;
    return of_system ? option_system_size(type) : sizes[type];
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
