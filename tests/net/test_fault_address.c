/* SPDX-License-Identifier: MIT
 *
 * Hints for what is wrong with an address, made for real where the kernel lets it be. Who holds a
 * taken one: test_fault_holder.c.
 */
#include "net/fault_case.h"

static void bind_takes_an_address_of_this_computer(void **state)
{
    struct net_facts s = case_socket(AF_INET, SOCK_STREAM);
    struct net_address a = case_host("203.0.113.1", 0);
    struct net_fault fault = case_fault_at(NET_BIND, &s, case_bind(&s, a), a);
    (void)state;
    assert_int_equal(fault.error, EADDRNOTAVAIL);
    expect_hint(&fault, "203.0.113.1 is not an address of this computer", "\"127.0.0.1\"", END);
    fault.call = NET_CONNECT;
    expect_hint(&fault, "No local port is left", END);
    case_close(&s);
}

/* A bound socket whose pair of addresses was in use heard that no local port was left. */
static void a_connection_is_there_already(void **state)
{
    static const char *const hosts[] = {"127.0.0.1", "::1"};
    (void)state;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        struct net_address any = case_host(hosts[i], 0), to, from;
        struct net_facts s = case_socket(net_address_family(&any), SOCK_STREAM), c[2];
        if (case_bind(&s, any) != 0 || sys->listen(s.fd, 1) != 0) { /* without IPv6 */
            case_close(&s);
            continue;
        }
        to = case_local(&s);
        for (int j = 0; j < 2; j++) {
            const int on = 1;
            c[j] = case_socket(s.family, SOCK_STREAM);
            sys->setsockopt(c[j].fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
            assert_int_equal(case_bind(&c[j], j == 0 ? any : from), 0);
            from = case_local(&c[0]);
        }
        assert_int_equal(case_connect(&c[0], to), 0);
        struct net_fault fault = case_fault_at(NET_CONNECT, &c[1], case_connect(&c[1], to), to);
        assert_true(fault.error == EADDRNOTAVAIL || fault.error == EADDRINUSE);
        expect_hint(&fault, "a connection from this local address and port to", hosts[i],
                    "Without bind()", END);
        case_close(&c[0]);
        case_close(&c[1]);
        case_close(&s);
    }
}

/* An address of IPv4 in the clothes of IPv6, at a socket for IPv6 alone, had a hint that said
 * nothing, or one about the lack of IPv6. */
static void a_mapped_address_is_one_of_ipv4(void **state)
{
    static const enum net_call calls[] = {NET_BIND, NET_CONNECT, NET_SENDTO};
    const int on = 1;
    struct net_address a = case_host("::ffff:127.0.0.1", 9);
    struct net_facts s = case_socket(AF_INET6, SOCK_STREAM);
    (void)state;
    assert_int_equal(sys->setsockopt(s.fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on), 0);
    int error = case_connect(&s, a);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        struct net_fault fault =
            case_fault_at(calls[i], &s, calls[i] == NET_BIND ? EINVAL : ENETUNREACH, a);
        expect_hint(&fault, "::ffff:127.0.0.1 is an address of IPv4", "IPV6_V6ONLY keeps s", END);
    }
    if (error == ENETUNREACH)
        assert_int_not_equal(case_bind(&s, a), 0);
    case_close(&s);
}

static void a_low_port_needs_a_privilege(void **state)
{
    struct net_facts s = case_socket(AF_INET, SOCK_STREAM);
    int first = net_inspect_first_open_port();
    char words[64];
    (void)state;
    struct net_fault fault = case_fault_at(NET_BIND, &s, EACCES, case_host("127.0.0.1", 1));
    if (first > 1) {
        snprintf(words, sizeof words, "Port 1 is below %d", first);
        expect_hint(&fault, words, "privilege", "8080", END);
    }
    net_address_set_port(&fault.address, first);
    expect_hint(&fault, "policy", END);
    case_close(&s);
}

static void unix_paths_need_rights(void **state)
{
    struct net_facts s = case_socket(AF_UNIX, SOCK_STREAM);
    struct net_fault fault = case_fault_at(NET_BIND, &s, EACCES, case_path("/etc/s"));
    (void)state;
    expect_hint(&fault, "/etc/s", "Choose a directory", END);
    fault.call = NET_CONNECT;
    expect_hint(&fault, "/etc/s", "right to write", END);
    struct net_address missing = case_path("/no/such/directory/s");
    fault = case_fault_at(NET_BIND, &s, case_bind(&s, missing), missing);
    assert_int_equal(fault.error, ENOENT);
    expect_hint(&fault, "directory", "/no/such/directory/s", END);
    fault = case_fault_at(NET_BIND, &s, ENAMETOOLONG, missing);
    expect_hint(&fault, "too long", END);
    case_close(&s);
}

static void broadcast_must_be_asked_for(void **state)
{
    struct net_facts s = case_socket(AF_INET, SOCK_DGRAM), c = case_socket(AF_INET, SOCK_STREAM);
    struct net_fault fault = case_fault_at(NET_SENDTO, &s, EACCES, case_host("<broadcast>", 9));
    (void)state;
    /* connect() of a datagram socket sends nothing, so this stays within the computer. */
    int error = case_connect(&s, fault.address);
    assert_true(error == EACCES || error == ENETUNREACH);
    expect_hint(&fault, "255.255.255.255", "SO_BROADCAST", "setsockopt(s", END);
    fault = case_fault_at(NET_CONNECT, &c, case_connect(&c, fault.address), fault.address);
    assert_int_equal(fault.error, ENETUNREACH);
    expect_hint(&fault, "many computers", END);
    case_close(&s);
    case_close(&c);
}

static void addresses_have_the_socket_s_family(void **state)
{
    struct net_facts s = case_socket(AF_INET, SOCK_STREAM), u = case_socket(AF_UNIX, SOCK_STREAM);
    struct net_address six = case_host("::1", 80), four = case_host("127.0.0.1", 80);
    struct net_fault fault = case_fault_at(NET_CONNECT, &s, case_connect(&s, six), six);
    (void)state;
    assert_int_equal(fault.error, EAFNOSUPPORT);
    expect_hint(&fault, "s is of family AF_INET", "::1 port 80 is an address of AF_INET6",
                "socket(AF_INET6)", END);
    fault = case_fault_at(NET_BIND, &u, case_bind(&u, four), four);
    assert_int_equal(fault.error, EINVAL);
    expect_hint(&fault, "AF_UNIX", "127.0.0.1", "AF_INET", END);
    case_close(&s);
    case_close(&u);
}

static void link_local_addresses_need_a_scope(void **state)
{
    struct net_facts s = {.fd = -1, .family = AF_INET6, .type = SOCK_DGRAM, .exists = true};
    struct net_fault fault = case_fault_at(NET_CONNECT, &s, EINVAL, case_host("fe80::5", 9));
    (void)state;
    expect_hint(&fault, "fe80::5", "%eth0", END);
}

static void unix_connect_is_refused(void **state)
{
    char path[] = "/tmp/sockrepl-test-XXXXXX", inside[64], other[64];
    (void)state;
    assert_non_null(mkdtemp(path));
    snprintf(other, sizeof other, "%s/t", path);
    snprintf(inside, sizeof inside, "%s/s", path);
    struct net_address a = case_path(inside);
    struct net_facts s = case_socket(AF_UNIX, SOCK_STREAM), c = case_socket(AF_UNIX, SOCK_STREAM);
    struct net_facts d = case_socket(AF_UNIX, SOCK_DGRAM);

    struct net_fault fault = case_fault_at(NET_CONNECT, &c, case_connect(&c, a), a);
    assert_int_equal(fault.error, ENOENT);
    expect_hint(&fault, "There is no /tmp/sockrepl-test-", "Is the server running", END);
    assert_int_equal(case_bind(&s, a), 0);
    fault = case_fault_at(NET_CONNECT, &c, case_connect(&c, a), a);
    assert_int_equal(fault.error, ECONNREFUSED);
    expect_hint(&fault, inside, "exists, but nobody listens there", "listen()", END);
    fault = case_fault_at(NET_CONNECT, &d, case_connect(&d, a), a);
    assert_int_equal(fault.error, EPROTOTYPE);
    expect_hint(&fault, inside, "SOCK_DGRAM", "same type", END);
    fault = case_fault_at(NET_BIND, &s, case_bind(&s, a), a);
    assert_int_equal(fault.error, EADDRINUSE);
    expect_hint(&fault, "s has an address already", inside, "bound once", END);
    fault = case_fault_at(NET_BIND, &s, case_bind(&s, case_path(other)), case_path(other));
    assert_int_equal(fault.error, EINVAL);
    expect_hint(&fault, "s has an address already", inside, "bound once", END);
    case_close(&s);
    case_close(&c);
    case_close(&d);
    assert_int_equal(unlink(inside), 0);
    assert_int_equal(rmdir(path), 0);
}

static void an_abstract_name_is_refused(void **state)
{
    struct net_facts c = case_socket(AF_UNIX, SOCK_STREAM);
    struct net_address a = case_path("@sockrepl-test-nobody-is-here");
    struct net_fault fault = case_fault_at(NET_CONNECT, &c, case_connect(&c, a), a);
    (void)state;
    if (fault.error == ECONNREFUSED)
        expect_hint(&fault, "abstract name @sockrepl-test-nobody-is-here", "listen()", END);
    case_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bind_takes_an_address_of_this_computer),
        cmocka_unit_test(a_connection_is_there_already),
        cmocka_unit_test(a_mapped_address_is_one_of_ipv4),
        cmocka_unit_test(a_low_port_needs_a_privilege),
        cmocka_unit_test(unix_paths_need_rights),
        cmocka_unit_test(broadcast_must_be_asked_for),
        cmocka_unit_test(addresses_have_the_socket_s_family),
        cmocka_unit_test(link_local_addresses_need_a_scope),
        cmocka_unit_test(unix_connect_is_refused),
        cmocka_unit_test(an_abstract_name_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
