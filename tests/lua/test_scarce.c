/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out below Lua, at each allocation of a record, a journal, a picture or a text in
 * turn: what comes is either whole or an error that says that there was no memory; nothing is lost
 * for good, and nothing leaks (the sanitizers look).
 */
#include "faulty.h"
#include "scarce.h"

/* How a piece ended: what it returned, or raised, as text. */
struct outcome {
    bool good;
    char got[8192];
};

static int open_state(lua_State *L)
{
    luaL_openlibs(L);
    struct engine *e = library_open(L, faulty_sys(), NULL);
    return engine_set_recording(e, true) == 0 ? 0 : luaL_error(L, "no journal");
}

static lua_State *open_recording(const char *code)
{
    memset(&faulty, 0, sizeof faulty);
    lua_State *L = lua_newstate(scarce_plenty, NULL);
    assert_non_null(L);
    lua_pushcfunction(L, open_state);
    if (lua_pcall(L, 0, 0, 0) != LUA_OK || luaL_dostring(L, faulty_prelude) ||
        luaL_dostring(L, code))
        fail_msg("%s", luaL_tolstring(L, -1, NULL));
    return L;
}

/* The piece is a chunk that returns a text. */
static void run_piece(lua_State *L, const char *piece, struct outcome *outcome)
{
    assert_int_equal(luaL_loadstring(L, piece), LUA_OK);
    outcome->good = lua_pcall(L, 0, 1, 0) == LUA_OK;
    scarce_end();
    snprintf(outcome->got, sizeof outcome->got, "%s", luaL_tolstring(L, -1, NULL));
    lua_pop(L, 2);
}

/* What is said of memory: the shell's own words, Lua's, or those of the errno. */
static bool tells_of_memory(const char *message)
{
    return strstr(message, "memory") != NULL || strstr(message, "ENOMEM") != NULL ||
           strstr(message, "EAI_MEMORY") != NULL;
}

/* `before` makes a state, `piece` is run in it again and again, each time one allocation later.
 * Returns whether any was missed. */
static bool run_out(const char *before, const char *piece)
{
    struct outcome whole, outcome;
    bool denied = true, missed = false;
    lua_State *L = open_recording(before);
    run_piece(L, piece, &whole);
    if (!whole.good)
        fail_msg("%s", whole.got);
    lua_close(L);
    for (long left = 0; denied; left++) {
        L = open_recording(before);
        scarce_begin(left / 2, left % 2 == 1);
        run_piece(L, piece, &outcome);
        denied = scarce.denied > 0;
        missed = missed || denied;
        if (outcome.good)
            assert_string_equal(outcome.got, whole.got);
        else if (!tells_of_memory(outcome.got))
            fail_msg("allocation %ld: %s", left / 2, outcome.got);
        lua_close(L);
        assert_string_equal(faulty.violation, "");
        assert_in_range(left, 0, 20000);
    }
    return missed;
}

static const char talk[] =
    "l = socket() l:setsockopt(SOL_SOCKET, SO_REUSEADDR, 1) l:bind('127.0.0.1', 0) l:listen(5)\n"
    "c = socket() c:connect(l:getsockname()) s = l:accept()\n"
    "c:send('hello') s:recv(100) s:sendall(('answer'):rep(100)) c:recv(3)\n"
    "c:shutdown(SHUT_WR) pcall(bind, c, '127.0.0.1', 1)\n"
    "u = socket(AF_INET, SOCK_DGRAM) u:bind('127.0.0.1', 0) u:sendto('data', u:getsockname())\n"
    "u:recvfrom() a, b = socketpair() a:send('pair') b:recv()\n";

/* The FIN's ACK may take its time: FIN_WAIT1 before it came, FIN_WAIT2 after. */
#define ENDING ":gsub('FIN_WAIT1 FIN_WAIT2', 'FIN_WAIT1')"

/* Times, ports and inodes differ from run to run; shapes do not. */
#define SHAPE ":gsub('%d+%.%d+', ''):gsub('%d+', '0'):gsub('[ -]+', ' ')"

static int run_out_of_each(const char *const *pieces, size_t count)
{
    int missed = 0;
    for (size_t i = 0; i < count; i++)
        missed += run_out(talk, pieces[i]);
    return missed;
}

static void pictures_are_whole_or_not_at_all(void **state)
{
    static const char *const pieces[] = {
        "return #tostring(sockets()) > 0 and #sockets() .. ''",
        "return (tostring(states(s))" SHAPE ")",
        "return (table.concat(states(c), ' ')" ENDING ")",
        "return (tostring(diagram())" SHAPE ")",
        "return (tostring(diagram(c))" SHAPE ")",
        "return (tostring(stream(c))" SHAPE ")",
        "return (tostring(stream(a))" SHAPE ")",
        "return (tostring(calls())" SHAPE ")",
        "return #calls(c) .. ' ' .. calls('send')[1].data",
        "return tostring(hexdump(('text'):rep(100)))",
    };
    (void)state;
    assert_true(run_out_of_each(pieces, sizeof pieces / sizeof *pieces) > 0);
}

static void questions_are_answered_or_not_at_all(void **state)
{
    static const char *const pieces[] = {
        "return tostring(called('bind', { host = '127.0.0.1' }))",
        "return tostring(failed('bind', EINVAL))",
        "return table.concat({ sent(c) }, ' ')",
        "return table.concat({ received(s) }, ' ')",
    };
    (void)state;
    assert_true(run_out_of_each(pieces, sizeof pieces / sizeof *pieces) > 0);
}

/* A call that was made has been made, whether or not there was room to record it. */
static void calls_do_their_work(void **state)
{
    static const char *const pieces[] = {
        "s:send('more') return c:recv(4096):sub(-4)",
        ("local d = socket() d:connect(l:getsockname()) local e = l:accept() e:send('x')\n"
         "return d:recv()"),
        "u:sendto('again', u:getsockname()) return (u:recvfrom())",
        "return #poll({ u, [c] = 'w' }, 0) .. ''",
    };
    (void)state;
    assert_true(run_out_of_each(pieces, sizeof pieces / sizeof *pieces) > 0);
}

static void texts_are_whole_or_not_at_all(void **state)
{
    static const char *const pieces[] = {
        "return (tostring(s)" SHAPE ") .. (tostring(l:getsockname())" SHAPE ")",
        "local good, err = pcall(bind, c, '127.0.0.1', 1)\n"
        "if not good and err.errno ~= EINVAL then error(err, 0) end\n"
        "local hint = err.hint or error('there was no memory for a hint', 0)\n"
        "return tostring(err) .. err.message .. (hint" SHAPE ")",
        "return json.dumps({ 1, 'two', { three = 4 } }, 2)",
        "return json.loads('{\"a\": [1, \"two\"]}').a[2]",
        "return ('text'):encode():decode()",
        "return gethostbyname('127.0.0.1') .. getaddrinfo('127.0.0.1', 80)[1].address.host",
    };
    (void)state;
    assert_true(run_out_of_each(pieces, sizeof pieces / sizeof *pieces) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_are_whole_or_not_at_all),
        cmocka_unit_test(questions_are_answered_or_not_at_all),
        cmocka_unit_test(calls_do_their_work),
        cmocka_unit_test(texts_are_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
