/* SPDX-License-Identifier: MIT
 *
 * Two interpreters of one process, each with its own module: neither hears of the other, and each
 * can be closed while the other goes on.
 */
#include "module/module.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static lua_State *open_state(void)
{
    lua_State *L = luaL_newstate();
    assert_non_null(L);
    luaL_openlibs(L);
    luaL_requiref(L, "sockrepl", luaopen_sockrepl, 0);
    lua_setglobal(L, "S");
    return L;
}

static void run(lua_State *L, const char *code)
{
    if (luaL_dostring(L, code) != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
}

static const char begin[] =
    "l = S.socket() l:bind('127.0.0.1', 0) l:listen() port = l:getsockname().port "
    "t = S.spawn(function() while true do local c <close> = l:accept() c:send('hello') end end) "
    "function ask(port) local c <close> = S.socket() c:connect('127.0.0.1', port) "
    "assert(c:recv() == 'hello') end ask(port)";

static void test_two_states(void **state)
{
    lua_State *a = open_state(), *b = open_state();
    (void)state;
    run(a, begin);
    run(b, begin);
    run(a, "ask(port) assert(#S.tasks() == 1 and S.tasks()[1] == t)");
    run(b, "ask(port) assert(#S.tasks() == 1)");
    lua_close(a);
    run(b, "for i = 1, 10 do ask(port) end");
    lua_close(b);
}

/* An object of one interpreter's is foreign to the other's functions, which say so. */
static void test_foreign_types(void **state)
{
    lua_State *L = open_state();
    (void)state;
    luaL_newmetatable(L, "socket"); /* as another library may call its type */
    lua_setglobal(L, "Other");
    run(L, "local good, err = pcall(S.send, io.stdout, 'x') "
           "assert(not good and err:find('socket', 1, true), err) "
           "assert(next(Other) == '__name')");
    lua_close(L);
}

/* How many <close> variables the tasks of a state ran as it was closed. */
static int count_close(lua_State *L)
{
    int *count = lua_touserdata(L, lua_upvalueindex(1));
    ++*count;
    return 0;
}

/* A state may be closed while its tasks wait in every way: their <close> variables run, and what
 * they held is closed. */
static void test_end(void **state)
{
    int count = 0, before = dup(0);
    lua_State *L = open_state();
    (void)state;
    close(before);
    lua_pushlightuserdata(L, &count);
    lua_pushcclosure(L, count_close, 1);
    lua_setglobal(L, "count_close");
    run(L,
        "a, b = S.socketpair() l = S.socket() l:bind('127.0.0.1', 0) l:listen() "
        "for _, call in ipairs{{S.recv, a}, {S.accept, l}, {S.poll, {a, l}}, {S.sleep, 1000}} do "
        "  S.spawn(function() "
        "    local mark <close> = setmetatable({}, {__close = count_close}) "
        "    call[1](call[2]) end) end "
        "S.sleep(0) assert(#S.tasks() == 4)");
    lua_close(L);
    assert_int_equal(count, 4);
    int after = dup(0);
    close(after);
    assert_int_equal(after, before);
}

static int count_error(lua_State *L)
{
    int *count = lua_touserdata(L, lua_upvalueindex(1));
    *count += strstr(luaL_checkstring(L, 1), "the program is ending") != NULL;
    return 0;
}

/* A value that is older than the module is finalized after it: calls from there met a loop that was
 * gone, and ended the process. A task that refuses its end is over all the same. */
static void test_after_the_end(void **state)
{
    int count = 0;
    lua_State *L = luaL_newstate();
    (void)state;
    luaL_openlibs(L);
    lua_pushlightuserdata(L, &count);
    lua_pushcclosure(L, count_error, 1);
    lua_setglobal(L, "count_error");
    run(L, "old = setmetatable({}, {__gc = function() "
           "  for _, call in ipairs{S.socket, S.socketpair, function() S.sleep(0) end, "
           "                        function() S.gethostbyname('localhost') end, "
           "                        function() S.poll({}, 0.001) end} do "
           "    local good, err = pcall(call) "
           "    count_error(good and '' or tostring(err)) end "
           "  for _, task in ipairs(S.tasks()) do S.cancel(task) pcall(S.wait, task) end "
           "  s:close() S.spawn(print) end})");
    luaL_requiref(L, "sockrepl", luaopen_sockrepl, 0);
    lua_setglobal(L, "S");
    run(L, "s = S.socket() "
           "S.spawn(function() while true do pcall(S.sleep, 1000) end end) S.sleep(0)");
    lua_close(L);
    assert_int_equal(count, 5);
}

/* The allocation after `left` others fails, and once more when Lua tries again; negative: none. */
struct memory {
    long left;
    int failures;
};

static void *allocate(void *owner, void *block, size_t old, size_t new)
{
    struct memory *memory = owner;
    bool grows = new > (block != NULL ? old : 0);
    if (new == 0) {
        free(block);
        return NULL;
    }
    if (grows && memory->left == 0 && memory->failures-- > 0)
        return NULL;
    memory->left -= grows && memory->left > 0;
    return realloc(block, new);
}

/* Where a task could not be made, what was there of it took the collector's coming for the end of
 * the state: every socket was closed. */
static void test_a_task_that_was_not_made(void **state)
{
    bool failed = true;
    (void)state;
    for (long left = 0; failed; left++) {
        struct memory memory = {.left = -1, .failures = 2};
        lua_State *L = lua_newstate(allocate, &memory);
        luaL_openlibs(L);
        luaL_requiref(L, "sockrepl", luaopen_sockrepl, 0);
        lua_setglobal(L, "S");
        run(L, "s = S.socket() collectgarbage() collectgarbage()");
        lua_getglobal(L, "S");
        lua_getfield(L, -1, "spawn");
        lua_getglobal(L, "print");
        memory.left = left;
        failed = lua_pcall(L, 1, 0, 0) != LUA_OK;
        memory.left = -1;
        run(L, "collectgarbage() collectgarbage() assert(s:fileno() >= 0)");
        lua_close(L);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_states),
        cmocka_unit_test(test_foreign_types),
        cmocka_unit_test(test_end),
        cmocka_unit_test(test_after_the_end),
        cmocka_unit_test(test_a_task_that_was_not_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
