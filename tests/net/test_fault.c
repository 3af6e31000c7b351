/* SPDX-License-Identifier: MIT
 *
 * Hints for calls on sockets: each mistake is made for real where the kernel lets it be made on
 * loopback, and the hint says what it means here. Addresses: test_fault_address.c.
 */
#include "net/fault_case.h"

#include <fcntl.h>
#include <sys/resource.h>

static void a_fault_has_name_and_message(void **state)
{
    struct net_fault fault = {.call = NET_CONNECT, .name = "connect", .error = ECONNREFUSED};
    struct buffer out = BUFFER_EMPTY;
    (void)state;
    net_fault_append_name(&out, &fault);
    assert_string_equal(buffer_text(&out), "ECONNREFUSED");
    assert_string_equal(net_fault_message(&fault), "Connection refused");
    fault.cause = NET_LOOKUP;
    fault.error = EAI_NONAME;
    buffer_clear(&out);
    net_fault_append_name(&out, &fault);
    assert_string_equal(buffer_text(&out), "EAI_NONAME");
    assert_string_equal(net_fault_message(&fault), "Name or service not known");
    fault.cause = NET_KERNEL;
    fault.error = 9999;
    buffer_clear(&out);
    net_fault_append_name(&out, &fault);
    assert_string_equal(buffer_text(&out), "9999");
    buffer_free(&out);
}

static void connect_is_refused(void **state)
{
    struct net_facts s = case_socket(AF_INET, SOCK_STREAM), c = case_socket(AF_INET, SOCK_STREAM);
    char words[64];
    (void)state;
    assert_int_equal(case_bind(&s, case_host("127.0.0.1", 0)), 0);
    struct net_address a = case_local(&s);
    struct net_fault fault = case_fault_at(NET_CONNECT, &c, case_connect(&c, a), a);
    assert_int_equal(fault.error, ECONNREFUSED);
    snprintf(words, sizeof words, "Nothing is listening on 127.0.0.1 port %d. Is ",
             net_address_port(&a));
    expect_hint(&fault, words, "Is the server running?", "only after listen().", END);
    net_address_set_port(&a, 0);
    fault = case_fault_at(NET_CONNECT, &c, ECONNREFUSED, a);
    expect_hint(&fault, "Port 0", "bind()", END);
    case_close(&s);
    case_close(&c);
}

static void a_datagram_was_refused(void **state)
{
    struct net_facts s = case_socket(AF_INET, SOCK_DGRAM), gone = case_socket(AF_INET, SOCK_DGRAM);
    char words[64], byte;
    (void)state;
    assert_int_equal(case_bind(&gone, case_host("127.0.0.1", 0)), 0);
    struct net_address a = case_local(&gone);
    case_close(&gone);
    assert_int_equal(case_connect(&s, a), 0);
    assert_int_equal(sys->send(s.fd, "x", 1, 0), 1);
    assert_int_equal(sys->recv(s.fd, &byte, 1, 0), -1);
    struct net_fault fault = case_fault(NET_RECV, &s, errno);
    assert_int_equal(fault.error, ECONNREFUSED);
    snprintf(words, sizeof words, "127.0.0.1 port %d", net_address_port(&a));
    expect_hint(&fault, "earlier datagram was refused", words, END);
    case_close(&s);
}

static void the_listening_socket_carries_no_data(void **state)
{
    struct net_facts s = case_listener();
    struct net_address a = case_local(&s);
    char byte;
    (void)state;
    assert_int_equal(sys->recv(s.fd, &byte, 1, 0), -1);
    struct net_fault fault = case_fault(NET_RECV, &s, errno);
    assert_int_equal(fault.error, ENOTCONN);
    expect_hint(&fault, "s is the listening socket", "that accept() returned",
                "c = accept(s), then recv(c)", END);
    assert_int_equal(sys->send(s.fd, "x", 1, MSG_NOSIGNAL), -1);
    fault = case_fault(NET_SEND, &s, errno);
    assert_int_equal(fault.error, EPIPE);
    expect_hint(&fault, "s is the listening socket", "send(c, data)", END);
    assert_int_equal(sys->getpeername(s.fd, &a.u.any, &a.length), -1);
    fault = case_fault(NET_GETPEERNAME, &s, errno);
    assert_int_equal(fault.error, ENOTCONN);
    expect_hint(&fault, "listening", "no peer", "accept()", END);
    fault = case_fault_at(NET_CONNECT, &s, case_connect(&s, a), a);
    assert_int_equal(fault.error, EISCONN);
    expect_hint(&fault, "s is listening", "second socket", END);
    fault = case_fault_at(NET_BIND, &s, case_bind(&s, a), a);
    assert_int_equal(fault.error, EINVAL);
    expect_hint(&fault, "s has an address already: 127.0.0.1 port", END);
    case_close(&s);
}

static void a_fresh_socket_is_not_connected(void **state)
{
    struct net_facts s = case_socket(AF_INET, SOCK_STREAM);
    struct net_address a = {.length = sizeof a.u};
    char byte;
    (void)state;
    assert_int_equal(sys->recv(s.fd, &byte, 1, 0), -1);
    struct net_fault fault = case_fault(NET_RECV, &s, errno);
    assert_int_equal(fault.error, ENOTCONN);
    expect_hint(&fault, "s is not connected", "connect() first", END);
    assert_int_equal(sys->getpeername(s.fd, &a.u.any, &a.length), -1);
    fault = case_fault(NET_GETPEERNAME, &s, errno);
    expect_hint(&fault, "s has no peer", "connect()", END);
    assert_int_equal(sys->shutdown(s.fd, SHUT_WR), -1);
    fault = case_fault(NET_SHUTDOWN, &s, errno);
    assert_int_equal(fault.error, ENOTCONN);
    expect_hint(&fault, "no connection", "close(s)", END);
    assert_int_equal(sys->accept(s.fd, NULL, NULL), -1);
    fault = case_fault(NET_ACCEPT, &s, errno);
    assert_int_equal(fault.error, EINVAL);
    expect_hint(&fault, "s does not listen", "listen(s)", "accept(s)", END);
    /* A connect that was begun and has failed is not still being made. */
    s.connecting = true;
    fault = case_fault(NET_GETPEERNAME, &s, ENOTCONN);
    expect_hint(&fault, "s has no peer", END);
    case_close(&s);
    fault = case_fault(NET_GETPEERNAME, &s, ENOTCONN);
    expect_hint(&fault, "still being made", "SO_ERROR", END);
}

#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)
/* A server that forgot listen() and accept(), and sends on the socket that it bound. */
static void a_bound_socket_is_not_a_broken_connection(void **state)
{
    struct net_facts s = case_socket(AF_INET, SOCK_STREAM);
    (void)state;
    assert_int_equal(case_bind(&s, case_host("127.0.0.1", 0)), 0);
    assert_int_equal(sys->send(s.fd, "x", 1, MSG_NOSIGNAL), -1);
    struct net_fault fault = case_fault(NET_SEND, &s, errno);
    assert_int_equal(fault.error, EPIPE);
    expect_hint(&fault, "s is not connected", "accept()", END);
    case_close(&s);
}
#endif

static void a_connected_socket_is_connected(void **state)
{
    struct net_facts c, server;
    case_connection(&c, &server);
    struct net_address a = case_local(&server);
    char words[64];
    (void)state;
    snprintf(words, sizeof words, "127.0.0.1 port %d", net_address_port(&a));
    struct net_fault fault = case_fault_at(NET_CONNECT, &c, case_connect(&c, a), a);
    assert_int_equal(fault.error, EISCONN);
    expect_hint(&fault, "s is connected already, to ", words, "make a new one", END);
    assert_int_equal(sys->listen(c.fd, 1), -1);
    fault = case_fault(NET_LISTEN, &c, errno);
    assert_int_equal(fault.error, EINVAL);
    expect_hint(&fault, "s is connected to ", words, "cannot listen", END);
    assert_int_equal(sys->accept(c.fd, NULL, NULL), -1);
    fault = case_fault(NET_ACCEPT, &c, errno);
    assert_int_equal(fault.error, EINVAL);
    expect_hint(&fault, "s is a connection, to ", words, END);
    fault = case_fault_at(NET_BIND, &c, case_bind(&c, a), a);
    assert_int_equal(fault.error, EINVAL);
    expect_hint(&fault, "s is connected", "bind() comes before", END);
    case_close(&c);
    case_close(&server);
}

static void the_peer_breaks_off(void **state)
{
    struct net_facts c, server;
    char byte;
    struct net_address a = {.length = sizeof a.u};
    struct pollfd ready = {.events = POLLIN};
    (void)state;
    case_connection(&c, &server);
    assert_int_equal(sys->send(c.fd, "never read", 10, 0), 10);
    ready.fd = server.fd;
    assert_int_equal(sys->poll(&ready, 1, -1), 1);
    case_close(&server);
    ready.fd = c.fd;
    assert_int_equal(sys->poll(&ready, 1, -1), 1);
    assert_int_equal(sys->recv(c.fd, &byte, 1, 0), -1);
    struct net_fault fault = case_fault(NET_RECV, &c, errno);
    assert_int_equal(fault.error, ECONNRESET);
    expect_hint(&fault, "broke the connection off", "Close this socket", END);
    assert_int_equal(sys->send(c.fd, "x", 1, MSG_NOSIGNAL), -1);
    fault = case_fault(NET_SEND, &c, errno);
    assert_int_equal(fault.error, EPIPE);
    expect_hint(&fault, "The peer has closed the connection", "the first send()", END);
    assert_int_equal(sys->getpeername(c.fd, &a.u.any, &a.length), -1);
    fault = case_fault(NET_GETPEERNAME, &c, errno);
    assert_int_equal(fault.error, ENOTCONN);
#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)
    expect_hint(&fault, "The connection of s is over", END);
#endif
    case_close(&c);
}

static void a_half_closed_socket_sends_no_more(void **state)
{
    struct net_facts c, server;
    (void)state;
    case_connection(&c, &server);
    assert_int_equal(sys->shutdown(c.fd, SHUT_WR), 0);
    c.unwritable = true;
    assert_int_equal(sys->send(c.fd, "x", 1, MSG_NOSIGNAL), -1);
    struct net_fault fault = case_fault(NET_SEND, &c, errno);
    assert_int_equal(fault.error, EPIPE);
    expect_hint(&fault, "shutdown() has ended this direction", "can only receive", END);
    case_close(&c);
    case_close(&server);
}

static void datagram_sockets_have_no_connections(void **state)
{
    struct net_facts s = case_socket(AF_INET, SOCK_DGRAM);
    struct net_address a = case_host("127.0.0.1", 0);
    static char large[65508];
    (void)state;
    assert_int_equal(sys->listen(s.fd, 1), -1);
    struct net_fault fault = case_fault(NET_LISTEN, &s, errno);
    assert_int_equal(fault.error, EOPNOTSUPP);
    expect_hint(&fault, "listen() is for streams", "recvfrom()", END);
    assert_int_equal(sys->accept(s.fd, NULL, NULL), -1);
    fault = case_fault(NET_ACCEPT, &s, errno);
    assert_int_equal(fault.error, EOPNOTSUPP);
    expect_hint(&fault, "accept() is for streams", END);
    assert_int_equal(sys->send(s.fd, "x", 1, 0), -1);
    fault = case_fault(NET_SEND, &s, errno);
    assert_int_equal(fault.error, EDESTADDRREQ);
    expect_hint(&fault, "s has no peer", "sendto(s, data, host, port)", END);
    assert_int_equal(sys->sendto(s.fd, "x", 1, 0, &a.u.any, a.length), -1);
    fault = case_fault_at(NET_SENDTO, &s, errno, a);
    assert_int_equal(fault.error, EINVAL);
    expect_hint(&fault, "Port 0", END);
    net_address_set_port(&a, 9);
    assert_int_equal(sys->sendto(s.fd, large, sizeof large, 0, &a.u.any, a.length), -1);
    fault = case_fault_at(NET_SENDTO, &s, errno, a);
    fault.size = sizeof large;
    assert_int_equal(fault.error, EMSGSIZE);
    expect_hint(&fault, "65508 bytes", "at most 65507", END);
    fault.facts.family = AF_INET6;
    fault.size = 65528;
    expect_hint(&fault, "65528 bytes", "at most 65527", END);
    case_close(&s);
}

static void unix_sockets_say_it_otherwise(void **state)
{
    struct net_facts s = case_socket(AF_UNIX, SOCK_STREAM), d = case_socket(AF_UNIX, SOCK_DGRAM);
    char byte;
    (void)state;
    assert_int_equal(sys->listen(s.fd, 1), -1);
    struct net_fault fault = case_fault(NET_LISTEN, &s, errno);
    assert_int_equal(fault.error, EINVAL);
    expect_hint(&fault, "s has no path", "bind(s, \"/tmp/name\")", END);
    assert_int_equal(sys->recv(s.fd, &byte, 1, 0), -1);
    fault = case_fault(NET_RECV, &s, errno);
    assert_true(fault.error == EINVAL || fault.error == ENOTCONN);
    expect_hint(&fault, "s is not connected", END);
    assert_int_equal(sys->send(d.fd, "x", 1, 0), -1);
    fault = case_fault(NET_SEND, &d, errno);
    assert_true(fault.error == ENOTCONN || fault.error == EDESTADDRREQ);
    expect_hint(&fault, "s has no peer", "sendto(s, data", END);
    case_close(&s);
    case_close(&d);
}

static void nothing_is_there_yet(void **state)
{
    struct net_facts s = case_listener();
    (void)state;
    assert_int_equal(sys->set_nonblocking(s.fd, 1), 0);
    s.timeout = 0;
    assert_int_equal(sys->accept(s.fd, NULL, NULL), -1);
    struct net_fault fault = case_fault(NET_ACCEPT, &s, errno);
    assert_int_equal(fault.error, EAGAIN);
    expect_hint(&fault, "s does not wait", "no client has connected", "settimeout(s, nil)", END);
    s.timeout = -1;
    fault = case_fault(NET_RECV, &s, EAGAIN);
    expect_hint(&fault, "SO_RCVTIMEO ran out", "nothing has arrived", END);
    fault.flags = MSG_DONTWAIT;
    expect_hint(&fault, "MSG_DONTWAIT", "without the flag recv() waits", END);
    fault = case_fault(NET_SEND, &s, EAGAIN);
    expect_hint(&fault, "SO_SNDTIMEO", "send buffer is full", END);
    fault = case_fault(NET_CONNECT, &(struct net_facts){.fd = -1, .family = AF_UNIX}, EAGAIN);
    expect_hint(&fault, "queue", "full", "accept()", END);
    case_close(&s);
}

static void connecting_goes_on(void **state)
{
    struct net_facts s = {.fd = -1, .family = AF_INET, .type = SOCK_STREAM, .exists = true};
    struct net_address a = case_host("192.0.2.1", 80);
    struct net_fault fault = case_fault_at(NET_CONNECT, &s, EINPROGRESS, a);
    (void)state;
    expect_hint(&fault, "no failure", "SO_ERROR", END);
    fault.facts.timeout = -1;
    expect_hint(&fault, "SO_SNDTIMEO ran out", "192.0.2.1 port 80", END);
    fault.error = EALREADY;
    expect_hint(&fault, "still under way", END);
}

static void there_are_two_timeouts(void **state)
{
    struct net_facts s = {.fd = -1, .family = AF_INET, .type = SOCK_STREAM, .exists = true};
    struct net_address a = case_host("192.0.2.1", 80);
    (void)state;
    struct net_fault fault = case_fault_at(NET_CONNECT, &s, ETIMEDOUT, a);
    expect_hint(&fault, "192.0.2.1 port 80 never answered", "firewall", END);
    fault.cause = NET_OWN_TIMEOUT;
    fault.facts.timeout = 0.5;
    fault.facts.connecting = true;
    expect_hint(&fault, "The 0.5 s of settimeout()", "goes on connecting", "close this socket",
                END);
    fault.call = NET_RECV;
    fault.name = "recv";
    expect_hint(&fault, "ran out: the connection is still being made", END);
    fault.facts.connecting = false;
    expect_hint(&fault, "The 0.5 s of settimeout() ran out: nothing has arrived",
                "call recv() again", END);
    fault.call = NET_SEND;
    fault.name = "sendall";
    fault.sent = 10;
    fault.size = 100;
    expect_hint(&fault, "10 of 100 bytes", END);
    fault.cause = NET_KERNEL;
    expect_hint(&fault, "TCP got no answer", END);
}

static void a_closed_socket_stays_closed(void **state)
{
    struct net_facts s = {.fd = -1, .family = AF_INET, .type = SOCK_STREAM, .exists = true};
    struct net_fault fault = case_fault(NET_RECV, &s, EBADF);
    (void)state;
    expect_hint(&fault, "closed earlier", "make a new one", END);
    fault.cause = NET_CLOSED_HERE;
    expect_hint(&fault, "closed while recv() waited", END);
    fault = case_fault(NET_POLL, &(struct net_facts){.fd = 0}, EBADF);
    expect_hint(&fault, "One of the sockets is closed", END);
}

static void sockets_are_made_of_things_that_fit(void **state)
{
    struct net_facts s = {.fd = -1, .family = AF_INET, .type = SOCK_STREAM};
    (void)state;
    assert_int_equal(sys->socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), -1);
    struct net_fault fault = case_fault(NET_SOCKET, &s, errno);
    assert_int_equal(fault.error, EPROTONOSUPPORT);
    expect_hint(&fault, "AF_INET and SOCK_STREAM", "Leave it out", END);
    assert_int_equal(sys->socket(99, SOCK_STREAM, 0), -1);
    s.family = 99;
    fault = case_fault(NET_SOCKET, &s, errno);
    assert_int_equal(fault.error, EAFNOSUPPORT);
    expect_hint(&fault, "family 99", "AF_INET", END);
    assert_int_equal(sys->socket(AF_INET, SOCK_SEQPACKET, 0), -1);
    s = (struct net_facts){.fd = -1, .family = AF_INET, .type = SOCK_SEQPACKET};
    fault = case_fault(NET_SOCKET, &s, errno);
    if (fault.error == ESOCKTNOSUPPORT)
        expect_hint(&fault, "AF_INET has no sockets of type SOCK_SEQPACKET", END);
    int fds[2];
    assert_int_equal(sys->socketpair(AF_INET, SOCK_STREAM, 0, fds), -1);
    fault = case_fault(NET_SOCKETPAIR, &s, errno);
    assert_int_equal(fault.error, EOPNOTSUPP);
    expect_hint(&fault, "AF_INET sockets do not come in pairs", "AF_UNIX", END);
}

static void options_have_their_level(void **state)
{
    struct net_facts s = case_socket(AF_INET, SOCK_DGRAM);
    int one = 1;
    (void)state;
    assert_int_equal(sys->setsockopt(s.fd, IPPROTO_TCP, 1, &one, sizeof one), -1);
    struct net_fault fault = case_fault(NET_SETSOCKOPT, &s, errno);
    assert_true(fault.error == ENOPROTOOPT || fault.error == EOPNOTSUPP);
    expect_hint(&fault, "A UDP/IPv4 socket does not know this option", "SOL_SOCKET", END);
    case_close(&s);
}

static void open_files_are_limited(void **state)
{
    struct rlimit limit, before;
    char words[64];
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    int next = fcntl(0, F_DUPFD, 0);
    assert_true(next >= 0);
    close(next);
    limit = (struct rlimit){.rlim_cur = (rlim_t)next, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    int fd = sys->socket(AF_INET, SOCK_STREAM, 0), error = errno;
    struct net_fault fault = case_fault(NET_SOCKET, &(struct net_facts){.fd = -1}, error);
    snprintf(words, sizeof words, "may, %d. Close some", next);
    struct net_fault waiting = case_fault(NET_ACCEPT, &fault.facts, error);
    expect_hint(&fault, words, END);
    expect_hint(&waiting, words, "waits in the queue", END);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(fd, -1);
    assert_int_equal(error, EMFILE);
}

static int fail_if_asked(int fd, struct sockaddr *address, socklen_t *length)
{
    (void)address;
    (void)length;
    fail_msg("descriptor %d is asked for its address", fd);
    return -1;
}

/* The story: the hint is read long after the call, when another socket has the descriptor. */
static void an_observed_socket_is_not_asked_again(void **state)
{
    struct net_facts s = case_socket(AF_INET, SOCK_STREAM);
    struct net_sys unasked = net_sys_real;
    struct buffer hint = BUFFER_EMPTY;
    (void)state;
    unasked.getsockname = fail_if_asked;
    struct net_fault fault = case_fault(NET_RECV, &s, EAGAIN);
    net_fault_observe(&unasked, &fault);
    assert_int_equal(case_bind(&s, case_host("127.0.0.1", 0)), 0);
    fault = case_fault_at(NET_BIND, &s, EINVAL, case_local(&s));
    errno = ERANGE;
    net_fault_observe(sys, &fault);
    assert_int_equal(errno, ERANGE);
    case_close(&s);
    net_fault_append_hint(&hint, &unasked, &fault, NULL);
    assert_non_null(
        strstr(buffer_text(&hint), "This socket has an address already: 127.0.0.1 port"));
    buffer_free(&hint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_has_name_and_message),
        cmocka_unit_test(connect_is_refused),
        cmocka_unit_test(a_datagram_was_refused),
        cmocka_unit_test(the_listening_socket_carries_no_data),
        cmocka_unit_test(a_fresh_socket_is_not_connected),
#if defined(__linux__) && !defined(SOCKREPL_PORTABLE)
        cmocka_unit_test(a_bound_socket_is_not_a_broken_connection),
#endif
        cmocka_unit_test(a_connected_socket_is_connected),
        cmocka_unit_test(the_peer_breaks_off),
        cmocka_unit_test(a_half_closed_socket_sends_no_more),
        cmocka_unit_test(datagram_sockets_have_no_connections),
        cmocka_unit_test(unix_sockets_say_it_otherwise),
        cmocka_unit_test(nothing_is_there_yet),
        cmocka_unit_test(connecting_goes_on),
        cmocka_unit_test(there_are_two_timeouts),
        cmocka_unit_test(a_closed_socket_stays_closed),
        cmocka_unit_test(sockets_are_made_of_things_that_fit),
        cmocka_unit_test(options_have_their_level),
        cmocka_unit_test(open_files_are_limited),
        cmocka_unit_test(an_observed_socket_is_not_asked_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
