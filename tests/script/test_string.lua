-- SPDX-License-Identifier: MIT
--
-- string.rep has a way of its own where the text becomes large: ("x"):rep(1 << 30) took ten seconds,
-- a letter at a time, deaf to Ctrl-C. It gives what Lua's own gives.

local check = dofile("check.lua")

local function repeated(text, count, separator)
    local list = {}
    for i = 1, count do
        list[i] = text
    end
    return table.concat(list, separator)
end

check.test("a large repetition is what a small one is", function()
    local cases = {
        {"x", 1 << 20}, {"x", (1 << 20) - 1}, {"ab\0c", 300001}, {"x", 1 << 20, ", "},
        {"", 400000, "abc"}, {("y"):rep(700001), 3, "z"}, {("y"):rep(1 << 21), 1},
        {("seventeen letters"):rep(50000), 41},
    }
    for i, case in ipairs(cases) do
        local got, wanted = string.rep(table.unpack(case)), repeated(table.unpack(case))
        check.equal(#got, #wanted, i)
        check.is(got == wanted, i)
    end
end)

check.test("its arguments are Lua's", function()
    check.equal(#string.rep(7, 1 << 20), 1 << 20)
    check.equal(#("x"):rep("1100000"), 1100000)
    check.equal(#("x"):rep(1100000.0, nil), 1100000)
    check.equal(("x"):rep(-(1 << 40)), "")
    check.error(function() return ("xy"):rep(math.maxinteger) end, "resulting string too large")
    check.error(function() return ("x"):rep(1 << 62) end, "resulting string too large")
    check.error(function() return ("xy"):rep(1 << 62, "z") end, "resulting string too large")
    check.error(function() return string.rep({}, 1 << 20) end, "bad argument #1 to 'rep'")
    check.error(function() return ("x"):rep(1 << 20, {}) end, "bad argument #3 to 'rep'")
end)

check.finish()
