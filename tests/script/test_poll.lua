-- SPDX-License-Identifier: MIT
--
-- poll and socket.select: which sockets are ready, for what, and how long that is waited for.

local check = dofile("check.lua")

local function set_of(list)
    local set = {}
    for _, s in ipairs(list) do
        check.equal(set[s], nil, "once")
        set[s] = true
    end
    return set
end

check.everywhere("a list waits for reading", function()
    local a, b = socketpair()
    local c, d = socketpair()
    check.equal(#poll({ a, c }, 0), 0)
    b:send("x")
    local ready = poll { a, c }
    check.equal(#ready, 1)
    check.is(ready[1] == a)
    check.equal(ready[a], "r")
    check.equal(ready[c], nil)
    d:send("y")
    check.equal(#poll { a, c }, 2)
    check.equal(a:recv() .. c:recv(), "xy")
    check.equal(#poll({ a, c }, 0), 0)
end)

check.everywhere("a socket as a key says what for", function()
    local a, b = socketpair()
    local ready = poll { [a] = "w" }
    check.equal(ready[a], "w")
    check.is(ready[1] == a and #ready == 1)
    check.equal(#poll({ [a] = "r" }, 0), 0)
    check.equal(poll { [a] = "rw" }[a], "w")
    b:send("x")
    check.equal(poll { [a] = "rw" }[a], "rw")
    check.equal(poll { [a] = "wr" }[a], "rw")
    check.equal(poll { [a] = "r" }[a], "r")
end)

check.everywhere("both in one table, the same socket too", function()
    local a, b = socketpair()
    local c, d = socketpair()
    b:send("x")
    local ready = poll { a, [c] = "w" }
    check.equal(ready[a] .. ready[c], "rw")
    check.equal(#ready, 2)
    ready = poll { a, a, [a] = "w" }
    check.equal(#ready, 1)
    check.equal(ready[a], "rw")
    d:close()
end)

check.everywhere("the end of a stream, and what follows", function()
    local a, b = check.connection()
    b:close()
    check.equal(poll { a }[a], "r")
    check.equal(a:recv(), "")
    local c, d = socketpair()
    d:send("rest")
    d:close()
    check.equal(poll { c }[c], "hup")
    check.equal(c:recv(), "rest")
    check.equal(c:recv(), "")
    check.equal(poll { [c] = "w" }[c], "hup")
end)

check.everywhere("an error", function()
    local r <close> = socket(AF_INET, SOCK_DGRAM)
    r:bind("127.0.0.1", 0)
    local s <close> = socket(AF_INET, SOCK_DGRAM)
    s:connect(r:getsockname())
    r:close()
    s:send("x")
    check.equal(poll { s }[s], "err")
    check.error(recv, "ECONNREFUSED", s)
end)

check.everywhere("a listener is ready when somebody comes", function()
    local listener <close>, where = check.listener()
    check.equal(#poll({ listener }, 0), 0)
    local client <close> = socket()
    client:connect(where)
    check.equal(poll { listener }[listener], "r")
    local server <close> = listener:accept()
    check.equal(#poll({ listener }, 0), 0)
end)

check.everywhere("it waits for what comes later", function()
    local a, b = socketpair()
    local sender = spawn(function()
        sleep(0.01)
        b:send("x")
    end)
    check.equal(poll({ a }, 10)[a], "r")
    wait(sender)
    check.equal(#poll({}, 0.01), 0)
    check.equal(#poll({}, 0), 0)
end)

check.everywhere("select returns two lists", function()
    local a, b = socketpair()
    local c, d = socketpair()
    local readers, writers = socket.select({ a, c }, { b }, 0)
    check.equal(#readers, 0)
    check.is(#writers == 1 and writers[1] == b)
    b:send("x")
    readers, writers = socket.select({ a, c }, nil, 10)
    check.is(#readers == 1 and readers[1] == a and #writers == 0)
    readers, writers = socket.select({ a }, { a, b }, 0)
    check.is(#readers == 1 and #writers == 2)
    readers, writers = socket.select(nil, { c })
    check.is(#readers == 0 and #writers == 1)
    readers, writers = socket.select({}, {}, 0)
    check.equal(#readers + #writers, 0)
    readers, writers = socket.select(nil, nil, 0.01)
    check.equal(#readers + #writers, 0)
    d:close()
    readers = socket.select({ a, c })
    check.equal(#readers, 2)
end)

check.test("a number of seconds, or nil", function()
    local a, b = socketpair()
    b:send("x")
    check.equal(#poll({ a }, nil), 1)
    for _, wrong in ipairs { -1, -0.001, 0 / 0, 1 / 0, "1", true, {}, 1e30 } do
        check.match(check.error(poll, "timeout", { a }, wrong), "poll")
        check.match(check.error(socket.select, "timeout", { a }, nil, wrong), "select")
    end
    check.error(poll, "poll", { a }, 0, 1)
    check.error(socket.select, "select", { a }, nil, 0, 1)
end)

check.test("anything else in the table is an error that says what", function()
    local a, b = socketpair()
    check.error(poll, "sockets", a)
    check.error(poll, "sockets")
    check.error(poll, "sockets", nil, 0)
    check.error(poll, "got 5", { 5 }, 0)
    check.error(poll, "got \"x\"", { a, "x" }, 0)
    check.error(poll, "got \"name\"", { a, name = "r" }, 0)
    check.error(poll, "got \"x\"", { [a] = "x" }, 0)
    check.error(poll, "got true", { [a] = true }, 0)
    check.error(poll, "got \"\"", { [a] = "" }, 0)
    check.error(poll, "poll", { a, nil, b }, 0)
    check.error(socket.select, "readers", a, nil, 0)
    check.error(socket.select, "writers", nil, a, 0)
    check.error(socket.select, "readers.*got 1", { 1 }, nil, 0)
    check.error(socket.select, "select", { x = a }, nil, 0)
    check.error(socket.select, "select", nil, { [a] = "r" }, 0)
end)

check.everywhere("a socket that is closed meanwhile is EBADF", function()
    local a, b = socketpair()
    local c, d = socketpair()
    local closer = spawn(function()
        sleep(0.005)
        c:close()
    end)
    local err = check.error(poll, "EBADF", { a, c })
    check.equal(err.call, "poll")
    check.match(err.hint, "another task")
    wait(closer)
    closer = spawn(function()
        sleep(0.005)
        b:close()
    end)
    check.error(socket.select, "EBADF", { a }, { b, c })
    check.error(socket.select, "EBADF", { b })
    wait(closer)
    d:close()
end)

check.everywhere("two tasks poll one socket", function()
    local a, b = socketpair()
    local function poller()
        return poll({ a }, 10)[a]
    end
    local first, second = spawn(poller), spawn(poller)
    sleep(0)
    b:send("x")
    check.equal(wait(first) .. wait(second), "rr")
end)

check.everywhere("one polls while another receives", function()
    local a, b = socketpair()
    local poller = spawn(poll, { a, [b] = "r" }, 10)
    local receiver = spawn(recv, a)
    sleep(0)
    a:send("to b")
    check.equal(wait(poller)[b], "r")
    b:send("to a")
    check.equal(wait(receiver), "to a")
end)

check.everywhere("asking again and again keeps nobody from the turn", function()
    local a, b = socketpair()
    local sender = spawn(function() b:send("x") end)
    local turns = 0
    repeat
        turns = turns + 1
    until #poll({ a }, 0) > 0 or turns == 100000
    check.is(turns < 100000, "the other task had its turn")
    turns = 0
    local done = false
    local other = spawn(function() done = true end)
    repeat
        turns = turns + 1
        socket.select({ a }, { a }, 10)
    until done or turns == 100000
    check.is(done, "also where something is always ready")
    wait(sender)
    wait(other)
end)

check.everywhere("more than a thousand", function()
    local all, list = {}, {}
    for i = 1, 1100 do
        local good, a, b = pcall(socketpair)
        if not good then
            check.equal(a.name, "EMFILE")
            break
        end
        all[#all + 1] = { a, b }
        list[#list + 1] = a
    end
    check.is(#all > 100)
    check.equal(#poll(list, 0), 0)
    all[#all][2]:send("x")
    all[1][2]:send("x")
    local ready = set_of(poll(list))
    check.is(ready[list[1]] and ready[list[#list]])
    check.equal(#socket.select(list, list), 2)
    for _, pair in ipairs(all) do
        pair[1]:close()
        pair[2]:close()
    end
end)

-- poll(clients) while there was no client said that it waits for a socket that is ready.
check.test("a wait for no socket says so", function()
    local idle, timed = spawn(poll, {}), spawn(socket.select, nil, nil, 3600)
    while tostring(timed):find("about to run") do
        sleep(0)
    end
    check.match(tostring(idle), "waits in poll for nothing: it was given no socket")
    check.match(tostring(timed), "waits in select for 3%d+ more seconds")
    cancel(idle)
    cancel(timed)
end)

check.everywhere("poll goes on as it is while the set's table changes", function()
    local a, b = socketpair()
    local c, d = socketpair()
    local set = { a }
    local changer = spawn(function()
        set[1], set[2] = c, d
        collectgarbage()
        b:send("x")
    end)
    local ready = poll(set, 10)
    check.is(ready[1] == a and #ready == 1)
    wait(changer)
end)

check.finish()
