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

static void run(bool *tried, const char *call, const char *step, const char *after)
{
    char code[4096];
    const char *errors = errnos_of(call);
    errnos_note(tried, call);
    assert_non_null(errors);
    int length = snprintf(code, sizeof code, frame, step, errors, call, call, call, after);
    assert_in_range(length, 1, sizeof code - 1);
    faulty_run(code);
}

static void making_and_ending(void **state)
{
    run(*state, "socket", "socket():close()", "");
    run(*state, "socketpair", "local c, d = socketpair() c:close() d:close()", "");
    run(*state, "shutdown",
        "local c, d = socketpair() c:shutdown(SHUT_WR) equal(d:recv(), '')"
        "  c:close() d:close()",
        "");
    run(*state, "close", "local c = socket() c:close()", "");
}

static void naming(void **state)
{
    run(*state, "bind", "local s <close> = socket() s:bind('127.0.0.1', 0)", "");
    run(*state, "getsockname", "equal(u:getsockname(), here)", "");
    run(*state, "getpeername", "equal(a:getpeername().family, AF_UNIX)", "");
    run(*state, "gethostname", "equal(#gethostname() > 0, true)", "");
}

/* Whoever came while accept() failed is accepted later. */
static void connecting(void **state)
{
    run(*state, "listen", "l:listen(1000)", "");
    run(*state, "accept",
        "do local d <close> = socket() d:connect(l:getsockname()) sent = sent + 1 end\n"
        "  local e <close> = l:accept() got = got + 1\n",
        "while pcall(accept, l) do got = got + 1 end equal(got, sent)");
    run(*state, "connect",
        "local d <close> = socket(AF_INET, SOCK_DGRAM) d:settimeout(0) d:connect(here)", "");
}

static void sending(void **state)
{
    run(*state, "send", "a:send('x') equal(b:recv(2), 'x')", "");
    run(*state, "send", "a:sendall('xyz') equal(b:recv(4), 'xyz')", "");
    run(*state, "sendto", "u:sendto('x', here) equal(u:recvfrom(), 'x')", "");
}

/* What came while recv() failed is received later. */
static void receiving(void **state)
{
    run(*state, "recv", "a:send('x') sent = sent + 1 got = got + #b:recv(1)",
        "got = got + #b:recv() equal(got, sent)");
    run(*state, "recvfrom", "u:sendto('x', here) sent = sent + 1 got = got + #u:recvfrom()",
        "while got < sent do got = got + #u:recvfrom() end\n"
        "equal(select(2, pcall(recvfrom, u)).errno, EAGAIN)");
}

static void options_and_poll(void **state)
{
    run(*state, "setsockopt", "u:setsockopt(SOL_SOCKET, SO_BROADCAST, 1)",
        "equal(u:getsockopt(SOL_SOCKET, SO_BROADCAST), 1)");
    run(*state, "getsockopt", "equal(u:getsockopt(SOL_SOCKET, SO_TYPE), SOCK_DGRAM)", "");
    run(*state, "poll", "equal(#poll({ [a] = 'w' }, 0), 1)", "");
}

static void lookups(void **state)
{
    run(*state, "getaddrinfo", "equal(gethostbyname('localhost'), '127.0.0.1')", "");
    run(*state, "getnameinfo",
        "local _, service = getnameinfo({ '127.0.0.1', 9 }, NI_NUMERICHOST | NI_NUMERICSERV)\n"
        "  equal(service, '9')",
        "");
}

static void no_call_was_left_out(void **state)
{
    assert_null(errnos_missed(*state));
}

int main(void)
{
    static bool tried[ERRNOS_COUNT];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(making_and_ending, tried),
        cmocka_unit_test_prestate(naming, tried),
        cmocka_unit_test_prestate(connecting, tried),
        cmocka_unit_test_prestate(sending, tried),
        cmocka_unit_test_prestate(receiving, tried),
        cmocka_unit_test_prestate(options_and_poll, tried),
        cmocka_unit_test_prestate(lookups, tried),
        cmocka_unit_test_prestate(no_call_was_left_out, tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
