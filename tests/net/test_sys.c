/* SPDX-License-Identifier: MIT
 *
 * The real table: what it opens is closed on exec, and an accepted socket blocks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/address.h"
#include "net/sys.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const struct net_sys *const sys = &net_sys_real;

static bool is_cloexec(int fd)
{
    return fcntl(fd, F_GETFD) & FD_CLOEXEC;
}

static bool is_nonblocking(int fd)
{
    return fcntl(fd, F_GETFL) & O_NONBLOCK;
}

static void pairs_are_closed_on_exec(void **state)
{
    int fds[2], count = 0;
    (void)state;
    assert_int_equal(sys->socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_true(is_cloexec(fds[0]) && is_cloexec(fds[1]));
    assert_int_equal(sys->send(fds[0], "hello", 5, 0), 5);
    assert_int_equal(sys->ioctl_int(fds[1], FIONREAD, &count), 0);
    assert_int_equal(count, 5);
    assert_int_equal(sys->close(fds[0]), 0);
    assert_int_equal(sys->close(fds[1]), 0);
}

static void accepted_is_closed_on_exec_and_blocks(void **state)
{
    struct net_address a;
    int listener = sys->socket(AF_INET, SOCK_STREAM, 0), client, server;
    (void)state;
    assert_true(listener >= 0 && is_cloexec(listener));
    net_address_from_number(INADDR_LOOPBACK, 0, &a);
    assert_int_equal(sys->bind(listener, &a.u.any, a.length), 0);
    assert_int_equal(sys->listen(listener, 1), 0);
    assert_int_equal(sys->getsockname(listener, &a.u.any, &a.length), 0);
    client = sys->socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(sys->connect(client, &a.u.any, a.length), 0);

    assert_int_equal(sys->set_nonblocking(listener, 1), 0);
    assert_true(is_nonblocking(listener));
    struct pollfd ready = {.fd = listener, .events = POLLIN};
    assert_int_equal(sys->poll(&ready, 1, -1), 1);
    a.length = sizeof a.u;
    server = sys->accept(listener, &a.u.any, &a.length);
    assert_true(server >= 0);
    assert_int_equal(a.length, sizeof a.u.in);
    assert_true(is_cloexec(server));
    assert_false(is_nonblocking(server));
    assert_int_equal(sys->set_nonblocking(listener, 0), 0);
    assert_false(is_nonblocking(listener));
    sys->close(server);
    sys->close(client);
    sys->close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_closed_on_exec),
        cmocka_unit_test(accepted_is_closed_on_exec_and_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
