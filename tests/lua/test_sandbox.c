/* SPDX-License-Identifier: MIT
 *
 * Escapes from a lesson within Lua: to files, programs and native code, to the ordinary globals and
 * to what is shared with them, to all the memory and all the time.
 */
#include "stage.h"

static void nothing_that_reaches_out_is_there(void **state)
{
    (void)state;
    stage_play_both(
        "for _, name in ipairs{'io', 'debug', 'package', 'require', 'dofile', 'loadfile', 'warn'} "
        "do\n"
        "  equal(_G[name], nil, name)\n"
        "end\n"
        "for _, name in ipairs{'execute', 'exit', 'getenv', 'popen', 'rename', 'tmpname',\n"
        "                      'setlocale'} do\n"
        "  equal(os[name], nil, name)\n"
        "end\n"
        "equal(string.dump, nil)\n"
        "equal(type(os.time()) .. type(os.clock()) .. type(os.date()), 'numbernumberstring')\n"
        "equal(string.format('%d', math.max(1, 2)) .. utf8.char(228), '2\\u{e4}')\n"
        "equal(('x'):rep(3, '-'), 'x-x-x')\n"
        "equal(table.concat{1, 2}, '12')\n"
        "equal(json.loads('[1]')[1], 1)\n"
        "equal(tostring(AF_INET), 'AF_INET (2)')\n"
        "equal(socket.AF_INET, AF_INET)\n");
}

static void bytecode_is_not_loaded(void **state)
{
    (void)state;
    stage_play_both("local code = ('').dump(function() return 1 end)\n"
                    "for _, mode in ipairs{'b', 'bt', 't', false} do\n"
                    "  local f, why = load(code, 'x', mode or nil)\n"
                    "  equal(f, nil)\n"
                    "  assert(why:find('binary'), why)\n"
                    "  local given = false\n"
                    "  f = load(function()\n"
                    "    if not given then given = true return code end\n"
                    "  end, 'x', mode or nil)\n"
                    "  equal(f, nil)\n"
                    "end\n");
}

static void loaded_text_stays_inside(void **state)
{
    (void)state;
    stage_play_both("equal(load('return io')(), nil)\n"
                    "equal(load('return require')(), nil)\n"
                    "equal(load('return _G')(), _G)\n"
                    "equal(load('return x', 'x', 't', {x = 5})(), 5)\n"
                    "equal(load('x = 1', 'x', nil, nil) ~= nil, true)\n"
                    "equal(pcall(load('return x', 'x', 't', nil)), false)\n"
                    "equal(coroutine.wrap(function() return load('return debug')() end)(), nil)\n"
                    "equal(select(2, load('return (')):match('<eof>'), '<eof>')\n");
}

static void shared_metatables_are_out_of_reach(void **state)
{
    (void)state;
    stage_play_both(
        "equal(getmetatable(''), false)\n"
        "local a, b = socketpair()\n"
        "for name, value in pairs{socket = a, constant = AF_INET, null = json.null,\n"
        "                         array = json.array({}), globals = _G, calls = socket,\n"
        "                         tasks = tasks(), address = a:getsockname()} do\n"
        "  equal(getmetatable(value), false, name)\n"
        "  equal(pcall(setmetatable, value, {}), false, name)\n"
        "end\n"
        "local good, err = pcall(recv, socket(), 1)\n"
        "equal(good, false)\n"
        "equal(getmetatable(err), false)\n"
        "local t = setmetatable({}, {__index = {x = 1}})\n"
        "equal(t.x, 1)\n"
        "equal(getmetatable(t).__index.x, 1)\n");
}

static void changed_libraries_are_the_lessons_own(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_enter(&stage, false, 0);
    stage_works(&stage,
                "string.format = 1 string.upper = 1 table.concat = 1 math.max = 1 print = 1 "
                "pcall = 1 load = 1 socket.socket = 1 json.dumps = 1 coroutine.wrap = 1 "
                "os.time = 1 connect = 1 bind = 1 require = 1 io = 1 "
                "equal(('x'):upper(), 'X')");
    assert_int_equal(sandbox_leave(stage.L, stage.e), 0);
    stage_works(&stage,
                "for _, f in ipairs{string.format, string.upper, table.concat, math.max, print,\n"
                "    pcall, load, socket.socket, json.dumps, coroutine.wrap, os.time, connect,\n"
                "    bind, require, io.open} do\n"
                "  equal(type(f), 'function')\n"
                "end");
    stage_close(&stage);
}

static void what_was_typed_before_is_out_of_reach(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_works(&stage, "secret, dangerous = 'x', os.execute\n"
                        "string.dangerous = os.execute table.dangerous = os.execute\n"
                        "background = spawn(function() sleep(1000) return os.execute end)");
    stage_enter(&stage, false, 0);
    stage_works(&stage, "equal(secret, nil) equal(dangerous, nil) equal(string.dangerous, nil)\n"
                        "equal(table.dangerous, nil) equal(background, nil) equal(#tasks(), 0)\n"
                        "mine = spawn(sleep, 1000) equal(tasks()[1], mine) equal(#tasks(), 1)\n"
                        "secret = 'y'");
    assert_int_equal(sandbox_leave(stage.L, stage.e), 0);
    stage_works(&stage, "equal(secret, 'y') equal(dangerous, os.execute) equal(#tasks(), 2)");
    stage_close(&stage);
}

static void what_the_lesson_defined_comes_out(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_works(&stage, "kept, replaced = function() return 'mine' end, 1\n"
                        "globals, outer = _G, _ENV");
    stage_enter(&stage, false, 0);
    stage_works(&stage, "s = socket() n = 5 f = function() return io, n end\n"
                        "kept = function() return 'theirs' end replaced = 2 _G._G = 'x'");
    assert_int_equal(sandbox_leave(stage.L, stage.e), 0);
    stage_works(&stage, "equal(n, 5) equal(s:fileno() >= 0, true) equal(kept(), 'mine')\n"
                        "equal(replaced, 2) equal(_G, globals) equal(f(), nil)\n"
                        "equal(type(io), 'table')\n"
                        "n = 6 equal(select(2, f()), 5)");
    assert_int_equal(sandbox_leave(stage.L, stage.e), 0);
    stage_close(&stage);
}

static void entering_again_begins_anew(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_works(&stage, "ordinary = 1");
    stage_enter(&stage, false, 0);
    stage_works(&stage, "x = 1 string.format = 1");
    stage_enter(&stage, false, 0);
    stage_works(&stage, "equal(x, nil) equal(string.format('%d', 1), '1') y = 2");
    assert_int_equal(sandbox_leave(stage.L, stage.e), 0);
    stage_works(&stage, "equal(ordinary, 1) equal(x, nil) equal(y, 2) equal(type(io), 'table')");
    stage_close(&stage);
}

/* A lesson whose finalizer looped for ever could not be interrupted: Lua runs no hooks there. */
static void there_are_no_finalizers(void **state)
{
    (void)state;
    stage_play_both("equal(pcall(setmetatable, {}, {__gc = function() end}), false)\n"
                    "local ran, meta = false, {}\n"
                    "setmetatable({}, meta)\n"
                    "meta.__gc = function() ran = true end\n"
                    "collectgarbage()\n"
                    "equal(ran, false)\n"
                    "equal(pcall(collectgarbage, 'stop'), false)\n"
                    "equal(math.type(collectgarbage('count')), 'float')\n");
}

/* Each of these once ran for ever inside one call of a C function. */
static void functions_in_c_end(void **state)
{
    (void)state;
    stage_play_both("local long = setmetatable({}, {__len = function() return 1 << 60 end})\n"
                    "equal((''):rep(1 << 60), '')\n"
                    "equal(string.rep('', 1 << 60, ''), '')\n"
                    "equal(pcall(table.move, {}, 1, 1 << 60, 2), false)\n"
                    "equal(pcall(table.move, {}, math.mininteger, -1, 2), false)\n"
                    "equal(pcall(table.insert, long, 1, 'x'), false)\n"
                    "equal(pcall(table.remove, long, 1), false)\n"
                    "equal(pcall(table.sort, long, rawequal), false)\n"
                    "local empty = setmetatable({}, {__index = table.concat})\n"
                    "equal(pcall(table.concat, empty, '', 1, 1 << 60), false)\n"
                    "equal(pcall(json.loads, ('x'):rep(1 << 23)), false)\n");
}

/* The guards' messages once named no function and no place. */
static void messages_read_as_luas_own(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_enter(&stage, false, 0);
    stage_fails(&stage, "table.insert(nil, 1)",
                "lesson:1: bad argument #1 to 'table.insert' (table expected, got nil)");
    stage_fails(&stage, "string.rep()", "lesson:1: bad argument #1 to 'rep' (string expected");
    stage_fails(&stage, "table.sort({2, 1}, function() error('mine', 0) end)", "mine");
    stage_close(&stage);
}

static void huge_values_are_no_memory(void **state)
{
    struct stage stage;
    static const char *const greedy[] = {
        "x = ('x'):rep(1 << 40)",
        "x = ('x'):rep(1 << 30)",
        "local t = {} for i = 1, 1 << 20 do t[i] = ('x'):rep(1 << 12) end x = table.concat(t)",
        "x = {} for i = 1, 1 << 40 do x[i] = i end",
        "x = {} while true do x[#x + 1] = ('x'):rep(1 << 16) .. #x end",
        "x = 'x' while true do x = x .. x end",
        "x = coroutine.wrap(function() local t = {} while true do t[#t + 1] = {} end end)()",
        "wait(spawn(function() x = {} while true do x[#x + 1] = {} end end))",
        "x = json.loads('[' .. ('[],'):rep(1000000) .. '1]')",
    };
    (void)state;
    stage_open(&stage);
    stage_enter(&stage, false, (size_t)8 << 20);
    for (size_t i = 0; i < sizeof greedy / sizeof greedy[0]; i++) {
        const char *error = stage_run(&stage, greedy[i]);
        if (strstr(error, "not enough memory") == NULL && strstr(error, "too large") == NULL)
            fail_msg("%s: %s", greedy[i], error);
        stage_works(&stage, "x = nil collectgarbage() equal(1 + 1, 2)");
    }
    stage_close(&stage);
}

/* A lesson that catches "not enough memory" and keeps what it has once left none to type in. */
static void an_entry_has_memory_left(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_enter(&stage, false, (size_t)8 << 20);
    stage_works(&stage,
                "x = {} for size = 16, 0, -4 do\n"
                "  pcall(function() while true do x[#x + 1] = ('x'):rep(1 << size) .. #x end end)\n"
                "end");
    stage_works(&stage, "local s = socket() s:close() equal(#tostring(x) > 0, true)");
    stage_works(&stage, "x = nil");
    assert_int_equal(sandbox_leave(stage.L, stage.e), 0);
    stage_works(&stage, "x = ('x'):rep(1 << 25) equal(#x, 1 << 25)");
    stage_close(&stage);
}

static void a_task_of_a_lesson_that_ended_has_its_limit(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_enter(&stage, false, (size_t)8 << 20);
    stage_works(&stage, "task = spawn(function() sleep(0.01) return #('x'):rep(1 << 25) end)");
    assert_int_equal(sandbox_leave(stage.L, stage.e), 0);
    stage_fails(&stage, "wait(task)", "not enough memory");
    stage_close(&stage);
}

static void printing_ends(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_enter(&stage, false, 0);
    stage_fails(&stage, "while true do print(('x'):rep(1000)) end",
                "a lesson prints at most 1024 KiB between two entries");
    assert_true(stage.print_count <= SANDBOX_OUTPUT);
    stage_works(&stage, "print('and on')");
    assert_string_equal(stage.printed, "and on");
    stage_close(&stage);
}

static void endless_loops_are_interrupted(void **state)
{
    struct stage stage;
    static const char *const loops[] = {
        "interrupt() while true do end",
        "interrupt() while true do pcall(function() while true do end end) end",
        "interrupt() coroutine.wrap(function() while true do pcall(error) end end)()",
        "interrupt() table.sort({1, 2, 3}, function() while true do end end)",
        "interrupt() (('x'):gsub('x', function() while true do end end))",
        "interrupt() return setmetatable({}, {__index = function() while true do end end}).x",
        "interrupt() load(function() while true do end end)",
        "interrupt() xpcall(error, function() while true do end end)",
        "local function f() return pcall(f) end interrupt() while true do f() end",
        "local x <close> = setmetatable({}, {__close = function() interrupt() repeat until x end})",
    };
    (void)state;
    stage_open_interruptible(&stage);
    stage_enter(&stage, false, 0);
    for (size_t i = 0; i < sizeof loops / sizeof loops[0]; i++) {
        stage_fails(&stage, loops[i], "stopped");
        stage_works(&stage, "equal(1 + 1, 2)");
    }
    stage_close(&stage);
}

/* Lua's own matcher, and json.dumps of one long string a million times, once heard no Ctrl-C. */
static void long_calls_are_interrupted(void **state)
{
    struct stage stage;
    static const char *const calls[] = {
        "local p = ('a-'):rep(40) .. 'b' interrupt_soon() return ('a'):rep(60):find(p)",
        "local p = ('a*'):rep(40) .. 'b' interrupt_soon() return string.match(('a'):rep(60), p)",
        "local p = ('a?'):rep(60) .. 'b' interrupt_soon() return (('a'):rep(60):gsub(p, ''))",
        "local p = ('a-'):rep(40) .. 'b' interrupt_soon() for _ in ('a'):rep(60):gmatch(p) do end",
        "local s = ('a'):rep(1 << 23) interrupt_soon() return s:find(('a'):rep(1 << 22) .. 'b')",
        "local s = ('a'):rep(1 << 22) interrupt_soon() return s:find('.-.-b')",
        "u, t = {}, {} interrupt_soon() for i = 1, 5000 do t[i] = 'x' u[i] = t end json.dumps(u)",
    };
    (void)state;
    stage_open_interruptible(&stage);
    stage_enter(&stage, false, 0);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        stage_fails(&stage, calls[i], "stopped");
        stage_works(&stage, "equal(('ab'):find('b'), 2)");
    }
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_that_reaches_out_is_there),
        cmocka_unit_test(bytecode_is_not_loaded),
        cmocka_unit_test(loaded_text_stays_inside),
        cmocka_unit_test(shared_metatables_are_out_of_reach),
        cmocka_unit_test(changed_libraries_are_the_lessons_own),
        cmocka_unit_test(what_was_typed_before_is_out_of_reach),
        cmocka_unit_test(what_the_lesson_defined_comes_out),
        cmocka_unit_test(entering_again_begins_anew),
        cmocka_unit_test(there_are_no_finalizers),
        cmocka_unit_test(functions_in_c_end),
        cmocka_unit_test(messages_read_as_luas_own),
        cmocka_unit_test(huge_values_are_no_memory),
        cmocka_unit_test(an_entry_has_memory_left),
        cmocka_unit_test(a_task_of_a_lesson_that_ended_has_its_limit),
        cmocka_unit_test(printing_ends),
        cmocka_unit_test(endless_loops_are_interrupted),
        cmocka_unit_test(long_calls_are_interrupted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
