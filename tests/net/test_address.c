/* SPDX-License-Identifier: MIT
 *
 * Addresses: each numeric form read and shown again, and what the kernel gives back for UNIX paths.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/address.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_OFFSET offsetof(struct sockaddr_un, sun_path)
#define PATH_ROOM sizeof(((struct sockaddr_un *)0)->sun_path)

static void expect_text(const struct net_address *a, const char *text)
{
    struct buffer out = BUFFER_EMPTY;
    net_address_append(&out, a);
    assert_string_equal(buffer_text(&out), text);
    buffer_free(&out);
}

static void expect_host(int family, const char *host, const char *text)
{
    struct net_address a;
    assert_int_equal(net_address_from_host(family, host, 80, &a), 0);
    expect_text(&a, text);
    assert_int_equal(net_address_port(&a), 80);
}

static void expect_refused(int family, const char *host, int error)
{
    struct net_address a;
    assert_int_equal(net_address_from_host(family, host, 80, &a), error);
}

static struct net_address path_address(const char *path, size_t length)
{
    struct net_address a;
    assert_int_equal(net_address_from_path(path, length, &a), 0);
    return a;
}

static struct net_address host_address(int family, const char *host, int port)
{
    struct net_address a;
    assert_int_equal(net_address_from_host(family, host, port, &a), 0);
    return a;
}

static void ipv4_is_four_decimal_numbers(void **state)
{
    (void)state;
    expect_host(AF_INET, "127.0.0.1", "127.0.0.1:80");
    expect_host(AF_UNSPEC, "255.255.255.255", "255.255.255.255:80");
    expect_host(AF_INET, "", "0.0.0.0:80");
    expect_host(AF_UNSPEC, "", "0.0.0.0:80");
    expect_host(AF_INET, "<broadcast>", "255.255.255.255:80");
    expect_refused(AF_INET, "127.1", EINVAL);
    expect_refused(AF_INET, "256.0.0.1", EINVAL);
    expect_refused(AF_INET, "0x7f.0.0.1", EINVAL);
    expect_refused(AF_INET, "1.2.3.4.5", EINVAL);
    expect_refused(AF_INET, " 127.0.0.1", EINVAL);
    expect_refused(AF_UNSPEC, "2130706433", EINVAL);
}

static void ipv6_has_brackets_and_scope(void **state)
{
    (void)state;
    expect_host(AF_INET6, "::1", "[::1]:80");
    expect_host(AF_UNSPEC, "2001:DB8:0:0::9", "[2001:db8::9]:80");
    expect_host(AF_INET6, "", "[::]:80");
    expect_host(AF_INET6, "fe80::1%4294967295", "[fe80::1%4294967295]:80");
    expect_host(AF_INET6, "fe80::1%0", "[fe80::1]:80");
    expect_refused(AF_INET6, "fe80::1%", EINVAL);
    expect_refused(AF_INET6, "fe80::1%4294967296", ENODEV);
    expect_refused(AF_INET6, "fe80::1%no such one", ENODEV);
    expect_refused(AF_INET, "fe80::1%no such one", EAFNOSUPPORT);
    expect_refused(AF_INET6, ":::", EINVAL);
    expect_refused(AF_INET6, "1:2:3:4:5:6:7:8:9:a:b:c:d:e:f:1:2:3:4:5:6:7:8", EINVAL);
}

static void scope_is_shown_as_interface(void **state)
{
    struct if_nameindex *all = if_nameindex();
    char host[64], text[80];
    (void)state;
    if (!all || all[0].if_index == 0) {
        if_freenameindex(all);
        skip();
    }
    snprintf(host, sizeof host, "fe80::1%%%s", all[0].if_name);
    snprintf(text, sizeof text, "[%s]:80", host);
    expect_host(AF_UNSPEC, host, text);
    snprintf(host, sizeof host, "fe80::1%%%u", all[0].if_index);
    expect_host(AF_INET6, host, text);
    if_freenameindex(all);
}

static void a_name_is_told_from_the_other_family(void **state)
{
    (void)state;
    expect_refused(AF_INET, "localhost", EINVAL);
    expect_refused(AF_INET6, "localhost", EINVAL);
    expect_refused(AF_UNSPEC, "localhost", EINVAL);
    expect_refused(AF_INET, "::1", EAFNOSUPPORT);
    expect_refused(AF_INET6, "127.0.0.1", EAFNOSUPPORT);
    expect_refused(AF_INET6, "<broadcast>", EAFNOSUPPORT);
    expect_refused(AF_UNIX, "127.0.0.1", EAFNOSUPPORT);
}

static void number_and_port_are_in_host_order(void **state)
{
    struct net_address a;
    (void)state;
    net_address_from_number(0x7f000001, 65535, &a);
    expect_text(&a, "127.0.0.1:65535");
    net_address_set_port(&a, 1122);
    assert_int_equal(net_address_port(&a), 1122);
    a = host_address(AF_INET6, "::1", 0);
    net_address_set_port(&a, 12345);
    expect_text(&a, "[::1]:12345");
    a = path_address("x", 1);
    net_address_set_port(&a, 1);
    assert_int_equal(net_address_port(&a), -1);
    expect_text(&a, "x");
}

static void equal_is_by_content(void **state)
{
    struct net_address a = host_address(AF_INET, "127.0.0.1", 80), b = a;
    struct net_address none = {.length = 0};
    (void)state;
    b.u.in.sin_zero[0] = 1;
    assert_true(net_address_equal(&a, &b));
    net_address_set_port(&b, 81);
    assert_false(net_address_equal(&a, &b));
    assert_false(net_address_equal(&a, &none));
    assert_true(net_address_equal(&none, &none));

    a = host_address(AF_INET6, "fe80::1%1", 80);
    b = host_address(AF_INET6, "fe80::1%2", 80);
    assert_false(net_address_equal(&a, &b));
    b.u.in6.sin6_scope_id = 1;
    b.u.in6.sin6_flowinfo = 7;
    assert_true(net_address_equal(&a, &b));

    a = path_address("/tmp/x", 6);
    b = a;
    b.length = (socklen_t)(PATH_OFFSET + 6); /* the same without its terminating zero */
    assert_true(net_address_equal(&a, &b));
    b = path_address("/tmp/y", 6);
    assert_false(net_address_equal(&a, &b));
}

static void paths_are_never_cut(void **state)
{
    char longest[PATH_ROOM + 1];
    struct net_address a;
    size_t length;
    (void)state;
    memset(longest, 'x', sizeof longest);
    a = path_address(longest, PATH_ROOM);
    assert_int_equal(a.length, PATH_OFFSET + PATH_ROOM);
    assert_memory_equal(net_address_path(&a, &length), longest, PATH_ROOM);
    assert_int_equal(length, PATH_ROOM);
    assert_int_equal(net_address_from_path(longest, PATH_ROOM + 1, &a), ENAMETOOLONG);
    assert_int_equal(net_address_from_path("a\0b", 3, &a), EINVAL);
    assert_int_equal(net_address_from_path("a\0", 2, &a), EINVAL);
}

static void a_path_ends_at_its_zero_or_its_length(void **state)
{
    struct net_address a = path_address("/tmp/x", 6);
    size_t length;
    (void)state;
    assert_int_equal(a.length, PATH_OFFSET + 7);
    assert_memory_equal(net_address_path(&a, &length), "/tmp/x", 6);
    assert_int_equal(length, 6);
    a.length = (socklen_t)(PATH_OFFSET + 4);
    net_address_path(&a, &length);
    assert_int_equal(length, 4);
    expect_text(&a, "/tmp");
    a.length = 0;
    net_address_path(&a, &length);
    assert_int_equal(length, 0);
    expect_text(&a, "NULL");
    assert_int_equal(net_address_family(&a), AF_UNSPEC);
}

static void unnamed_has_no_path(void **state)
{
    struct net_address a = path_address("", 0);
    size_t length;
    (void)state;
    assert_int_equal(a.length, PATH_OFFSET);
    assert_int_equal(net_address_family(&a), AF_UNIX);
    net_address_path(&a, &length);
    assert_int_equal(length, 0);
    expect_text(&a, "(unnamed)");
}

static void what_a_peer_named_is_escaped(void **state)
{
    struct net_address a = path_address("a\033[2Jb", 6);
    (void)state;
    expect_text(&a, "a\\x1b[2Jb");
}

static void other_families_are_shown_by_name(void **state)
{
    struct net_address a = {.length = 12}, b;
    (void)state;
    a.u.any.sa_family = AF_APPLETALK;
    expect_text(&a, "{AF_APPLETALK, 12 bytes}");
    b = a;
    assert_true(net_address_equal(&a, &b));
    b.u.any.sa_data[3] = 1;
    assert_false(net_address_equal(&a, &b));
    assert_false(net_address_is_loopback(&a));
    assert_false(net_address_is_any(&a));
}

static void loopback_and_any(void **state)
{
    struct net_address a;
    (void)state;
    static const char *const loopback[] = {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"};
    static const char *const any[] = {"", "0.0.0.0", "::", "::ffff:0.0.0.0"};
    static const char *const neither[] = {"128.0.0.1", "::2", "::ffff:10.0.0.1", "fe80::1"};
    for (size_t i = 0; i < 4; i++) {
        a = host_address(AF_UNSPEC, loopback[i], 1);
        assert_true(net_address_is_loopback(&a));
        assert_false(net_address_is_any(&a));
        a = host_address(AF_UNSPEC, any[i], 1);
        assert_false(net_address_is_loopback(&a));
        assert_true(net_address_is_any(&a));
        a = host_address(AF_UNSPEC, neither[i], 1);
        assert_false(net_address_is_loopback(&a) || net_address_is_any(&a));
    }
}

static struct net_address bound_name(const struct net_address *a)
{
    struct net_address got = {.length = sizeof got.u};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, &a->u.any, a->length), 0);
    assert_int_equal(getsockname(fd, &got.u.any, &got.length), 0);
    close(fd);
    return got;
}

/* Linux tells one byte more than sun_path holds, of a path that fills it. */
static void the_kernel_gives_the_longest_path_back(void **state)
{
    char path[PATH_ROOM + 1] = "/tmp/sockrepl.XXXXXX", directory[sizeof path];
    struct net_address a, got;
    size_t length;
    (void)state;
    assert_non_null(mkdtemp(path));
    memcpy(directory, path, sizeof path);
    length = strlen(path);
    memset(path + length, 'x', PATH_ROOM - length);
    path[length] = '/';
    path[PATH_ROOM] = '\0';
    a = path_address(path, PATH_ROOM);
    got = bound_name(&a);
    unlink(path);
    rmdir(directory);
    assert_true(net_address_equal(&a, &got));
    expect_text(&got, path);
}

#ifdef __linux__

static void abstract_names_take_their_whole_length(void **state)
{
    struct net_address a = path_address("@na\0me", 6), b = path_address("\0na\0me", 6);
    size_t length;
    (void)state;
    assert_int_equal(a.length, PATH_OFFSET + 6);
    assert_memory_equal(net_address_path(&a, &length), "\0na\0me", 6);
    assert_int_equal(length, 6);
    assert_true(net_address_equal(&a, &b));
    b = path_address("@na", 3);
    assert_false(net_address_equal(&a, &b));
    expect_text(&b, "@na");
}

static void the_kernel_chooses_an_abstract_name(void **state)
{
    struct net_address unnamed = path_address("", 0), got = bound_name(&unnamed);
    size_t length;
    (void)state;
    assert_int_equal(net_address_path(&got, &length)[0], '\0');
    assert_int_equal(length, 6); /* unix(7): a zero byte and five hexadecimal digits */
}

#endif

static void two_cannot_be_bound_to_addresses_that_clash(void **state)
{
    static const struct {
        const char *one, *other;
        int port;
        bool clash;
    } pairs[] = {
        {"127.0.0.1", "127.0.0.1", 80, true},
        {"127.0.0.1", "127.0.0.2", 80, false},
        {"127.0.0.1", "127.0.0.1", 81, false},
        {"0.0.0.0", "127.0.0.1", 80, true},
        {"::", "127.0.0.1", 80, true},
        {"::1", "127.0.0.1", 80, false},
        {"::1", "0.0.0.0", 80, false},
        {"::", "::1", 80, true},
        {"::1", "::2", 80, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct net_address one = host_address(AF_UNSPEC, pairs[i].one, 80);
        struct net_address other = host_address(AF_UNSPEC, pairs[i].other, pairs[i].port);
        assert_int_equal(net_address_clashes(&one, &other), pairs[i].clash);
        assert_int_equal(net_address_clashes(&other, &one), pairs[i].clash);
    }
    struct net_address path, same;
    assert_int_equal(net_address_from_path("/a", 2, &path), 0);
    same = path;
    assert_true(net_address_clashes(&path, &same));
    same = host_address(AF_UNSPEC, "127.0.0.1", 80);
    assert_false(net_address_clashes(&path, &same));
}

static void some_addresses_mean_many_computers(void **state)
{
    static const char *const many[] = {"224.0.0.1", "255.255.255.255", "ff02::1",
                                       "::ffff:224.0.0.1"};
    static const char *const one[] = {"127.0.0.1", "0.0.0.0", "::1", "::", "240.0.0.1"};
    struct net_address none = {.length = 0}, a;
    (void)state;
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
        a = host_address(AF_UNSPEC, many[i], 9);
        assert_true(net_address_is_many(&a));
    }
    for (size_t i = 0; i < sizeof one / sizeof one[0]; i++) {
        a = host_address(AF_UNSPEC, one[i], 9);
        assert_false(net_address_is_many(&a));
    }
    assert_false(net_address_is_many(&none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ipv4_is_four_decimal_numbers),
        cmocka_unit_test(ipv6_has_brackets_and_scope),
        cmocka_unit_test(scope_is_shown_as_interface),
        cmocka_unit_test(a_name_is_told_from_the_other_family),
        cmocka_unit_test(number_and_port_are_in_host_order),
        cmocka_unit_test(equal_is_by_content),
        cmocka_unit_test(paths_are_never_cut),
        cmocka_unit_test(a_path_ends_at_its_zero_or_its_length),
        cmocka_unit_test(unnamed_has_no_path),
        cmocka_unit_test(what_a_peer_named_is_escaped),
        cmocka_unit_test(other_families_are_shown_by_name),
        cmocka_unit_test(loopback_and_any),
        cmocka_unit_test(the_kernel_gives_the_longest_path_back),
#ifdef __linux__
        cmocka_unit_test(abstract_names_take_their_whole_length),
        cmocka_unit_test(the_kernel_chooses_an_abstract_name),
#endif
        cmocka_unit_test(two_cannot_be_bound_to_addresses_that_clash),
        cmocka_unit_test(some_addresses_mean_many_computers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
