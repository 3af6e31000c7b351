/* SPDX-License-Identifier: MIT
 *
 * What the kernel tells of real sockets on loopback; and that a kernel which tells nothing leaves
 * everything unknown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/inspect.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const struct net_sys *const sys = &net_sys_real;

/* A listener on a port of the kernel's choice, and where it is. */
static int listen_on_loopback(int family, int backlog, struct net_address *a)
{
    int fd = sys->socket(family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    assert_int_equal(net_address_from_host(family, family == AF_INET ? "127.0.0.1" : "::1", 0, a),
                     0);
    if (sys->bind(fd, &a->u.any, a->length) != 0) {
        sys->close(fd);
        return -1;
    }
    assert_int_equal(sys->listen(fd, backlog), 0);
    a->length = sizeof a->u;
    assert_int_equal(sys->getsockname(fd, &a->u.any, &a->length), 0);
    return fd;
}

static int connect_to(const struct net_address *a)
{
    int fd = sys->socket(net_address_family(a), SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(sys->connect(fd, &a->u.any, a->length), 0);
    return fd;
}

static struct net_view view_of(int fd, int family, int type, bool listening)
{
    struct net_view view;
    net_inspect(sys, fd, family, type, listening, &view);
    return view;
}

static void expect_kind(int family, int type, int protocol, const char *kind)
{
    struct buffer out = BUFFER_EMPTY;
    net_kind_of_socket(&out, family, type, protocol);
    assert_string_equal(buffer_text(&out), kind);
    buffer_free(&out);
}

static void kinds_have_names(void **state)
{
    (void)state;
    expect_kind(AF_INET, SOCK_STREAM, 0, "TCP/IPv4");
    expect_kind(AF_INET6, SOCK_STREAM, IPPROTO_TCP, "TCP/IPv6");
    expect_kind(AF_INET6, SOCK_DGRAM, 0, "UDP/IPv6");
    expect_kind(AF_INET, SOCK_DGRAM, IPPROTO_ICMP, "ICMP/IPv4");
    expect_kind(AF_INET, SOCK_RAW, IPPROTO_ICMP, "raw/IPv4");
    expect_kind(AF_UNIX, SOCK_STREAM, 0, "UNIX stream");
    expect_kind(AF_UNIX, SOCK_DGRAM, 0, "UNIX datagram");
    expect_kind(AF_UNIX, SOCK_SEQPACKET, 0, "UNIX seqpacket");
    expect_kind(AF_INET, SOCK_RDM, 0, "AF_INET SOCK_RDM");
    expect_kind(AF_INET, SOCK_STREAM, IPPROTO_UDP, "AF_INET SOCK_STREAM IPPROTO_UDP");
}

static void states_have_names(void **state)
{
    (void)state;
    for (enum net_tcp_state s = NET_TCP_UNKNOWN; s <= NET_TCP_CLOSING; s++)
        assert_non_null(net_tcp_state_name(s));
    assert_string_equal(net_tcp_state_name(NET_TCP_CLOSE_WAIT), "CLOSE_WAIT");
    assert_string_equal(net_tcp_state_name(NET_TCP_LAST_ACK), "LAST_ACK");
}

static void no_descriptor_is_unknown(void **state)
{
    struct net_view view = view_of(-1, AF_INET, SOCK_STREAM, false);
    (void)state;
    assert_int_equal(view.local.length, 0);
    assert_int_equal(view.peer.length, 0);
    assert_int_equal(view.state, NET_TCP_UNKNOWN);
    assert_int_equal(view.queued, -1);
    assert_int_equal(view.queue_limit, -1);
    assert_int_equal(view.to_read, -1);
    assert_int_equal(view.unsent, -1);
}

static int refuse_name(int fd, struct sockaddr *address, socklen_t *length)
{
    (void)fd;
    (void)address;
    (void)length;
    errno = ENOBUFS;
    return -1;
}

static int refuse_option(int fd, int level, int option, void *value, socklen_t *length)
{
    (void)fd;
    (void)level;
    (void)value;
    (void)length;
    assert_int_not_equal(option, SO_ERROR);
    errno = ENOPROTOOPT;
    return -1;
}

static int refuse_ioctl(int fd, unsigned long request, int *value)
{
    (void)fd;
    (void)request;
    *value = 17;
    errno = ENOTTY;
    return -1;
}

static void a_silent_kernel_leaves_all_unknown(void **state)
{
    struct net_sys silent = net_sys_real;
    struct net_view view;
    (void)state;
    silent.getsockname = silent.getpeername = refuse_name;
    silent.getsockopt = refuse_option;
    silent.ioctl_int = refuse_ioctl;
    net_inspect(&silent, 3, AF_INET, SOCK_STREAM, false, &view);
    assert_int_equal(view.local.length, 0);
    assert_int_equal(view.peer.length, 0);
    assert_int_equal(view.state, NET_TCP_UNKNOWN);
    assert_false(view.had_peer);
    assert_int_equal(view.to_read, -1);
    assert_int_equal(view.unsent, -1);
}

static void a_connection_is_seen_from_both_sides(void **state)
{
    struct net_address a;
    struct net_view view;
    int listener = listen_on_loopback(AF_INET, 1, &a), client, server;
    (void)state;
    assert_true(listener >= 0);
    client = connect_to(&a);
    server = sys->accept(listener, NULL, NULL);
    assert_true(server >= 0);
    assert_int_equal(sys->send(client, "hello", 5, 0), 5);
    do
        view = view_of(server, AF_INET, SOCK_STREAM, false);
    while (view.to_read != 5);
    assert_true(net_address_equal(&view.local, &a));
    assert_int_equal(view.queued, -1);

    struct net_view other = view_of(client, AF_INET, SOCK_STREAM, false);
    assert_true(net_address_equal(&other.peer, &a));
    assert_true(net_address_equal(&other.local, &view.peer));
    assert_int_equal(other.to_read, 0);
    sys->close(client);
    sys->close(server);
    sys->close(listener);
}

static void to_read_and_unsent_are_counted(void **state)
{
    static char block[65536];
    struct net_address a;
    int listener = listen_on_loopback(AF_INET, 1, &a), client, server;
    long sent = 0;
    ssize_t count;
    (void)state;
    client = connect_to(&a);
    server = sys->accept(listener, NULL, NULL);
    while ((count = sys->send(client, block, sizeof block, MSG_DONTWAIT)) > 0)
        sent += count;
    /* What the peer's kernel has acknowledged is there to be read; the rest is not. */
    struct net_view from, to;
    do {
        from = view_of(client, AF_INET, SOCK_STREAM, false);
        to = view_of(server, AF_INET, SOCK_STREAM, false);
    } while (from.unsent != -1 && from.unsent + to.to_read != sent);
    assert_true(to.to_read > 0);
#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)
    assert_true(from.held > 0 && from.held <= from.unsent);
    assert_int_equal(to.held, 0);
#endif
    sys->close(client);
    sys->close(server);
    sys->close(listener);
}

static void unix_sockets_have_no_tcp_state(void **state)
{
    int fds[2];
    struct net_view view;
    (void)state;
    assert_int_equal(sys->socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_int_equal(sys->send(fds[0], "hello", 5, 0), 5);
    view = view_of(fds[1], AF_UNIX, SOCK_STREAM, false);
    assert_int_equal(view.state, NET_TCP_UNKNOWN);
    assert_int_equal(view.to_read, 5);
    assert_int_equal(net_address_family(&view.peer), AF_UNIX);
    assert_int_equal(view_of(fds[0], AF_UNIX, SOCK_STREAM, false).unsent, -1);
    sys->close(fds[0]);
    sys->close(fds[1]);
}

static void datagrams_count_the_next_one(void **state)
{
    int fds[2];
    (void)state;
    assert_int_equal(sys->socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
    assert_int_equal(sys->send(fds[0], "one", 3, 0), 3);
    assert_int_equal(sys->send(fds[0], "three", 5, 0), 5);
    assert_int_equal(view_of(fds[1], AF_UNIX, SOCK_DGRAM, false).to_read, 3);
    sys->close(fds[0]);
    sys->close(fds[1]);
}

#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)

static void wait_for_state(int fd, enum net_tcp_state state)
{
    while (view_of(fd, AF_INET, SOCK_STREAM, false).state != state)
        sys->poll(NULL, 0, 1);
}

static void a_listener_tells_its_queue(void **state)
{
    struct net_address a;
    int listener = listen_on_loopback(AF_INET, 5, &a);
    struct net_view view = view_of(listener, AF_INET, SOCK_STREAM, true);
    (void)state;
    assert_int_equal(view.state, NET_TCP_LISTEN);
    assert_int_equal(view.queued, 0);
    assert_int_equal(view.queue_limit, 5);
    assert_int_equal(view.to_read, -1);
    int client = connect_to(&a);
    do
        view = view_of(listener, AF_INET, SOCK_STREAM, true);
    while (view.queued != 1);
    assert_false(view.had_peer);
    sys->close(client);
    sys->close(listener);
}

static void the_state_follows_the_connection(void **state)
{
    struct net_address a;
    int listener = listen_on_loopback(AF_INET, 1, &a);
    int client = sys->socket(AF_INET, SOCK_STREAM, 0);
    struct net_view view = view_of(client, AF_INET, SOCK_STREAM, false);
    (void)state;
    assert_int_equal(view.state, NET_TCP_CLOSED);
    assert_false(view.had_peer);
    assert_int_equal(sys->connect(client, &a.u.any, a.length), 0);
    int server = sys->accept(listener, NULL, NULL);
    wait_for_state(client, NET_TCP_ESTABLISHED);
    wait_for_state(server, NET_TCP_ESTABLISHED);
    assert_int_equal(sys->shutdown(client, SHUT_WR), 0);
    wait_for_state(client, NET_TCP_FIN_WAIT2);
    wait_for_state(server, NET_TCP_CLOSE_WAIT);
    assert_int_equal(sys->shutdown(server, SHUT_WR), 0);
    wait_for_state(server, NET_TCP_CLOSED);
    assert_true(view_of(server, AF_INET, SOCK_STREAM, false).had_peer);
    sys->close(client);
    sys->close(server);
    sys->close(listener);
}

/* A connect that is refused leaves no connection that once stood. */
static void a_refused_connect_had_no_peer(void **state)
{
    struct net_address a;
    int listener = listen_on_loopback(AF_INET, 1, &a);
    int client = sys->socket(AF_INET, SOCK_STREAM, 0);
    (void)state;
    sys->close(listener);
    assert_int_equal(sys->connect(client, &a.u.any, a.length), -1);
    assert_false(view_of(client, AF_INET, SOCK_STREAM, false).had_peer);
    sys->close(client);
}

/* After a connect that was refused 3 bytes were "unsent", of a program that had sent none. */
static void a_refused_connect_leaves_nothing_unsent(void **state)
{
    struct net_address a;
    int listener = listen_on_loopback(AF_INET, 1, &a);
    int client = sys->socket(AF_INET, SOCK_STREAM, 0);
    (void)state;
    sys->close(listener);
    assert_int_equal(sys->connect(client, &a.u.any, a.length), -1);
    struct net_view view = view_of(client, AF_INET, SOCK_STREAM, false);
    sys->close(client);
    if (view.state == NET_TCP_UNKNOWN)
        skip(); /* in a build without what is Linux's own */
    assert_int_equal(view.unsent, 0);
}

struct wanted {
    struct net_address local;
    enum net_tcp_state state;
    struct net_tcp_entry found;
    int count;
};

static bool find_local(void *context, const struct net_tcp_entry *entry)
{
    struct wanted *wanted = context;
    if (!net_address_equal(&entry->local, &wanted->local) || entry->state != wanted->state)
        return true;
    wanted->found = *entry;
    wanted->count++;
    return true;
}

static int look(struct wanted *wanted, int type)
{
    wanted->count = 0;
    assert_int_equal(net_inspect_table(type, find_local, wanted), 0);
    return wanted->count;
}

static void the_table_lists_listeners(void **state)
{
    static const int families[] = {AF_INET, AF_INET6};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct wanted wanted = {.state = NET_TCP_LISTEN};
        int fd = listen_on_loopback(families[i], 1, &wanted.local);
        if (fd < 0) {
            assert_int_equal(families[i], AF_INET6); /* a computer without IPv6 */
            continue;
        }
        assert_int_equal(look(&wanted, SOCK_STREAM), 1);
        assert_int_equal(wanted.found.uid, geteuid());
        assert_int_not_equal(wanted.found.inode, 0);
        assert_int_equal(net_address_port(&wanted.found.remote), 0);
        assert_true(wanted.found.seconds_left < 0);
        sys->close(fd);
        assert_int_equal(look(&wanted, SOCK_STREAM), 0);
    }
}

static void the_table_lists_datagram_sockets(void **state)
{
    struct wanted wanted = {.state = NET_TCP_CLOSED};
    int fd = sys->socket(AF_INET, SOCK_DGRAM, 0);
    (void)state;
    net_address_from_number(INADDR_LOOPBACK, 0, &wanted.local);
    assert_int_equal(sys->bind(fd, &wanted.local.u.any, wanted.local.length), 0);
    assert_int_equal(sys->getsockname(fd, &wanted.local.u.any, &wanted.local.length), 0);
    assert_int_equal(look(&wanted, SOCK_DGRAM), 1);
    assert_int_equal(look(&wanted, SOCK_STREAM), 0);
    sys->close(fd);
}

static void the_table_counts_time_wait_down(void **state)
{
    struct wanted wanted = {.state = NET_TCP_TIME_WAIT};
    int listener = listen_on_loopback(AF_INET, 1, &wanted.local);
    int client = connect_to(&wanted.local), server = sys->accept(listener, NULL, NULL);
    char byte;
    (void)state;
    sys->close(listener);
    sys->close(server);
    assert_int_equal(sys->recv(client, &byte, 1, 0), 0);
    sys->close(client);
    while (look(&wanted, SOCK_STREAM) == 0)
        sys->poll(NULL, 0, 1);
    assert_int_equal(wanted.count, 1);
    assert_true(wanted.found.seconds_left > 0 && wanted.found.seconds_left <= 60);
    assert_int_equal(wanted.found.inode, 0);
}

static bool stop_at_once(void *context, const struct net_tcp_entry *entry)
{
    (void)entry;
    ++*(int *)context;
    return false;
}

static void the_table_stops_when_told(void **state)
{
    struct net_address a;
    int calls = 0, one = listen_on_loopback(AF_INET, 1, &a),
        two = listen_on_loopback(AF_INET, 1, &a);
    (void)state;
    assert_int_equal(net_inspect_table(SOCK_STREAM, stop_at_once, &calls), 0);
    assert_int_equal(calls, 1);
    sys->close(one);
    sys->close(two);
}

static void the_holder_of_a_socket_is_this_process(void **state)
{
    struct wanted wanted = {.state = NET_TCP_LISTEN};
    int fd = listen_on_loopback(AF_INET, 1, &wanted.local);
    char name[32], tiny[4];
    long pid = 0;
    (void)state;
    assert_int_equal(look(&wanted, SOCK_STREAM), 1);
    assert_int_equal(net_inspect_process(wanted.found.inode, &pid, name, sizeof name), 0);
    assert_int_equal(pid, getpid());
    assert_true(strlen(name) > 0);
    assert_null(strchr(name, '\n'));
    assert_int_equal(net_inspect_process(wanted.found.inode, &pid, tiny, sizeof tiny), 0);
    assert_memory_equal(tiny, name, 3);
    assert_int_equal(strlen(tiny), 3);
    sys->close(fd);
    assert_int_equal(net_inspect_process(wanted.found.inode, &pid, name, sizeof name), ENOENT);
    assert_int_equal(net_inspect_process(0, &pid, name, sizeof name), ENOENT);
}

#endif

static void the_first_open_port_is_a_port(void **state)
{
    (void)state;
    assert_true(net_inspect_first_open_port() >= 0 && net_inspect_first_open_port() <= 65536);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_have_names),
        cmocka_unit_test(states_have_names),
        cmocka_unit_test(no_descriptor_is_unknown),
        cmocka_unit_test(a_silent_kernel_leaves_all_unknown),
        cmocka_unit_test(a_connection_is_seen_from_both_sides),
        cmocka_unit_test(to_read_and_unsent_are_counted),
        cmocka_unit_test(unix_sockets_have_no_tcp_state),
        cmocka_unit_test(datagrams_count_the_next_one),
#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)
        cmocka_unit_test(a_listener_tells_its_queue),
        cmocka_unit_test(the_state_follows_the_connection),
        cmocka_unit_test(a_refused_connect_had_no_peer),
        cmocka_unit_test(a_refused_connect_leaves_nothing_unsent),
        cmocka_unit_test(the_table_lists_listeners),
        cmocka_unit_test(the_table_lists_datagram_sockets),
        cmocka_unit_test(the_table_counts_time_wait_down),
        cmocka_unit_test(the_table_stops_when_told),
        cmocka_unit_test(the_holder_of_a_socket_is_this_process),
#endif
        cmocka_unit_test(the_first_open_port_is_a_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
