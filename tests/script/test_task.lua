-- SPDX-License-Identifier: MIT
--
-- Tasks: they go on whenever something waits, return or raise to whoever waits for them, and share
-- sockets without taking anything from one another.

local check = dofile("check.lua")

check.test("spawn passes arguments, wait gives the results", function()
    check.equal(table.concat({ wait(spawn(function(...) return ... end, 1, "b", 3)) }, " "), "1 b 3")
    check.equal(select("#", wait(spawn(function() end))), 0)
    check.equal(select("#", wait(spawn(function(...) return ... end, nil, nil))), 2)
    check.equal(wait(spawn(tostring, 5)), "5")
    check.equal(wait(spawn(gethostname)), gethostname())
end)

check.test("any number of results and arguments", function()
    local many = {}
    for i = 1, 5000 do
        many[i] = i
    end
    local task = spawn(function(...) return ... end, table.unpack(many))
    check.equal(select("#", wait(task)), 5000)
    check.equal((select(5000, wait(task))), 5000)
    check.equal(select("#", wait(task)), 5000, "again")
end)

check.test("a task has ended for ever", function()
    local task = spawn(function() return "done" end)
    check.equal(wait(task), "done")
    check.equal(wait(task), "done")
    check.equal(task:wait(), "done")
    cancel(task)
    task:cancel()
    check.equal(wait(task), "done")
    check.match(tostring(task), "done")
end)

check.test("wait raises what the task raised", function()
    local thing = {}
    local good, err = pcall(wait, spawn(error, thing))
    check.is(not good and rawequal(err, thing))
    good, err = pcall(wait, spawn(function() error("text", 0) end))
    check.equal(err, "text")
    good, err = pcall(wait, spawn(function() recv(socket()) end))
    check.equal(err.name, "ENOTCONN")
    good, err = pcall(wait, spawn(error, nil))
    check.is(not good and err == nil)
end)

check.test("wrong arguments", function()
    for _, wrong in ipairs { 1, "print", {}, true, socket(), AF_INET } do
        check.match(check.error(spawn, "function", wrong), "spawn")
        check.match(check.error(wait, "task", wrong), "wait")
        check.match(check.error(cancel, "task", wrong), "cancel")
    end
    check.error(spawn, "spawn")
    check.error(wait, "wait")
    check.error(cancel, "cancel")
    check.error(tasks, "tasks", 1)
    local task = spawn(function() end)
    check.error(wait, "wait", task, 1)
    check.error(cancel, "cancel", task, 1)
    wait(task)
    for _, wrong in ipairs { -1, 0 / 0, -0.001, 1 / 0, "1", true, {}, 1e20 } do
        check.match(check.error(sleep, "seconds", wrong), "sleep")
    end
    check.error(sleep, "sleep")
    check.error(sleep, "sleep", 0, 1)
end)

check.everywhere("a task runs while something waits", function()
    local steps = {}
    local task = spawn(function()
        for i = 1, 3 do
            steps[#steps + 1] = "t" .. i
            sleep(0.001)
        end
    end)
    check.equal(#steps, 0, "not before")
    check.eventually(function() return #steps == 3 end)
    check.equal(table.concat(steps, " "), "t1 t2 t3")
    wait(task)
end)

check.test("each blocking call of the foreground lets tasks run", function()
    local a, b = socketpair()
    local polled, poller = socketpair()
    local listener <close>, where = check.listener()
    local datagrams <close> = socket(AF_INET, SOCK_DGRAM)
    datagrams:bind("127.0.0.1", 0)
    local full = socketpair()
    local other <close> = socket(AF_INET, SOCK_DGRAM)
    local unblock = {
        recv = { function() b:send("x") end, recv, a },
        accept = { function() connect(socket(), where) end, accept, listener },
        recvfrom = { function() other:sendto("x", datagrams:getsockname()) end, recvfrom, datagrams },
        poll = { function() poller:send("x") end, poll, { polled } },
        select = { function() end, socket.select, nil, nil, 0.5, n = 5 },
        sleep = { function() end, sleep, 0.001 },
    }
    for name, entry in pairs(unblock) do
        local ran = false
        local task = spawn(function()
            ran = true
            entry[1]()
        end)
        entry[2](table.unpack(entry, 3, entry.n))
        check.is(ran, name)
        wait(task)
    end
    full:close()
end)

check.test("print and tasks say what each waits for", function()
    local listener <close>, where = check.listener()
    local a, b = socketpair()
    function echo_server() listener:accept() end
    local server = spawn(echo_server)
    local reader = spawn(function() a:recv() end)
    local sleeper = spawn(sleep, 1000)
    local joiner = spawn(function() wait(sleeper) end)
    local poller = spawn(function() poll { a } end)
    check.match(tostring(server), "about to run")
    sleep(0)
    check.match(tostring(server), '^task %d+ "echo_server": waits in accept on 127.0.0.1:' ..
        where.port)
    check.match(tostring(reader), "waits in recv")
    check.match(tostring(sleeper), '"sleep": waits in sleep')
    check.match(tostring(joiner), 'waits in wait for task %d+ "sleep"')
    check.match(tostring(poller), "waits in poll")
    check.equal(#tasks(), 5)
    check.is(tasks()[1] == server)
    check.match(tostring(tasks()), "echo_server.*\n.*recv.*\n.*sleep")
    for _, task in ipairs(tasks()) do
        cancel(task)
    end
    sleep(0)
    check.equal(#tasks(), 0)
    check.equal(tostring(tasks()), "no tasks")
    check.match(tostring(server), "cancelled")
    check.match(tostring(joiner), "cancelled")
    echo_server = nil
    b:close()
end)

check.test("a long or strange name of a task", function()
    for _, name in ipairs { ("n"):rep(300), "nnnn" .. ("\u{E4}"):rep(300), "nnnnn" .. ("\u{E4}"):rep(300) } do
        _G[name] = function() sleep(0) end
        local task = spawn(_G[name])
        check.match(tostring(task), "nnnn")
        check.is(utf8.len(tostring(task)), "it was cut within a character")
        wait(task)
        _G[name] = nil
    end
end)

check.test("wait for oneself, and in a circle", function()
    local self
    self = spawn(function() wait(self) end)
    local _, err = pcall(wait, self)
    check.match(err, "wait.*own")
    local one, two, three
    one = spawn(function() return pcall(wait, two) end)
    two = spawn(function() return pcall(wait, three) end)
    three = spawn(function() return pcall(wait, one) end)
    local good, told = wait(three)
    check.is(not good)
    check.match(told, "wait.*for ever")
    check.is(wait(one))
    check.is(wait(two))
end)

check.test("many wait for one", function()
    local slow = spawn(function()
        sleep(0.01)
        return "end"
    end)
    local all = {}
    for i = 1, 20 do
        all[i] = spawn(wait, slow)
    end
    for _, task in ipairs(all) do
        check.equal(wait(task), "end")
    end
end)

check.everywhere("closing a socket wakes who waits on it, with EBADF", function()
    local listener <close> = check.listener()
    local a, b = socketpair()
    local datagram <close> = socket(AF_INET, SOCK_DGRAM)
    datagram:bind("127.0.0.1", 0)
    local c, d = socketpair()
    c:settimeout(0)
    while pcall(send, c, ("x"):rep(100000)) do end
    c:settimeout(nil)
    local waits = {
        { listener, accept }, { a, recv }, { datagram, recvfrom, 10 }, { c, send, "x" },
        { c, sendall, ("x"):rep(1000000) }, { a, recv, 10, MSG_WAITALL }, { b, recv, 10, MSG_PEEK },
    }
    local all = {}
    for i, entry in ipairs(waits) do
        all[i] = spawn(pcall, entry[2], entry[1], table.unpack(entry, 3))
    end
    sleep(0)
    for _, entry in ipairs(waits) do
        entry[1]:close()
    end
    local others = {}
    for i = 1, 4 do
        others[i] = { socketpair() }
        others[i][1]:send("for somebody else")
        others[i][2]:send("for somebody else")
    end
    for _, task in ipairs(all) do
        local good, err = wait(task)
        check.is(not good)
        check.equal(err.name, "EBADF", tostring(task))
        check.match(err.hint, "closed", tostring(task))
    end
    for _, pair in ipairs(others) do
        check.equal(pair[1]:recv(), "for somebody else")
        check.equal(pair[2]:recv(), "for somebody else")
    end
    d:close()
end)

check.everywhere("a waiter never gets what belongs to a reused number", function()
    for _ = 1, 50 do
        local a, b = socketpair()
        local number = a:fileno()
        local waiter = spawn(pcall, recv, a)
        sleep(0)
        a:close()
        b:close()
        local c, d = socketpair()
        check.is(c:fileno() == number or d:fileno() == number, "the number was reused")
        c:send("private")
        d:send("private")
        check.equal(select(2, wait(waiter)).name, "EBADF")
        check.equal(c:recv() .. d:recv(), "privateprivate")
        c:close()
        d:close()
    end
end)

check.everywhere("two tasks receive from one socket: nothing is lost or doubled", function()
    local a, b = socketpair(AF_UNIX, SOCK_SEQPACKET)
    local seen = {}
    local function reader()
        local count = 0
        while true do
            local number = a:recv()
            if number == "" then
                return count
            end
            check.equal(seen[number], nil)
            seen[number] = true
            count = count + 1
        end
    end
    local first, second = spawn(reader), spawn(reader)
    for i = 1, 500 do
        b:send(tostring(i))
        if i % 7 == 0 then
            sleep(0)
        end
    end
    b:close()
    check.equal(wait(first) + wait(second), 500)
end)

check.everywhere("two tasks accept on one listener", function()
    local listener <close>, where = check.listener()
    local function acceptor() return (listener:accept()) end
    local first, second = spawn(acceptor), spawn(acceptor)
    sleep(0)
    local x, y = socket(), socket()
    x:connect(where)
    y:connect(where)
    check.is(wait(first) ~= wait(second))
end)

check.everywhere("a hundred tasks echo through each other", function()
    local count, before = 100, #tasks()
    local listener <close>, where = check.listener()
    local function serve(c)
        repeat
            local data = c:recv()
            c:sendall(data)
        until data == ""
        c:close()
    end
    local server = spawn(function()
        for _ = 1, count do
            spawn(serve, (listener:accept()))
        end
    end)
    local clients = {}
    for i = 1, count do
        clients[i] = spawn(function()
            local s <close> = socket()
            s:connect(where)
            local got = 0
            for round = 1, 10 do
                local text = i .. ":" .. round
                s:sendall(text)
                check.equal(s:recv(#text, MSG_WAITALL), text)
                got = got + #text
            end
            return got
        end)
    end
    local total = 0
    for _, client in ipairs(clients) do
        total = total + wait(client)
    end
    check.is(total > 4000)
    wait(server)
    check.is(check.eventually(function() return #tasks() == before end), "the servers end")
end)

check.everywhere("a ring of tasks passes a token on", function()
    local links, count, before = {}, 50, #tasks()
    for i = 1, count do
        links[i] = { socketpair() }
    end
    for i = 1, count - 1 do
        spawn(function()
            for _ = 1, 20 do
                links[i + 1][1]:send(links[i][2]:recv())
            end
        end)
    end
    for round = 1, 20 do
        links[1][1]:send("token" .. round)
        check.equal(links[count][2]:recv(), "token" .. round)
    end
    check.is(check.eventually(function() return #tasks() == before end))
end)

check.everywhere("one busy connection starves nobody", function()
    local a, b = socketpair()
    local stop = false
    local busy = spawn(function()
        while not stop do
            a:send("x")
            b:recv(1)
        end
    end)
    local quiet = 0
    for _ = 1, 20 do
        sleep(0)
        quiet = quiet + 1
    end
    stop = true
    wait(busy)
    check.equal(quiet, 20)
end)

check.test("a task may spawn, and end before what it spawned", function()
    local inner
    local outer = spawn(function()
        inner = spawn(function()
            sleep(0.01)
            return "inner"
        end)
        return "outer"
    end)
    check.equal(wait(outer), "outer")
    check.equal(wait(inner), "inner")
end)

check.test("a task that nothing refers to goes on", function()
    local a, b = socketpair()
    spawn(function()
        sleep(0.005)
        a:send("still here")
    end)
    collectgarbage()
    collectgarbage()
    check.equal(b:recv(), "still here")
end)

check.test("thousands of tasks that end at once", function()
    local sum = 0
    for i = 1, 5000 do
        spawn(function() sum = sum + i end)
    end
    sleep(0)
    check.equal(sum, 5000 * 5001 // 2)
    check.equal(#tasks(), 0)
end)

check.test("sleeps end in the order of their times", function()
    local order = {}
    local all = {}
    -- A busy machine may start one of them some hundredths of a second behind the one before.
    for i, seconds in ipairs { 0.6, 0.2, 0.4, 0 } do
        all[i] = spawn(function()
            sleep(seconds)
            order[#order + 1] = seconds
        end)
    end
    for _, task in ipairs(all) do
        wait(task)
    end
    check.equal(table.concat(order, " "), "0 0.2 0.4 0.6")
end)

check.test("an error that nobody waits for is told with its place, and ends its task alone", function()
    local output, complaint, status = check.run([[
        local function inner() error("went wrong") end
        function worker() inner() end
        local function all_end() while #tasks() > 0 do sleep(0) end end
        spawn(worker)
        all_end()
        spawn(function() recv(socket()) end)
        spawn(function() sleep(0) error({}) end)
        all_end()
        print("goes on", #tasks())
    ]])
    check.equal(output, "goes on\t0\n")
    check.equal(status, 0)
    check.match(complaint, 'task 1 "worker".*:1: went wrong')
    check.match(complaint, ":1 in .*inner")
    check.match(complaint, "at %S+:2")
    check.match(complaint, "ENOTCONN")
    check.match(complaint, "connect")
end)

-- A recv on a listening socket by mistake waited for ever while a task waited in accept on it.
check.test("recv on a listener fails at once, whoever waits there", function()
    local s <close> = check.listener()
    local task = spawn(function() pcall(accept, s) end)
    sleep(0)
    check.equal(check.error(recv, "ENOTCONN", s).name, "ENOTCONN")
    cancel(task)
end)

check.finish()
