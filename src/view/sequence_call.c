/* SPDX-License-Identifier: MIT
 *
 * A call as a lane of the picture has room for it: what the learner typed and what came of it,
 * without the arguments that say nothing here. The whole call stands in the call line.
 */
#include "sequence_inside.h"

#include "base/text.h"
#include "net/name.h"

#include <string.h>

enum {
    DATA_LIMIT = 32,  /* bytes of data that are quoted */
    COUNTED_FROM = 11 /* where so many bytes came, they are counted for the reader */
};

/* The picture shows what goes between the two sides and who could make it go. A call that only asks
 * (getsockname, getsockopt, poll) or prepares (setsockopt, a lookup) puts nothing on the wire and
 * moves no state; it would push what does out of sight. Where such a call failed, that is why the
 * next one is missing, and it is shown. */
bool call_is_drawn(const struct net_record *record)
{
    return record->call <= NET_CLOSE || record->error != 0;
}

/* The address of nearly every example, and the one that says least. IPv6 keeps its own: that the
 * two are not the same is a lesson. */
static bool is_usual_host(const struct net_address *address)
{
    struct net_address usual;
    int port = net_address_port(address);
    if (port < 0)
        return false;
    net_address_from_number(0x7f000001, port, &usual);
    return net_address_equal(address, &usual);
}

void call_append_address(struct buffer *out, const struct net_address *address)
{
    if (is_usual_host(address))
        buffer_printf(out, ":%d", net_address_port(address));
    else
        net_address_append(out, address);
}

static void append_flags(struct buffer *out, const struct net_record *r)
{
    if (r->flags == 0)
        return;
    buffer_puts(out, ", ");
    net_name_append(out, NET_MESSAGE_FLAG, r->flags);
}

static void append_data(struct buffer *out, const struct net_record *r)
{
    if (r->data != NULL || r->size == 0)
        text_append_quoted(out, r->data, r->data != NULL ? r->data_length : 0, DATA_LIMIT);
    else
        buffer_puts(out, "...");
}

/* What socket() takes by itself is left out. */
static void append_kind(struct buffer *out, const struct net_record *r)
{
    int usual = r->call == NET_SOCKETPAIR ? AF_UNIX : AF_INET;
    if (r->family == usual && r->type == SOCK_STREAM && r->protocol == 0)
        return;
    net_name_append(out, NET_FAMILY, r->family);
    if (r->type == SOCK_STREAM && r->protocol == 0)
        return;
    buffer_puts(out, ", ");
    net_name_append(out, NET_TYPE, r->type);
    if (r->protocol != 0)
        buffer_printf(out, ", %d", r->protocol);
}

static void append_sent(struct buffer *out, const struct net_record *r)
{
    buffer_printf(out, "%d, ", r->fd);
    append_data(out, r);
    append_flags(out, r);
    if (r->call == NET_SENDTO && r->address.length != 0) {
        buffer_puts(out, ", ");
        call_append_address(out, &r->address);
    }
}

static void append_name(struct buffer *out, const char *name)
{
    if (name != NULL)
        text_append_quoted(out, name, strlen(name), DATA_LIMIT);
    else
        buffer_puts(out, "NULL");
}

static void append_arguments(struct buffer *out, const struct net_record *r)
{
    switch (r->call) {
    case NET_SOCKET:
    case NET_SOCKETPAIR:
        append_kind(out, r);
        return;
    case NET_BIND:
    case NET_CONNECT:
        buffer_printf(out, "%d, ", r->fd);
        call_append_address(out, &r->address);
        return;
    case NET_LISTEN:
        buffer_printf(out, "%d, %d", r->fd, r->backlog);
        return;
    case NET_SEND:
    case NET_SENDTO:
        append_sent(out, r);
        return;
    case NET_RECV:
    case NET_RECVFROM:
        buffer_printf(out, "%d, %zu", r->fd, r->size);
        append_flags(out, r);
        return;
    case NET_SHUTDOWN:
        buffer_printf(out, "%d, ", r->fd);
        net_name_append(out, NET_DIRECTION, r->how);
        return;
    case NET_GETADDRINFO:
        append_name(out, r->host);
        buffer_puts(out, ", ");
        append_name(out, r->service);
        return;
    case NET_POLL:
    case NET_GETNAMEINFO:
    case NET_GETHOSTNAME:
        return;
    default:
        buffer_printf(out, "%d", r->fd);
    }
}

void call_append(struct buffer *out, const struct net_record *record)
{
    buffer_puts(out, net_call_name(record->call));
    buffer_putc(out, '(');
    append_arguments(out, record);
    buffer_putc(out, ')');
}

static void append_failure(struct buffer *out, const struct net_record *r)
{
    bool lookup = r->call == NET_GETADDRINFO || r->call == NET_GETNAMEINFO;
    buffer_puts(out, lookup ? " = " : " = -1 ");
    net_name_append(out, lookup ? NET_LOOKUP_ERROR : NET_ERRNO, r->error);
}

/* The data is the result; its length is told where it is more than can be counted at a glance, or
 * not all of it is there. */
static void append_received(struct buffer *out, const struct net_record *r)
{
    size_t length = r->data != NULL ? r->data_length : 0;
    buffer_puts(out, " = ");
    if (r->came > 0)
        buffer_printf(out, "%ld of %zu: ", r->result, r->came);
    else if (r->result >= COUNTED_FROM || (r->result > 0 && (size_t)r->result != length))
        buffer_printf(out, "%ld: ", r->result);
    text_append_quoted(out, r->data, length, DATA_LIMIT);
    if (r->call == NET_RECVFROM && net_address_family(&r->address) != AF_UNSPEC) {
        buffer_puts(out, ", ");
        call_append_address(out, &r->address);
    }
}

void call_append_result(struct buffer *out, const struct net_record *record)
{
    if (record->error != 0) {
        append_failure(out, record);
        return;
    }
    switch (record->call) {
    case NET_RECV:
    case NET_RECVFROM:
        append_received(out, record);
        return;
    case NET_SOCKETPAIR:
        buffer_printf(out, " = %ld, %d", record->result, record->second_fd);
        return;
    case NET_SEND:
    case NET_SENDTO:
        buffer_printf(out, " = %ld", record->result);
        if (record->result >= 0 && (size_t)record->result < record->size)
            buffer_printf(out, " of %zu", record->size);
        return;
    case NET_SOCKET:
    case NET_ACCEPT:
        buffer_printf(out, " = %ld", record->result);
        return;
    default: /* 0 says nothing */
        return;
    }
}
