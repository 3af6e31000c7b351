/* SPDX-License-Identifier: MIT
 *
 * The value of a socket option by its type, of the right length and of a wrong one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/option.h"
#include "view/value.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

static void expect(int level, int option, const void *data, size_t length, const char *text)
{
    struct buffer out = BUFFER_EMPTY;
    value_append(&out, level, option, data, length);
    assert_false(out.failed);
    assert_string_equal(buffer_text(&out), text);
    buffer_free(&out);
}

static void expect_int(int level, int option, int value, const char *text)
{
    expect(level, option, &value, sizeof value, text);
}

static void expect_time(long seconds, long microseconds, const char *text)
{
    struct timeval time;
    memset(&time, 0, sizeof time);
    time.tv_sec = seconds;
    time.tv_usec = microseconds;
    expect(SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time, text);
}

static void numbers(void **state)
{
    (void)state;
    expect_int(SOL_SOCKET, SO_REUSEADDR, 1, "1");
    expect_int(SOL_SOCKET, SO_RCVBUF, 212992, "212992");
    expect_int(IPPROTO_TCP, TCP_NODELAY, 0, "0");
    expect_int(IPPROTO_IP, IP_TTL, 64, "64");
    expect_int(IPPROTO_IPV6, IPV6_UNICAST_HOPS, -1, "-1");
    expect_int(SOL_SOCKET, 123456, -77, "-77");
}

static void numbers_with_names(void **state)
{
    (void)state;
    expect_int(SOL_SOCKET, SO_TYPE, SOCK_STREAM, "SOCK_STREAM");
    expect_int(SOL_SOCKET, SO_TYPE, 13, "13");
    expect_int(SOL_SOCKET, SO_ERROR, ECONNREFUSED, "ECONNREFUSED");
    expect_int(SOL_SOCKET, SO_ERROR, 0, "0");
#ifdef __linux__
    expect_int(SOL_SOCKET, SO_DOMAIN, AF_INET6, "AF_INET6");
    expect_int(SOL_SOCKET, SO_PROTOCOL, IPPROTO_UDP, "IPPROTO_UDP");
    expect_int(SOL_SOCKET, SO_PROTOCOL, 0, "0");
    expect_int(IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO, "IP_PMTUDISC_DO");
#endif
}

static void linger_by_its_fields(void **state)
{
    const struct linger linger = {.l_onoff = 1, .l_linger = 5};
    (void)state;
    expect(SOL_SOCKET, SO_LINGER, &linger, sizeof linger, "{onoff=1, linger=5}");
}

static void times_in_seconds(void **state)
{
    (void)state;
    expect_time(0, 0, "0");
    expect_time(2, 0, "2");
    expect_time(10, 0, "10");
    expect_time(1, 500000, "1.5");
    expect_time(0, 1, "0.000001");
    expect_time(0, 100, "0.0001");
    expect_time(3, 999999, "3.999999");
    expect_time(0, 1000000, "{sec=0, usec=1000000}"); /* which the kernel answers with EDOM */
    expect_time(-1, 500000, "{sec=-1, usec=500000}");
}

static void groups(void **state)
{
    struct ip_mreq group;
    struct ipv6_mreq group6;
    char with_index[sizeof group + sizeof(int)];
    const int index = 2;
    (void)state;
    memset(&group, 0, sizeof group);
    group.imr_multiaddr.s_addr = htonl(0xEF010203);
    group.imr_interface.s_addr = htonl(INADDR_LOOPBACK);
    expect(IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group,
           "{multiaddr=239.1.2.3, interface=127.0.0.1}");
    expect(IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof group,
           "{multiaddr=239.1.2.3, interface=127.0.0.1}");
    expect(IPPROTO_IP, IP_MULTICAST_IF, &group.imr_interface, 4, "127.0.0.1");
    memcpy(with_index, &group, sizeof group);
    memcpy(with_index + sizeof group, &index, sizeof index);
    expect(IPPROTO_IP, IP_DROP_MEMBERSHIP, with_index, sizeof with_index,
           "{multiaddr=239.1.2.3, interface=127.0.0.1, ifindex=2}");
    expect(IPPROTO_IP, IP_ADD_MEMBERSHIP, "abc", 3, "\"abc\"");
    memset(&group6, 0, sizeof group6);
    assert_int_equal(inet_pton(AF_INET6, "ff02::1", &group6.ipv6mr_multiaddr), 1);
    group6.ipv6mr_interface = 3;
    expect(IPPROTO_IPV6, IPV6_JOIN_GROUP, &group6, sizeof group6,
           "{multiaddr=ff02::1, interface=3}");
}

static void bytes_where_the_length_is_wrong(void **state)
{
    (void)state;
    expect(SOL_SOCKET, SO_REUSEADDR, "\1", 1, "\"\\x01\"");
    expect(SOL_SOCKET, SO_REUSEADDR, "", 0, "\"\"");
    expect(SOL_SOCKET, SO_LINGER, "\1\0\0\0", 4, "\"\\x01\\0\\0\\0\"");
    expect(SOL_SOCKET, SO_TYPE, "\x1b[2J!", 5, "\"\\x1b[2J!\"");
    expect(IPPROTO_IP, IP_OPTIONS, "\1\1\1\1", 4, "\"\\x01\\x01\\x01\\x01\"");
    expect(SOL_SOCKET, SO_TYPE, "0123456789012345678901234567890123456789", 40,
           "\"01234567890123456789012345678901\"...");
}

#ifdef __linux__
static void values_of_linux(void **state)
{
    const uint64_t cookie = UINT64_MAX;
    (void)state;
    expect(IPPROTO_TCP, TCP_CONGESTION, "cubic\0\0\0", 8, "\"cubic\"");
    expect(SOL_SOCKET, SO_BINDTODEVICE, "lo", 2, "\"lo\"");
    expect(SOL_SOCKET, SO_BINDTODEVICE, "\0", 1, "\"\"");
    expect(SOL_SOCKET, SO_COOKIE, &cookie, sizeof cookie, "18446744073709551615");
}
#endif

#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)
static void structs_of_linux(void **state)
{
    const int credentials[3] = {1234, 1000, -1};
    char info[104] = {8, 0};
    (void)state;
    expect(SOL_SOCKET, SO_PEERCRED, credentials, sizeof credentials,
           "{pid=1234, uid=1000, gid=4294967295}");
    expect(IPPROTO_TCP, TCP_INFO, info, sizeof info, "{state=CLOSE_WAIT, 104 bytes}");
    info[0] = 99;
    expect(IPPROTO_TCP, TCP_INFO, info, 2, "\"c\\0\"");
    expect(IPPROTO_TCP, TCP_INFO, info, 0, "\"\"");
}
#endif

/* A type of value that had no writer was shown as a name of no kind, from behind the table. */
static void every_option_of_any_length(void **state)
{
    static const char zeros[5000];
    size_t count;
    const struct net_name *names = net_names(&count);
    const int levels[] = {SOL_SOCKET, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IP, IPPROTO_IPV6};
    (void)state;
    for (size_t i = 0; i < count; i++) {
        for (size_t level = 0; level < sizeof levels / sizeof levels[0]; level++) {
            struct buffer out = BUFFER_EMPTY;
            if (net_option_kind(levels[level]) != names[i].kind)
                continue;
            const int option = (int)names[i].value;
            value_append(&out, levels[level], option, zeros,
                         net_option_size(net_option_type(levels[level], option)));
            value_append(&out, levels[level], option, zeros, 3);
            assert_true(out.length > 0 && !out.failed);
            buffer_free(&out);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_of_any_length),
        cmocka_unit_test(numbers),
        cmocka_unit_test(numbers_with_names),
        cmocka_unit_test(linger_by_its_fields),
        cmocka_unit_test(times_in_seconds),
        cmocka_unit_test(groups),
        cmocka_unit_test(bytes_where_the_length_is_wrong),
#ifdef __linux__
        cmocka_unit_test(values_of_linux),
#endif
#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)
        cmocka_unit_test(structs_of_linux),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
