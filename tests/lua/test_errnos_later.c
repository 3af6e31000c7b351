/* SPDX-License-Identifier: MIT
 *
 * A call succeeds, fails by each errno of its manual page, and succeeds again: nothing is left over
 * from the failure, and neither a byte nor a connection nor a descriptor is lost by it. Each call
 * runs alone, recorded, beside a task, within one, and outside of any.
 */
#include "errnos.h"
#include "faulty.h"

/* What every snippet has: a listener, a pair, a datagram socket; none of them ever waits. */
static const char frame[] =
    "local l = socket() l:bind('127.0.0.1', 0) l:listen(1000) l:settimeout(0)\n"
    "local a, b = socketpair() a:settimeout(0) b:settimeout(0)\n"
    "local u = socket(AF_INET, SOCK_DGRAM) u:bind('127.0.0.1', 0)\n"
    "u:settimeout(0)\n"
    "local here, sent, got = u:getsockname(), 0, 0\n"
    "local function step() %s end\n"
    "for name in ('%s'):gmatch('[%%w_]+') do\n"
    "  for times = 1, 3 do\n"
    "    if times == 1 then fault('%s', _G[name])\n"
    "    elseif times == 2 then fault('%s', 0, _G[name])\n"
    "    else fault('%s', 0, 0, _G[name]) end\n"
    "    for _ = 2, times do step() end\n"
    "    local err = fails(_G[name].name, step)\n"
    "    equal(err.errno, _G[name])\n"
    "    equal(#err.message > 0, true)\n"
    "    step()\n"
    "  end\n"
    "end\n"
    "%s\n";

static void run(const char *call, const char *step, const char *after)
{
    char code[4096];
    const char *errors = errnos_of(call);
    assert_non_null(errors);
    int length = snprintf(code, sizeof code, frame, step, errors, call, call, call, after);
    assert_in_range(length, 1, sizeof code - 1);
    faulty_run(code);
}

static void making_and_ending(void **state)
{
    (void)state;
    run("socket", "socket():close()", "");
    run("socketpair", "local c, d = socketpair() c:close() d:close()", "");
    run("shutdown",
        "local c, d = socketpair() c:shutdown(SHUT_WR) equal(d:recv(), '')"
        "  c:close() d:close()",
        "");
    run("close", "local c = socket() c:close()", "");
}

static void naming(void **state)
{
    (void)state;
    run("bind", "local s <close> = socket() s:bind('127.0.0.1', 0)", "");
    run("getsockname", "equal(u:getsockname(), here)", "");
    run("getpeername", "equal(a:getpeername().family, AF_UNIX)", "");
    run("gethostname", "equal(#gethostname() > 0, true)", "");
}

/* Whoever came while accept() failed is accepted later. */
static void connecting(void **state)
{
    (void)state;
    run("listen", "l:listen(1000)", "");
    run("accept",
        "do local d <close> = socket() d:connect(l:getsockname()) sent = sent + 1 end\n"
        "  local e <close> = l:accept() got = got + 1\n",
        "while pcall(accept, l) do got = got + 1 end equal(got, sent)");
    run("connect", "local d <close> = socket(AF_INET, SOCK_DGRAM) d:settimeout(0) d:connect(here)",
        "");
}

static void sending(void **state)
{
    (void)state;
    run("send", "a:send('x') equal(b:recv(2), 'x')", "");
    run("send", "a:sendall('xyz') equal(b:recv(4), 'xyz')", "");
    run("sendto", "u:sendto('x', here) equal(u:recvfrom(), 'x')", "");
}

/* What came while recv() failed is received later. */
static void receiving(void **state)
{
    (void)state;
    run("recv", "a:send('x') sent = sent + 1 got = got + #b:recv(1)",
        "got = got + #b:recv() equal(got, sent)");
    run("recvfrom", "u:sendto('x', here) sent = sent + 1 got = got + #u:recvfrom()",
        "while got < sent do got = got + #u:recvfrom() end\n"
        "equal(select(2, pcall(recvfrom, u)).errno, EAGAIN)");
}

static void options_and_poll(void **state)
{
    (void)state;
    run("setsockopt", "u:setsockopt(SOL_SOCKET, SO_BROADCAST, 1)",
        "equal(u:getsockopt(SOL_SOCKET, SO_BROADCAST), 1)");
    run("getsockopt", "equal(u:getsockopt(SOL_SOCKET, SO_TYPE), SOCK_DGRAM)", "");
    run("poll", "equal(#poll({ [a] = 'w' }, 0), 1)", "");
}

static void lookups(void **state)
{
    (void)state;
    run("getaddrinfo", "equal(gethostbyname('localhost'), '127.0.0.1')", "");
    run("getnameinfo",
        "local _, service = getnameinfo({ '127.0.0.1', 9 }, NI_NUMERICHOST | NI_NUMERICSERV)\n"
        "  equal(service, '9')",
        "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(making_and_ending), cmocka_unit_test(naming),
        cmocka_unit_test(connecting),        cmocka_unit_test(sending),
        cmocka_unit_test(receiving),         cmocka_unit_test(options_and_poll),
        cmocka_unit_test(lookups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
