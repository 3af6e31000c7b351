-- SPDX-License-Identifier: MIT
--
-- Coroutines of the student's own, metamethods, finalizers, and functions of Lua that cannot be
-- suspended: a call in any of them waits, and everything else goes on.

local check = dofile("check.lua")

local function ticker()
    local ticks = { count = 0 }
    local task = spawn(function()
        while true do
            ticks.count = ticks.count + 1
            sleep(0.001)
        end
    end)
    return setmetatable(ticks, { __close = function() cancel(task) sleep(0) end })
end

-- Sends to `s` once the others have had their turns. A time would not do: on a busy machine one wake
-- may come later than all that was to happen before it, and the ticks between were too few.
local function later(s, data, ticks)
    return spawn(function()
        check.eventually(function() return not ticks or ticks.count > 2 end)
        s:send(data)
    end)
end

check.everywhere("a coroutine is as in Lua's manual", function()
    local co = coroutine.create(function(a, b)
        local c = coroutine.yield(a + b)
        local d, e = coroutine.yield(c * 2)
        return d .. e
    end)
    check.equal(select(2, coroutine.resume(co, 1, 2)), 3)
    check.equal(coroutine.status(co), "suspended")
    check.equal(select(2, coroutine.resume(co, 5)), 10)
    check.equal(select(2, coroutine.resume(co, "x", "y")), "xy")
    check.equal(coroutine.status(co), "dead")
    local good, err = coroutine.resume(co)
    check.is(good == false)
    check.equal(err, "cannot resume dead coroutine")
    local generator = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
    check.equal(generator() + generator() + generator(), 6)
    check.equal(generator(), nil)
    check.error(generator, "dead coroutine")
    local running, main = coroutine.running()
    check.equal(type(running), "thread")
    good, err = coroutine.resume(coroutine.running())
    check.is(good == false)
    check.match(err, "cannot resume")
    co = coroutine.create(function() return coroutine.resume(running) end)
    good, err = select(2, coroutine.resume(co))
    check.is(good == false)
    check.match(err, "cannot resume")
    check.equal(type(main), "boolean")
end)

check.everywhere("errors pass through wrap with their place", function()
    local failing = coroutine.wrap(function() error("oops") end)
    check.match(check.error(failing, "oops"), "test_coroutine.lua:%d+: oops")
    local thing = {}
    local good, err = pcall(coroutine.wrap(function() error(thing) end))
    check.is(not good and rawequal(err, thing))
    check.error(coroutine.wrap, "function", 1)
    check.error(coroutine.resume, "coroutine", 1)
end)

-- It was "suspended", and coroutine.resume() said that it was dead.
check.everywhere("the coroutine of a task that has ended is dead", function()
    local own, inside
    local task = spawn(function()
        own = coroutine.running()
        inside = coroutine.status(own)
        sleep(0)
        return 1
    end)
    check.equal(wait(task), 1)
    check.equal(inside, "running")
    check.equal(coroutine.status(own), "dead")
    check.equal(select(2, coroutine.resume(own)), "cannot resume dead coroutine")
    check.equal(coroutine.close(own), true)
    check.equal(wait(task), 1)
    check.error(coroutine.status, "#1 to 'status'", 5)
end)

-- The error of a coroutine that was stopped, or whose wrapped function had raised it, stayed on its
-- stack: the next call took it for the function to run.
check.everywhere("a coroutine that died stays dead", function()
    local called
    local thing = setmetatable({}, { __call = function() called = true end })
    for _, body in ipairs({ function() end, function() error("x") end, function() error(thing) end }) do
        local wrapped = coroutine.wrap(body)
        pcall(wrapped)
        for _ = 1, 3 do
            check.error(wrapped, "cannot resume dead coroutine")
        end
    end
    local co
    local task = spawn(function()
        co = coroutine.create(sleep)
        coroutine.resume(co, 1000)
    end)
    sleep(0)
    cancel(task)
    check.error(wait, "ECANCELED", task)
    check.equal(coroutine.status(co), "dead")
    check.equal(select(2, coroutine.resume(co)), "cannot resume dead coroutine")
    check.is(not called)
end)

-- The first error was raised, and that of the <close> variable was lost.
check.everywhere("an error of a <close> variable passes through wrap", function()
    local wrapped = coroutine.wrap(function()
        local _ <close> = setmetatable({}, { __close = function() error("second", 0) end })
        error("first")
    end)
    check.error(wrapped, "second$")
end)

check.test("the foreground cannot yield, a task gives others a turn", function()
    check.error(coroutine.yield, "outside a coroutine")
    check.equal(coroutine.isyieldable(), false)
    check.equal(select(2, coroutine.running()), true)
    local order = {}
    local function turn(name)
        for i = 1, 3 do
            order[#order + 1] = name .. i
            check.equal(select("#", coroutine.yield("ignored")), 0)
        end
    end
    local one, two = spawn(turn, "a"), spawn(turn, "b")
    wait(one)
    wait(two)
    check.equal(table.concat(order, " "), "a1 b1 a2 b2 a3 b3")
end)

check.everywhere("a call in a coroutine waits, and the rest goes on", function()
    local ticks <close> = ticker()
    local a, b = socketpair()
    local sender = later(b, "x", ticks)
    local co = coroutine.create(function()
        local data = a:recv()
        local more = coroutine.yield(data)
        sleep(0.005)
        return more
    end)
    check.equal(select(2, coroutine.resume(co)), "x")
    check.equal(select(2, coroutine.resume(co, "more")), "more")
    check.is(ticks.count > 2, "ticks")
    wait(sender)
end)

check.everywhere("a generator over a socket", function()
    local a, b = socketpair()
    local sender = spawn(function()
        for i = 1, 5 do
            b:send(tostring(i))
            sleep(0.001)
        end
        b:close()
    end)
    local text = ""
    for byte in coroutine.wrap(function()
        repeat
            local data = a:recv(1)
            if data ~= "" then
                coroutine.yield(data)
            end
        until data == ""
    end) do
        text = text .. byte
    end
    check.equal(text, "12345")
    wait(sender)
end)

check.everywhere("two coroutines of two tasks wait crosswise", function()
    local a, b = socketpair()
    local c, d = socketpair()
    local function side(first, own, other)
        return spawn(function()
            return coroutine.wrap(function()
                local text = ""
                for i = 1, 10 do
                    if first then
                        own:send("ping" .. i)
                        text = text .. other:recv()
                    else
                        text = text .. own:recv()
                        other:send("pong" .. i)
                    end
                end
                return #text
            end)()
        end)
    end
    local one, two = side(true, a, c), side(false, b, d)
    check.equal(check.soon(wait, one), 51)
    check.equal(check.soon(wait, two), 51)
end)

check.everywhere("coroutines deep in one another", function()
    local a, b = socketpair()
    local function deep(level)
        if level == 0 then
            return a:recv()
        end
        return coroutine.wrap(deep)(level - 1)
    end
    local sender = later(b, "deep")
    check.equal(deep(50), "deep")
    wait(sender)
end)

check.everywhere("a coroutine that waits is nobody else's to resume", function()
    local a, b = socketpair()
    local co = coroutine.create(function() return a:recv() end)
    local owner = spawn(coroutine.resume, co)
    sleep(0)
    local good, err = coroutine.resume(co)
    check.is(not good)
    check.match(err, "waits in a call")
    local wrapped = coroutine.wrap(function() return a:recv() end)
    local other = spawn(wrapped)
    sleep(0)
    check.error(wrapped, "waits in a call")
    b:send("1")
    sleep(0)
    sleep(0)
    b:send("2")
    check.is(wait(owner))
    check.match(wait(other), "[12]")
end)

check.everywhere("nor to close", function()
    local a, b = socketpair()
    local closed = false
    local co = coroutine.create(function()
        local mark <close> = setmetatable({}, { __close = function() closed = true end })
        coroutine.yield(a:recv())
    end)
    local owner = spawn(coroutine.resume, co)
    sleep(0)
    check.error(coroutine.close, "waits in a call", co)
    check.is(not closed, "its variables are open")
    b:send("x")
    check.equal(select(2, check.soon(wait, owner)), "x")
    check.equal(coroutine.close(co), true)
    check.is(closed, "its variables ran")
    co = coroutine.create(function()
        local failing <close> = setmetatable({}, { __close = function() error("in close", 0) end })
        coroutine.yield()
    end)
    coroutine.resume(co)
    local good, err = coroutine.close(co)
    check.is(good == false)
    check.equal(err, "in close")
    check.error(coroutine.close, "running", (coroutine.running()))
    check.error(coroutine.close, "coroutine", 1)
end)

-- What a task had returned lay on its coroutine's stack: who had asked for the coroutine could call it
-- from there, and wait() found nothing.
check.everywhere("a task's own coroutine is nobody's once the task is over", function()
    local co, called
    local function body(fails)
        co = coroutine.running()
        if fails then
            error("on purpose", 0)
        end
        return function() called = true end, 2
    end
    local task = spawn(body)
    wait(task)
    check.equal(select(2, coroutine.resume(co)), "cannot resume dead coroutine")
    check.equal(coroutine.close(co), true)
    check.equal(select(2, wait(task)), 2)
    check.error(wait, "on purpose", spawn(body, true))
    check.equal(select(2, coroutine.resume(co)), "cannot resume dead coroutine")
    check.is(not called)
end)

check.everywhere("a coroutine is begun in one task and goes on in another", function()
    local a, b = socketpair()
    local co = coroutine.wrap(function()
        local first = a:recv(1)
        coroutine.yield(first)
        return a:recv(1)
    end)
    local one = spawn(co)
    sleep(0)
    b:send("12")
    check.equal(wait(one), "1")
    check.equal(wait(spawn(co)), "2")
end)

check.everywhere("in table.sort", function()
    local ticks <close> = ticker()
    local list = { 5, 3, 8, 1, 9, 2 }
    table.sort(list, function(x, y)
        sleep(0.001)
        return x < y
    end)
    check.equal(table.concat(list, " "), "1 2 3 5 8 9")
    check.is(ticks.count > 2, "ticks")
end)

check.everywhere("in string.gsub", function()
    local ticks <close> = ticker()
    local a, b = socketpair()
    local sender = later(b, "world", ticks)
    check.equal((("hello NAME"):gsub("NAME", function() return a:recv() end)), "hello world")
    check.is(ticks.count > 2, "ticks")
    wait(sender)
end)

check.everywhere("in a load reader", function()
    local a, b = socketpair()
    local sender = spawn(function()
        b:send("return ")
        sleep(0.005)
        b:send("6 * 7")
        b:close()
    end)
    local chunk = load(function() return a:recv() end)
    check.equal(chunk(), 42)
    wait(sender)
end)

check.everywhere("in metamethods", function()
    local a, b = socketpair()
    local sender = spawn(function()
        for i = 1, 6 do
            sleep(0.001)
            b:send(tostring(i))
        end
    end)
    local t = setmetatable({}, {
        __index = function() return a:recv(1) end,
        __add = function() return tonumber(a:recv(1)) end,
        __call = function() return a:recv(1) end,
        __lt = function() return a:recv(1) == "4" end,
        __concat = function() return a:recv(1) end,
        __tostring = function() return a:recv(1) end,
    })
    check.equal(t.x, "1")
    check.equal(t + 1, 2)
    check.equal(t(), "3")
    check.is(t < t)
    check.equal(t .. "x", "5")
    check.equal(tostring(t), "6")
    wait(sender)
end)

check.everywhere("in an iterator of a for loop and in string.gmatch's", function()
    local a, b = socketpair()
    local sender = spawn(function()
        b:send("abc")
        b:shutdown(SHUT_WR)
    end)
    local got = ""
    for byte in function()
        local data = a:recv(1)
        return data ~= "" and data or nil
    end do
        got = got .. byte
    end
    check.equal(got, "abc")
    wait(sender)
end)

check.everywhere("in a finalizer", function()
    local a, b = socketpair()
    local done
    setmetatable({}, { __gc = function()
        sleep(0.001)
        done = a:send("from __gc")
    end })
    check.is(check.eventually(function()
        collectgarbage()
        return done
    end))
    check.equal(b:recv(), "from __gc")
end)

check.everywhere("an error in a function that cannot be suspended", function()
    local good, err = pcall(table.sort, { 1, 2 }, function()
        sleep(0.001)
        error("out of sort", 0)
    end)
    check.is(not good)
    check.equal(err, "out of sort")
    local a, b = socketpair()
    a:settimeout(0.005)
    good, err = pcall(string.gsub, "x", "x", function() a:recv() end)
    check.is(not good)
    check.equal(err.name, "ETIMEDOUT")
    b:close()
end)

check.everywhere("many tasks wait where Lua cannot yield", function()
    local done, all = 0, {}
    for i = 1, 20 do
        all[i] = spawn(function()
            table.sort({ 2, 1 }, function()
                sleep(0.001 * (20 - i))
                return false
            end)
            done = done + 1
        end)
    end
    for _, task in ipairs(all) do
        check.soon(wait, task)
    end
    check.equal(done, 20)
end)

check.test("too many of those are told so, and nothing is lost", function()
    local all = {}
    local failed = 0
    for i = 1, 150 do
        all[i] = spawn(pcall, table.sort, { 2, 1 }, function()
            sleep(0.01)
            return false
        end)
    end
    for _, task in ipairs(all) do
        local good, err = check.soon(wait, task)
        if not good then
            failed = failed + 1
            check.match(err, "too many calls wait")
        end
    end
    check.is(failed < 60, "most of them waited")
    sleep(0.001)
end)

check.everywhere("pcall and xpcall are as in Lua's manual", function()
    check.equal(select("#", pcall(function() end)), 1)
    check.equal(table.concat({ select(2, pcall(function(...) return ... end, 1, 2, 3)) }, ""), "123")
    check.equal(select(2, pcall(error, "x", 0)), "x")
    check.error(pcall, "pcall")
    check.error(xpcall, "xpcall", print)
    local good, message = xpcall(error, function(err) return err .. " handled" end, "x")
    check.is(good == false)
    check.equal(message, "x handled")
    good, message = xpcall(function(a, b) return a + b end, print, 1, 2)
    check.equal(message, 3)
    good, message = xpcall(error, function() error("again") end, "x")
    check.is(good == false)
    local trace
    xpcall(function() local x = nil; x() end, function() trace = debug.traceback() end)
    check.match(trace, "test_coroutine.lua")
    good, message = pcall(function()
        sleep(0)
        error("after a wait", 0)
    end)
    check.equal(message, "after a wait")
    good, message = xpcall(function()
        sleep(0)
        error("after a wait", 0)
    end, function(err) return err .. "!" end)
    check.equal(message, "after a wait!")
    check.equal(select("#", pcall(function() sleep(0) return nil, nil end)), 3)
    check.equal(select("#", xpcall(function() sleep(0) return nil, nil end, print)), 3)
end)

check.test("a stack that overflows is an ordinary error", function()
    local function deeper() return 1 + deeper() end
    check.error(deeper, "stack overflow")
    local task = spawn(pcall, deeper)
    local good, err = wait(task)
    check.is(not good)
    check.match(err, "stack overflow")
    local function nest() return coroutine.wrap(nest)() end
    check.error(nest, "overflow")
end)

check.finish()
