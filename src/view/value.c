/* SPDX-License-Identifier: MIT
 *
 * One writer for each type of value. A value that a program gave may be of any length and nonsense
 * inside; it is shown as it is.
 */
#include "view/value.h"

#include "base/text.h"
#include "net/inspect.h"
#include "net/option.h"

#include <inttypes.h>
#include <string.h>
#include <sys/time.h>

#define BYTES_LIMIT 32

/* Each reads as many bytes as net_option_size() says of its type, where the table does not say that
 * any length will do. */
typedef void value_writer(struct buffer *out, const char *data, size_t length);

static void write_int(struct buffer *out, const char *data, size_t length)
{
    int number;
    (void)length;
    memcpy(&number, data, sizeof number);
    buffer_printf(out, "%d", number);
}

static void write_named(struct buffer *out, enum net_option_type type, const char *data)
{
    int number;
    memcpy(&number, data, sizeof number);
    net_name_append(out, net_option_value_kind(type), number);
}

static void write_uint64(struct buffer *out, const char *data, size_t length)
{
    uint64_t number;
    (void)length;
    memcpy(&number, data, sizeof number);
    buffer_printf(out, "%" PRIu64, number);
}

static void write_linger(struct buffer *out, const char *data, size_t length)
{
    struct linger linger;
    (void)length;
    memcpy(&linger, data, sizeof linger);
    buffer_printf(out, "{onoff=%d, linger=%d}", linger.l_onoff, linger.l_linger);
}

/* Seconds with no more decimals than it takes; what is no time, by its fields. */
static void write_seconds(struct buffer *out, const char *data, size_t length)
{
    struct timeval time;
    (void)length;
    memcpy(&time, data, sizeof time);
    long long seconds = (long long)time.tv_sec, fraction = (long long)time.tv_usec;
    if (seconds < 0 || fraction < 0 || fraction > 999999) {
        buffer_printf(out, "{sec=%lld, usec=%lld}", seconds, fraction);
        return;
    }
    int digits = 6;
    for (; digits > 0 && fraction % 10 == 0; digits--)
        fraction /= 10;
    buffer_printf(out, "%lld", seconds);
    if (digits > 0)
        buffer_printf(out, ".%0*lld", digits, fraction);
}

static void write_bytes(struct buffer *out, const char *data, size_t length)
{
    text_append_quoted(out, data, length, BYTES_LIMIT);
}

/* The kernel gives names in fields that are filled up with zeros. */
static void write_text(struct buffer *out, const char *data, size_t length)
{
    while (length > 0 && data[length - 1] == '\0')
        length--;
    write_bytes(out, data, length);
}

static void write_credentials(struct buffer *out, const char *data, size_t length)
{
    struct net_credentials peer;
    (void)length;
    net_option_credentials(data, &peer);
    buffer_printf(out, "{pid=%ld, uid=%ld, gid=%ld}", peer.pid, peer.uid, peer.gid);
}

static void append_host(struct buffer *out, int family, const void *host)
{
    char text[NET_HOST_TEXT_SIZE];
    buffer_puts(out, net_host_text(family, host, text));
}

/* struct ip_mreq, or ip_mreqn: that with an interface's number behind the two addresses. */
static void write_membership4(struct buffer *out, const char *data, size_t length)
{
    struct ip_mreq group;
    int index = 0;
    if (length != sizeof group && length != sizeof group + sizeof index) {
        write_bytes(out, data, length);
        return;
    }
    memcpy(&group, data, sizeof group);
    if (length > sizeof group)
        memcpy(&index, data + sizeof group, sizeof index);
    buffer_puts(out, "{multiaddr=");
    append_host(out, AF_INET, &group.imr_multiaddr);
    buffer_puts(out, ", interface=");
    append_host(out, AF_INET, &group.imr_interface);
    if (index != 0)
        buffer_printf(out, ", ifindex=%d", index);
    buffer_putc(out, '}');
}

static void write_membership6(struct buffer *out, const char *data, size_t length)
{
    struct ipv6_mreq group;
    (void)length;
    memcpy(&group, data, sizeof group);
    buffer_puts(out, "{multiaddr=");
    append_host(out, AF_INET6, &group.ipv6mr_multiaddr);
    buffer_printf(out, ", interface=%u}", (unsigned)group.ipv6mr_interface);
}

static void write_interface4(struct buffer *out, const char *data, size_t length)
{
    struct in_addr host;
    if (length != sizeof host) {
        write_membership4(out, data, length);
        return;
    }
    memcpy(&host, data, sizeof host);
    append_host(out, AF_INET, &host);
}

/* Of its many fields the one that everybody asks for. */
static void write_tcp_info(struct buffer *out, const char *data, size_t length)
{
    enum net_tcp_state state = net_option_tcp_state(data, length);
    if (state == NET_TCP_UNKNOWN)
        write_bytes(out, data, length);
    else
        buffer_printf(out, "{state=%s, %zu bytes}", net_tcp_state_name(state), length);
}

static const struct {
    value_writer *write; /* NULL: a number that bears a name, or nothing but bytes */
    bool any_length;
} value_types[NET_VALUE_COUNT] = {
    [NET_VALUE_INT] = {write_int, false},
    [NET_VALUE_FLAG] = {write_int, false},
    [NET_VALUE_LINGER] = {write_linger, false},
    [NET_VALUE_SECONDS] = {write_seconds, false},
    [NET_VALUE_UINT64] = {write_uint64, false},
    [NET_VALUE_TEXT] = {write_text, true},
    [NET_VALUE_CREDENTIALS] = {write_credentials, false},
    [NET_VALUE_MEMBERSHIP4] = {write_membership4, true},
    [NET_VALUE_MEMBERSHIP6] = {write_membership6, false},
    [NET_VALUE_INTERFACE4] = {write_interface4, true},
    [NET_VALUE_TCP_INFO] = {write_tcp_info, true},
};

void value_append(struct buffer *out, int level, int option, const char *data, size_t length)
{
    enum net_option_type type = net_option_type(level, option);
    bool fits = value_types[type].any_length || length == net_option_size(type);
    if (fits && value_types[type].write)
        value_types[type].write(out, data, length);
    else if (fits && net_option_value_kind(type) != NET_KIND_COUNT)
        write_named(out, type, data);
    else
        write_bytes(out, data, length);
}
