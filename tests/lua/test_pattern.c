/* SPDX-License-Identifier: MIT
 *
 * The string functions with patterns against Lua's own: the same results and the same messages for
 * random patterns, which a seed repeats.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lua/pattern.h"

#include <lauxlib.h>
#include <lualib.h>

static const char comparison[] =
    "local own, luas = shells, string\n"
    "local pieces = {'a', 'b', 'ab', '.', '%a', '%D', '%w', '%s', '%%', '[ab]', '[^a]', '[a-c]',\n"
    "  '[%w_]', '[]]', '[^]a]', '[a-', '*', '+', '-', '?', '(', ')', '()', '%1', '%2', '%0', '^',\n"
    "  '$', '%b()', '%bab', '%b', '%f[%w]', '%f[^a]', '%f', '%', '[', ']', '\\0', '%z', 'x', "
    "'%g'}\n"
    "local letters = {'a', 'b', 'c', 'x', '(', ')', ' ', '\\0', '%', ']', '1', '-', '\\xe4'}\n"
    "local values = {'', 'x', '%0', '%1', '<%1%0>', '%%', '%', '%a', 7, {a = 'A', ab = 1, b = "
    "false},\n"
    "  function(a, b) if a == 'a' then return nil end return a end, function() return {} end, "
    "true}\n"
    "local function pick(list) return list[math.random(#list)] end\n"
    "local function text(list, most)\n"
    "  local t = {}\n"
    "  for i = 1, math.random(0, most) do t[i] = pick(list) end\n"
    "  return table.concat(t)\n"
    "end\n"
    "local function results(good, ...)\n"
    "  local t = {tostring(good), select('#', ...)}\n"
    "  for i = 1, select('#', ...) do\n"
    "    local v = select(i, ...)\n"
    "    t[#t + 1] = math.type(v) or type(v)\n"
    "    t[#t + 1] = own.gsub(tostring(v), \"#3 to '[^']*'\", '#3')\n"
    "  end\n"
    "  return table.concat(t, '|')\n"
    "end\n"
    "local function walk(f, s, p, init)\n"
    "  local t = {}\n"
    "  for a, b in f(s, p, init) do t[#t + 1] = tostring(a) .. ',' .. tostring(b) end\n"
    "  return table.concat(t, ';')\n"
    "end\n"
    "local matched = 0\n"
    "for seed = 1, 5000 do\n"
    "  math.randomseed(seed)\n"
    "  local s, p = text(letters, 12), text(pieces, 6)\n"
    "  local init = pick{1, 1, 0, 2, -1, -5, 20, math.mininteger, math.maxinteger}\n"
    "  local function same(name, ...)\n"
    "    local x, y = results(pcall(own[name], ...)), results(pcall(luas[name], ...))\n"
    "    if x ~= y then\n"
    "      error(('seed %d: %s(%q, %q): %q, not %q'):format(seed, name, s, p, y, x))\n"
    "    end\n"
    "    matched = matched + (x:find('^true|[1-9]') and not x:find('nil', 1, true) and 1 or 0)\n"
    "  end\n"
    "  same('find', s, p, init)\n"
    "  same('find', s, p, init, true)\n"
    "  same('match', s, p, init)\n"
    "  same('gsub', s, p, pick(values), pick{0, 1, 2, 100, -1})\n"
    "  local x = results(pcall(walk, own.gmatch, s, p, init))\n"
    "  local y = results(pcall(walk, luas.gmatch, s, p, init))\n"
    "  if x ~= y then error(('seed %d: gmatch(%q, %q): %q, not %q'):format(seed, s, p, y, x)) end\n"
    "end\n"
    "if matched < 2500 then error('too few matches: ' .. matched) end\n";

static void run(const char *code)
{
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    lua_newtable(L);
    lua_getglobal(L, "string");
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -6);
    }
    pattern_open(L);
    lua_pop(L, 1);
    lua_setglobal(L, "shells");
    if (luaL_dostring(L, code))
        fail_msg("%s", lua_tostring(L, -1));
    lua_close(L);
}

static void random_patterns_mean_what_they_mean_to_lua(void **state)
{
    (void)state;
    run(comparison);
}

static void long_patterns_are_as_deep_as_luas(void **state)
{
    (void)state;
    run("local function same(...)\n"
        "  local a, x = pcall(shells.find, ...)\n"
        "  local b, y = pcall(string.find, ...)\n"
        "  assert(a == b and x == y, tostring(x) .. ', not ' .. tostring(y))\n"
        "end\n"
        "for _, count in ipairs{31, 32, 33, 100, 199, 200, 201, 1000} do\n"
        "  for _, piece in ipairs{'a', 'a?', 'a*', 'a-', 'b*', 'b?', 'b-', '()', '(a)', '(a', "
        "'%f[a]', '%baa'} do\n"
        "    same(('a'):rep(count), piece:rep(count))\n"
        "  end\n"
        "end\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_patterns_mean_what_they_mean_to_lua),
        cmocka_unit_test(long_patterns_are_as_deep_as_luas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
