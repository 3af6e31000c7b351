/* SPDX-License-Identifier: MIT
 *
 * Every call with every errno that it can fail with, on sockets in every state: each has a hint,
 * short enough to be read, and whatever stands in a path it is fit to be shown.
 */
#include "errnos.h"
#include "net/fault_case.h"
#include "net/name.h"

#include <netinet/tcp.h>
#include <sys/resource.h>

/* A hint longer than this would take more than four lines of 80 columns. */
#define LONGEST 300

/* What any call may meet besides its own errors. */
static const int anywhere[] = {EINTR, ECANCELED, EBADF};

/* By which a lookup fails stands in EAI_ names, and has a test of its own (test_fault_lookup.c). */
static bool is_lookup(enum net_call call)
{
    return call == NET_GETADDRINFO || call == NET_GETNAMEINFO;
}

/* Calls `each` with every errno of the call that this system has. */
static void for_each_errno(enum net_call call, void (*each)(enum net_call call, int error))
{
    char name[ERRNOS_NAME_SIZE];
    const char *names = errnos_of(net_call_name(call));
    if (names == NULL)
        fail_msg("help/errnos.h has no line for %s()", net_call_name(call));
    while (errnos_next(&names, name)) {
        const struct net_name *known = net_name_find(name);
        if (known != NULL)
            each(call, (int)known->value);
    }
    for (size_t i = 0; i < sizeof anywhere / sizeof anywhere[0]; i++)
        each(call, anywhere[i]);
}

static void for_each_pair(void (*each)(enum net_call call, int error))
{
    for (int call = 0; call < NET_CALL_COUNT; call++)
        if (!is_lookup((enum net_call)call))
            for_each_errno((enum net_call)call, each);
}

static const struct {
    int family, type;
} kinds[] = {
    {AF_INET, SOCK_STREAM}, {AF_INET6, SOCK_DGRAM},    {AF_INET, SOCK_DGRAM},
    {AF_UNIX, SOCK_STREAM}, {AF_UNIX, SOCK_SEQPACKET}, {AF_UNIX, SOCK_DGRAM},
    {AF_UNSPEC, 0},         {AF_INET6, SOCK_STREAM},   {AF_INET, SOCK_RAW},
};

/* The bits of `state` are the facts that a socket may have. */
static struct net_facts facts_of(size_t kind, unsigned state)
{
    struct net_facts s = {.fd = -1, .family = kinds[kind].family, .type = kinds[kind].type};
    s.exists = s.family != AF_UNSPEC;
    s.listening = state & 1;
    s.connecting = state & 2;
    s.ended = state & 4;
    s.unwritable = state & 8;
    s.timeout = state & 16 ? 0 : -1;
    return s;
}

static struct net_address address_of(unsigned number)
{
    struct net_address none = {.length = 0};
    switch (number) {
    case 0:
        return case_host("127.0.0.1", 12345);
    case 1:
        return case_host("fe80::1", 0);
    case 2:
        return case_path("/tmp/\x1b[2J\n\xff\xe2\x80\xae");
    case 3:
        return case_path("@\r\n");
    case 4:
        return case_path("");
    default:
        return none;
    }
}

/* Returns the hint's length. */
static size_t check(const struct net_fault *fault)
{
    struct buffer hint = BUFFER_EMPTY;
    net_fault_append_hint(&hint, sys, fault, NULL);
    expect_presentable(&hint);
    size_t length = hint.length;
    buffer_free(&hint);
    return length;
}

/* On a socket of each kind and in each state; whoever asks for a name has none. The hint for an
 * address in use searches all processes: test_fault_holder.c has it. */
static void check_pair(enum net_call call, int error)
{
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        for (unsigned state = 0; state < 32; state++) {
            struct net_facts s = facts_of(kind, state);
            struct net_fault fault = case_fault(call, &s, error);
            fault.address = address_of(state % 6);
            fault.flags = state & 1 ? MSG_DONTWAIT : state & 2 ? MSG_OOB : 0;
            fault.size = 70000;
            fault.cause = error == ETIMEDOUT && state & 4 ? NET_OWN_TIMEOUT : NET_KERNEL;
            if (error == EADDRINUSE && call == NET_BIND)
                continue;
            size_t length = check(&fault);
            if (length == 0 || length > LONGEST + 8 * sizeof(struct sockaddr_un))
                fail_msg("%s: %s: %zu bytes", fault.name, strerror(error), length);
        }
    }
}

static void every_errno_of_every_call_has_a_hint(void **state)
{
    (void)state;
    for_each_pair(check_pair);
}

static void check_length(enum net_call call, int error)
{
    struct net_facts s = facts_of(0, 0);
    struct net_fault fault = case_fault_at(call, &s, error, address_of(0));
    struct buffer hint = BUFFER_EMPTY;
    net_fault_append_hint(&hint, sys, &fault, NULL);
    if (hint.length > LONGEST || strpbrk(buffer_text(&hint), "{}"))
        fail_msg("%s: %s", fault.name, buffer_text(&hint));
    if (getenv("SHOW_HINTS"))
        printf("%-11s %-15s %s\n", fault.name, net_name_of(NET_ERRNO, error)->name,
               buffer_text(&hint));
    buffer_free(&hint);
}

/* Plain facts, so that the length is the hint's own; no placeholder is left standing. */
static void hints_are_short_and_complete(void **state)
{
    (void)state;
    for_each_pair(check_length);
}

/* accept() passes on what befell the connection before it was taken (accept(2), "Error handling").
 * The hint for ENOPROTOOPT spoke of an option, that for ETIMEDOUT of closing the socket, and that
 * for EOPNOTSUPP said of a stream that it has no connections. */
static void a_lost_client_is_not_the_listener_s_fault(void **state)
{
    static const int errors[] = {ENETDOWN,        EPROTO,          ENOPROTOOPT, EHOSTDOWN,
                                 EHOSTUNREACH,    ENETUNREACH,     EOPNOTSUPP,  ECONNABORTED,
                                 ESOCKTNOSUPPORT, EPROTONOSUPPORT, ECONNRESET,  ETIMEDOUT};
    struct net_facts s = facts_of(0, 1);
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        const struct net_fault fault = case_fault(NET_ACCEPT, &s, errors[i]);
        expect_hint(&fault, "client", "call accept() again.", END);
    }
}

/* setsockopt() of an algorithm that there is not was told to look for a server. */
static void a_name_that_an_option_lacks(void **state)
{
    struct net_facts s = facts_of(0, 0);
    struct net_fault fault = case_fault(NET_SETSOCKOPT, &s, ENOENT);
    (void)state;
    expect_hint(&fault, "nothing of the name that the option was given", END);
#ifdef TCP_CONGESTION
    fault.level = IPPROTO_TCP;
    fault.option = TCP_CONGESTION;
    expect_hint(&fault, "no way of congestion control of that name", END);
#endif
}

static void expect_limit(rlim_t now, rlim_t most, const char *words)
{
    struct rlimit usual, limit = {now, most};
    struct net_facts s = facts_of(0, 0);
    const struct net_fault fault = case_fault(NET_SOCKET, &s, EMFILE);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    if (most == 0)
        limit.rlim_max = usual.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    expect_hint(&fault, words, END);
    limit.rlim_cur = usual.rlim_cur < limit.rlim_max ? usual.rlim_cur : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* Whoever had more already was told to lower it to 4096. The last one stays: it is for good. */
static void a_limit_is_raised_by_what_is_more(void **state)
{
    struct rlimit usual;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    if (usual.rlim_max < 10000)
        skip();
    expect_limit(64, 0, "as it may, 64. Close some; `ulimit -n 4096` before");
    expect_limit(5000, 0, "as it may, 5000. Close some; `ulimit -n 10000` before");
    expect_limit(5000, 6000, "as it may, 5000. Close some; `ulimit -n 6000` before");
    expect_limit(5000, 5000, "as it may, 5000. Close some; `ulimit -n 10000`, as root, before");
}

/* Any number at all, a call that is none, and causes where they do not belong. */
static void nothing_is_too_strange(void **state)
{
    (void)state;
    for (int call = 0; call <= NET_CALL_COUNT; call++) {
        for (int error = -12; error < 140; error++) {
            struct net_facts s = facts_of(0, 0);
            struct net_fault fault = {.call = (enum net_call)call, .error = error, .facts = s};
            fault.cause = (enum net_cause)((unsigned)error % 4);
            if (error != EADDRINUSE)
                check(&fault);
        }
    }
    struct net_fault cancelled = {.call = NET_CALL_COUNT, .name = "wait", .error = ECANCELED};
    expect_hint(&cancelled, "cancel()", END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_errno_of_every_call_has_a_hint),
        cmocka_unit_test(hints_are_short_and_complete),
        cmocka_unit_test(a_lost_client_is_not_the_listener_s_fault),
        cmocka_unit_test(a_name_that_an_option_lacks),
        cmocka_unit_test(nothing_is_too_strange),
        cmocka_unit_test(a_limit_is_raised_by_what_is_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
