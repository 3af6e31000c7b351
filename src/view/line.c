/* SPDX-License-Identifier: MIT
 *
 * A table from calls to what writes their arguments and their results. Names of constants come from
 * net/name.h, values of options from view/value.h.
 */
#include "view/line.h"

#include "base/fold.h"
#include "base/text.h"
#include "net/name.h"
#include "net/option.h"
#include "view/value.h"

#include <string.h>

#define DATA_LIMIT 32 /* bytes of data that are quoted */

/* `filled`: the call succeeded, and what it gave back by its arguments is in the record. */
typedef void line_arguments(struct buffer *out, const struct net_record *r, bool filled);
typedef void line_result(struct buffer *out, const struct net_record *r);

static void write_fd(struct buffer *out, const struct net_record *r, bool filled)
{
    (void)filled;
    buffer_printf(out, "%d", r->fd);
}

/* Protocol 6 is TCP in the families of the Internet alone. */
static void write_kind(struct buffer *out, const struct net_record *r, bool filled)
{
    (void)filled;
    net_name_append(out, NET_FAMILY, r->family);
    buffer_puts(out, ", ");
    net_name_append(out, NET_TYPE, r->type);
    buffer_puts(out, ", ");
    if (r->family == AF_INET || r->family == AF_INET6)
        net_name_append(out, NET_PROTOCOL, r->protocol);
    else
        buffer_printf(out, "%d", r->protocol);
}

static void write_given_address(struct buffer *out, const struct net_record *r, bool filled)
{
    write_fd(out, r, filled);
    buffer_puts(out, ", ");
    net_address_append(out, &r->address);
}

static void write_filled_address(struct buffer *out, const struct net_record *r, bool filled)
{
    if (filled)
        write_given_address(out, r, filled);
    else
        write_fd(out, r, filled);
}

static void write_listen(struct buffer *out, const struct net_record *r, bool filled)
{
    write_fd(out, r, filled);
    buffer_printf(out, ", %d", r->backlog);
}

static void append_size_and_flags(struct buffer *out, const struct net_record *r)
{
    buffer_printf(out, ", %zu, ", r->size);
    net_name_append(out, NET_MESSAGE_FLAG, r->flags);
}

static void write_send(struct buffer *out, const struct net_record *r, bool filled)
{
    write_fd(out, r, filled);
    buffer_puts(out, ", ");
    if (r->data || r->size == 0)
        text_append_quoted(out, r->data, r->data ? r->data_length : 0, DATA_LIMIT);
    else
        buffer_puts(out, "...");
    append_size_and_flags(out, r);
}

static void write_sendto(struct buffer *out, const struct net_record *r, bool filled)
{
    write_send(out, r, filled);
    buffer_puts(out, ", ");
    net_address_append(out, &r->address);
}

static void write_recv(struct buffer *out, const struct net_record *r, bool filled)
{
    write_fd(out, r, filled);
    if (filled) {
        buffer_puts(out, ", ");
        text_append_quoted(out, r->data, r->data ? r->data_length : 0, DATA_LIMIT);
    }
    append_size_and_flags(out, r);
}

static void write_recvfrom(struct buffer *out, const struct net_record *r, bool filled)
{
    write_recv(out, r, filled);
    if (!filled)
        return;
    buffer_puts(out, ", ");
    net_address_append(out, &r->address);
}

static void write_shutdown(struct buffer *out, const struct net_record *r, bool filled)
{
    write_fd(out, r, filled);
    buffer_puts(out, ", ");
    net_name_append(out, NET_DIRECTION, r->how);
}

static void write_getsockopt(struct buffer *out, const struct net_record *r, bool filled)
{
    write_fd(out, r, filled);
    buffer_puts(out, ", ");
    net_option_append_level(out, r->level);
    buffer_puts(out, ", ");
    net_option_append_name(out, r->level, r->option);
}

static void write_setsockopt(struct buffer *out, const struct net_record *r, bool filled)
{
    write_getsockopt(out, r, filled);
    buffer_puts(out, ", ");
    if (r->data)
        value_append(out, r->level, r->option, r->data, r->data_length);
    else
        buffer_puts(out, "...");
}

static void write_poll(struct buffer *out, const struct net_record *r, bool filled)
{
    (void)filled;
    buffer_printf(out, "%zu socket%s", r->size, r->size == 1 ? "" : "s");
}

static void append_name(struct buffer *out, const char *name)
{
    if (name)
        text_append_quoted(out, name, strlen(name), NI_MAXHOST);
    else
        buffer_puts(out, "NULL");
}

static void append_host_and_service(struct buffer *out, const struct net_record *r)
{
    append_name(out, r->host);
    buffer_puts(out, ", ");
    append_name(out, r->service);
}

/* The hints are left out, but for flags: those change what the answer means. */
static void write_getaddrinfo(struct buffer *out, const struct net_record *r, bool filled)
{
    (void)filled;
    append_host_and_service(out, r);
    if (r->flags == 0)
        return;
    buffer_puts(out, ", {ai_flags=");
    net_name_append(out, NET_LOOKUP_FLAG, r->flags);
    buffer_putc(out, '}');
}

static void write_getnameinfo(struct buffer *out, const struct net_record *r, bool filled)
{
    (void)filled;
    net_address_append(out, &r->address);
    buffer_puts(out, ", ");
    net_name_append(out, NET_NAMEINFO_FLAG, r->flags);
}

static void write_nothing(struct buffer *out, const struct net_record *r, bool filled)
{
    (void)out;
    (void)r;
    (void)filled;
}

static void result_number(struct buffer *out, const struct net_record *r)
{
    buffer_printf(out, "%ld", r->result);
}

static void result_pair(struct buffer *out, const struct net_record *r)
{
    buffer_printf(out, "%ld, %d", r->result, r->second_fd);
}

static void result_sent(struct buffer *out, const struct net_record *r)
{
    result_number(out, r);
    if (r->result >= 0 && (size_t)r->result < r->size)
        buffer_printf(out, " (short: %ld of %zu bytes)", r->result, r->size);
}

/* On a TCP socket MSG_TRUNC throws away what came and counts it; with MSG_PEEK too it only counts.
 */
static void result_received(struct buffer *out, const struct net_record *r)
{
    bool stream = r->type == SOCK_STREAM;
    bool counted = r->result > 0 && (size_t)r->result > r->data_length;
    result_number(out, r);
    if (stream && r->result == 0 && r->size > 0)
        buffer_puts(out, " (end of stream)");
    else if (!stream && r->came > 0)
        buffer_printf(out, " (truncated: %zu bytes came)", r->came);
    else if (counted && (r->flags & MSG_TRUNC) && !(r->flags & MSG_PEEK))
        buffer_puts(out, " (discarded)");
}

static void result_option(struct buffer *out, const struct net_record *r)
{
    if (r->data)
        value_append(out, r->level, r->option, r->data, r->data_length);
    else
        result_number(out, r);
}

static void result_poll(struct buffer *out, const struct net_record *r)
{
    result_number(out, r);
    if (r->result == 0)
        buffer_puts(out, " (timeout)");
}

static void result_address(struct buffer *out, const struct net_record *r)
{
    net_address_append(out, &r->address);
}

static void result_name(struct buffer *out, const struct net_record *r)
{
    append_name(out, r->host);
}

static const struct {
    line_arguments *arguments;
    line_result *result;
    bool lookup; /* it fails with an EAI_ value, and returns that */
} line_calls[NET_CALL_COUNT] = {
    [NET_SOCKET] = {write_kind, result_number, false},
    [NET_SOCKETPAIR] = {write_kind, result_pair, false},
    [NET_BIND] = {write_given_address, result_number, false},
    [NET_LISTEN] = {write_listen, result_number, false},
    [NET_ACCEPT] = {write_filled_address, result_number, false},
    [NET_CONNECT] = {write_given_address, result_number, false},
    [NET_SEND] = {write_send, result_sent, false},
    [NET_SENDTO] = {write_sendto, result_sent, false},
    [NET_RECV] = {write_recv, result_received, false},
    [NET_RECVFROM] = {write_recvfrom, result_received, false},
    [NET_SHUTDOWN] = {write_shutdown, result_number, false},
    [NET_CLOSE] = {write_fd, result_number, false},
    [NET_GETSOCKNAME] = {write_filled_address, result_number, false},
    [NET_GETPEERNAME] = {write_filled_address, result_number, false},
    [NET_SETSOCKOPT] = {write_setsockopt, result_number, false},
    [NET_GETSOCKOPT] = {write_getsockopt, result_option, false},
    [NET_POLL] = {write_poll, result_poll, false},
    [NET_GETADDRINFO] = {write_getaddrinfo, result_address, true},
    [NET_GETNAMEINFO] = {write_getnameinfo, append_host_and_service, true},
    [NET_GETHOSTNAME] = {write_nothing, result_name, false},
};

/* The C library's text may be in the user's language. */
static void append_failure(struct buffer *out, int error, bool lookup)
{
    const enum net_kind kind = lookup ? NET_LOOKUP_ERROR : NET_ERRNO;
    const char *text = net_error_text(kind, error);
    if (!lookup)
        buffer_puts(out, "-1 ");
    net_name_append(out, kind, error);
    buffer_puts(out, " (");
    text_append_safe(out, text, strlen(text), false);
    buffer_putc(out, ')');
}

static void append_call(struct buffer *out, const struct net_record *r, bool filled)
{
    if (r->task) {
        buffer_putc(out, '[');
        text_append_safe(out, r->task, strlen(r->task), false);
        buffer_puts(out, "] ");
    }
    buffer_puts(out, net_call_name(r->call));
    buffer_putc(out, '(');
    line_calls[r->call].arguments(out, r, filled);
    buffer_putc(out, ')');
}

static void append_result(struct buffer *out, const struct net_record *record)
{
    buffer_puts(out, "= ");
    if (record->error != 0)
        append_failure(out, record->error, line_calls[record->call].lookup);
    else
        line_calls[record->call].result(out, record);
}

void line_append(struct buffer *out, const struct net_record *record)
{
    append_call(out, record, record->error == 0);
    buffer_putc(out, ' ');
    append_result(out, record);
}

void line_append_within(struct buffer *out, const struct net_record *record, size_t margin,
                        size_t columns)
{
    enum { HANG = 2 };
    struct buffer call = BUFFER_EMPTY, result = BUFFER_EMPTY;
    const size_t hang = margin + HANG;
    append_call(&call, record, record->error == 0);
    append_result(&result, record);
    size_t column = fold_append_part(out, buffer_text(&call), call.length, margin, columns, hang);
    if (column + 1 + text_columns(buffer_text(&result), result.length) <= columns) {
        buffer_putc(out, ' ');
        column++;
    } else {
        buffer_putc(out, '\n');
        buffer_fill(out, ' ', hang);
        column = hang;
    }
    fold_append_part(out, buffer_text(&result), result.length, column, columns, hang + HANG);
    out->failed |= call.failed || result.failed;
    buffer_free(&call);
    buffer_free(&result);
}
