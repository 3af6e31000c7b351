/* SPDX-License-Identifier: MIT
 *
 * The options' values: as the list of names has them, and against what this kernel returns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/option.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool is_option(enum net_kind kind)
{
    return kind >= NET_SOCKET_OPTION && kind <= NET_IPV6_OPTION;
}

static int level_of(enum net_kind kind)
{
    static const int levels[] = {SOL_SOCKET, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IP, IPPROTO_IPV6};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (net_option_kind(levels[i]) == kind)
            return levels[i];
    fail_msg("no level has kind %d", (int)kind);
    return -1;
}

/* Structs of Linux are bytes where that is left out. */
static enum net_option_type type_here(enum net_option_type type)
{
#if !defined(__linux__) || defined(SOCKREPL_PORTABLE)
    if (type == NET_VALUE_CREDENTIALS || type == NET_VALUE_TCP_INFO)
        return NET_VALUE_BYTES;
#endif
    return type;
}

/* Of two names for one option a value is asked for by the first that stands in the list. */
static void options_alone_have_types(void **state)
{
    size_t count, typed = 0;
    const struct net_name *names = net_names(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        const struct net_name *name = &names[i];
        if (name->type == NET_VALUE_INT)
            continue;
        if (!is_option(name->kind))
            fail_msg("%s is no option", name->name);
        if (net_option_type(level_of(name->kind), (int)name->value) != type_here(name->type))
            fail_msg("%s has another type by its other name", name->name);
        typed++;
    }
    assert_true(typed > 40);
}

static void types_are_found_by_number(void **state)
{
    (void)state;
    assert_int_equal(net_option_type(SOL_SOCKET, SO_REUSEADDR), NET_VALUE_FLAG);
    assert_int_equal(net_option_type(SOL_SOCKET, SO_RCVBUF), NET_VALUE_INT);
    assert_int_equal(net_option_type(SOL_SOCKET, SO_LINGER), NET_VALUE_LINGER);
    assert_int_equal(net_option_type(SOL_SOCKET, SO_RCVTIMEO), NET_VALUE_SECONDS);
    assert_int_equal(net_option_type(SOL_SOCKET, SO_ERROR), NET_VALUE_ERRNO);
    assert_int_equal(net_option_type(SOL_SOCKET, SO_TYPE), NET_VALUE_TYPE);
    assert_int_equal(net_option_type(IPPROTO_TCP, TCP_NODELAY), NET_VALUE_FLAG);
    assert_int_equal(net_option_type(IPPROTO_IP, IP_TTL), NET_VALUE_INT);
    assert_int_equal(net_option_type(IPPROTO_IP, IP_MULTICAST_IF), NET_VALUE_INTERFACE4);
    assert_int_equal(net_option_type(IPPROTO_IPV6, IPV6_V6ONLY), NET_VALUE_FLAG);
    assert_int_equal(net_option_type(IPPROTO_IPV6, IPV6_JOIN_GROUP), NET_VALUE_MEMBERSHIP6);
    assert_int_equal(net_option_type(SOL_SOCKET, 123456), NET_VALUE_INT);
    assert_int_equal(net_option_type(-7, SO_LINGER), NET_VALUE_INT);
#ifdef __linux__
    assert_int_equal(net_option_type(SOL_SOCKET, SO_ATTACH_FILTER), NET_VALUE_POINTER);
    assert_int_equal(net_option_type(IPPROTO_IP, IP_MTU_DISCOVER), NET_VALUE_PATH_MTU);
#endif
}

static void kinds_follow_the_level(void **state)
{
    (void)state;
    assert_int_equal(net_option_kind(SOL_SOCKET), NET_SOCKET_OPTION);
    assert_int_equal(net_option_kind(IPPROTO_TCP), NET_TCP_OPTION);
    assert_int_equal(net_option_kind(IPPROTO_UDP), NET_UDP_OPTION);
    assert_int_equal(net_option_kind(IPPROTO_IP), NET_IP_OPTION);
    assert_int_equal(net_option_kind(IPPROTO_IPV6), NET_IPV6_OPTION);
    assert_int_equal(net_option_kind(12345), NET_KIND_COUNT);
    assert_int_equal(net_option_value_kind(NET_VALUE_ERRNO), NET_ERRNO);
    assert_int_equal(net_option_value_kind(NET_VALUE_FAMILY), NET_FAMILY);
    assert_int_equal(net_option_value_kind(NET_VALUE_TYPE), NET_TYPE);
    assert_int_equal(net_option_value_kind(NET_VALUE_PROTOCOL), NET_PROTOCOL);
    assert_int_equal(net_option_value_kind(NET_VALUE_PATH_MTU), NET_PATH_MTU);
    assert_int_equal(net_option_value_kind(NET_VALUE_FLAG), NET_KIND_COUNT);
}

static void expect_names(int level, int option, const char *text)
{
    struct buffer out = BUFFER_EMPTY;
    net_option_append_level(&out, level);
    buffer_putc(&out, ' ');
    net_option_append_name(&out, level, option);
    assert_string_equal(buffer_text(&out), text);
    buffer_free(&out);
}

static void names_are_those_of_posix(void **state)
{
    (void)state;
    expect_names(SOL_SOCKET, SO_REUSEADDR, "SOL_SOCKET SO_REUSEADDR");
    expect_names(IPPROTO_TCP, TCP_NODELAY, "IPPROTO_TCP TCP_NODELAY");
    expect_names(IPPROTO_IP, IP_TTL, "IPPROTO_IP IP_TTL");
    expect_names(IPPROTO_IPV6, IPV6_V6ONLY, "IPPROTO_IPV6 IPV6_V6ONLY");
    expect_names(SOL_SOCKET, 123456, "SOL_SOCKET 123456");
    expect_names(123456, SO_TYPE, "123456 3");
    expect_names(-1, -1, "-1 -1");
#ifdef __linux__
    expect_names(262, 1, "SOL_X25 1");     /* the number of IPPROTO_MPTCP */
    expect_names(270, 1, "SOL_NETLINK 1"); /* no name of another level's option */
    expect_names(IPPROTO_IPV6, MCAST_JOIN_GROUP, "IPPROTO_IPV6 MCAST_JOIN_GROUP");
    expect_names(IPPROTO_IPV6, 39,
                 "IPPROTO_IPV6 39"); /* another level's IP_ADD_SOURCE_MEMBERSHIP */
#endif
}

static void sizes_are_those_of_the_structs(void **state)
{
    (void)state;
    for (int type = 0; type < NET_VALUE_COUNT; type++) {
        if (type == NET_VALUE_POINTER)
            assert_int_equal(net_option_size(NET_VALUE_POINTER), 0);
        else
            assert_true(net_option_size((enum net_option_type)type) >= sizeof(int));
        if (net_option_value_kind((enum net_option_type)type) != NET_KIND_COUNT)
            assert_int_equal(net_option_size((enum net_option_type)type), sizeof(int));
    }
    assert_int_equal(net_option_size(NET_VALUE_LINGER), sizeof(struct linger));
    assert_int_equal(net_option_size(NET_VALUE_SECONDS), sizeof(struct timeval));
    assert_int_equal(net_option_size(NET_VALUE_MEMBERSHIP6), sizeof(struct ipv6_mreq));
}

/* Given more room than any number takes, the kernel says how long the value really is. */
static unsigned check_against_kernel(int fd, const struct net_name *name)
{
    static char value[65536];
    socklen_t length = sizeof value;
    int level = level_of(name->kind);
    enum net_option_type type = net_option_type(level, (int)name->value);
    if (type == NET_VALUE_POINTER)
        return 0;
    memset(value, 0, sizeof value);
    if (getsockopt(fd, level, (int)name->value, value, &length) != 0)
        return 0;
    switch (type) {
    case NET_VALUE_TEXT:
    case NET_VALUE_BYTES:
        assert_in_range(length, 0, net_option_size(type));
        break;
    case NET_VALUE_TCP_INFO:
        assert_true(length >= 100);
        break;
    default:
        if (length != net_option_size(type))
            fail_msg("%s: the kernel has %u bytes", name->name, (unsigned)length);
    }
    return 1;
}

#ifdef __linux__
/* Two that return more than a number where more room is given. */
static bool grows(const struct net_name *name)
{
    static const char *const names[] = {"SO_TIMESTAMPING", "SO_MAX_PACING_RATE"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name->name, names[i]) == 0)
            return true;
    return false;
}

static void kernel_agrees(void **state)
{
    static const int kinds[][2] = {{AF_INET, SOCK_STREAM},
                                   {AF_INET, SOCK_DGRAM},
                                   {AF_INET6, SOCK_STREAM},
                                   {AF_INET6, SOCK_DGRAM},
                                   {AF_UNIX, SOCK_STREAM}};
    size_t count;
    unsigned answered = 0;
    const struct net_name *names = net_names(&count);
    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        int fd = socket(kinds[k][0], kinds[k][1], 0);
        if (fd < 0 && kinds[k][0] == AF_INET6)
            continue; /* a computer without IPv6 */
        assert_true(fd >= 0);
        for (size_t i = 0; i < count; i++)
            if (is_option(names[i].kind) && !grows(&names[i]))
                answered += check_against_kernel(fd, &names[i]);
        close(fd);
    }
    assert_true(answered > 100);
}

#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)
static void tcp_info_is_read_as_far_as_it_goes(void **state)
{
    struct tcp_info info = {.tcpi_state = 8, .tcpi_retransmits = 3, .tcpi_rto = 204000};
    const size_t to_rto = offsetof(struct tcp_info, tcpi_rto);
    const char *name = NULL;
    unsigned long number = 1;
    size_t count = 0;
    (void)state;
    assert_int_equal(net_option_tcp_state(&info, sizeof info), NET_TCP_CLOSE_WAIT);
    assert_int_equal(net_option_tcp_state(&info, 0), NET_TCP_UNKNOWN);
    assert_int_equal(net_option_tcp_state("\xff", 1), NET_TCP_UNKNOWN);
    for (; net_option_tcp_number(count, &info, sizeof info, &name, &number); count++) {
        if (strcmp(name, "retransmits") == 0)
            assert_int_equal(number, 3);
        else
            assert_int_equal(number, strcmp(name, "rto") == 0 ? 204000 : 0);
    }
    assert_true(count > 5);
    for (size_t i = 0; net_option_tcp_number(i, &info, to_rto + 3, &name, &number); i++)
        assert_int_equal(number, strcmp(name, "retransmits") == 0 ? 3 : 0);
}
#endif
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_alone_have_types),
        cmocka_unit_test(types_are_found_by_number),
        cmocka_unit_test(kinds_follow_the_level),
        cmocka_unit_test(names_are_those_of_posix),
        cmocka_unit_test(sizes_are_those_of_the_structs),
#ifdef __linux__
        cmocka_unit_test(kernel_agrees),
#ifndef SOCKREPL_PORTABLE
        cmocka_unit_test(tcp_info_is_read_as_far_as_it_goes),
#endif
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
