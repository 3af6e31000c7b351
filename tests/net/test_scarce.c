/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out under the sockets in C: a lookup starts or leaves nothing behind, and a
 * text, above all a hint, is whole or known not to be.
 */
#include "net/fault_case.h"
#include "scarce_text.h"

#include "net/lookup.h"
#include "net/name.h"
#include "net/option.h"

enum { MOST_ALLOCATIONS = 1000, MOST_ERRNO = 134 };

static int append_address(struct buffer *out, const void *context)
{
    net_address_append(out, context);
    buffer_putc(out, ' ');
    net_address_append_host(out, context);
    return 0;
}

static void addresses(void **state)
{
    static char path[100];
    const struct net_address strange = {.length = 12, .u.any.sa_family = AF_APPLETALK};
    const struct net_address none = {.length = 0};
    struct net_address all[] = {case_host("127.0.0.1", 80),
                                case_host("fe80::1%1", 65535),
                                case_path("@\x1b[2J\xff"),
                                case_path(""),
                                strange,
                                none};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        scarce_make_text(append_address, &all[i]);
    memset(path, '\x1b', sizeof path - 1); /* four bytes of each */
    all[0] = case_path(path);
    scarce_make_text(append_address, &all[0]);
}

static int append_names(struct buffer *out, const void *context)
{
    const int *number = context;
    net_name_append(out, NET_MESSAGE_FLAG, *number);
    net_name_append(out, NET_TYPE, *number);
    net_kind_of_socket(out, *number, *number, *number);
    net_option_append_level(out, *number);
    net_option_append_name(out, *number, *number);
    return 0;
}

static void names(void **state)
{
    static const int numbers[] = {0, 1, 2, 6, 10, 0x7fffffff, -1};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        scarce_make_text(append_names, &numbers[i]);
}

struct scene {
    struct net_fault fault;
    struct net_witness witness;
};

static int append_hint(struct buffer *out, const void *context)
{
    const struct scene *scene = context;
    net_fault_append_name(out, &scene->fault);
    net_fault_append_hint(out, sys, &scene->fault, &scene->witness);
    return 0;
}

/* Who knows all, at length. */
static bool tell_holder(void *owner, const struct net_address *address, int type,
                        struct buffer *out)
{
    (void)owner, (void)address, (void)type;
    buffer_puts(out, "server, a listening socket of this shell that was made long ago");
    return true;
}

static void every_hint(void **state)
{
    static const struct net_facts kinds[] = {
        {.fd = -1, .family = AF_INET, .type = SOCK_STREAM, .exists = true, .timeout = -1},
        {.fd = -1, .family = AF_INET6, .type = SOCK_DGRAM, .exists = true, .timeout = 0},
        {.fd = -1, .family = AF_UNIX, .type = SOCK_STREAM, .exists = true, .timeout = 5},
    };
    struct scene scene = {.witness = {.holder = tell_holder, .name = case_name}};
    (void)state;
    for (int call = 0; call <= NET_CALL_COUNT; call++) {
        for (int i = 0; i < 3 * MOST_ERRNO; i++) {
            scene.fault = case_fault_at((enum net_call)(call % NET_CALL_COUNT), &kinds[i % 3],
                                        i / 3, case_host("127.0.0.1", 12345));
            if (i % 3 == 2)
                scene.fault.address = case_path("/tmp/\x1b[2J");
            if (call == NET_CALL_COUNT)
                scene.fault.call = NET_CALL_COUNT;
            scarce_make_text(append_hint, &scene);
        }
    }
}

static void hints_of_lookups(void **state)
{
    struct scene scene = {.witness = {.name = case_name}};
    (void)state;
    for (int error = -12; error <= 0; error++) {
        const struct net_facts none = {.fd = -1};
        scene.fault = case_fault(NET_GETADDRINFO, &none, error);
        scene.fault.cause = NET_LOOKUP;
        scene.fault.system_error = EMFILE;
        scene.fault.host = "no.such.host.example\x1b[2J";
        scene.fault.service = "12345";
        scarce_make_text(append_hint, &scene);
    }
}

/* The hint said "is taken by ." where there was no memory for the name of who has the address. */
static void whoever_has_the_address_is_named(void **state)
{
    struct net_facts listener = case_listener();
    struct net_facts s = {.fd = -1, .family = AF_INET, .type = SOCK_STREAM, .exists = true};
    struct scene scene = {.fault = case_fault_at(NET_BIND, &s, EADDRINUSE, case_local(&listener)),
                          .witness = {.holder = tell_holder}};
    (void)state;
    scarce_make_text(append_hint, &scene);
    scene.witness.holder = NULL; /* the kernel is asked */
    scarce_make_text(append_hint, &scene);
    case_close(&listener);
}

static int answer_host(const char *host, const char *service, const struct addrinfo *hints,
                       struct addrinfo **list)
{
    (void)hints;
    *list = NULL;
    return strcmp(host, "host") == 0 && strcmp(service, "service") == 0 ? 0 : EAI_NONAME;
}

static int answer_name(const struct sockaddr *address, socklen_t length, char *host,
                       socklen_t host_length, char *service, socklen_t service_length, int flags)
{
    (void)address, (void)length, (void)flags;
    snprintf(host, host_length, "host");
    snprintf(service, service_length, "service");
    return 0;
}

/* Returns whether no allocation was missed. */
static bool look_up_short(const struct lookup_question *question, long left, bool stays)
{
    static const struct net_sys resolver = {.getaddrinfo = answer_host, .getnameinfo = answer_name};
    const int before = scarce_count_descriptors();
    struct lookup *lookup = NULL;
    int fd = -1;
    scarce_begin(left, stays);
    const int error = lookup_start(&resolver, question, &lookup, &fd);
    const bool missed = scarce_end();
    assert_int_equal(error, missed ? ENOMEM : 0);
    if (missed) {
        assert_null(lookup);
        assert_int_equal(scarce_count_descriptors(), before);
        return false;
    }
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&ready, 1, -1), 1);
    assert_non_null(lookup_answer(lookup));
    assert_int_equal(lookup_answer(lookup)->error, 0);
    lookup_drop(lookup);
    assert_int_equal(scarce_count_descriptors(), before);
    return true;
}

static void lookups_start_or_not(void **state)
{
    const struct lookup_question questions[] = {
        {.host = "host", .service = "service"},
        {.address = case_host("127.0.0.1", 80)},
    };
    (void)state;
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        assert_false(look_up_short(&questions[i], 0, false));
        for (long left = 0; !look_up_short(&questions[i], left / 2, left % 2 == 1); left++)
            assert_in_range(left, 0, MOST_ALLOCATIONS);
    }
}

/* What needs no memory of the room's own is there when all is gone: an address is read, a socket
 * looked at, a port and a constant found. */
static void facts_need_none(void **state)
{
    struct net_facts client, server;
    struct net_view view;
    int port = 0;
    (void)state;
    case_connection(&client, &server);
    scarce_begin(0, true);
    net_inspect(sys, client.fd, AF_INET, SOCK_STREAM, false, &view);
    const int error = lookup_port("80", 2, SOCK_STREAM, &port);
    const struct net_name *name = net_name_find("AF_INET");
    assert_false(scarce_end());
    assert_int_equal(error, 0);
    assert_int_equal(port, 80);
    assert_int_equal(name->value, AF_INET);
    assert_true(net_address_is_loopback(&view.peer) && net_address_is_loopback(&view.local));
    case_close(&client);
    case_close(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(names),
        cmocka_unit_test(every_hint),
        cmocka_unit_test(hints_of_lookups),
        cmocka_unit_test(whoever_has_the_address_is_named),
        cmocka_unit_test(lookups_start_or_not),
        cmocka_unit_test(facts_need_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
