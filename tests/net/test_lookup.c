/* SPDX-License-Identifier: MIT
 *
 * Lookups: a resolver that answers when the test lets it, fails as the test says, and is walked
 * away from before and after; the real one for what needs no network; ports as text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/lookup.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* What the resolver of the test does; reset before each test. */
static struct {
    int gate[2];     /* the resolver reads a byte before it answers */
    int finished[2]; /* and writes one when nothing of its answer is held any more */
    int error, system_error;
    atomic_int entries; /* of lists that were made and not given back */
    bool signals_open;  /* the resolver's thread could have been interrupted */
} script;

/* An assertion for the resolver's thread, which cmocka's cannot leave. */
static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct addrinfo *list_entry(const char *host, struct addrinfo *next)
{
    struct addrinfo *entry = calloc(1, sizeof *entry);
    struct net_address a;
    require(entry != NULL);
    require(net_address_from_host(AF_INET, host, 0, &a) == 0);
    entry->ai_addr = malloc(sizeof a.u.in);
    require(entry->ai_addr != NULL);
    memcpy(entry->ai_addr, &a.u.in, sizeof a.u.in);
    entry->ai_addrlen = sizeof a.u.in;
    entry->ai_family = AF_INET;
    entry->ai_next = next;
    atomic_fetch_add(&script.entries, 1);
    return entry;
}

/* 127.0.0.2 for "two", and 127.0.0.1 after it for every name. */
static int fake_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                            struct addrinfo **list)
{
    sigset_t blocked;
    char byte;
    (void)service;
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    script.signals_open = !sigismember(&blocked, SIGINT) || !sigismember(&blocked, SIGALRM);
    if (read(script.gate[0], &byte, 1) != 1)
        return EAI_FAIL;
    if (script.error) {
        errno = script.system_error;
        return script.error;
    }
    *list = list_entry("127.0.0.1", NULL);
    if (host && strcmp(host, "two") == 0)
        *list = list_entry("127.0.0.2", *list);
    (*list)->ai_socktype = hints->ai_socktype;
    return 0;
}

static void fake_freeaddrinfo(struct addrinfo *list)
{
    while (list) {
        struct addrinfo *next = list->ai_next;
        free(list->ai_addr);
        free(list);
        atomic_fetch_sub(&script.entries, 1);
        list = next;
    }
    require(write(script.finished[1], "", 1) == 1);
}

static int fake_getnameinfo(const struct sockaddr *address, socklen_t length, char *host,
                            socklen_t host_length, char *service, socklen_t service_length,
                            int flags)
{
    (void)address;
    require(host_length == NI_MAXHOST && service_length == NI_MAXSERV);
    require(length == sizeof(struct sockaddr_in));
    strcpy(host, flags & NI_NUMERICHOST ? "127.0.0.1" : "some.host");
    strcpy(service, "http");
    return 0;
}

static const struct net_sys fake_sys = {.getaddrinfo = fake_getaddrinfo,
                                        .freeaddrinfo = fake_freeaddrinfo,
                                        .getnameinfo = fake_getnameinfo};

static int set_up(void **state)
{
    (void)state;
    memset(&script, 0, sizeof script);
    return pipe(script.gate) || pipe(script.finished);
}

static int tear_down(void **state)
{
    (void)state;
    close(script.gate[0]);
    close(script.gate[1]);
    close(script.finished[0]);
    close(script.finished[1]);
    return 0;
}

static void open_gate(void)
{
    assert_int_equal(write(script.gate[1], "", 1), 1);
}

static void wait_until_given_back(void)
{
    char byte;
    assert_int_equal(read(script.finished[0], &byte, 1), 1);
}

static bool is_readable(int fd, int timeout_ms)
{
    struct pollfd entry = {.fd = fd, .events = POLLIN};
    return poll(&entry, 1, timeout_ms) == 1 && (entry.revents & POLLIN);
}

static struct lookup *start(const struct net_sys *sys, const struct lookup_question *q, int *fd)
{
    struct lookup *lookup = NULL;
    assert_int_equal(lookup_start(sys, q, &lookup, fd), 0);
    assert_non_null(lookup);
    return lookup;
}

static const struct lookup_answer *wait_for(struct lookup *lookup, int fd)
{
    assert_true(is_readable(fd, -1));
    assert_non_null(lookup_answer(lookup));
    return lookup_answer(lookup);
}

static int count_descriptors(void)
{
    DIR *directory = opendir("/dev/fd");
    int count = 0;
    assert_non_null(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

static void answer_comes_when_the_resolver_has_it(void **state)
{
    char host[] = "two";
    int fd, before = count_descriptors();
    struct lookup_question q = {.host = host, .type = SOCK_DGRAM};
    struct lookup *lookup = start(&fake_sys, &q, &fd);
    (void)state;
    memcpy(host, "six", 3); /* the question was copied */
    assert_false(is_readable(fd, 0));
    assert_null(lookup_answer(lookup));
    open_gate();

    const struct lookup_answer *answer = wait_for(lookup, fd);
    assert_int_equal(answer->error, 0);
    assert_non_null(answer->list);
    assert_int_equal(answer->list->ai_socktype, SOCK_DGRAM);
    assert_non_null(answer->list->ai_next);
    assert_null(answer->list->ai_next->ai_next);
    assert_false(script.signals_open);
    lookup_drop(lookup);
    wait_until_given_back();
    assert_int_equal(atomic_load(&script.entries), 0);
    assert_int_equal(count_descriptors(), before);
}

static void errors_are_handed_on(void **state)
{
    int fd;
    struct lookup_question q = {.host = "nowhere"};
    (void)state;
    script.error = EAI_AGAIN;
    script.system_error = EIO;
    struct lookup *lookup = start(&fake_sys, &q, &fd);
    open_gate();
    assert_int_equal(wait_for(lookup, fd)->error, EAI_AGAIN);
    assert_int_equal(lookup_answer(lookup)->system_error, 0);
    assert_null(lookup_answer(lookup)->list);
    lookup_drop(lookup);

    script.error = EAI_SYSTEM;
    script.system_error = EMFILE;
    lookup = start(&fake_sys, &q, &fd);
    open_gate();
    assert_int_equal(wait_for(lookup, fd)->error, EAI_SYSTEM);
    assert_int_equal(lookup_answer(lookup)->system_error, EMFILE);
    lookup_drop(lookup);
}

/* The resolver still holds its thread when the asker has gone, but no descriptor; what it finds in
 * the end is given back. */
static void dropped_before_the_answer(void **state)
{
    int fd, before = count_descriptors();
    struct lookup_question q = {.host = "two", .service = "http"};
    struct lookup *lookup = start(&fake_sys, &q, &fd);
    (void)state;
    lookup_drop(lookup);
    assert_int_equal(count_descriptors(), before);
    open_gate();
    wait_until_given_back();
    assert_int_equal(atomic_load(&script.entries), 0);
}

static void dropped_while_the_answer_comes(void **state)
{
    enum { ROUNDS = 200 };
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        int fd;
        struct lookup_question q = {.host = "one"};
        struct lookup *lookup = start(&fake_sys, &q, &fd);
        open_gate();
        if (i % 2)
            assert_true(is_readable(fd, -1));
        lookup_drop(lookup);
        wait_until_given_back();
    }
    assert_int_equal(atomic_load(&script.entries), 0);
}

static void an_address_asks_for_its_name(void **state)
{
    int fd;
    struct lookup_question q = {0};
    (void)state;
    net_address_from_number(INADDR_LOOPBACK, 80, &q.address);
    struct lookup *lookup = start(&fake_sys, &q, &fd);
    assert_string_equal(wait_for(lookup, fd)->host, "some.host");
    assert_string_equal(lookup_answer(lookup)->service, "http");
    lookup_drop(lookup);
    q.flags = NI_NUMERICHOST;
    lookup = start(&fake_sys, &q, &fd);
    assert_string_equal(wait_for(lookup, fd)->host, "127.0.0.1");
    lookup_drop(lookup);
}

static void the_real_resolver_answers(void **state)
{
    int fd;
    struct lookup_question q = {.host = "127.0.0.1",
                                .service = "12345",
                                .family = AF_INET,
                                .type = SOCK_STREAM,
                                .flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct lookup *lookup = start(&net_sys_real, &q, &fd);
    (void)state;
    const struct lookup_answer *answer = wait_for(lookup, fd);
    struct net_address a, wanted;
    assert_int_equal(answer->error, 0);
    memcpy(&a.u, answer->list->ai_addr, answer->list->ai_addrlen);
    a.length = answer->list->ai_addrlen;
    net_address_from_number(INADDR_LOOPBACK, 12345, &wanted);
    assert_true(net_address_equal(&a, &wanted));
    lookup_drop(lookup);

    q.host = "no number";
    lookup = start(&net_sys_real, &q, &fd);
    assert_int_equal(wait_for(lookup, fd)->error, EAI_NONAME);
    lookup_drop(lookup);
}

/* A question that cannot even be asked leaves nothing behind. */
static void no_descriptor_is_emfile(void **state)
{
    struct lookup_question q = {.host = "two", .service = "http"};
    struct lookup *lookup = NULL;
    struct rlimit usual, none;
    int fd = -1;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    none = usual;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    int error = lookup_start(&fake_sys, &q, &lookup, &fd);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
    assert_int_equal(error, EMFILE);
    assert_null(lookup);
}

static void expect_port(const char *text, int type, int wanted)
{
    int port = -1;
    assert_int_equal(lookup_port(text, strlen(text), type, &port), 0);
    assert_int_equal(port, wanted);
}

static void expect_no_port(const char *text, size_t length, int error)
{
    int port = -1;
    assert_int_equal(lookup_port(text, length, SOCK_STREAM, &port), error);
    assert_int_equal(port, -1);
}

static void ports_are_digits(void **state)
{
    (void)state;
    expect_port("0", 0, 0);
    expect_port("0080", SOCK_STREAM, 80);
    expect_port("65535", SOCK_DGRAM, 65535);
    expect_port("0000000000000000000000000000000000000000000001", 0, 1);
    expect_no_port("65536", 5, ERANGE);
    expect_no_port("99999999999999999999999999", 26, ERANGE);
    expect_no_port("4294967376", 10, ERANGE); /* 80 in 32 bits */
    expect_no_port("", 0, ENOENT);
    expect_no_port("80x", 3, ENOENT);
    expect_no_port(" 80", 3, ENOENT);
    expect_no_port("80 ", 3, ENOENT);
    expect_no_port("-1", 2, ENOENT);
    expect_no_port("+80", 3, ENOENT);
    expect_no_port("80\0", 3, ENOENT);
    expect_no_port("http\0", 5, ENOENT);
}

static void ports_are_services(void **state)
{
    char longest[400];
    int port;
    (void)state;
    memset(longest, 'x', sizeof longest);
    expect_no_port("no-such-service", 15, ENOENT);
    expect_no_port(longest, sizeof longest, ENOENT);
    if (!getservbyname("ssh", "tcp") || !getservbyname("tftp", "udp"))
        skip(); /* a system without /etc/services */
    expect_port("ssh", SOCK_STREAM, 22);
    expect_port("ssh", 0, 22);
    expect_port("tftp", SOCK_DGRAM, 69);
    expect_port("tftp", 0, 69);
    if (!getservbyname("tftp", "tcp"))
        assert_int_equal(lookup_port("tftp", 4, SOCK_STREAM, &port), ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answer_comes_when_the_resolver_has_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors_are_handed_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dropped_before_the_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dropped_while_the_answer_comes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_address_asks_for_its_name, set_up, tear_down),
        cmocka_unit_test(the_real_resolver_answers),
        cmocka_unit_test(no_descriptor_is_emfile),
        cmocka_unit_test(ports_are_digits),
        cmocka_unit_test(ports_are_services),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
