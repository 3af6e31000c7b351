-- SPDX-License-Identifier: MIT
--
-- Cancelling: it ends a task wherever it waits, passes through everything that catches errors, and
-- runs the <close> variables on its way.

local check = dofile("check.lua")

local function closing(action)
    return setmetatable({}, { __close = action })
end

-- Starts the body, lets it come to where it waits, cancels it: the task must end as cancelled.
local function cancelled(body, ...)
    local task = spawn(body, ...)
    sleep(0)
    sleep(0)
    cancel(task)
    local err = check.error(check.soon, "ECANCELED", wait, task)
    check.equal(err.call, "wait")
    check.match(tostring(task), "cancelled")
    check.error(wait, "ECANCELED", task)
    return task
end

check.everywhere("out of each call that waits", function()
    local a, b = socketpair()
    local listener <close> = check.listener()
    local datagram <close> = socket(AF_INET, SOCK_DGRAM)
    datagram:bind("127.0.0.1", 0)
    local full, other = socketpair()
    full:settimeout(0)
    while pcall(send, full, ("x"):rep(100000)) do end
    full:settimeout(nil)
    cancelled(recv, a)
    cancelled(recv, a, 10, MSG_WAITALL)
    cancelled(accept, listener)
    cancelled(recvfrom, datagram, 100)
    cancelled(send, full, "x")
    cancelled(sendall, full, "x")
    cancelled(poll, { a })
    cancelled(socket.select, { a })
    cancelled(sleep, 1000)
    cancelled(wait, spawn(sleep, 1000))
    cancelled(function() while true do coroutine.yield() end end)
    b:send("unharmed")
    check.equal(a:recv(), "unharmed")
    for _, task in ipairs(tasks()) do
        if tostring(task):find('"sleep"') then
            cancel(task)
        end
    end
    other:close()
end)

check.test("a task that has not begun never begins", function()
    local ran = false
    local task = spawn(function() ran = true end)
    cancel(task)
    check.error(wait, "ECANCELED", task)
    check.is(not ran, "not run")
    check.match(tostring(task), "cancelled")
end)

check.test("a task may cancel itself", function()
    local ran = false
    local task
    task = spawn(function()
        cancel(task)
        ran = true
    end)
    check.error(wait, "ECANCELED", task)
    check.is(not ran, "it went on")
end)

check.test("a cancelled task is not told of as an error", function()
    local _, complaint, status = check.run([[
        local t = spawn(sleep, 1000)
        sleep(0)
        cancel(t)
        sleep(0.01)
    ]])
    check.equal(complaint, "")
    check.equal(status, 0)
end)

check.everywhere("through pcall and xpcall, in a loop too", function()
    local listener <close> = check.listener()
    cancelled(function()
        while true do
            pcall(accept, listener)
        end
    end)
    local handled = false
    cancelled(function()
        while true do
            xpcall(accept, function() handled = true end, listener)
        end
    end)
    check.is(not handled, "the handler is not asked")
    cancelled(function()
        pcall(pcall, xpcall, pcall, print, sleep, 0)
        pcall(function()
            local good = pcall(function() pcall(sleep, 1000) end)
            error(good)
        end)
        error("not reached")
    end)
end)

check.everywhere("through coroutine.resume and wrap", function()
    local a, b = socketpair()
    cancelled(function()
        while true do
            coroutine.resume(coroutine.create(function() a:recv() end))
        end
    end)
    cancelled(function()
        while true do
            pcall(coroutine.wrap(function() pcall(recv, a) end))
        end
    end)
    cancelled(function()
        coroutine.wrap(function()
            coroutine.wrap(function()
                pcall(coroutine.wrap(function() a:recv() end))
            end)()
        end)()
    end)
    b:close()
end)

check.wherever_it_yields("where Lua cannot yield", function()
    local a, b = socketpair()
    local order = {}
    cancelled(function()
        table.sort({ 1, 2, 3 }, function() a:recv() end)
        order[1] = "went on"
    end)
    cancelled(function()
        ("abc"):gsub(".", function() pcall(recv, a) end)
        order[1] = "went on"
    end)
    cancelled(function()
        return tostring(setmetatable({}, { __tostring = function() a:recv() end }))
    end)
    check.equal(order[1], nil)
    b:close()
end)

check.wherever_it_yields("also where Lua itself catches", function()
    cancelled(function()
        while true do
            load(function() sleep(1000) end)
        end
    end)
    cancelled(function()
        while true do
            local co = coroutine.create(function()
                local slow <close> = closing(function() sleep(1000) end)
                coroutine.yield()
            end)
            coroutine.resume(co)
            coroutine.close(co)
        end
    end)
end)

check.wherever_it_yields("<close> variables run, innermost first", function()
    local order = {}
    local function note(name)
        return closing(function(_, err)
            order[#order + 1] = name
            check.is(err ~= nil, "they see that it is no ordinary end")
        end)
    end
    cancelled(function()
        local one <close> = note("one")
        pcall(function()
            local two <close> = note("two")
            coroutine.wrap(function()
                local three <close> = note("three")
                sleep(1000)
            end)()
        end)
        order[#order + 1] = "went on"
    end)
    check.equal(table.concat(order, " "), "three two one")
end)

check.wherever_it_yields("a <close> variable may wait, and be the last to be heard of", function()
    local a, b = socketpair()
    local task = spawn(function()
        local bye <close> = closing(function()
            sleep(0.005)
            a:sendall("bye")
        end)
        pcall(recv, a)
    end)
    sleep(0)
    cancel(task)
    check.error(check.soon, "ECANCELED", wait, task)
    check.equal(b:recv(), "bye")
    check.match(tostring(task), "cancelled")
end)

check.wherever_it_yields("the same where a task failed", function()
    local a, b = socketpair()
    local task = spawn(pcall, function()
        local bye <close> = closing(function()
            sleep(0.005)
            a:sendall("bye")
        end)
        error("failed", 0)
    end)
    check.equal(select(2, check.soon(wait, task)), "failed")
    check.equal(b:recv(), "bye")
end)

check.test("an error at the top of a task, and a <close> variable that waits", function()
    local output, complaint = check.run([[
        local task = spawn(function()
            local slow <close> = setmetatable({}, { __close = function() sleep(0.01) end })
            error("failed", 0)
        end)
        print(pcall(wait, task))
        print(pcall(wait, task))
        print(#tasks())
    ]])
    check.equal(output, "false\tfailed\nfalse\tfailed\n0\n")
    check.equal(complaint, "")
end)

check.wherever_it_yields("while <close> variables wait, what else is cancelled or raised harms nobody", function()
    local task = spawn(function()
        local slow <close> = closing(function() sleep(1000) end)
        local failing <close> = closing(function() error("in close", 0) end)
        sleep(1000)
    end)
    sleep(0)
    cancel(task)
    sleep(0)
    cancel(task)
    local good, err = pcall(check.soon, wait, task)
    check.is(not good)
    check.equal(err.name, "ECANCELED")
end)

check.wherever_it_yields("a pending cancel and a <close> that polls", function()
    -- poll used to leave its waits behind where it was cancelled before it began to wait, for the
    -- next call of the task to stumble over.
    local a, b = socketpair()
    local task
    task = spawn(function()
        local slow <close> = closing(function()
            collectgarbage()
            collectgarbage()
            sleep(0.001)
            check.equal(#poll({ [a] = "w" }, 1), 1)
        end)
        sleep(0)
        poll { a, b }
    end)
    sleep(0)
    cancel(task)
    check.error(check.soon, "ECANCELED", wait, task)
    local early = spawn(function()
        local slow <close> = closing(function()
            collectgarbage()
            collectgarbage()
            sleep(0.001)
        end)
        poll { a, b }
    end)
    cancel(early)
    check.error(check.soon, "ECANCELED", wait, early)
end)

check.everywhere("a cancelled task's sockets are as good as before", function()
    local listener <close>, where = check.listener()
    cancelled(accept, listener)
    local client <close> = socket()
    client:connect(where)
    local server <close> = listener:accept()
    cancelled(recv, server)
    client:send("x")
    check.equal(server:recv(), "x")
end)

check.everywhere("cancelling whoever is waited for", function()
    local slow = spawn(sleep, 1000)
    local joiner = spawn(function() return select(2, pcall(wait, slow)).name end)
    sleep(0)
    cancel(slow)
    check.equal(check.soon(wait, joiner), "ECANCELED")
    slow = spawn(sleep, 1000)
    joiner = spawn(wait, slow)
    sleep(0)
    cancel(joiner)
    check.error(check.soon, "ECANCELED", wait, joiner)
    check.match(tostring(slow), "waits in sleep")
    cancel(slow)
    sleep(0)
end)

check.everywhere("a lookup that is given up", function()
    for _ = 1, 20 do
        local task = spawn(getaddrinfo, "localhost", 80)
        cancel(task)
        check.error(check.soon, "ECANCELED", wait, task)
    end
    local task = spawn(getaddrinfo, "localhost", 80)
    sleep(0)
    cancel(task)
    local good, err = pcall(check.soon, wait, task)
    check.is(good or err.name == "ECANCELED", "it was done, or stopped")
    check.equal(gethostbyname("localhost"), "127.0.0.1")
end)

check.test("a script that ends cancels what still runs, and its <close> variables run", function()
    local output, complaint, status = check.run([[
        local begun = 0
        local function worker(name)
            local bye <close> = setmetatable({}, { __close = function() print("bye " .. name) end })
            begun = begun + 1
            while true do pcall(sleep, 1000) end
        end
        spawn(worker, "one")
        spawn(coroutine.wrap(worker), "two")
        spawn(function() wait(spawn(worker, "three")) end)
        while begun < 3 do sleep(0) end
        print("end")
    ]])
    check.equal(status, 0)
    check.equal(complaint, "")
    local lines = {}
    for line in output:gmatch("[^\n]+") do
        lines[#lines + 1] = line
    end
    check.equal(lines[1], "end")
    table.sort(lines)
    check.equal(table.concat(lines, ","), "bye one,bye three,bye two,end")
end)

check.test("a script that fails ends its tasks too, with status 1", function()
    local output, complaint, status = check.run([[
        spawn(function()
            local bye <close> = setmetatable({}, { __close = function() print("bye") end })
            sleep(1000)
        end)
        sleep(0)
        recv(socket())
    ]])
    check.equal(output, "bye\n")
    check.match(complaint, "^sockrepl: .*:6: recv: .*%(ENOTCONN%)")
    check.equal(status, 1)
end)

check.test("a script ends while a task waits where Lua cannot yield", function()
    local start = [[
        spawn(function()
            local bye <close> = setmetatable({}, { __close = function() print("bye") end })
            table.sort({ 1, 2 }, function() sleep(1000) end)
        end)
        sleep(0.01)
        ]]
    local output, complaint, status = check.run(start .. 'print("end")', nil, "timeout -s KILL 60 ")
    check.equal(output, "end\nbye\n")
    check.equal(complaint, "")
    check.equal(status, 0)
    output, complaint, status = check.run(start .. 'error("failed")', nil, "timeout -s KILL 60 ")
    check.equal(output, "bye\n")
    check.match(complaint, "failed")
    check.equal(status, 1)
end)

check.finish()
