/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out at each of Lua's allocations in turn, from the first one of a new state to
 * the last one of a script that does everything: whatever is raised, no descriptor stays open and
 * nothing is touched that is gone.
 */
#include "faulty.h"

#include <limits.h>

/* Lua's memory: `left` allocations succeed and `failures` after them fail; all succeed where it is
 * negative. */
struct memory {
    long left;
    int failures;
    size_t bytes;
};

static void *allocate(void *owner, void *block, size_t old, size_t new)
{
    struct memory *memory = owner;
    old = block == NULL ? 0 : old;
    if (new == 0) {
        free(block);
        memory->bytes -= old;
        return NULL;
    }
    if (new > old) {
        if (memory->left == 0 && memory->failures > 0) {
            memory->failures--;
            return NULL;
        }
        memory->left -= memory->left > 0;
    }
    void *larger = realloc(block, new);
    assert_non_null(larger);
    memory->bytes += new - old;
    return larger;
}

/* The life of some sockets, in every way of waiting. Errors are whoever runs it's. */
static const char calls[] =
    "local l = socket() l:setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)\n"
    "l:bind('127.0.0.1', 0) l:listen(5)\n"
    "local c = socket() c:connect(l:getsockname())\n"
    "local s, peer = l:accept()\n"
    "local text = tostring(s) .. tostring(peer) .. tostring(AF_INET) .. peer.host .. peer.port\n"
    "c:send('hello') s:recv(100) s:sendall('answer') c:recv(6, MSG_WAITALL)\n"
    "local u = socket(AF_INET, SOCK_DGRAM) u:bind('localhost', 0)\n"
    "u:sendto('data', { '127.0.0.1', u:getsockname().port }) u:recvfrom(2, MSG_TRUNC)\n"
    "poll({ s, [c] = 'w' }, 0) socket.select({ s }, { c }, 0)\n"
    "local a, b = socketpair() a:settimeout(0.001) pcall(recv, a)\n"
    "local good, err = pcall(bind, c, '127.0.0.1', 0)\n"
    "text = tostring(err) .. tostring(err.hint) .. tostring(err.address)\n"
    "pcall(bind, c, '127.0.0.1', 65536)\n"
    "pcall(function() return AF_INNET end)\n"
    "getaddrinfo('127.0.0.1', 80) gethostbyname('localhost') getnameinfo(peer, 3)\n"
    "s:getsockopt(SOL_SOCKET, SO_LINGER) s:getsockopt(IPPROTO_TCP, TCP_INFO)\n"
    "s:close() c:shutdown(SHUT_WR) c:close()\n";

static const char tasks_of_all_kinds[] =
    "local a, b = socketpair() a:settimeout(0.02)\n"
    "local echo = spawn(function()\n"
    "  local mark <close> = setmetatable({}, { __close = function() sleep(0) end })\n"
    "  while true do b:sendall(b:recv()) end\n"
    "end)\n"
    "for i = 1, 3 do a:send('x' .. i) a:recv() end\n"
    "local co = coroutine.wrap(function() coroutine.yield(a:send('y')) return a:recv() end)\n"
    "co() co()\n"
    "table.sort({ 2, 1 }, function(x, y) sleep(0) return x < y end)\n"
    "local failing = spawn(function() error('on purpose') end)\n"
    "pcall(wait, failing)\n"
    "local text = tostring(tasks()) .. tostring(echo)\n"
    "local poller = spawn(poll, { a }) sleep(0) cancel(poller) pcall(wait, poller)\n"
    "local closed = spawn(pcall, recv, a) sleep(0) a:close() wait(closed)\n"
    "cancel(echo) pcall(wait, echo)\n"
    "spawn(sleep, 1000) spawn(function() local s <close> = socket() sleep(1000) end) sleep(0)\n";

/* What is drawn, and asked, of what was called. Lua gives a finalizer up, and loses what its
 * userdata owns, where there is no memory to call it with: here they run when there is. */
static const char pictures[] =
    "collectgarbage('stop') l = socket() l:bind('127.0.0.1', 0) l:listen(5)\n"
    "c = socket() c:connect(l:getsockname()) local s = l:accept()\n"
    "c:send('hello') s:recv(3) c:shutdown(SHUT_WR) pcall(bind, c, '127.0.0.1', 1)\n"
    "local text = tostring(sockets()) .. state(c) .. tostring(states(c)) .. tostring(states())\n"
    "text = text .. tostring(diagram()) .. tostring(diagram(c)) .. tostring(stream(c))\n"
    "text = text .. tostring(calls()) .. tostring(calls(c)) .. tostring(hexdump('some bytes'))\n"
    "text = text .. calls('send')[1].line .. tostring(called('bind', { host = '127.0.0.1' }))\n"
    "text = text .. tostring(failed('bind', EINVAL)) .. sent(c) .. received(s)\n"
    "l:close() c:close() s:close() l, c = nil, nil\n";

/* What fails in here is caught, and everything else goes on. */
static const char caught[] =
    "local a, b = socketpair()\n"
    "for _, body in ipairs({ function() sleep(0.001) end, function() poll({ a, b }, 0.001) end }) "
    "do\n"
    "  local task = spawn(function() pcall(coroutine.wrap(body)) end)\n"
    "  pcall(wait, task) task = nil collectgarbage() collectgarbage() sleep(0.002)\n"
    "end\n";

struct run {
    const char *code;
    bool as_foreground;
    bool once;     /* one allocation fails: Lua collects its garbage and tries again, in vain */
    bool relieved; /* memory is there again when the state is closed */
    struct faulty_end *end;
};

static int open_and_run(lua_State *L)
{
    const struct run *run = lua_touserdata(L, 1);
    luaL_openlibs(L);
    struct engine *e = library_open(L, faulty_sys(), NULL);
    e->host.recorded = faulty_note_record;
    if (engine_set_recording(e, true) != 0)
        return luaL_error(L, "no journal");
    e->host.owner = run->end;
    e->host.ended = run->end != NULL ? faulty_note_end : NULL;
    if (luaL_loadbuffer(L, run->code, strlen(run->code), "=snippet") != LUA_OK)
        return lua_error(L);
    if (!run->as_foreground) {
        lua_call(L, 0, 0);
        return 0;
    }
    engine_start(e, L, 0);
    while (e->foreground != NULL)
        engine_turn(e, INFINITY);
    return 0;
}

/* Lets `left` allocations succeed; returns whether it never came to the one that fails. */
static bool try(const struct run *run, long left, bool stays_short)
{
    struct memory memory = {.left = left, .failures = run->once ? 2 : INT_MAX};
    memset(&faulty, 0, sizeof faulty);
    lua_State *L = lua_newstate(allocate, &memory);
    if (L == NULL)
        return false;
    lua_pushcfunction(L, open_and_run); /* light: no allocation outside of the protected call */
    lua_pushlightuserdata(L, (void *)(uintptr_t)run);
    int status = lua_pcall(L, 1, 0, 0);
    if (run->end != NULL && status != LUA_OK)
        faulty_fill_end(run->end, lua_tostring(L, -1));
    bool sufficed = memory.left != 0;
    if (!stays_short || run->relieved)
        memory.left = -1;
    lua_close(L);
    assert_int_equal(memory.bytes, 0);
    assert_string_equal(faulty.violation, "");
    return sufficed;
}

static void run_short_of_memory(struct run run)
{
    struct faulty_end end = {.failed = false};
    struct run plenty = run;
    plenty.end = &end;
    assert_true(try(&plenty, 1L << 40, false)); /* what the process opens once is open now */
    if (end.failed)
        fail_msg("%s", end.text);
    int before = faulty_count_descriptors();
    for (long left = 0;; left++) {
        bool sufficed = try(&run, left, left % 2 == 1);
        faulty_assert_descriptors(before);
        if (sufficed)
            break;
        assert_in_range(left, 0, 20000);
    }
}

static void calls_outside_of_a_task(void **state)
{
    (void)state;
    run_short_of_memory((struct run){.code = calls});
}

static void calls_of_the_foreground(void **state)
{
    (void)state;
    run_short_of_memory((struct run){.code = calls, .as_foreground = true});
}

static void tasks_beside_the_main_state(void **state)
{
    (void)state;
    run_short_of_memory((struct run){.code = tasks_of_all_kinds});
}

static void tasks_beside_the_foreground(void **state)
{
    (void)state;
    run_short_of_memory((struct run){.code = tasks_of_all_kinds, .as_foreground = true});
}

/* A coroutine's wait was noted in a table. Where there was no room in it an error was raised out of
 * the middle of the wait, whose memory went with the task, and the loop still knew it. */
static void one_allocation_fails(void **state)
{
    (void)state;
    run_short_of_memory((struct run){.code = caught, .once = true});
    run_short_of_memory((struct run){.code = caught, .once = true, .as_foreground = true});
    run_short_of_memory((struct run){.code = tasks_of_all_kinds, .once = true});
}

static void pictures_and_questions(void **state)
{
    (void)state;
    run_short_of_memory((struct run){.code = pictures, .relieved = true});
    run_short_of_memory((struct run){.code = pictures, .as_foreground = true, .relieved = true});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_outside_of_a_task),
        cmocka_unit_test(calls_of_the_foreground),
        cmocka_unit_test(tasks_beside_the_main_state),
        cmocka_unit_test(tasks_beside_the_foreground),
        cmocka_unit_test(one_allocation_fails),
        cmocka_unit_test(pictures_and_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
