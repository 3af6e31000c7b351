/* SPDX-License-Identifier: MIT
 *
 * EADDRINUSE, made for real in each of its cases: who has the address, and what helps.
 */
#include "net/fault_case.h"

#include <sys/wait.h>

static bool tell_holder(void *owner, const struct net_address *address, int type,
                        struct buffer *out)
{
    (void)owner;
    (void)address;
    assert_int_equal(type, SOCK_STREAM);
    buffer_puts(out, "server, a listening socket of this shell");
    return true;
}

static void expect_hint_by(const struct net_fault *fault, const struct net_witness *witness, ...)
{
    va_list words;
    va_start(words, witness);
    expect_hint_of(fault, witness, words);
    va_end(words);
}

/* bind() of a new socket to a taken address. */
static struct net_fault fail_to_bind(struct net_facts *s, struct net_address a)
{
    int type = s->type == 0 ? SOCK_STREAM : s->type;
    if (s->type == 0)
        *s = case_socket(net_address_family(&a), type);
    struct net_fault fault = case_fault_at(NET_BIND, s, case_bind(s, a), a);
    assert_int_equal(fault.error, EADDRINUSE);
    net_fault_observe(sys, &fault);
    return fault;
}

static void a_socket_of_this_shell_has_it(void **state)
{
    struct net_facts listener = case_listener(), s = {.type = 0};
    struct net_witness witness = {.holder = tell_holder};
    struct net_fault fault = fail_to_bind(&s, case_local(&listener));
    (void)state;
    expect_hint_by(&fault, &witness, "127.0.0.1 port ",
                   " is taken by server, a listening socket of this shell. Close that one", END);
    case_close(&s);
    case_close(&listener);
}

/* Whose abstract name was in use was told to remove its file, and there is none. */
static void an_abstract_name_has_no_file(void **state)
{
    struct net_facts s = {.fd = -1, .family = AF_UNIX, .type = SOCK_STREAM, .exists = true};
    struct net_witness witness = {.holder = tell_holder};
    struct net_fault fault = case_fault_at(NET_BIND, &s, EADDRINUSE, case_path("@taken"));
    struct buffer hint = BUFFER_EMPTY;
    (void)state;
    expect_hint_by(&fault, &witness, "@taken is taken by server", "choose another name", END);
    net_fault_append_hint(&hint, sys, &fault, &witness);
    assert_null(strstr(buffer_text(&hint), "file"));
    buffer_free(&hint);
}

static void a_file_has_the_path(void **state)
{
    char directory[] = "/tmp/sockrepl-test-XXXXXX", path[64], words[96];
    struct net_facts first = case_socket(AF_UNIX, SOCK_STREAM), s = {.type = 0};
    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/s", directory);
    snprintf(words, sizeof words, "os.remove(\"%s\")", path);
    assert_int_equal(case_bind(&first, case_path(path)), 0);
    case_close(&first);
    struct net_fault fault = fail_to_bind(&s, case_path(path));
    expect_hint(&fault, path, " exists already", words, END);
    case_close(&s);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(directory), 0);
}

static void no_port_is_free(void **state)
{
    struct net_facts s = {.fd = -1, .family = AF_INET, .type = SOCK_STREAM, .exists = true};
    struct net_fault fault = case_fault_at(NET_BIND, &s, EADDRINUSE, case_host("", 0));
    (void)state;
    expect_hint(&fault, "No free port is left", END);
}

/* Bound only, it stands in no table: that is said without a guess. */
static void somebody_unseen_has_it(void **state)
{
    struct net_facts bound = case_socket(AF_INET, SOCK_STREAM), s = {.type = 0};
    (void)state;
    assert_int_equal(case_bind(&bound, case_host("127.0.0.1", 0)), 0);
    struct net_fault fault = fail_to_bind(&s, case_local(&bound));
    expect_hint(&fault, "Another program has 127.0.0.1 port ", "choose another port", END);
    case_close(&s);
    case_close(&bound);
}

/* Two may bind with SO_REUSEADDR, and the second listen() fails. */
static void only_one_may_listen(void **state)
{
    struct net_facts first = case_socket(AF_INET, SOCK_STREAM),
                     s = case_socket(AF_INET, SOCK_STREAM);
    int one = 1;
    (void)state;
    sys->setsockopt(first.fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sys->setsockopt(s.fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    assert_int_equal(case_bind(&first, case_host("127.0.0.1", 0)), 0);
    assert_int_equal(case_bind(&s, case_local(&first)), 0);
    assert_int_equal(sys->listen(first.fd, 1), 0);
    assert_int_equal(sys->listen(s.fd, 1), -1);
    struct net_fault fault = case_fault(NET_LISTEN, &s, errno);
    assert_int_equal(fault.error, EADDRINUSE);
    expect_hint(&fault, "Another socket listens on 127.0.0.1 port ", "only one may listen", END);
    case_close(&first);
    case_close(&s);
}

#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)

/* A child holds the socket; it ends when its end of the pipe is closed. */
static pid_t give_to_child(struct net_facts *s, int fds[2])
{
    char byte;
    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(fds[1]);
        _exit(read(fds[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(fds[0]);
    case_close(s);
    return child;
}

static void end_child(pid_t child, int fds[2])
{
    int status;
    close(fds[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void another_process_has_it(void **state)
{
    static const char *const hosts[] = {"127.0.0.1", "0.0.0.0"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct net_facts listener = case_listener(), s = {.type = 0};
        int port, fds[2];
        char words[64];
        struct net_address a = case_local(&listener);
        port = net_address_port(&a);
        pid_t child = give_to_child(&listener, fds);
        struct net_fault fault = fail_to_bind(&s, case_host(hosts[i], port));
        snprintf(words, sizeof words, "(process %ld)", (long)child);
        expect_hint(&fault, words, "is taken by ", "End that first", END);
        case_close(&s);
        end_child(child, fds);
    }
}

static void another_process_has_the_datagrams(void **state)
{
    struct net_facts first = case_socket(AF_INET, SOCK_DGRAM), s = case_socket(AF_INET, SOCK_DGRAM);
    int fds[2];
    (void)state;
    assert_int_equal(case_bind(&first, case_host("127.0.0.1", 0)), 0);
    struct net_address a = case_local(&first);
    pid_t child = give_to_child(&first, fds);
    struct net_fault fault = fail_to_bind(&s, a);
    expect_hint(&fault, "is taken by ", "(process ", END);
    case_close(&s);
    end_child(child, fds);
}

static void an_open_connection_has_it(void **state)
{
    struct net_facts client, server, s = {.type = 0};
    (void)state;
    case_connection(&client, &server);
    struct net_fault fault = fail_to_bind(&s, case_local(&server));
    expect_hint(&fault, "A connection on port ",
                "is still open, held by another socket of this shell", END);
    case_close(&s);
    case_close(&client);
    case_close(&server);
}

struct wanted {
    struct net_address local;
    enum net_tcp_state state;
    bool found;
};

static bool find_state(void *context, const struct net_tcp_entry *entry)
{
    struct wanted *wanted = context;
    wanted->found |=
        net_address_equal(&entry->local, &wanted->local) && entry->state == wanted->state;
    return !wanted->found;
}

static void wait_for_state(struct net_address a, enum net_tcp_state state)
{
    struct wanted wanted = {.local = a, .state = state};
    for (;;) {
        assert_int_equal(net_inspect_table(SOCK_STREAM, find_state, &wanted), 0);
        if (wanted.found)
            return;
        sys->poll(NULL, 0, 1);
    }
}

static void a_closed_connection_rests(void **state)
{
    struct net_facts client, server, s = {.type = 0};
    char byte;
    int one = 1;
    (void)state;
    case_connection(&client, &server);
    struct net_address a = case_local(&server);
    case_close(&server);
    wait_for_state(a, NET_TCP_FIN_WAIT2);
    struct net_fault fault = fail_to_bind(&s, a);
    expect_hint(&fault, "has not ended yet (FIN_WAIT2)", "SO_REUSEADDR", END);

    assert_int_equal(sys->recv(client.fd, &byte, 1, 0), 0);
    case_close(&client);
    wait_for_state(a, NET_TCP_TIME_WAIT);
    fault = fail_to_bind(&s, a);
    expect_hint(&fault, "rests for ", " s more", "TIME_WAIT",
                "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)", "before each bind()", END);

    /* Linux wants the option on the socket that was closed as well. */
    assert_int_equal(sys->setsockopt(s.fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), 0);
    fault = fail_to_bind(&s, a);
    expect_hint(&fault, "TIME_WAIT", "does not help this time", "wait, or choose another port",
                END);
    case_close(&s);
}

/* A listener stands in the way whatever rests there besides. */
static void a_listener_counts_more_than_time_wait(void **state)
{
    struct net_facts listener = case_socket(AF_INET, SOCK_STREAM), s = {.type = 0};
    int one = 1, fds[2];
    char byte;
    (void)state;
    sys->setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    assert_int_equal(case_bind(&listener, case_host("127.0.0.1", 0)), 0);
    assert_int_equal(sys->listen(listener.fd, 1), 0);
    struct net_address a = case_local(&listener);
    struct net_facts client = case_socket(AF_INET, SOCK_STREAM);
    assert_int_equal(case_connect(&client, a), 0);
    struct net_facts server = case_accept(&listener);
    case_close(&server);
    assert_int_equal(sys->recv(client.fd, &byte, 1, 0), 0);
    case_close(&client);
    wait_for_state(a, NET_TCP_TIME_WAIT);
    pid_t child = give_to_child(&listener, fds);
    struct net_fault fault = fail_to_bind(&s, a);
    expect_hint(&fault, "is taken by ", "(process ", END);
    case_close(&s);
    end_child(child, fds);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_socket_of_this_shell_has_it),
        cmocka_unit_test(an_abstract_name_has_no_file),
        cmocka_unit_test(a_file_has_the_path),
        cmocka_unit_test(no_port_is_free),
        cmocka_unit_test(somebody_unseen_has_it),
        cmocka_unit_test(only_one_may_listen),
#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)
        cmocka_unit_test(another_process_has_it),
        cmocka_unit_test(another_process_has_the_datagrams),
        cmocka_unit_test(an_open_connection_has_it),
        cmocka_unit_test(a_closed_connection_rests),
        cmocka_unit_test(a_listener_counts_more_than_time_wait),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
