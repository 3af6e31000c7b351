/* SPDX-License-Identifier: MIT
 *
 * Every errno that a call can fail with: the error object bears that errno, and its hint is one
 * line of text without a placeholder left in it, whatever socket it was.
 */
#include "errnos.h"
#include "faulty.h"

/* Runs a snippet in which `call` is what fails, by each of its errors, and `try` calls it anew. */
static void run(bool *tried, const char *call, const char *try)
{
    static const char frame[] =
        "local c, s, l = connection()\n"
        "local u = socket(AF_INET, SOCK_DGRAM) u:bind('127.0.0.1', 0)\n"
        "local x, y = socketpair()\n"
        "local v = socket(AF_UNIX, SOCK_DGRAM) v:bind('')\n"
        "local here = u:getsockname()\n"
        "for _, s in ipairs { c, l, u, x, v, socket(), socket(AF_UNIX) } do\n"
        "  for name in ('%s'):gmatch('%%w+') do\n"
        "    fault('%s', _G[name])\n"
        "    local good, err = pcall(function() %s end)\n"
        "    fault('%s')\n"
        "    if good then error(name .. ' was expected') end\n"
        "    if type(err) ~= 'userdata' then error(err, 0) end\n"
        "    equal(err.errno, _G[name])\n"
        "    equal(err.name, _G[name].name)\n"
        "    equal(tostring(err):find(err.call .. ': ', 1, true), 1)\n"
        "    local hint = err.hint or ''\n"
        "    equal(hint:find('%%c'), nil, name .. ' ' .. hint)\n"
        "    equal(hint:find('[{}]'), nil, name .. ' ' .. hint)\n"
        "    equal(hint:find('  '), nil, name .. ' ' .. hint)\n"
        "    equal(hint:find('[.?]$') ~= nil, true, name .. ' ' .. hint)\n"
        "  end\n"
        "end\n";
    char code[4096];
    const char *errors = errnos_of(call);
    errnos_note(tried, call);
    assert_non_null(errors);
    int length = snprintf(code, sizeof code, frame, errors, call, try, call);
    assert_in_range(length, 1, sizeof code - 1);
    int before = faulty_count_descriptors();
    faulty_run_foreground("", code, "", true);
    assert_string_equal(faulty.violation, "");
    faulty_assert_descriptors(before);
}

static void errnos_of_socket(void **state)
{
    run(*state, "socket", "socket()");
    run(*state, "socketpair", "socketpair()");
}

static void errnos_of_bind(void **state)
{
    run(*state, "bind", "bind(s, here)");
    run(*state, "bind", "bind(s, v:getsockname())");
}

static void errnos_of_listen_and_the_like(void **state)
{
    run(*state, "listen", "listen(s)");
    run(*state, "shutdown", "shutdown(s, SHUT_WR)");
    run(*state, "getsockname", "getsockname(s)");
    run(*state, "getpeername", "getpeername(s)");
}

static void errnos_of_accept(void **state)
{
    run(*state, "accept", "s:settimeout(0) accept(s)");
}

static void errnos_of_connect(void **state)
{
    run(*state, "connect", "s:settimeout(0) connect(s, here)");
    run(*state, "connect", "s:settimeout(0) connect(s, v:getsockname())");
}

static void errnos_of_send(void **state)
{
    run(*state, "send", "s:settimeout(0) send(s, 'data')");
    run(*state, "send", "s:settimeout(0) sendall(s, 'data', MSG_DONTWAIT)");
    run(*state, "sendto", "s:settimeout(0) sendto(s, 'data', here)");
    run(*state, "sendto", "s:settimeout(0) sendto(s, 'data', v:getsockname())");
}

static void errnos_of_recv(void **state)
{
    run(*state, "recv", "s:settimeout(0) recv(s)");
    run(*state, "recv", "s:settimeout(0) recv(s, 1, MSG_PEEK)");
    run(*state, "recvfrom", "s:settimeout(0) recvfrom(s)");
}

static void errnos_of_options(void **state)
{
    run(*state, "setsockopt", "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)");
    run(*state, "getsockopt", "getsockopt(s, SOL_SOCKET, SO_TYPE)");
}

static void errnos_of_poll_and_gethostname(void **state)
{
    run(*state, "poll", "poll({ s }, 0)");
    run(*state, "gethostname", "gethostname()");
}

static void errnos_of_close(void **state)
{
    run(*state, "close", "close(socket())");
}

static void errors_of_lookups(void **state)
{
    int before = faulty_count_descriptors();
    static const char code[] =
        "local calls = {\n"
        "  getaddrinfo = function() getaddrinfo('localhost', 80) end,\n"
        "  gethostbyname = function() gethostbyname('localhost') end,\n"
        "  connect = function() connect(socket(), 'localhost', 80) end,\n"
        "  bind = function() bind(socket(), 'localhost', 0) end,\n"
        "  sendto = function()\n"
        "    sendto(socket(AF_INET, SOCK_DGRAM), 'x', 'localhost', 80)\n"
        "  end,\n"
        "  getnameinfo = function() getnameinfo { '127.0.0.1', 80 } end,\n"
        "}\n"
        "for call, try in pairs(calls) do\n"
        "  local names = call == 'getnameinfo' and '" HELP_ERRNOS_GETNAMEINFO "'\n"
        "    or '" HELP_ERRNOS_GETADDRINFO "'\n"
        "  for name in names:gmatch('[%w_]+') do\n"
        "    fault(call == 'getnameinfo' and call or 'getaddrinfo', _G[name])\n"
        "    local err = fails(name, try)\n"
        "    equal(err.call, call) equal(err.errno, _G[name])\n"
        "    equal(#err.message > 0, true)\n"
        "    equal(err.hint:find('[%c{}]'), nil, err.hint)\n"
        "  end\n"
        "end\n";
    errnos_note(*state, "getaddrinfo");
    errnos_note(*state, "getnameinfo");
    faulty_run_foreground("", code, "", true);
    assert_string_equal(faulty.violation, "");
    faulty_assert_descriptors(before);
}

static void no_call_was_left_out(void **state)
{
    assert_null(errnos_missed(*state));
}

/* Of the shell's calls none is missing in the list. */
static void each_call_is_listed(void **state)
{
    (void)state;
    for (int call = 0; call < NET_CALL_COUNT; call++)
        if (errnos_of(net_call_name((enum net_call)call)) == NULL)
            fail_msg("help/errnos.h has no line for %s()", net_call_name((enum net_call)call));
}

int main(void)
{
    static bool tried[ERRNOS_COUNT];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(errnos_of_socket, tried),
        cmocka_unit_test_prestate(errnos_of_bind, tried),
        cmocka_unit_test_prestate(errnos_of_listen_and_the_like, tried),
        cmocka_unit_test_prestate(errnos_of_accept, tried),
        cmocka_unit_test_prestate(errnos_of_connect, tried),
        cmocka_unit_test_prestate(errnos_of_send, tried),
        cmocka_unit_test_prestate(errnos_of_recv, tried),
        cmocka_unit_test_prestate(errnos_of_options, tried),
        cmocka_unit_test_prestate(errnos_of_poll_and_gethostname, tried),
        cmocka_unit_test_prestate(errnos_of_close, tried),
        cmocka_unit_test_prestate(errors_of_lookups, tried),
        cmocka_unit_test_prestate(no_call_was_left_out, tried),
        cmocka_unit_test(each_call_is_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
