/* SPDX-License-Identifier: MIT
 *
 * json.dumps and json.loads, value by value and error by error, and with memory that runs out at
 * each allocation in turn: whatever jansson allocated must be back when the call has ended.
 */
#include "lua/json.h"

#include <jansson.h>
#include <lauxlib.h>
#include <lualib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Memory as the test gives it out; jansson's allocator has no owner argument. */
static struct {
    long countdown; /* allocations that still succeed; negative: all do */
    long jansson;   /* blocks that jansson holds */
    size_t lua;     /* bytes that Lua holds */
} memory = {.countdown = -1};

static bool memory_runs_out(void)
{
    if (memory.countdown == 0)
        return true;
    if (memory.countdown > 0)
        memory.countdown--;
    return false;
}

static void *allocate_for_jansson(size_t size)
{
    void *block = memory_runs_out() ? NULL : malloc(size);
    memory.jansson += block != NULL;
    return block;
}

static void free_for_jansson(void *block)
{
    memory.jansson -= block != NULL;
    free(block);
}

static void *allocate_for_lua(void *owner, void *block, size_t old, size_t new)
{
    (void)owner;
    old = block == NULL ? 0 : old;
    if (new == 0) {
        free(block);
        memory.lua -= old;
        return NULL;
    }
    if (new > old && memory_runs_out())
        return NULL;
    block = realloc(block, new);
    memory.lua += new - old;
    return block;
}

static int open_all(lua_State *L)
{
    luaL_openlibs(L);
    json_open(L);
    lua_setglobal(L, "json");
    return 0;
}

static int set_up(void **state)
{
    lua_State *L = lua_newstate(allocate_for_lua, NULL);
    lua_pushcfunction(L, open_all);
    *state = L;
    return lua_pcall(L, 0, 0, 0) == LUA_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    memory.countdown = -1;
    lua_close(*state);
    return memory.jansson == 0 && memory.lua == 0 ? 0 : -1;
}

/* [+1] Runs a chunk; its result or its error message is on top. */
static int run(lua_State *L, const char *chunk)
{
    lua_settop(L, 0);
    assert_int_equal(luaL_loadbuffer(L, chunk, strlen(chunk), "=test"), LUA_OK);
    return lua_pcall(L, 0, 1, 0);
}

static void expect_text(lua_State *L, const char *expression, const char *expected)
{
    char chunk[512];
    snprintf(chunk, sizeof chunk, "return %s", expression);
    int status = run(L, chunk);
    size_t length;
    const char *got = luaL_tolstring(L, -1, &length);
    if (status != LUA_OK || strlen(expected) != length || memcmp(got, expected, length) != 0)
        fail_msg("%s\n gave %s\nand not %s", expression, got, expected);
}

static void expect_error(lua_State *L, const char *chunk, const char *expected)
{
    int status = run(L, chunk);
    const char *got = luaL_tolstring(L, -1, NULL);
    if (status == LUA_OK || strcmp(got, expected) != 0)
        fail_msg("%s\n gave %s\nand not %s", chunk, got, expected);
    assert_int_equal(memory.jansson, 0);
}

struct example {
    const char *code, *expected;
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void dumps_writes_as_python_does(void **state)
{
    static const struct example examples[] = {
        {"json.dumps({key = 'value'})", "{\"key\": \"value\"}"},
        {"json.dumps({key = 'value', n = 1, b = {1, 2}})",
         "{\"b\": [1, 2], \"key\": \"value\", \"n\": 1}"},
        {"json.dumps({b = 1, a = 2, aa = 3, B = 4})", "{\"B\": 4, \"a\": 2, \"aa\": 3, \"b\": 1}"},
        {"json.dumps(1)", "1"},
        {"json.dumps(1.0)", "1.0"},
        {"json.dumps(-0.0)", "-0.0"},
        {"json.dumps(0.1)", "0.1"},
        {"json.dumps(1/3)", "0.3333333333333333"},
        {"json.dumps(0.1 + 0.2)", "0.30000000000000004"},
        {"json.dumps(math.mininteger)", "-9223372036854775808"},
        {"json.dumps(math.maxinteger)", "9223372036854775807"},
        {"json.dumps(true)", "true"},
        {"json.dumps({json.null, false})", "[null, false]"},
        {"json.dumps({})", "{}"},
        {"json.dumps(json.array({}))", "[]"},
        {"json.dumps(json.array(json.array({1})))", "[1]"},
        {"json.dumps('')", "\"\""},
        {"json.dumps('caf\\u{e9} \\u{1f600}')", "\"caf\\u00E9 \\uD83D\\uDE00\""},
        {"json.dumps('a\\0b\"\\\\/\\n\\x7f')", "\"a\\u0000b\\\"\\\\/\\n\x7f\""},
        {"json.dumps({['a\\0b'] = 1})", "{\"a\\u0000b\": 1}"},
        {"json.dumps({a = {1, {}}, b = 2}, 2)",
         "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": 2\n}"},
        {"json.dumps({1}, nil)", "[1]"},
    };
    for (size_t i = 0; i < COUNT(examples); i++)
        expect_text(*state, examples[i].code, examples[i].expected);
}

static void loads_reads_what_was_written(void **state)
{
    static const struct example examples[] = {
        {"json.loads('{\"key\": \"value\"}').key", "value"},
        {"math.type(json.loads('1'))", "integer"},
        {"math.type(json.loads('1.0'))", "float"},
        {"math.type(json.loads('1e2'))", "float"},
        {"json.loads('9223372036854775807') == math.maxinteger", "true"},
        {"json.loads('null') == json.null", "true"},
        {"json.loads('[null]')[1]", "json.null"},
        {"json.loads('false')", "false"},
        {"#json.loads('\"a\\\\u0000b\"')", "3"},
        {"json.loads('\"\\\\ud83d\\\\ude00\"')", "\xf0\x9f\x98\x80"},
        {"json.loads('{\"a\": 1, \"a\": 2}').a", "2"},
        {"json.dumps(json.loads(' [ ] '))", "[]"},
        {"json.dumps(json.loads('{}'))", "{}"},
        {"json.dumps(json.loads('{\"a\": [1, 2.5, [], {\"b\": null}]}'))",
         "{\"a\": [1, 2.5, [], {\"b\": null}]}"},
        {"json.loads(json.dumps(5e-324)) == 5e-324", "true"},
        {"json.loads(json.dumps(1.7976931348623157e308)) == 1.7976931348623157e308", "true"},
    };
    for (size_t i = 0; i < COUNT(examples); i++)
        expect_text(*state, examples[i].code, examples[i].expected);
}

#define DUMPS "test:1: bad argument #1 to 'json.dumps' "

static void dumps_names_the_culprit(void **state)
{
    static const struct example examples[] = {
        {"json.dumps({clients = {1, print}})",
         DUMPS "(value.clients[2]: a function cannot be written as JSON)"},
        {"json.dumps(print)", DUMPS "(value: a function cannot be written as JSON)"},
        {"json.dumps({f = io.stdout})", DUMPS "(value.f: a userdata cannot be written as JSON)"},
        {"json.dumps({['a b'] = coroutine.create(print)})",
         DUMPS "(value[\"a b\"]: a coroutine cannot be written as JSON)"},
        {"json.dumps(nil)",
         DUMPS "(value: nil cannot be written as JSON (json.null stands for nothing))"},
        {"json.dumps({x = 0/0})", DUMPS "(value.x: NaN cannot be written as JSON)"},
        {"json.dumps({-1/0})", DUMPS "(value[1]: infinity cannot be written as JSON)"},
        {"local t = {}; t.child = {parent = t}; json.dumps(t)",
         DUMPS "(value.child.parent: a table that contains itself cannot be written as JSON)"},
        {"json.dumps({1, a = 2})",
         DUMPS "(value: a table with both strings and integers as keys cannot be written as JSON)"},
        {"json.dumps({[true] = 1})",
         DUMPS "(value: a table with a boolean as a key cannot be written as JSON: keys are "
               "strings, or 1 to n in a list)"},
        {"json.dumps({[1.5] = 1})",
         DUMPS "(value: a table with a float as a key cannot be written as JSON: keys are "
               "strings, or 1 to n in a list)"},
        {"json.dumps({1, nil, 3})",
         DUMPS "(value[2]: missing in a list that goes on behind it (json.null stands for "
               "nothing))"},
        {"json.dumps({[0] = 1, 2})",
         DUMPS "(value[0]: a list that begins before 1 cannot be written as JSON)"},
        {"local t = json.array({}); t.x = 1; json.dumps(t)",
         DUMPS "(value: a list with a string as a key cannot be written as JSON)"},
        {"json.dumps({'ok', 'caf\\xe9'})",
         DUMPS "(value[2]: a string that is not UTF-8 (byte 0xe9 at position 4) and cannot be "
               "written as JSON)"},
        {"json.dumps({['\\xff'] = 1})",
         DUMPS "(value[\"\\xff\"]: a key that is not UTF-8 (byte 0xff at position 1) and cannot "
               "be written as JSON)"},
        {"local t = {print}; for i = 1, 2046 do t = {t} end; json.dumps(t)",
         DUMPS "(value[1][1][1][1][1][1][1]...[1][1][1][1]: a function cannot be written as "
               "JSON)"},
        {"local t = {}; for i = 1, 100000 do t = {t} end; json.dumps(t)",
         DUMPS "(value[1][1][1][1][1][1][1]...[1][1][1][1]: nested deeper than 2048 levels)"},
    };
    for (size_t i = 0; i < COUNT(examples); i++)
        expect_error(*state, examples[i].code, examples[i].expected);
}

#define LOADS "test:1: bad argument #1 to 'json.loads' "

static void loads_says_where(void **state)
{
    static const struct example examples[] = {
        {"json.loads('{\"key\": \"val')",
         LOADS "(text: line 1, column 12: premature end of input near '\"val')"},
        {"json.loads('[1,\\n 2')", LOADS "(text: line 2, column 2: ']' expected near end of file)"},
        {"json.loads('{}{}')", LOADS "(text: line 1, column 3: end of file expected near '{')"},
        {"json.loads('9223372036854775808')",
         LOADS "(text: line 1, column 19: too big integer near '9223372036854775808')"},
        {"json.loads('-9223372036854775809')",
         LOADS "(text: line 1, column 20: too big negative integer near '-9223372036854775809')"},
        {"json.loads('1e999')",
         LOADS "(text: line 1, column 5: real number overflow near '1e999')"},
        {"json.loads('\"\\xff\"')",
         LOADS "(text: line 1, column 1: unable to decode byte 0xff near '\"')"},
        {"json.loads('{\"a\\\\u0000\": 1}')",
         LOADS "(text: line 1, column 10: NUL byte in object key not supported near "
               "'\"a\\u0000\"')"},
        {"json.loads(('['):rep(2049))",
         LOADS "(text: line 1, column 2049: nested deeper than 2048 levels)"},
        {"json.loads(12)", LOADS "(text: a string expected, got number)"},
        {"json.loads()", LOADS "(text: a string expected, got no value)"},
    };
    for (size_t i = 0; i < COUNT(examples); i++)
        expect_error(*state, examples[i].code, examples[i].expected);
}

static void arguments_are_checked(void **state)
{
    static const struct example examples[] = {
        {"json.dumps()", DUMPS "(value: expected, got no value)"},
        {"json.dumps({}, 2, 3)",
         "test:1: bad argument #3 to 'json.dumps' (at most 2 expected, got 3)"},
        {"json.dumps({}, 0)", "test:1: bad argument #2 to 'json.dumps' (indent: an integer from "
                              "1 to 31 expected, got 0)"},
        {"json.dumps({}, 2.5)", "test:1: bad argument #2 to 'json.dumps' (indent: an integer from "
                                "1 to 31 expected, got 2.5)"},
        {"json.loads('1', 2)",
         "test:1: bad argument #2 to 'json.loads' (at most 1 expected, got 2)"},
        {"json.array()", "test:1: bad argument #1 to 'json.array' (t: a table expected, got no "
                         "value)"},
        {"json.array({}, 1)",
         "test:1: bad argument #2 to 'json.array' (at most 1 expected, got 2)"},
        {"json.array(setmetatable({}, {}))",
         "test:1: bad argument #1 to 'json.array' (t: has a metatable of its own, which the mark "
         "would replace)"},
    };
    for (size_t i = 0; i < COUNT(examples); i++)
        expect_error(*state, examples[i].code, examples[i].expected);
}

/* The deepest text that is read can be written again, and the same in a coroutine. */
static void the_deepest_value_goes_both_ways(void **state)
{
    expect_text(*state,
                "(function() local text = ('['):rep(2048) .. (']'):rep(2048); "
                "return json.dumps(json.loads(text)) == text end)()",
                "true");
    expect_text(*state,
                "coroutine.wrap(function() local text = ('['):rep(2048) .. (']'):rep(2048); "
                "return json.dumps(json.loads(text)) == text end)()",
                "true");
}

/* A finalizer that runs while the table is walked takes its keys away: no crash, and either the
 * text or an error. */
static void a_finalizer_may_change_the_table(void **state)
{
    static const char chunk[] =
        "collectgarbage('generational'); collectgarbage('incremental', 1, 1000) "
        "for round = 1, 50 do "
        "  local t = {} "
        "  for i = 1, 300 do t[('key%d'):format(i)] = {('text'):rep(i)} end "
        "  local function trap() setmetatable({}, {__gc = function() "
        "    t[('key%d'):format(math.random(300))] = nil; trap() end}) end "
        "  trap() "
        "  pcall(json.dumps, t) "
        "end";
    assert_int_equal(run(*state, chunk), LUA_OK);
    assert_int_equal(memory.jansson, 0);
}

static int count_allocations_until_success(lua_State *L, const char *function)
{
    for (int n = 0;; n++) {
        lua_settop(L, 0);
        lua_getglobal(L, function);
        lua_gc(L, LUA_GCCOLLECT);
        memory.countdown = n;
        int status = lua_pcall(L, 0, 1, 0);
        memory.countdown = -1;
        lua_gc(
            L,
            LUA_GCCOLLECT); /* even closing may have found no memory: then the collector does it */
        assert_int_equal(memory.jansson, 0);
        if (status == LUA_OK)
            return n;
        assert_non_null(strstr(lua_tostring(L, -1), "not enough memory"));
    }
}

static void memory_may_run_out_anywhere(void **state)
{
    lua_State *L = *state;
    static const char chunk[] =
        "local value = {name = 'caf\\u{e9}', list = {1, 2.5, 'x', {}}, ok = true}"
        "local text = json.dumps(value)"
        "local bad = {list = {1, 2, print}}"
        "function dump() return assert(json.dumps(value, 2)) end "
        "function load() return assert(json.loads(text)) end "
        "function refuse() "
        "  local ok, why = pcall(json.dumps, bad) "
        "  if not why:find('function cannot') then error(why, 0) end end "
        "function cut() "
        "  local ok, why = pcall(json.loads, '{\"a\": [1, 2, \"text') "
        "  if not why:find('line 1') then error(why, 0) end end ";
    assert_int_equal(run(L, chunk), LUA_OK);
    assert_in_range(count_allocations_until_success(L, "dump"), 10, 1000);
    assert_in_range(count_allocations_until_success(L, "load"), 10, 1000);
    assert_in_range(count_allocations_until_success(L, "refuse"), 3, 1000);
    assert_in_range(count_allocations_until_success(L, "cut"), 3, 1000);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(dumps_writes_as_python_does, set_up, tear_down),
        cmocka_unit_test_setup_teardown(loads_reads_what_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dumps_names_the_culprit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(loads_says_where, set_up, tear_down),
        cmocka_unit_test_setup_teardown(arguments_are_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_deepest_value_goes_both_ways, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_finalizer_may_change_the_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_run_out_anywhere, set_up, tear_down),
    };
    json_set_alloc_funcs(allocate_for_jansson, free_for_jansson);
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
