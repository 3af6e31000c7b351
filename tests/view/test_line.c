/* SPDX-License-Identifier: MIT
 *
 * The call line of every call, when it succeeded, failed and has not returned; and that nothing in
 * a record reaches a terminal raw.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/record.h"
#include "view/line.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

typedef void appender(struct buffer *out, const struct net_record *record);

static void expect_by(appender *append, const struct net_record *record, const char *text)
{
    struct buffer out = BUFFER_EMPTY;
    append(&out, record);
    assert_false(out.failed);
    assert_string_equal(buffer_text(&out), text);
    buffer_free(&out);
}

static void expect(const struct net_record *record, const char *text)
{
    expect_by(line_append, record, text);
}

/* The same call, failed; the C library's text for the error is its own. */
static void expect_failed(struct net_record record, int error, const char *text)
{
    struct buffer expected = BUFFER_EMPTY;
    bool lookup = record.call == NET_GETADDRINFO || record.call == NET_GETNAMEINFO;
    record.error = error;
    record.result = -1;
    buffer_printf(&expected, "%s (%s)", text, lookup ? gai_strerror(error) : strerror(error));
    expect(&record, buffer_text(&expected));
    buffer_free(&expected);
}

static struct net_record record_of(enum net_call call, int fd, long result)
{
    struct net_record r;
    memset(&r, 0, sizeof r);
    r.call = call;
    r.fd = fd;
    r.result = result;
    return r;
}

static struct net_address address_of(const char *host, int port)
{
    struct net_address a;
    assert_int_equal(net_address_from_host(AF_UNSPEC, host, port, &a), 0);
    return a;
}

static void set_data(struct net_record *r, const char *data, size_t length)
{
    r->data = data;
    r->data_length = length;
}

static void sockets_are_made(void **state)
{
    struct net_record r = record_of(NET_SOCKET, -1, 3);
    (void)state;
    r.family = AF_INET;
    r.type = SOCK_STREAM;
    expect(&r, "socket(AF_INET, SOCK_STREAM, 0) = 3");
    expect_failed(r, EMFILE, "socket(AF_INET, SOCK_STREAM, 0) = -1 EMFILE");
    r.type = SOCK_DGRAM;
    r.protocol = IPPROTO_UDP;
    expect(&r, "socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) = 3");
    r.family = 999;
    r.type = 13;
    r.protocol = IPPROTO_TCP; /* of no family that has it */
    expect(&r, "socket(999, 13, 6) = 3");
    r.call = NET_SOCKETPAIR;
    r.family = AF_UNIX;
    r.type = SOCK_STREAM;
    r.protocol = 0;
    r.second_fd = 4;
    expect(&r, "socketpair(AF_UNIX, SOCK_STREAM, 0) = 3, 4");
    expect_failed(r, EOPNOTSUPP, "socketpair(AF_UNIX, SOCK_STREAM, 0) = -1 EOPNOTSUPP");
}

static void sockets_get_addresses(void **state)
{
    struct net_record r = record_of(NET_BIND, 3, 0);
    (void)state;
    r.address = address_of("127.0.0.1", 12345);
    expect(&r, "bind(3, 127.0.0.1:12345) = 0");
    expect_failed(r, EADDRINUSE, "bind(3, 127.0.0.1:12345) = -1 EADDRINUSE");
    r.call = NET_GETSOCKNAME;
    expect(&r, "getsockname(3, 127.0.0.1:12345) = 0");
    r.call = NET_GETPEERNAME;
    expect(&r, "getpeername(3, 127.0.0.1:12345) = 0");
    expect_failed(r, ENOTCONN, "getpeername(3) = -1 ENOTCONN");
    r.call = NET_BIND;
    r.address = address_of("::1", 80);
    expect(&r, "bind(3, [::1]:80) = 0");
    assert_int_equal(net_address_from_path("/tmp/a\x1b[2J", 10, &r.address), 0);
    expect(&r, "bind(3, /tmp/a\\x1b[2J) = 0");
    r.address.length = 0;
    expect(&r, "bind(3, NULL) = 0");
}

static void connections_are_made(void **state)
{
    struct net_record r = record_of(NET_CONNECT, 4, 0);
    (void)state;
    r.address = address_of("127.0.0.1", 9);
    expect(&r, "connect(4, 127.0.0.1:9) = 0");
    expect_failed(r, ECONNREFUSED, "connect(4, 127.0.0.1:9) = -1 ECONNREFUSED");
    r.error = ECONNREFUSED;
    expect(&r, "connect(4, 127.0.0.1:9) = -1 ECONNREFUSED (Connection refused)");
    r = record_of(NET_LISTEN, 3, 0);
    r.backlog = 5;
    expect(&r, "listen(3, 5) = 0");
    expect_failed(r, EADDRINUSE, "listen(3, 5) = -1 EADDRINUSE");
    r = record_of(NET_ACCEPT, 3, 4);
    r.address = address_of("127.0.0.1", 48437);
    expect(&r, "accept(3, 127.0.0.1:48437) = 4");
    expect_failed(r, EAGAIN, "accept(3) = -1 EAGAIN");
    assert_int_equal(net_address_from_path("", 0, &r.address), 0);
    expect(&r, "accept(3, (unnamed)) = 4");
    r.address.length = 0;
    expect(&r, "accept(3, NULL) = 4");
}

static void connections_are_ended(void **state)
{
    struct net_record r = record_of(NET_SHUTDOWN, 4, 0);
    (void)state;
    r.how = SHUT_WR;
    expect(&r, "shutdown(4, SHUT_WR) = 0");
    expect_failed(r, ENOTCONN, "shutdown(4, SHUT_WR) = -1 ENOTCONN");
    r.how = 77;
    expect_failed(r, EINVAL, "shutdown(4, 77) = -1 EINVAL");
    r = record_of(NET_CLOSE, 3, 0);
    expect(&r, "close(3) = 0");
    expect_failed(r, 99999, "close(3) = -1 99999");
}

static void data_is_sent(void **state)
{
    struct net_record r = record_of(NET_SEND, 4, 5);
    (void)state;
    set_data(&r, "hello", 5);
    r.size = 5;
    r.type = SOCK_STREAM;
    expect(&r, "send(4, \"hello\", 5, 0) = 5");
    expect_failed(r, EPIPE, "send(4, \"hello\", 5, 0) = -1 EPIPE");
    r.flags = MSG_OOB | MSG_DONTWAIT;
    expect(&r, "send(4, \"hello\", 5, MSG_OOB|MSG_DONTWAIT) = 5");
    r.flags = 0;
    set_data(&r, NULL, 0);
    expect_failed(r, EPIPE, "send(4, ..., 5, 0) = -1 EPIPE");
    r.size = 0;
    r.result = 0;
    expect(&r, "send(4, \"\", 0, 0) = 0");
    set_data(&r, "01234567890123456789", 20);
    r.size = 20;
    r.result = 10;
    expect(&r, "send(4, \"01234567890123456789\", 20, 0) = 10 (short: 10 of 20 bytes)");
    set_data(&r, "GET /a-path/that/is/rather/long/is/cut HTTP/1.0\r\n\r\n", 51);
    r.size = 51;
    r.result = 51;
    expect(&r, "send(4, \"GET /a-path/that/is/rather/long/\"..., 51, 0) = 51");
}

static void datagrams_are_sent(void **state)
{
    struct net_record r = record_of(NET_SENDTO, 5, 2);
    (void)state;
    set_data(&r, "hi", 2);
    r.size = 2;
    r.address = address_of("127.0.0.1", 53);
    expect(&r, "sendto(5, \"hi\", 2, 0, 127.0.0.1:53) = 2");
    expect_failed(r, EMSGSIZE, "sendto(5, \"hi\", 2, 0, 127.0.0.1:53) = -1 EMSGSIZE");
}

static void data_is_received(void **state)
{
    struct net_record r = record_of(NET_RECV, 4, 5);
    (void)state;
    set_data(&r, "hello", 5);
    r.size = 1024;
    r.type = SOCK_STREAM;
    expect(&r, "recv(4, \"hello\", 1024, 0) = 5");
    expect_failed(r, ECONNRESET, "recv(4, 1024, 0) = -1 ECONNRESET");
    r.flags = MSG_PEEK;
    expect(&r, "recv(4, \"hello\", 1024, MSG_PEEK) = 5");
    r.flags = MSG_TRUNC;
    set_data(&r, "", 0);
    expect(&r, "recv(4, \"\", 1024, MSG_TRUNC) = 5 (discarded)");
    r.flags = MSG_TRUNC | MSG_PEEK;
    expect(&r, "recv(4, \"\", 1024, MSG_PEEK|MSG_TRUNC) = 5");
}

static void end_of_stream_is_told_from_empty(void **state)
{
    struct net_record r = record_of(NET_RECV, 4, 0);
    (void)state;
    set_data(&r, "", 0);
    r.size = 1024;
    r.type = SOCK_STREAM;
    expect(&r, "recv(4, \"\", 1024, 0) = 0 (end of stream)");
    r.type = SOCK_DGRAM;
    expect(&r, "recv(4, \"\", 1024, 0) = 0");
    r.type = SOCK_STREAM;
    r.size = 0;
    expect(&r, "recv(4, \"\", 0, 0) = 0");
    r.call = NET_RECVFROM;
    r.size = 10;
    expect(&r, "recvfrom(4, \"\", 10, 0, NULL) = 0 (end of stream)");
}

static void datagrams_are_received(void **state)
{
    struct net_record r = record_of(NET_RECVFROM, 5, 2);
    (void)state;
    set_data(&r, "hi", 2);
    r.size = 4096;
    r.type = SOCK_DGRAM;
    r.address = address_of("127.0.0.1", 5353);
    expect(&r, "recvfrom(5, \"hi\", 4096, 0, 127.0.0.1:5353) = 2");
    expect_failed(r, EAGAIN, "recvfrom(5, 4096, 0) = -1 EAGAIN");
    r.size = 2;
    r.came = 20;
    expect(&r, "recvfrom(5, \"hi\", 2, 0, 127.0.0.1:5353) = 2 (truncated: 20 bytes came)");
    r.result = 20;
    r.flags = MSG_TRUNC;
    expect(&r, "recvfrom(5, \"hi\", 2, MSG_TRUNC, 127.0.0.1:5353) = 20 (truncated: 20 bytes came)");
    r.call = NET_RECV;
    expect(&r, "recv(5, \"hi\", 2, MSG_TRUNC) = 20 (truncated: 20 bytes came)");
}

static void sockets_are_polled(void **state)
{
    struct net_record r = record_of(NET_POLL, -1, 1);
    (void)state;
    r.size = 2;
    expect(&r, "poll(2 sockets) = 1");
    expect_failed(r, EINTR, "poll(2 sockets) = -1 EINTR");
    r.size = 1;
    r.result = 0;
    expect(&r, "poll(1 socket) = 0 (timeout)");
}

static void names_are_looked_up(void **state)
{
    struct net_record r = record_of(NET_GETADDRINFO, -1, 0);
    (void)state;
    r.host = "localhost";
    r.service = "12345";
    r.address = address_of("127.0.0.1", 12345);
    expect(&r, "getaddrinfo(\"localhost\", \"12345\") = 127.0.0.1:12345");
    r.host = NULL;
    r.flags = AI_PASSIVE;
    expect(&r, "getaddrinfo(NULL, \"12345\", {ai_flags=AI_PASSIVE}) = 127.0.0.1:12345");
    r.flags = 0;
    r.host = "nosuch";
    r.service = "80";
    expect_failed(r, EAI_NONAME, "getaddrinfo(\"nosuch\", \"80\") = EAI_NONAME");
    expect_failed(r, -9999, "getaddrinfo(\"nosuch\", \"80\") = -9999");
    r = record_of(NET_GETNAMEINFO, -1, 0);
    r.address = address_of("127.0.0.1", 80);
    r.host = "localhost";
    r.service = "http";
    expect(&r, "getnameinfo(127.0.0.1:80, 0) = \"localhost\", \"http\"");
    r.flags = NI_NUMERICHOST | NI_NUMERICSERV;
    r.flags = 0;
    expect_failed(r, EAI_AGAIN, "getnameinfo(127.0.0.1:80, 0) = EAI_AGAIN");
    r = record_of(NET_GETHOSTNAME, -1, 0);
    r.host = "hal";
    expect(&r, "gethostname() = \"hal\"");
    expect_failed(r, ENAMETOOLONG, "gethostname() = -1 ENAMETOOLONG");
}

static void options_are_set(void **state)
{
    struct net_record r = record_of(NET_SETSOCKOPT, 3, 0);
    const int one = 1;
    (void)state;
    r.level = SOL_SOCKET;
    r.option = SO_REUSEADDR;
    set_data(&r, (const char *)&one, sizeof one);
    expect(&r, "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, 1) = 0");
    r.level = 12345;
    r.option = 7;
    expect_failed(r, ENOPROTOOPT, "setsockopt(3, 12345, 7, 1) = -1 ENOPROTOOPT");
    set_data(&r, NULL, 0);
    expect_failed(r, ENOPROTOOPT, "setsockopt(3, 12345, 7, ...) = -1 ENOPROTOOPT");
}

static void options_are_got(void **state)
{
    struct net_record r = record_of(NET_GETSOCKOPT, 3, 0);
    const int type = SOCK_STREAM;
    (void)state;
    r.level = SOL_SOCKET;
    r.option = SO_TYPE;
    set_data(&r, (const char *)&type, sizeof type);
    expect(&r, "getsockopt(3, SOL_SOCKET, SO_TYPE) = SOCK_STREAM");
    expect_failed(r, EBADF, "getsockopt(3, SOL_SOCKET, SO_TYPE) = -1 EBADF");
    set_data(&r, NULL, 0);
    expect(&r, "getsockopt(3, SOL_SOCKET, SO_TYPE) = 0");
}

static void tasks_are_named(void **state)
{
    struct net_record r = record_of(NET_ACCEPT, 3, 4);
    (void)state;
    r.address = address_of("127.0.0.1", 48437);
    r.task = "server";
    expect(&r, "[server] accept(3, 127.0.0.1:48437) = 4");
    r.task = "a\x1b]0;title\a\n";
    expect(&r, "[a\\x1b]0;title\\x07\\n] accept(3, 127.0.0.1:48437) = 4");
}

static void expect_within(size_t columns, const struct net_record *record, const char *text)
{
    struct buffer out = BUFFER_EMPTY;
    buffer_puts(&out, "  ");
    line_append_within(&out, record, 2, columns);
    assert_string_equal(buffer_text(&out), text);
    buffer_free(&out);
}

/* In 80 columns the terminal cut a line in the middle of a number: `= 3919872 (short: 3`. */
static void a_result_that_would_be_cut_stands_below(void **state)
{
    static const char one[] = "  send(7, \"hello\", 9, 0) = 5 (short: 5 of 9 bytes)";
    static const char two[] = "  send(7, \"hello\", 9, 0)\n    = 5 (short: 5 of 9 bytes)";
    struct net_record r = record_of(NET_SEND, 7, 5);
    (void)state;
    set_data(&r, "hello", 5);
    r.size = 9;
    expect_within(sizeof one - 1, &r, one);
    expect_within(sizeof one - 2, &r, two);
    expect_within(31, &r, two);
    r.result = 9;
    expect_within(28, &r, "  send(7, \"hello\", 9, 0) = 9");
    expect_within(24, &r, "  send(7, \"hello\", 9, 0)\n    = 9"); /* the call fills its row */
}

/* In 40 columns it cut the call itself, `SO_REUSEADDR` and `, 1)`, and a long result once more. */
static void a_call_that_would_be_cut_is_folded(void **state)
{
    const int on = 1;
    struct net_record r = record_of(NET_SETSOCKOPT, 3, 0);
    (void)state;
    r.level = SOL_SOCKET;
    r.option = SO_REUSEADDR;
    set_data(&r, (const char *)&on, sizeof on);
    expect_within(40, &r, "  setsockopt(3, SOL_SOCKET,\n    SO_REUSEADDR, 1) = 0");
    r = record_of(NET_CONNECT, 3, -1);
    r.error = ECONNREFUSED;
    r.address = address_of("127.0.0.1", 9);
    expect_within(40, &r,
                  "  connect(3, 127.0.0.1:9)\n    = -1 ECONNREFUSED (Connection\n      refused)");
}

/* Data may be copied; where no line has room for it, the terminal breaks it. */
static void data_stays_in_one_piece(void **state)
{
    static const char data[] = "GET / HTTP/1.1\nHost: localhost!\n";
    struct net_record r = record_of(NET_SEND, 4, sizeof data - 1);
    (void)state;
    set_data(&r, data, sizeof data - 1);
    r.size = sizeof data - 1;
    expect_within(40, &r, "  send(4, \"GET / HTTP/1.1\\nHost: localhost!\\n\", 32, 0) = 32");
    expect_within(47, &r, "  send(4, \"GET / HTTP/1.1\\nHost: localhost!\\n\",\n    32, 0) = 32");
    expect_within(44, &r,
                  "  send(4,\n    \"GET / HTTP/1.1\\nHost: localhost!\\n\",\n    32, 0) = 32");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_that_would_be_cut_stands_below),
        cmocka_unit_test(a_call_that_would_be_cut_is_folded),
        cmocka_unit_test(data_stays_in_one_piece),
        cmocka_unit_test(sockets_are_made),
        cmocka_unit_test(sockets_get_addresses),
        cmocka_unit_test(connections_are_made),
        cmocka_unit_test(connections_are_ended),
        cmocka_unit_test(data_is_sent),
        cmocka_unit_test(datagrams_are_sent),
        cmocka_unit_test(data_is_received),
        cmocka_unit_test(end_of_stream_is_told_from_empty),
        cmocka_unit_test(datagrams_are_received),
        cmocka_unit_test(sockets_are_polled),
        cmocka_unit_test(names_are_looked_up),
        cmocka_unit_test(options_are_set),
        cmocka_unit_test(options_are_got),
        cmocka_unit_test(tasks_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
