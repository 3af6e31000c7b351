/* SPDX-License-Identifier: MIT
 *
 * Every errno that a call's manual page names: the error object bears that errno, and its hint is
 * one line of text without a placeholder left in it, whatever socket it was.
 */
#include "faulty.h"

/* Runs a snippet in which `call` is what fails, `try` calls it anew, and `errors` are what with. */
static void run(const char *call, const char *try, const char *errors)
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
        "    equal(hint == '' or hint:find('[.?]$') ~= nil, true, name .. ' ' .. hint)\n"
        "  end\n"
        "end\n";
    char code[4096];
    int length = snprintf(code, sizeof code, frame, errors, call, try, call);
    assert_in_range(length, 1, sizeof code - 1);
    int before = faulty_count_descriptors();
    faulty_run_foreground("", code, "", true);
    assert_string_equal(faulty.violation, "");
    faulty_assert_descriptors(before);
}

/* socket(2), socketpair(2) */
static void errnos_of_socket(void **state)
{
    (void)state;
    run("socket", "socket()",
        "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT EPROTOTYPE "
        "ESOCKTNOSUPPORT EPERM");
    run("socketpair", "socketpair()",
        "EAFNOSUPPORT EFAULT EMFILE ENFILE EOPNOTSUPP EPROTONOSUPPORT EACCES ENOMEM EINVAL");
}

/* bind(2), unix(7) */
static void errnos_of_bind(void **state)
{
    (void)state;
    run("bind", "bind(s, here)",
        "EACCES EADDRINUSE EBADF EINVAL ENOTSOCK EADDRNOTAVAIL EFAULT ELOOP ENAMETOOLONG ENOENT "
        "ENOMEM ENOTDIR EROFS EAFNOSUPPORT ENOBUFS EPERM ENOSPC ENODEV EIO EISDIR");
    run("bind", "bind(s, v:getsockname())",
        "EACCES EADDRINUSE EINVAL EADDRNOTAVAIL ELOOP ENAMETOOLONG ENOENT ENOTDIR EROFS "
        "EAFNOSUPPORT");
}

/* listen(2), shutdown(2), getsockname(2), getpeername(2) */
static void errnos_of_listen_and_the_like(void **state)
{
    (void)state;
    run("listen", "listen(s)", "EADDRINUSE EBADF ENOTSOCK EOPNOTSUPP EINVAL EACCES ENOBUFS");
    run("shutdown", "shutdown(s, SHUT_WR)", "EBADF EINVAL ENOTCONN ENOTSOCK ENOBUFS ENOMEM");
    run("getsockname", "getsockname(s)", "EBADF EFAULT EINVAL ENOBUFS ENOTSOCK EOPNOTSUPP");
    run("getpeername", "getpeername(s)", "EBADF EFAULT EINVAL ENOBUFS ENOTCONN ENOTSOCK");
}

/* accept(2), with the errors of the network that Linux passes on */
static void errnos_of_accept(void **state)
{
    (void)state;
    run("accept", "s:settimeout(0) accept(s)",
        "EAGAIN EWOULDBLOCK EBADF ECONNABORTED EFAULT EINVAL EMFILE ENFILE ENOBUFS ENOMEM ENOTSOCK "
        "EOPNOTSUPP EPERM EPROTO ENETDOWN ENOPROTOOPT EHOSTDOWN ENONET EHOSTUNREACH ENETUNREACH "
        "ENOSR ESOCKTNOSUPPORT EPROTONOSUPPORT ETIMEDOUT ECONNRESET");
}

/* connect(2), tcp(7), unix(7) */
static void errnos_of_connect(void **state)
{
    (void)state;
    static const char errors[] =
        "EACCES EPERM EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EBADF ECONNREFUSED "
        "EFAULT EINPROGRESS EISCONN ENETUNREACH ENOTSOCK EPROTOTYPE ETIMEDOUT EHOSTUNREACH "
        "ENOENT ECONNRESET ENOBUFS EINVAL ENOMEM ENETDOWN EHOSTDOWN ELOOP ENOTDIR EOPNOTSUPP";
    run("connect", "s:settimeout(0) connect(s, here)", errors);
    run("connect", "s:settimeout(0) connect(s, v:getsockname())", errors);
}

/* send(2), udp(7), tcp(7), unix(7) */
static void errnos_of_send(void **state)
{
    (void)state;
    static const char errors[] =
        "EACCES EAGAIN EALREADY EBADF ECONNRESET EDESTADDRREQ EFAULT EINVAL EISCONN EMSGSIZE "
        "ENOBUFS ENOMEM ENOTCONN ENOTSOCK EOPNOTSUPP EPIPE ECONNREFUSED EHOSTUNREACH ENETUNREACH "
        "ENETDOWN ETIMEDOUT EPERM ENOENT EPROTOTYPE EADDRNOTAVAIL EHOSTDOWN";
    run("send", "s:settimeout(0) send(s, 'data')", errors);
    run("send", "s:settimeout(0) sendall(s, 'data', MSG_DONTWAIT)", errors);
    run("sendto", "s:settimeout(0) sendto(s, 'data', here)", errors);
    run("sendto", "s:settimeout(0) sendto(s, 'data', v:getsockname())", errors);
}

/* recv(2) */
static void errnos_of_recv(void **state)
{
    (void)state;
    static const char errors[] =
        "EAGAIN EBADF ECONNREFUSED EFAULT EINVAL ENOMEM ENOTCONN ENOTSOCK ECONNRESET ETIMEDOUT "
        "EHOSTUNREACH ENETUNREACH EMSGSIZE EOPNOTSUPP EIO ENOBUFS EPIPE";
    run("recv", "s:settimeout(0) recv(s)", errors);
    run("recv", "s:settimeout(0) recv(s, 1, MSG_PEEK)", errors);
    run("recvfrom", "s:settimeout(0) recvfrom(s)", errors);
}

/* getsockopt(2), ip(7), tcp(7) */
static void errnos_of_options(void **state)
{
    (void)state;
    run("setsockopt", "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)",
        "EBADF EFAULT EINVAL ENOPROTOOPT ENOTSOCK EPERM EADDRINUSE EADDRNOTAVAIL ENODEV EDOM "
        "EISCONN ENOBUFS ENOMEM EACCES EOPNOTSUPP ENOENT");
    run("getsockopt", "getsockopt(s, SOL_SOCKET, SO_TYPE)",
        "EBADF EFAULT EINVAL ENOPROTOOPT ENOTSOCK EOPNOTSUPP ENOTCONN EACCES");
}

/* close(2); EINTR is no failure of it */
static void errnos_of_close(void **state)
{
    (void)state;
    run("close", "close(socket())", "EBADF EIO ENOSPC EDQUOT");
}

/* getaddrinfo(3), getnameinfo(3) */
static void errors_of_lookups(void **state)
{
    (void)state;
    static const char errors[] =
        "EAI_ADDRFAMILY EAI_AGAIN EAI_BADFLAGS EAI_FAIL EAI_FAMILY EAI_MEMORY EAI_NODATA "
        "EAI_NONAME EAI_SERVICE EAI_SOCKTYPE EAI_SYSTEM";
    int before = faulty_count_descriptors();
    char code[2048];
    snprintf(code, sizeof code,
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
             "for name in ('%s EAI_OVERFLOW'):gmatch('[%%w_]+') do\n"
             "  for call, try in pairs(calls) do\n"
             "    fault(call == 'getnameinfo' and call or 'getaddrinfo', _G[name])\n"
             "    local err = fails(name, try)\n"
             "    equal(err.call, call) equal(err.errno, _G[name])\n"
             "    equal(#err.message > 0, true)\n"
             "    equal((err.hint or ''):find('[%%c{}]'), nil, err.hint)\n"
             "  end\n"
             "end\n",
             errors);
    faulty_run_foreground("", code, "", true);
    assert_string_equal(faulty.violation, "");
    faulty_assert_descriptors(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errnos_of_socket),
        cmocka_unit_test(errnos_of_bind),
        cmocka_unit_test(errnos_of_listen_and_the_like),
        cmocka_unit_test(errnos_of_accept),
        cmocka_unit_test(errnos_of_connect),
        cmocka_unit_test(errnos_of_send),
        cmocka_unit_test(errnos_of_recv),
        cmocka_unit_test(errnos_of_options),
        cmocka_unit_test(errnos_of_close),
        cmocka_unit_test(errors_of_lookups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
