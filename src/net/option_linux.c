/* SPDX-License-Identifier: MIT
 *
 * The structs that Linux gives as values of options: who the peer is (unix(7)), and what TCP knows
 * of a connection (tcp(7)).
 */
#define _GNU_SOURCE /* struct ucred */
#include "option_system.h"

#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

enum net_option_type option_system_type(enum net_option_type type)
{
    return type;
}

size_t option_system_size(enum net_option_type type)
{
    return type == NET_VALUE_CREDENTIALS ? sizeof(struct ucred) : sizeof(struct tcp_info);
}

void net_option_credentials(const void *value, struct net_credentials *credentials)
{
    struct ucred peer;
    memcpy(&peer, value, sizeof peer);
    *credentials = (struct net_credentials){peer.pid, peer.uid, peer.gid};
}

#define TCP_PLACE(field)                                                                           \
    offsetof(struct tcp_info, field), sizeof(((const struct tcp_info *)0)->field)

static const struct tcp_field {
    const char *name;
    size_t offset, size;
} tcp_fields[] = {
    {"retransmits", TCP_PLACE(tcpi_retransmits)},
    {"rto", TCP_PLACE(tcpi_rto)},
    {"snd_mss", TCP_PLACE(tcpi_snd_mss)},
    {"rcv_mss", TCP_PLACE(tcpi_rcv_mss)},
    {"unacked", TCP_PLACE(tcpi_unacked)},
    {"sacked", TCP_PLACE(tcpi_sacked)},
    {"lost", TCP_PLACE(tcpi_lost)},
    {"rtt", TCP_PLACE(tcpi_rtt)},
    {"rttvar", TCP_PLACE(tcpi_rttvar)},
    {"snd_cwnd", TCP_PLACE(tcpi_snd_cwnd)},
    {"total_retrans", TCP_PLACE(tcpi_total_retrans)},
};

enum net_tcp_state net_option_tcp_state(const void *value, size_t length)
{
    const unsigned state = length > 0 ? *(const unsigned char *)value : 0;
    return state <= NET_TCP_CLOSING ? (enum net_tcp_state)state : NET_TCP_UNKNOWN;
}

bool net_option_tcp_number(size_t place, const void *value, size_t length, const char **name,
                           unsigned long *number)
{
    if (place >= sizeof tcp_fields / sizeof tcp_fields[0])
        return false;
    const struct tcp_field *field = &tcp_fields[place];
    const char *data = (const char *)value + field->offset;
    uint32_t word = 0;
    uint8_t byte = 0;
    if (field->offset + field->size <= length)
        memcpy(field->size == 1 ? (void *)&byte : (void *)&word, data, field->size);
    *name = field->name;
    *number = field->size == 1 ? byte : word;
    return true;
}

#endif
