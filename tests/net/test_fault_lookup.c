/* SPDX-License-Identifier: MIT
 *
 * Hints for names that are not found. What is wrong with the text itself is told whether or not a
 * name server answered, so these tests need no network.
 */
#define _GNU_SOURCE /* EAI_NODATA and EAI_ADDRFAMILY */
#include "net/fault_case.h"

static struct net_fault lookup_fault(int error, const char *host, const char *service)
{
    struct net_fault fault = {.call = NET_GETADDRINFO,
                              .name = "getaddrinfo",
                              .cause = NET_LOOKUP,
                              .error = error,
                              .sent = -1,
                              .host = host,
                              .service = service};
    return fault;
}

/* A numeric-only lookup, which asks no server, finds that the text is no address. */
static struct net_fault fail_to_look_up(const char *host, int family)
{
    const struct addrinfo hints = {
        .ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
    struct addrinfo *list = NULL;
    int error = getaddrinfo(host, NULL, &hints, &list);
    assert_int_not_equal(error, 0);
    return lookup_fault(error, host, NULL);
}

static void text_that_is_no_name_is_recognised(void **state)
{
    static const struct {
        const char *host, *words;
    } slips[] = {
        {"256.0.0.1", "but 256 is too large"},
        {"1.2.3.4.5", "but this has 5 parts"},
        {"127.0.0.1.", "but this has 5 parts"},
        {"10.0.0.99999999999999999999", "is too large"},
        {"localhost:80", "The port does not belong to the host"},
        {"http://localhost/", "leave out what stands in front of ://"},
        {"localhost/index.html", "there is no / in one"},
        {" localhost", "There is a blank in"},
        {"[::1]", "Brackets belong to URLs"},
    };
    static const int errors[] = {EAI_NONAME, EAI_AGAIN, EAI_FAIL};
    (void)state;
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        struct net_fault fault = fail_to_look_up(slips[i].host, AF_UNSPEC);
        expect_hint(&fault, slips[i].words, slips[i].host, END);
        for (size_t j = 0; j < sizeof errors / sizeof errors[0]; j++) {
            fault.error = errors[j];
            expect_hint(&fault, slips[i].words, END);
        }
    }
}

static void unknown_names_are_named(void **state)
{
    struct net_fault fault = fail_to_look_up("no-such-name", AF_UNSPEC);
    (void)state;
    assert_int_equal(fault.error, EAI_NONAME);
    expect_hint(&fault, "Nobody knows the host \"no-such-name\"", "127.0.0.1", END);
    fault = fail_to_look_up("printer.local", AF_UNSPEC);
    expect_hint(&fault, ".local", "mDNS", END);
    fault = lookup_fault(EAI_AGAIN, "example.org", NULL);
    expect_hint(&fault, "No name server answered for \"example.org\"", "/etc/hosts", END);
    fault = lookup_fault(EAI_NONAME, NULL, NULL);
    expect_hint(&fault, "No name is known for that address", END);
}

static void the_family_must_fit(void **state)
{
#ifdef EAI_ADDRFAMILY
    struct net_fault fault = fail_to_look_up("::1", AF_INET);
    assert_int_equal(fault.error, EAI_ADDRFAMILY);
    expect_hint(&fault, "\"::1\" is an address of another family", "AF_UNSPEC", END);
    fault.name = "connect";
    expect_hint(&fault, "\"::1\" is an IPv6 address", "socket(AF_INET6)", END);
    fault.name = "gethostbyname";
    expect_hint(&fault, "\"::1\" has no address of IPv4", "getaddrinfo(", END);
    fault = fail_to_look_up("127.0.0.1", AF_INET6);
    assert_int_equal(fault.error, EAI_ADDRFAMILY);
    fault.name = "connect";
    expect_hint(&fault, "\"127.0.0.1\" is an IPv4 address", "socket(AF_INET)", END);
#else
    skip();
#endif
    (void)state;
}

/* getaddrinfo("localhost", nil, AF_INET6): "nobody knows localhost", and that it always works. */
static void a_name_may_have_no_address_of_ipv6(void **state)
{
    struct net_fault fault = lookup_fault(EAI_NONAME, "localhost", NULL);
    (void)state;
    fault.facts.family = AF_INET6;
    fault.name = "getaddrinfo";
    expect_hint(&fault, "\"localhost\" has no IPv6 address", "AF_INET6 asks", END);
    fault.name = "connect";
    expect_hint(&fault, "\"localhost\" has no IPv6 address", "this socket", END);
}

/* Both flags were answered with talk of a host that nobody knows, one of "127.0.0.1" itself. */
static void a_flag_that_wants_digits_is_named(void **state)
{
    struct net_fault fault = lookup_fault(EAI_NONAME, "localhost", NULL);
    (void)state;
    fault.flags = AI_NUMERICHOST;
    expect_hint(&fault, "AI_NUMERICHOST takes an address in numbers", "\"localhost\" is a name",
                END);
    fault = lookup_fault(EAI_NONAME, "127.0.0.1", "http");
    fault.flags = AI_NUMERICSERV;
    expect_hint(&fault, "AI_NUMERICSERV takes a port in digits", "\"http\"", END);
    fault.call = NET_GETNAMEINFO;
    fault.error = EAI_BADFLAGS;
    expect_hint(&fault, "NI_ constants", END);
}

/* The hint quoted the host that there was not. */
static void an_address_has_no_name(void **state)
{
    static const int errors[] = {EAI_NONAME, EAI_AGAIN, EAI_FAIL};
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        struct net_fault fault = lookup_fault(errors[i], NULL, NULL);
        fault.call = NET_GETNAMEINFO;
        fault.name = "getnameinfo";
        fault.address = case_host("192.0.2.1", 80);
        expect_hint(&fault, " for 192.0.2.1", END);
    }
}

static void services_are_in_a_list(void **state)
{
    struct net_fault fault = lookup_fault(EAI_SERVICE, "localhost", "no-such-service");
    (void)state;
    expect_hint(&fault, "\"no-such-service\"", "port as a number", END);
}

static void a_system_error_is_named(void **state)
{
    struct net_fault fault = lookup_fault(EAI_SYSTEM, "localhost", NULL);
    (void)state;
    fault.system_error = EMFILE;
    expect_hint(&fault, "\"localhost\"", "Too many open files (EMFILE)", END);
}

static void every_lookup_error_has_a_hint(void **state)
{
    static const int errors[] = {
        EAI_NONAME,   EAI_AGAIN,  EAI_FAIL,     EAI_SERVICE, EAI_FAMILY,
        EAI_SOCKTYPE, EAI_MEMORY, EAI_BADFLAGS, EAI_SYSTEM,  EAI_OVERFLOW,
#ifdef EAI_NODATA
        EAI_NODATA,
#endif
    };
    static const char *const hosts[] = {NULL, "",  "x", "\x1b[2J\xff\n.local", "\xe2\x80\xae:1",
                                        ".",  "1."};
    static const char *const services[] = {NULL, "", "http", "\r\n\x07"};
    (void)state;
    for (size_t e = 0; e < sizeof errors / sizeof errors[0]; e++) {
        for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
            struct net_fault fault = lookup_fault(errors[e], hosts[i], services[i % 4]);
            expect_hint(&fault, ".", END);
        }
    }
}

static void a_long_host_is_not_quoted_whole(void **state)
{
    static char host[100000];
    struct buffer hint = BUFFER_EMPTY;
    (void)state;
    memset(host, 'a', sizeof host - 1);
    struct net_fault fault = lookup_fault(EAI_NONAME, host, NULL);
    net_fault_append_hint(&hint, sys, &fault, NULL);
    expect_presentable(&hint);
    assert_true(hint.length < 400);
    buffer_free(&hint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_that_is_no_name_is_recognised),
        cmocka_unit_test(unknown_names_are_named),
        cmocka_unit_test(the_family_must_fit),
        cmocka_unit_test(a_name_may_have_no_address_of_ipv6),
        cmocka_unit_test(a_flag_that_wants_digits_is_named),
        cmocka_unit_test(an_address_has_no_name),
        cmocka_unit_test(services_are_in_a_list),
        cmocka_unit_test(a_system_error_is_named),
        cmocka_unit_test(every_lookup_error_has_a_hint),
        cmocka_unit_test(a_long_host_is_not_quoted_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
