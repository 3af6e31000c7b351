/* SPDX-License-Identifier: MIT
 *
 * The table of constants: complete, sorted, read in both directions, and what it shows of a number.
 */
#define _GNU_SOURCE /* strerrorname_np() */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/name.h"
#include "net/record.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

static void expect_shown(enum net_kind kind, long value, const char *text)
{
    struct buffer out = BUFFER_EMPTY;
    net_name_append(&out, kind, value);
    assert_string_equal(buffer_text(&out), text);
    buffer_free(&out);
}

static void expect_alias(const char *alias, const char *preferred)
{
    const struct net_name *name = net_name_find(alias), *first = net_name_find(preferred);
    assert_non_null(name);
    assert_non_null(first);
    assert_ptr_equal(net_name_of(name->kind, name->value), first);
    assert_ptr_equal(net_name_of(first->kind, first->value), first);
}

static void table_is_sorted_and_found(void **state)
{
    size_t count;
    const struct net_name *names = net_names(&count);
    (void)state;
    assert_true(count > 250); /* POSIX alone has some 200; an empty table would pass below */
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            assert_true(strcmp(names[i - 1].name, names[i].name) < 0);
        assert_ptr_equal(net_name_find(names[i].name), &names[i]);
    }
    assert_null(net_name_find("AF_INNET6"));
    assert_null(net_name_find(""));
    assert_null(net_name_find("ZZZ"));
    assert_null(net_name_find("SO_RCV"));
}

static void preferred_name_has_lowest_rank(void **state)
{
    size_t count;
    const struct net_name *names = net_names(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        const struct net_name *shown = net_name_of(names[i].kind, names[i].value);
        assert_non_null(shown);
        assert_int_equal(shown->kind, names[i].kind);
        assert_int_equal(shown->value, names[i].value);
        if (shown != &names[i])
            assert_true(shown->rank < names[i].rank);
    }
}

static void aliases_give_way(void **state)
{
    (void)state;
    expect_alias("PF_INET", "AF_INET");
    expect_alias("PF_UNIX", "AF_UNIX");
    expect_alias("AF_LOCAL", "AF_UNIX");
#if EWOULDBLOCK == EAGAIN
    expect_alias("EWOULDBLOCK", "EAGAIN");
#endif
#if ENOTSUP == EOPNOTSUPP
    expect_alias("ENOTSUP", "EOPNOTSUPP");
#endif
}

static void kinds_are_never_merged(void **state)
{
    (void)state;
    assert_string_equal(net_name_of(NET_FAMILY, 1)->name, "AF_UNIX");
    assert_string_equal(net_name_of(NET_TYPE, SOCK_STREAM)->name, "SOCK_STREAM");
    assert_int_equal(net_name_find("SOCK_STREAM")->kind, NET_TYPE);
    assert_int_equal(net_name_find("IPPROTO_TCP")->kind, NET_PROTOCOL);
    assert_int_equal(net_name_find("SO_REUSEADDR")->kind, NET_SOCKET_OPTION);
    assert_int_equal(net_name_find("SOMAXCONN")->kind, NET_LIMIT);
    assert_null(net_name_of(NET_DIRECTION, 77));
}

static void every_errno_of_the_system_has_a_name(void **state)
{
    (void)state;
    for (int error = 1; error < 200; error++) {
        if (strncmp(strerror(error), "Unknown error", 13) == 0)
            continue;
        const struct net_name *name = net_name_of(NET_ERRNO, error);
        assert_non_null(name);
#if defined __GLIBC__ && __GLIBC_PREREQ(2, 32)
        assert_string_equal(name->name, strerrorname_np(error));
#endif
    }
    assert_null(net_name_of(NET_ERRNO, 0));
    assert_null(net_name_of(NET_ERRNO, 99999));
}

static void every_lookup_error_has_a_name(void **state)
{
    (void)state;
    for (int error = -120; error < 0; error++) {
        if (strcmp(gai_strerror(error), "Unknown error") != 0)
            assert_non_null(net_name_of(NET_LOOKUP_ERROR, error));
    }
    assert_string_equal(net_name_of(NET_LOOKUP_ERROR, EAI_NONAME)->name, "EAI_NONAME");
}

static void numbers_are_shown_by_name(void **state)
{
    (void)state;
    expect_shown(NET_FAMILY, AF_INET, "AF_INET");
    expect_shown(NET_FAMILY, AF_UNSPEC, "AF_UNSPEC");
    expect_shown(NET_FAMILY, 4711, "4711");
    expect_shown(NET_FAMILY, -1, "-1");
    expect_shown(NET_DIRECTION, SHUT_RD, "SHUT_RD");
    expect_shown(NET_ERRNO, ECONNREFUSED, "ECONNREFUSED");
    expect_shown(NET_LOOKUP_ERROR, EAI_AGAIN, "EAI_AGAIN");
    expect_shown(NET_PROTOCOL, 0, "0");
    expect_shown(NET_PROTOCOL, 6, "IPPROTO_TCP");
    expect_shown(NET_LEVEL, SOL_SOCKET, "SOL_SOCKET");
}

static void types_are_shown_with_their_flags(void **state)
{
    (void)state;
    expect_shown(NET_TYPE, SOCK_SEQPACKET, "SOCK_SEQPACKET");
    expect_shown(NET_TYPE, 0, "0");
    expect_shown(NET_TYPE, 15, "15");
    expect_shown(NET_TYPE, -1, "-1");
#ifdef SOCK_NONBLOCK
    expect_shown(NET_TYPE, SOCK_DGRAM | SOCK_NONBLOCK, "SOCK_DGRAM|SOCK_NONBLOCK");
    expect_shown(NET_TYPE, SOCK_NONBLOCK, "SOCK_NONBLOCK");
#endif
    expect_shown(NET_TYPE, SOCK_STREAM | 0x100, "SOCK_STREAM|0x100");
}

static void flags_are_shown_bit_by_bit(void **state)
{
    (void)state;
    expect_shown(NET_MESSAGE_FLAG, 0, "0");
    expect_shown(NET_MESSAGE_FLAG, MSG_PEEK, "MSG_PEEK");
    expect_shown(NET_MESSAGE_FLAG, MSG_PEEK | MSG_OOB, "MSG_OOB|MSG_PEEK");
    expect_shown(NET_MESSAGE_FLAG, MSG_DONTROUTE, "MSG_DONTROUTE");
    expect_shown(NET_MESSAGE_FLAG, 0x08000000 | MSG_PEEK, "MSG_PEEK|0x8000000");
    expect_shown(NET_MESSAGE_FLAG, INT_MIN, "0x80000000");
    expect_shown(NET_LOOKUP_FLAG, AI_PASSIVE | AI_CANONNAME, "AI_PASSIVE|AI_CANONNAME");
}

static void every_kind_and_call_has_its_words(void **state)
{
    (void)state;
    for (int kind = 0; kind < NET_KIND_COUNT; kind++) {
        assert_non_null(net_kind_title((enum net_kind)kind));
        assert_non_null(net_kind_place((enum net_kind)kind));
    }
    assert_string_equal(net_kind_title(NET_TYPE), "a socket type");
    assert_string_equal(net_kind_place(NET_TYPE), "the second argument of socket()");
    assert_true(net_kind_is_flags(NET_MESSAGE_FLAG));
    assert_false(net_kind_is_flags(NET_ERRNO));
    for (int call = 0; call < NET_CALL_COUNT; call++)
        assert_non_null(net_call_name((enum net_call)call));
    assert_string_equal(net_call_name(NET_GETHOSTNAME), "gethostname");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_sorted_and_found),
        cmocka_unit_test(preferred_name_has_lowest_rank),
        cmocka_unit_test(aliases_give_way),
        cmocka_unit_test(kinds_are_never_merged),
        cmocka_unit_test(every_errno_of_the_system_has_a_name),
        cmocka_unit_test(every_lookup_error_has_a_name),
        cmocka_unit_test(numbers_are_shown_by_name),
        cmocka_unit_test(types_are_shown_with_their_flags),
        cmocka_unit_test(flags_are_shown_bit_by_bit),
        cmocka_unit_test(every_kind_and_call_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
