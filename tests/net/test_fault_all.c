/* SPDX-License-Identifier: MIT
 *
 * Every call with every errno of its man page, on sockets in every state: each has a hint, short
 * enough to be read, and whatever stands in a path it is fit to be shown.
 */
#include "net/fault_case.h"

#include <sys/resource.h>

/* A hint longer than this would take more than four lines of 80 columns. */
#define LONGEST 300

#define PATH_ERRORS EACCES, ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EROFS
#define NET_ERRORS ENETDOWN, ENETUNREACH, EHOSTUNREACH, EHOSTDOWN, ENOBUFS, ENOMEM
#define COMMON EBADF, ENOTSOCK, EINVAL, EINTR, EPERM, ECANCELED

/* The errnos of section 2 and 7 of the manual, by call; 0 ends each list. */
static const struct {
    enum net_call call;
    int errors[32];
} pages[] = {
    {NET_SOCKET,
     {EACCES, EPERM, EAFNOSUPPORT, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM, EPROTONOSUPPORT,
      EPROTOTYPE, ESOCKTNOSUPPORT}},
    {NET_SOCKETPAIR, {EAFNOSUPPORT, EMFILE, ENFILE, EOPNOTSUPP, EPROTONOSUPPORT, EINVAL, ENOMEM}},
    {NET_BIND, {COMMON, PATH_ERRORS, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, ENOMEM, ENODEV}},
    {NET_LISTEN, {COMMON, EADDRINUSE, EOPNOTSUPP}},
    {NET_ACCEPT,
     {COMMON, NET_ERRORS, EAGAIN, ECONNABORTED, EMFILE, ENFILE, EOPNOTSUPP, EPROTO, ENOPROTOOPT,
      ETIMEDOUT, ECONNRESET}},
    {NET_CONNECT,
     {COMMON, PATH_ERRORS, NET_ERRORS, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EALREADY,
      ECONNREFUSED, EINPROGRESS, EISCONN, EPROTOTYPE, ETIMEDOUT, ECONNRESET}},
    {NET_SEND,
     {COMMON, NET_ERRORS, EACCES, EAGAIN, EALREADY, ECONNRESET, EDESTADDRREQ, EISCONN, EMSGSIZE,
      ENOTCONN, EOPNOTSUPP, EPIPE, ECONNREFUSED, ETIMEDOUT}},
    {NET_SENDTO,
     {COMMON, NET_ERRORS, EACCES, ENOENT, EAGAIN, ECONNRESET, EDESTADDRREQ, EISCONN, EMSGSIZE,
      ENOTCONN, EOPNOTSUPP, EPIPE, ECONNREFUSED, EPROTOTYPE, EAFNOSUPPORT, EADDRNOTAVAIL}},
    {NET_RECV,
     {COMMON, EAGAIN, ECONNREFUSED, ENOMEM, ENOTCONN, ECONNRESET, ETIMEDOUT, EHOSTUNREACH}},
    {NET_RECVFROM, {COMMON, EAGAIN, ECONNREFUSED, ENOMEM, ENOTCONN, ECONNRESET, EOPNOTSUPP}},
    {NET_SHUTDOWN, {COMMON, ENOTCONN}},
    {NET_CLOSE, {EBADF, EINTR}},
    {NET_GETSOCKNAME, {COMMON, ENOBUFS}},
    {NET_GETPEERNAME, {COMMON, ENOBUFS, ENOTCONN}},
    {NET_SETSOCKOPT,
     {COMMON, ENOPROTOOPT, ENOENT, EDOM, EACCES, ENODEV, EADDRNOTAVAIL, EOPNOTSUPP}},
    {NET_GETSOCKOPT, {COMMON, ENOPROTOOPT, EOPNOTSUPP}},
    {NET_POLL, {EBADF, EINTR, EINVAL, ENOMEM}},
};

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

static void check_page(size_t page, int error)
{
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        for (unsigned state = 0; state < 32; state++) {
            struct net_facts s = facts_of(kind, state);
            struct net_fault fault = case_fault(pages[page].call, &s, error);
            fault.address = address_of(state % 6);
            fault.flags = state & 1 ? MSG_DONTWAIT : state & 2 ? MSG_OOB : 0;
            fault.size = 70000;
            fault.cause = error == ETIMEDOUT && state & 4 ? NET_OWN_TIMEOUT : NET_KERNEL;
            size_t length = check(&fault);
            if (length == 0 || length > LONGEST + 8 * sizeof(struct sockaddr_un))
                fail_msg("%s: %s: %zu bytes", fault.name, strerror(error), length);
        }
    }
}

static void every_errno_of_every_page_has_a_hint(void **state)
{
    (void)state;
    for (size_t page = 0; page < sizeof pages / sizeof pages[0]; page++) {
        for (const int *error = pages[page].errors; *error != 0; error++) {
            /* Its hint searches all processes: test_fault_holder.c has it. */
            if (*error != EADDRINUSE || pages[page].call != NET_BIND)
                check_page(page, *error);
        }
    }
}

/* Plain facts, so that the length is the hint's own; no placeholder is left standing. */
static void hints_are_short_and_complete(void **state)
{
    (void)state;
    for (size_t page = 0; page < sizeof pages / sizeof pages[0]; page++) {
        for (const int *error = pages[page].errors; *error != 0; error++) {
            struct net_facts s = facts_of(0, 0);
            struct net_fault fault = case_fault_at(pages[page].call, &s, *error, address_of(0));
            struct buffer hint = BUFFER_EMPTY;
            net_fault_append_hint(&hint, sys, &fault, NULL);
            if (hint.length > LONGEST || strpbrk(buffer_text(&hint), "{}"))
                fail_msg("%s: %s", fault.name, buffer_text(&hint));
            buffer_free(&hint);
        }
    }
}

/* accept() passes on what befell the connection before it was taken (accept(2), "Error handling").
 * The hint for ENOPROTOOPT spoke of an option, that for ETIMEDOUT of closing the socket. */
static void a_lost_client_is_not_the_listener_s_fault(void **state)
{
    static const int errors[] = {ENETDOWN,    EPROTO,       ENOPROTOOPT, EHOSTDOWN, EHOSTUNREACH,
                                 ENETUNREACH, ECONNABORTED, ECONNRESET,  ETIMEDOUT};
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
    const struct net_fault fault = case_fault(NET_SETSOCKOPT, &s, ENOENT);
    (void)state;
    expect_hint(&fault, "nothing of the name that the option was given", END);
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

/* The lookups have errors of their own (test_fault_lookup.c); gethostname() fails for no reason
 * that a student could know. */
static void every_call_has_a_page(void **state)
{
    (void)state;
    for (int call = 0; call < NET_CALL_COUNT; call++) {
        bool found = call == NET_GETADDRINFO || call == NET_GETNAMEINFO || call == NET_GETHOSTNAME;
        for (size_t page = 0; page < sizeof pages / sizeof pages[0]; page++)
            found |= pages[page].call == (enum net_call)call;
        if (!found)
            fail_msg("no page of %s()", net_call_name((enum net_call)call));
    }
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
        cmocka_unit_test(every_errno_of_every_page_has_a_hint),
        cmocka_unit_test(hints_are_short_and_complete),
        cmocka_unit_test(a_lost_client_is_not_the_listener_s_fault),
        cmocka_unit_test(a_name_that_an_option_lacks),
        cmocka_unit_test(every_call_has_a_page),
        cmocka_unit_test(nothing_is_too_strange),
        cmocka_unit_test(a_limit_is_raised_by_what_is_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
