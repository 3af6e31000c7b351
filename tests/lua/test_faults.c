/* SPDX-License-Identifier: MIT
 *
 * Calls that fail in the middle of things: what is raised is the call's own errno, nothing is lost,
 * and what a signal interrupted goes on. Each snippet runs alone, recorded, beside a task, within a
 * task, and outside of any.
 */
#include "faulty.h"

static void accept_failing_loses_nobody(void **state)
{
    (void)state;
    faulty_run("local l = socket() l:bind('127.0.0.1', 0) l:listen()\n"
               "local c = socket() c:connect(l:getsockname())\n"
               "for _, e in ipairs { EMFILE, ENFILE, ECONNABORTED, EPROTO, ENOBUFS, ENOMEM } do\n"
               "  fault('accept', e)\n"
               "  local err = fails(e.name, accept, l)\n"
               "  equal(err.call, 'accept') equal(err.errno, e) equal(err.sent, nil)\n"
               "end\n"
               "equal(fileno(l) >= 0, true)\n"
               "local s, peer = l:accept()\n"
               "equal(peer, c:getsockname())\n"
               "c:send('still here') equal(s:recv(), 'still here')\n");
}

static void accept_failing_never_spins(void **state)
{
    (void)state;
    faulty_run("local l = socket() l:bind('127.0.0.1', 0) l:listen()\n"
               "fault('accept', EMFILE) made('accept')\n"
               "local err = fails('EMFILE', accept, l)\n"
               "equal(made('accept'), 1)\n"
               "equal(err.hint:find('ulimit') ~= nil, true)\n");
}

static void a_signal_interrupts_and_the_call_goes_on(void **state)
{
    (void)state;
    faulty_run("local c, s, l = connection()\n"
               "local again = connect(socket(), l:getsockname())\n"
               "fault('accept', EINTR, EINTR) equal(accept(l):fileno() > 0, true)\n"
               "fault('send', EINTR, EINTR, EINTR) equal(c:send('one'), 3)\n"
               "fault('recv', EINTR, EINTR) equal(s:recv(), 'one')\n"
               "fault('send', EINTR) equal(c:sendall('two'), 3)\n"
               "fault('recvfrom', EINTR) equal(s:recvfrom(3), 'two')\n"
               "c:send('three')\n"
               "fault('recv', EINTR) equal(s:recv(5, MSG_WAITALL), 'three')\n"
               "local u = socket(AF_INET, SOCK_DGRAM) u:bind('127.0.0.1', 0)\n"
               "fault('sendto', EINTR, EINTR) equal(u:sendto('four', u:getsockname()), 4)\n"
               "fault('recvfrom', EINTR) equal(u:recvfrom(), 'four')\n"
               "fault('poll', EINTR) equal(#poll({ u }, 0.001), 0)\n"
               "local later = spawn(function() sleep(0.001) u:sendto('x', u:getsockname()) end)\n"
               "fault('poll', EINTR) equal(poll { u }[u], 'r')\n");
}

static void an_interrupted_connect_is_waited_for(void **state)
{
    (void)state;
    faulty_run("local l = socket() l:bind('127.0.0.1', 0) l:listen()\n"
               "local c = socket() made('connect')\n"
               "fault('connect', EINTR) c:connect(l:getsockname())\n"
               "equal(c:getpeername(), l:getsockname())\n"
               "local s = l:accept() c:send('x') equal(s:recv(), 'x')\n"
               "local nobody = l:getsockname() l:close()\n"
               "local d = socket()\n"
               "fault('connect', EINTR) fails('ECONNREFUSED', connect, d, nobody)\n"
               "local e = socket() e:settimeout(5)\n"
               "fails('ECONNREFUSED', connect, e, nobody)\n");
}

static void short_sends_are_completed(void **state)
{
    (void)state;
    faulty_run("local a, b = socketpair()\n"
               "most(3) made('send')\n"
               "equal(a:send('0123456789'), 10) equal(made('send'), 4)\n"
               "equal(b:recv(), '0123456789')\n"
               "equal(a:sendall('0123456789'), 10) equal(made('send'), 4)\n"
               "equal(b:recv(), '0123456789')\n"
               "fault('send', 0, EINTR, 0, EINTR) equal(a:sendall('0123456789'), 10)\n"
               "equal(b:recv(), '0123456789')\n");
}

static void short_sends_of_who_never_waits_are_told(void **state)
{
    (void)state;
    faulty_run("local a, b = socketpair()\n"
               "most(3)\n"
               "equal(a:send('0123456789', MSG_DONTWAIT), 3)\n"
               "a:settimeout(0)\n"
               "equal(a:send('0123456789'), 3)\n"
               "fault('send', 0, EAGAIN)\n"
               "local err = fails('EAGAIN', sendall, a, '0123456789')\n"
               "equal(err.sent, 3) equal(err.call, 'sendall')\n"
               "equal(b:recv(), '012012012')\n");
}

static void a_send_that_fails_in_the_middle(void **state)
{
    (void)state;
    faulty_run("local a, b = socketpair()\n"
               "most(3)\n"
               "for _, e in ipairs { ENOBUFS, EPIPE, ECONNRESET, ENOMEM } do\n"
               "  fault('send', 0, 0, e)\n"
               "  local err = fails(e.name, sendall, a, '0123456789')\n"
               "  equal(err.sent, 6) equal(b:recv(), '012345')\n"
               "  fault('send', e)\n"
               "  err = fails(e.name, sendall, a, '0123456789') equal(err.sent, 0)\n"
               "  fault('send', e) fails(e.name, send, a, '0123456789')\n"
               "  fault('send', 0, 0, e) equal(a:send('0123456789'), 6)\n"
               "  equal(b:recv(), '012345') a:getsockopt(SOL_SOCKET, SO_ERROR)\n"
               "end\n");
}

static void a_recv_that_fails(void **state)
{
    (void)state;
    faulty_run("local a, b = socketpair() b:send('kept')\n"
               "for _, e in ipairs { ECONNRESET, ENOBUFS, ENOMEM, ETIMEDOUT, EIO } do\n"
               "  fault('recv', e)\n"
               "  local err = fails(e.name, recv, a) equal(err.call, 'recv')\n"
               "  fault('recvfrom', e) fails(e.name, recvfrom, a)\n"
               "  fault('recv', e) fails(e.name, recv, a, 4, MSG_WAITALL)\n"
               "end\n"
               "a:settimeout(5) equal(a:recv(2, MSG_WAITALL), 'ke')\n"
               "fault('recv', 0, ECONNRESET) equal(a:recv(10, MSG_WAITALL), 'pt')\n");
}

/* A call that moves some bytes before the error succeeds, and asks the kernel again for the rest:
 * the kernel tells of a reset once, so that the next recv() saw an ordinary end of the stream. */
static void an_error_behind_bytes(void **state)
{
    (void)state;
    faulty_run(
        "local a, b = socketpair() a:settimeout(5) most(3)\n"
        "local next = {\n"
        "  function() fails('ECONNRESET', recv, a) end,\n"
        "  function() fails('ECONNRESET', recvfrom, a, 3, MSG_WAITALL) end,\n"
        "  function() fails('ECONNRESET', send, a, 'x') end,\n"
        "  function() equal(fails('ECONNRESET', sendall, a, 'xyz').sent, 0) end,\n"
        "  function() equal(a:getsockopt(SOL_SOCKET, SO_ERROR), ECONNRESET) end,\n"
        "}\n"
        "for _, tells in ipairs(next) do\n"
        "  b:send('abc') fault('recv', 0, ECONNRESET)\n"
        "  equal(a:recv(10, MSG_WAITALL), 'abc')\n"
        "  tells()\n"
        "  fault('send', 0, 0, ECONNRESET) equal(a:send('0123456789'), 6)\n"
        "  tells()\n"
        "  equal(a:getsockopt(SOL_SOCKET, SO_ERROR), 0)\n"
        "  equal(b:recv(), '012345') b:send('on') equal(a:recv(), 'on')\n"
        "end\n"
        "for _, e in ipairs { ENOBUFS, ENOMEM, EPIPE } do -- these come again by themselves\n"
        "  fault('send', 0, e) equal(a:send('0123456789'), 3)\n"
        "  b:recv() b:send('on') equal(a:recv(), 'on')\n"
        "end\n");
}

/* A close that fails has closed: a second one could hit the descriptor of another socket. */
static void close_is_never_called_twice(void **state)
{
    (void)state;
    faulty_run("for _, e in ipairs { EIO, EINTR, ENOSPC, EDQUOT } do\n"
               "  local s = socket() made('close') fault('close', e)\n"
               "  local good, err = pcall(close, s)\n"
               "  if e == EINTR then equal(good, true) else equal(err.name, e.name) end\n"
               "  equal(s:fileno(), -1)\n"
               "  local other = socket() close(s) s:close()\n"
               "  equal(made('close'), 1) other:bind('127.0.0.1', 0) other:close()\n"
               "end\n"
               "made('close')\n"
               "do local s <close> = socket() fault('close', EIO) end\n"
               "equal(made('close'), 1)\n"
               "socket() fault('close', EIO) collectgarbage() collectgarbage()\n"
               "equal(made('close'), 1)\n");
}

static void a_socket_that_cannot_be_made(void **state)
{
    (void)state;
    faulty_run("for _, e in ipairs { EMFILE, ENFILE, ENOBUFS, ENOMEM, EACCES, EPERM } do\n"
               "  fault('socket', e)\n"
               "  local err = fails(e.name, socket) equal(err.call, 'socket')\n"
               "  fault('socketpair', e)\n"
               "  err = fails(e.name, socketpair) equal(err.call, 'socketpair')\n"
               "end\n"
               "equal(made('close'), 0)\n");
}

static void a_lookup_that_fails(void **state)
{
    (void)state;
    faulty_run("local s = socket()\n"
               "for _, e in ipairs { EAI_AGAIN, EAI_MEMORY, EAI_FAIL, EAI_SYSTEM, EAI_NONAME } do\n"
               "  fault('getaddrinfo', e)\n"
               "  local err = fails(e.name, connect, s, 'localhost', 80)\n"
               "  equal(err.call, 'connect') equal(err.errno, e) equal(#err.hint > 0, true)\n"
               "  fault('getaddrinfo', e) fails(e.name, getaddrinfo, 'localhost', 80)\n"
               "  fault('getaddrinfo', e) fails(e.name, gethostbyname, 'localhost')\n"
               "  fault('getnameinfo', e)\n"
               "  fails(e.name, getnameinfo, { '127.0.0.1', 80 })\n"
               "end\n"
               "equal(gethostbyname('localhost'), '127.0.0.1')\n");
}

/* Where the family was given as a number, and not as a constant, the hint spoke of a socket. */
static void a_lookup_of_a_family(void **state)
{
    (void)state;
    faulty_run("for _, e in ipairs { EAI_AGAIN, EAI_NONAME } do\n"
               "  fault('getaddrinfo', e)\n"
               "  local err = fails(e.name, getaddrinfo, 'example', 80, AF_INET6)\n"
               "  fault('getaddrinfo', e)\n"
               "  local same = fails(e.name, getaddrinfo, 'example', 80, AF_INET6.value)\n"
               "  equal(err.hint, same.hint)\n"
               "end\n");
}

/* A further connect() made the shell forget that the first goes on: what it said of listen() was
 * wrong then. */
static void a_connect_that_goes_on(void **state)
{
    (void)state;
    faulty_run("local full, first, s = socket(), socket(), socket() s:settimeout(0)\n"
               "full:bind('127.0.0.1', 0) full:listen(0) first:connect(full:getsockname())\n"
               "for _, e in ipairs { EINPROGRESS, EALREADY } do\n"
               "  fails(e.name, connect, s, full:getsockname())\n"
               "  equal(fails('EINVAL', listen, s).hint:find('is being connected') ~= nil, true)\n"
               "end\n");
}

static void a_mode_that_cannot_be_set(void **state)
{
    (void)state;
    faulty_run("local a, b = socketpair() b:send('x') a:settimeout(1)\n"
               "local co = spawn(sleep, 1000)\n"
               "fault('set_nonblocking', EBADF) fails('EBADF', recv, a)\n"
               "equal(a:recv(), 'x')\n"
               "cancel(co)\n");
}

static void naming_calls_that_fail(void **state)
{
    (void)state;
    faulty_run("local c, s = connection()\n"
               "fault('getsockname', ENOBUFS) equal(fails('ENOBUFS', getsockname, c).call,\n"
               "  'getsockname')\n"
               "fault('getpeername', ENOBUFS) fails('ENOBUFS', getpeername, c)\n"
               "fault('getsockname', ENOBUFS) fault('getpeername', ENOBUFS)\n"
               "equal(tostring(c):find('socket') ~= nil, true)\n"
               "fault('gethostname', EFAULT)\n"
               "equal(fails('EFAULT', gethostname).call, 'gethostname')\n");
}

static void poll_that_fails(void **state)
{
    (void)state;
    faulty_run("local a, b = socketpair() b:send('x')\n"
               "for _, e in ipairs { ENOMEM, EINVAL } do\n"
               "  for _, call in ipairs { poll, socket.select } do\n"
               "    fault('poll', e)\n"
               "    fails(e.name, call, { a })\n"
               "  end\n"
               "end\n"
               "equal(poll { a }[a], 'r')\n");
}

/* A script that has no tasks pays for none of their machinery: a call is one system call, on a
 * descriptor that blocks. */
static void calls_of_a_lonely_script_are_plain(void **state)
{
    static const char code[] =
        "local c, s, l = connection()\n"
        "for _, name in ipairs { 'send', 'recv', 'poll', 'accept', 'connect', 'sendto' } do\n"
        "  made(name)\n"
        "end\n"
        "for i = 1, 100 do c:send('x') equal(s:recv(), 'x') end\n"
        "equal(made('send'), 100) equal(made('recv'), 100)\n"
        "local d = socket() d:connect(l:getsockname()) l:accept()\n"
        "equal(made('connect'), 1) equal(made('accept'), 1)\n"
        "c:sendall(('y'):rep(1000)) equal(#s:recv(1000, MSG_WAITALL), 1000)\n"
        "equal(made('send'), 1) equal(made('recv'), 1)\n"
        "poll({ c }, 0) equal(made('poll'), 1)\n"
        "equal(made('set_nonblocking'), 0) equal(made('poll'), 0)\n";
    (void)state;
    faulty_run_foreground("", code, "", false);
    faulty_run_main(code);
    assert_string_equal(faulty.violation, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accept_failing_loses_nobody),
        cmocka_unit_test(accept_failing_never_spins),
        cmocka_unit_test(a_signal_interrupts_and_the_call_goes_on),
        cmocka_unit_test(an_interrupted_connect_is_waited_for),
        cmocka_unit_test(short_sends_are_completed),
        cmocka_unit_test(short_sends_of_who_never_waits_are_told),
        cmocka_unit_test(a_send_that_fails_in_the_middle),
        cmocka_unit_test(a_recv_that_fails),
        cmocka_unit_test(an_error_behind_bytes),
        cmocka_unit_test(close_is_never_called_twice),
        cmocka_unit_test(a_socket_that_cannot_be_made),
        cmocka_unit_test(a_lookup_that_fails),
        cmocka_unit_test(a_lookup_of_a_family),
        cmocka_unit_test(a_connect_that_goes_on),
        cmocka_unit_test(a_mode_that_cannot_be_set),
        cmocka_unit_test(naming_calls_that_fail),
        cmocka_unit_test(poll_that_fails),
        cmocka_unit_test(calls_of_a_lonely_script_are_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
