/* SPDX-License-Identifier: MIT
 *
 * Escapes from a lesson by its sockets: to other computers, to other programs' sockets, to files.
 * Nothing is sent anywhere: what reached the system by a forbidden way fails the test.
 */
#include "stage.h"

#include <sys/stat.h>

/* The rules are the functions', the methods', the accepted sockets' and the tasks', also after the
 * lesson. 192.0.2.0/24 and 2001:db8::/32 are nobody's (RFC 5737, RFC 3849). */
static void other_computers_are_refused(void **state)
{
    (void)state;
    stage_play_both(
        "local function refuses(f, ...)\n"
        "  local good, err = pcall(f, ...)\n"
        "  equal(good, false)\n"
        "  assert(tostring(err):find('needs network', 1, true), err)\n"
        "end\n"
        "for _, host in ipairs{'192.0.2.1', '8.8.8.8', 3221225985, '<broadcast>', '224.0.0.1'} do\n"
        "  local s, d = socket(), socket(AF_INET, SOCK_DGRAM)\n"
        "  refuses(bind, s, host, 0)\n"
        "  refuses(connect, s, host, 80)\n"
        "  refuses(s.connect, s, {host, 80})\n"
        "  refuses(socket.connect, s, host, 80)\n"
        "  refuses(d.connect, d, host, 80)\n"
        "  refuses(sendto, d, 'x', host, 80)\n"
        "  refuses(d.sendto, d, 'x', {host, 80})\n"
        "  refuses(sendto, s, 'x', host, 80, MSG_DONTWAIT)\n"
        "  s:close() d:close()\n"
        "end\n"
        "local s = socket(AF_INET6)\n"
        "for _, host in ipairs{'2001:db8::1', '::ffff:192.0.2.1', '::192.0.2.1', 'ff02::1'} do\n"
        "  refuses(connect, s, host, 80)\n"
        "  refuses(bind, s, host, 0)\n"
        "end\n"
        "s:close()\n"
        "local address = getaddrinfo('192.0.2.1', 80)[1].address\n"
        "s = socket()\n"
        "refuses(connect, s, address)\n"
        "s:close()\n"
        "equal(made('connect') + made('sendto') + made('bind'), 0)\n");
}

static void names_of_others_are_not_looked_up(void **state)
{
    (void)state;
    stage_play_both(
        "made('getaddrinfo') made('getnameinfo')\n"
        "local s = socket()\n"
        "for _, host in ipairs{'example.com', 'secret.example.com', 'localhost.example.com',\n"
        "                      'fe80::1%secret', '127.1'} do\n"
        "  for _, call in ipairs{function() s:connect(host, 80) end,\n"
        "                        function() connect(s, host, 80) end,\n"
        "                        function() s:bind({host, 80}) end,\n"
        "                        function() getaddrinfo(host, 80) end,\n"
        "                        function() gethostbyname(host) end,\n"
        "                        function() getnameinfo({host, 80}) end} do\n"
        "    local good, err = pcall(call)\n"
        "    equal(good, false, host)\n"
        "  end\n"
        "end\n"
        "s:close()\n"
        "local good, err = pcall(s.connect, socket(), '[::1]', 80)\n"
        "assert(not good and err:find('brackets belong to URLs', 1, true), err)\n"
        "local address = getaddrinfo('192.0.2.1', 80)[1].address\n"
        "made('getaddrinfo')\n"
        "equal(pcall(getnameinfo, address), false)\n"
        "equal(made('getaddrinfo') + made('getnameinfo'), 0)\n"
        "equal(getnameinfo(address, NI_NUMERICHOST), '192.0.2.1')\n"
        "equal(gethostbyname('localhost'), '127.0.0.1')\n"
        "equal(getservbyname('http'), 80)\n"
        "equal(#getaddrinfo(nil, 80) > 0, true)\n");
}

static void a_server_is_bound_to_loopback(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_enter(&stage, false, 0);
    stage_works(&stage, "s = socket() s:bind('', 0) equal(s:getsockname().host, '127.0.0.1')");
    assert_string_equal(stage.told, "a lesson talks to this computer only: 127.0.0.1 takes the "
                                    "place of 0.0.0.0, which is every address");
    stage_works(&stage, "s:listen() c = socket() c:connect(s:getsockname()) a = accept(s)\n"
                        "equal(a:getpeername().host, '127.0.0.1') c:close()\n"
                        "equal(pcall(connect, a, '192.0.2.1', 80), false) a:close()");
    /* listen() without bind(), and the first sendto(), once let the kernel choose every address */
    stage_works(&stage, "l = socket() l:listen() equal(l:getsockname().host, '127.0.0.1')\n"
                        "d = socket(AF_INET, SOCK_DGRAM) e = socket(AF_INET, SOCK_DGRAM)\n"
                        "e:bind('127.0.0.1', 0) d:sendto('x', e:getsockname())\n"
                        "equal(d:getsockname().host, '127.0.0.1') equal(e:recv(), 'x')\n"
                        "n = socket() n:connect('', s:getsockname().port)\n"
                        "equal(n:getpeername().host, '127.0.0.1')");
    assert_int_equal(sandbox_leave(stage.L, stage.e), 0);
    stage_works(&stage, "local x = accept(s) equal(x:getsockname().host, '127.0.0.1')\n"
                        "equal(pcall(connect, x, '192.0.2.1', 80), false)\n"
                        "equal(pcall(sendto, d, 'x', '192.0.2.1', 80), false)");
    stage_works(&stage, "s = socket() s:bind('', 0) equal(s:getsockname().host, '0.0.0.0')");
    stage_close(&stage);
}

static void this_computers_own_name_means_loopback(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_enter(&stage, false, 0);
    stage_works(&stage, "s = socket()\n"
                        "if pcall(gethostbyname, gethostname()) then\n"
                        "  s:bind(gethostname(), 0)\n"
                        "  equal(s:getsockname().host:match('^127%.') ~= nil, true)\n"
                        "  s:listen()\n"
                        "  c = socket() c:connect(gethostname(), s:getsockname().port)\n"
                        "else\n"
                        "  s:bind('localhost', 0)\n"
                        "end");
    stage_close(&stage);
}

/* A task that went on after its lesson's end once spoke as the session does. */
static void tasks_keep_the_rules(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_enter(&stage, false, 0);
    stage_works(&stage, "task = spawn(function() sleep(0.01) local s = socket()\n"
                        "  return pcall(s.connect, s, '192.0.2.1', 80) end)");
    assert_int_equal(sandbox_leave(stage.L, stage.e), 0);
    stage_works(&stage, "local good, err = wait(task) equal(good, false)\n"
                        "assert(err:find('another computer'), err) equal(made('connect'), 0)");
    stage_close(&stage);
}

static void a_lesson_with_the_network_has_it(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_enter(&stage, true, 0);
    stage_works(&stage,
                "fault('connect', 'EHOSTUNREACH') s = socket()\n"
                "local good, err = pcall(connect, s, '192.0.2.1', 80)\n"
                "equal(made('connect'), 1)\n"
                "fault('getaddrinfo', -2) equal(pcall(gethostbyname, 'example.invalid'), false)\n"
                "equal(made('getaddrinfo'), 1)\n"
                "b = socket() b:bind('', 0) equal(b:getsockname().host, '0.0.0.0')\n"
                "equal(pcall(socket, AF_INET, SOCK_RAW, 1), false) equal(io, nil)");
    stage_close(&stage);
}

static void other_kinds_of_sockets_are_refused(void **state)
{
    (void)state;
    stage_play_both(
        "made('socket') made('socketpair')\n"
        "for _, kind in ipairs{{17, SOCK_RAW}, {16, SOCK_RAW}, {AF_INET, SOCK_RAW, 1}, {38, 5},\n"
        "                      {AF_INET, SOCK_DGRAM, 1}, {AF_INET6, SOCK_RAW, 58}, {40, 1},\n"
        "                      {AF_INET, SOCK_STREAM, 132}, {AF_INET, SOCK_PACKET or 10}} do\n"
        "  for _, f in ipairs{socket, socket.socket, socket.socketpair, socketpair} do\n"
        "    local good, err = pcall(f, table.unpack(kind))\n"
        "    equal(good, false)\n"
        "    assert(tostring(err):find('a lesson has the '), err)\n"
        "  end\n"
        "end\n"
        "equal(made('socket') + made('socketpair'), 0)\n"
        "socket(AF_INET6):close()\n"
        "socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, IPPROTO_UDP):close()\n"
        "local a, b = socketpair(AF_UNIX, SOCK_SEQPACKET)\n"
        "a:send('x') equal(b:recv(), 'x')\n"
        "a:close() b:close()\n");
}

static void options_that_leave_are_refused(void **state)
{
    (void)state;
    stage_play_both(
        "local s, d = socket(), socket(AF_INET, SOCK_DGRAM)\n"
        "made('setsockopt')\n"
        "for _, option in ipairs{{SOL_SOCKET, 25, 'lo'}, {IPPROTO_IP, IP_OPTIONS, 'x'},\n"
        "    {IPPROTO_IP, IP_ADD_MEMBERSHIP, {multiaddr = '224.0.0.251'}}, {IPPROTO_IP, 8, 1},\n"
        "    {IPPROTO_IP, IP_TRANSPARENT, 1}, {SOL_SOCKET, SO_MARK, 1}, {SOL_SOCKET, 33, 1},\n"
        "    {IPPROTO_TCP, TCP_CONGESTION, 'reno'}, {IPPROTO_IPV6, IPV6_RTHDR, 'x'}} do\n"
        "  for _, t in ipairs{s, d} do\n"
        "    local good, err = pcall(t.setsockopt, t, table.unpack(option))\n"
        "    equal(good, false)\n"
        "  end\n"
        "end\n"
        "equal(made('setsockopt'), 0)\n"
        "s:setsockopt(SOL_SOCKET, SO_REUSEADDR, true)\n"
        "s:setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)\n"
        "s:setsockopt(SOL_SOCKET, SO_RCVTIMEO, 0.5)\n"
        "equal(s:getsockopt(SOL_SOCKET, SO_TYPE), SOCK_STREAM)\n"
        "s:close() d:close()\n");
}

static void paths_stay_in_a_private_directory(void **state)
{
    (void)state;
    stage_play_both(
        "local l = socket(AF_UNIX)\n"
        "l:bind('chat') l:listen()\n"
        "local path = l:getsockname().path\n"
        "assert(path:find('^/.*/sockrepl%-......?/chat$'), path)\n"
        "local c = socket(AF_UNIX) c:connect('chat') accept(l):close() c:close()\n"
        "c = socket(AF_UNIX) c:connect(path) accept(l):close() c:close()\n"
        "c = socket(AF_UNIX) c:connect(l:getsockname()) c:close()\n"
        "local directory = path:match('^(.*)/')\n"
        "made('bind') made('connect')\n"
        "for _, name in ipairs{'../x', '..', '.', '/tmp/x', '/', './x', 'a/b', directory,\n"
        "                      directory .. '/', directory .. '/../x', directory .. 'x/y',\n"
        "                      directory .. '/./x', '/proc/self/cwd/x', '@/tmp/.X11-unix/X0',\n"
        "                      '\\0/tmp/x', '/dev/log', '/run/docker.sock'} do\n"
        "  for _, call in ipairs{bind, connect} do\n"
        "    local s = socket(AF_UNIX)\n"
        "    local good, err = pcall(call, s, name)\n"
        "    equal(good, false, name)\n"
        "    assert(tostring(err):find('plain names'), err)\n"
        "    s:close()\n"
        "  end\n"
        "  local d = socket(AF_UNIX, SOCK_DGRAM)\n"
        "  equal(pcall(d.sendto, d, 'x', name), false)\n"
        "  d:close()\n"
        "  if name:byte() ~= 64 then equal(pcall(os.remove, name), false, name) end\n"
        "end\n"
        "equal(made('bind') + made('connect') + made('sendto'), 0)\n"
        "l:close()\n"
        "equal(os.remove('chat'), true)\n"
        "equal(os.remove('chat'), nil)\n"
        "local a = socket(AF_UNIX) a:bind('@sockrepl-test') a:close()\n");
}

/* A name in the directory that is a link to elsewhere, however it came there. */
static void links_are_refused(void **state)
{
    struct stage stage;
    char directory[] = "/tmp/sandbox-XXXXXX", link[64], file[64];
    struct sandbox_policy policy = {.directory = directory};
    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(link, sizeof link, "%s/link", directory);
    snprintf(file, sizeof file, "%s/file", directory);
    assert_int_equal(symlink("/dev/log", link), 0);
    assert_int_equal(close(open(file, O_CREAT | O_WRONLY, 0600)), 0);
    stage_open(&stage);
    assert_int_equal(sandbox_enter(stage.L, stage.e, &policy), 0);
    stage_fails(&stage, "connect(socket(AF_UNIX), 'link')", "plain names");
    stage_fails(&stage, "bind(socket(AF_UNIX), 'file')", "plain names");
    stage_fails(&stage, "os.remove('file')", "plain names");
    stage_works(&stage, "s = socket(AF_UNIX) s:bind('mine') os.remove('mine')");
    stage_close(&stage);
    assert_int_equal(unlink(link) + unlink(file) + rmdir(directory), 0);
}

static void the_private_directory_goes_away(void **state)
{
    struct stage stage;
    struct stat status;
    char directory[256];
    (void)state;
    stage_open(&stage);
    stage_enter(&stage, false, 0);
    stage_works(&stage, "s = socket(AF_UNIX) s:bind('chat')\n"
                        "directory = s:getsockname().path:match('^(.*)/')");
    lua_getglobal(stage.L, "directory");
    snprintf(directory, sizeof directory, "%s", lua_tostring(stage.L, -1));
    lua_pop(stage.L, 1);
    assert_int_equal(stat(directory, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    stage_close(&stage);
    assert_int_equal(stat(directory, &status), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_computers_are_refused),
        cmocka_unit_test(names_of_others_are_not_looked_up),
        cmocka_unit_test(a_server_is_bound_to_loopback),
        cmocka_unit_test(this_computers_own_name_means_loopback),
        cmocka_unit_test(tasks_keep_the_rules),
        cmocka_unit_test(a_lesson_with_the_network_has_it),
        cmocka_unit_test(other_kinds_of_sockets_are_refused),
        cmocka_unit_test(options_that_leave_are_refused),
        cmocka_unit_test(paths_stay_in_a_private_directory),
        cmocka_unit_test(links_are_refused),
        cmocka_unit_test(the_private_directory_goes_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
