-- SPDX-License-Identifier: MIT
--
-- The pictures as data, and as text: sockets, state, states, diagram, stream, hexdump, calls; and
-- the questions about the record: called, failed, sent, received. How they are drawn is tested with
-- the room view.

local check = dofile("check.lua")

-- Whether this system tells of TCP's states.
local probe = socket()
local tells = state(probe) ~= "unknown"
probe:close()

-- Records what `func` calls; its call lines go to standard error.
local function recorded(func)
    trace(true)
    local results = table.pack(pcall(func))
    trace(false)
    if not results[1] then
        error(results[2], 0)
    end
    return table.unpack(results, 2, results.n)
end

check.test("before anything was recorded that is said, and by name", function()
    local s <close> = socket()
    for _, name in ipairs { "diagram", "calls", "called", "sent" } do
        check.error(_G[name], name .. ".*nothing was recorded.*trace", name == "called" and "bind" or
                    name == "sent" and s or nil)
    end
    check.equal(state(s), tells and "CLOSED" or "unknown")
    check.match(tostring(states(s)), "CLOSED")
    check.equal(#states(), 0)
    check.match(tostring(states()), "TIME_WAIT")
end)

check.test("sockets are joined to the variables that hold them", function()
    listener_of_test = socket()
    listener_of_test:bind("127.0.0.1", 0)
    listener_of_test:listen(5)
    clients_of_test = { socket(), by_name = socket() }
    clients_of_test[1]:connect(listener_of_test:getsockname())
    local rows = {}
    for _, row in ipairs(sockets()) do
        rows[row.var or row.fd] = row
    end
    local listening = rows.listener_of_test
    if tells then
        check.equal(listening.state, "LISTEN")
        check.equal(listening.queued, 1)
        check.equal(listening.backlog, 5)
    end
    check.equal(listening.address, listener_of_test:getsockname())
    local connected = rows["clients_of_test[1]"]
    check.equal(connected.state, tells and "ESTABLISHED" or connected.state)
    check.equal(connected.peer, listener_of_test:getsockname())
    check.equal(connected.to_read, 0)
    check.is(rows["clients_of_test.by_name"], "a socket in a field")
    check.match(tostring(sockets()), "\nlist.*_test ") -- cut in its middle, in ASCII too
    check.match(tostring(sockets()), tells and "queue 1 of 5" or "queue")
    listener_of_test:close()
    clients_of_test[1]:close()
    clients_of_test.by_name:close()
    listener_of_test, clients_of_test = nil, nil
end)

-- The line of a lookup had 0 for its flags, whatever had been asked for.
check.test("a lookup is recorded with its flags", function()
    recorded(function()
        getnameinfo({ "127.0.0.1", 80 }, NI_NUMERICHOST | NI_NUMERICSERV)
        getaddrinfo("127.0.0.1", 80, AF_INET, SOCK_STREAM, 0, AI_NUMERICHOST)
    end)
    local shown = tostring(calls())
    check.match(shown, "getnameinfo%(127%.0%.0%.1:80, NI_NUMERICHOST|NI_NUMERICSERV%)")
    check.match(shown, "{ai_flags=AI_NUMERICHOST}")
end)

check.test("a closed connection stays in the table while the kernel keeps it", function()
    local s, where = check.listener()
    local c, d
    recorded(function()
        c = socket()
        c:connect(where)
        d = s:accept()
        c:close()
        d:recv()
        d:close()
    end)
    s:close()
    if not tells then
        return
    end
    check.equal(state(c), "TIME_WAIT")
    check.equal(state(d), "CLOSED")
    local found
    for _, row in ipairs(sockets()) do
        found = row.peer == where and row or found
    end
    check.equal(found.state, "TIME_WAIT")
    check.is(found.closed >= 0 and found.closed < 60, "seconds since close")
    check.equal(table.concat(states(c), " "),
                "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT")
end)

-- An open socket whose connection was in TIME_WAIT was said to be CLOSED: Linux has taken the
-- connection from it. That of a's is over.
check.test("a connection in TIME_WAIT is found for an open socket, too", function()
    local s, where = check.listener()
    local c, a
    recorded(function()
        c = socket()
        c:connect(where)
        a = s:accept()
        c:shutdown(SHUT_WR)
        a:recv()
        a:shutdown(SHUT_WR)
        c:recv()
    end)
    s:close()
    if tells then
        check.equal(state(c), "TIME_WAIT")
        check.equal(state(a), "CLOSED")
        check.match(tostring(c), ", connection over$")
        local way = "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT"
        check.equal(table.concat(states(c), " "), way)
        local found
        for _, row in ipairs(sockets()) do
            found = row.fd == c:fileno() and row or found
        end
        check.equal(found.state, "TIME_WAIT")
        check.equal(found.peer, where)
        recorded(function()
            c:close()
        end)
        check.equal(state(c), "TIME_WAIT")
        check.equal(table.concat(states(c), " "), way)
    end
    c:close()
    a:close()
end)

check.test("states of other kinds of sockets", function()
    local a, b = socketpair()
    local u <close> = socket(AF_INET, SOCK_DGRAM)
    check.equal(state(a), "ESTABLISHED")
    check.equal(state(u), nil)
    check.error(states, "TCP socket expected", u)
    a:close()
    b:close()
end)

check.test("calls are lines and data", function()
    local a, b, descriptor
    recorded(function()
        a, b = socketpair()
        a:send("hello")
        pcall(recv, a, 5, MSG_DONTWAIT)
        descriptor = b:fileno()
        b:close()
    end)
    local of_a = calls(a)
    check.equal(#of_a, 3)
    check.equal(of_a[2].call, "send")
    check.equal(of_a[2].data, "hello")
    check.equal(of_a[2].result, 5)
    check.equal(of_a[3].errno, EAGAIN)
    check.match(of_a[3].line, "^recv%(%d+, 5, MSG_DONTWAIT%) = %-1 EAGAIN")
    check.match(tostring(of_a), "send%(%d+, \"hello\"")
    check.equal(calls("close")[#calls("close")].fd, descriptor)
    check.error(calls, "the name of a call", "no_such_call")
    a:close()
end)

check.test("questions about the record", function()
    local s = socket()
    recorded(function()
        s:bind("127.0.0.1", 0)
        s:listen(7)
        pcall(bind, s, "127.0.0.1", 1)
        pcall(recv, s)
    end)
    check.equal(called("listen", { socket = s, backlog = 7 }), 1)
    check.equal(called("listen", { socket = s, backlog = 8 }), false)
    check.equal(called("bind", { socket = s, host = "127.0.0.1", port = 0 }), 1)
    check.equal(called("accept", { socket = s }), false)
    check.equal(failed("bind", EINVAL, { socket = s, port = 1 }), 1)
    check.equal(failed("bind", EADDRINUSE, { socket = s }), false)
    check.equal(failed("recv", nil, { socket = s }), 1)
    check.error(called, "got the key \"prot\"", "bind", { prot = 1 })
    s:close()
end)

check.test("bytes that were sent and received", function()
    local a, b
    local long = ("x"):rep(3000)
    recorded(function()
        a, b = socketpair()
        a:send("one ")
        a:send("two")
        b:recv(5, MSG_PEEK)
        b:recv(5)
        b:send(long)
    end)
    check.equal(sent(a), "one two")
    check.equal(received(b), "one t")
    local data, count = sent(b)
    check.equal(count, 3000)
    check.equal(data, long:sub(1, 1024))
    local there = stream(a)[1]
    check.equal(#there.sends, 2)
    check.equal(there.sends[2].offset, 4)
    check.equal(there.received, 5)
    check.match(tostring(stream(a)), "one two")
    a:close()
    b:close()
end)

check.test("a diagram is rows, and a pause is told", function()
    local a, b
    recorded(function()
        a, b = socketpair()
        a:send("before")
    end)
    b:recv()
    recorded(function() a:send("after") end)
    local kinds = {}
    for _, row in ipairs(diagram(a)) do
        kinds[row.kind] = (kinds[row.kind] or 0) + 1
        check.equal(type(row.text), "string")
    end
    check.is(kinds.call >= 3 and kinds.segment >= 2, "calls and segments")
    check.match(tostring(diagram()), "record was paused")
    a:close()
    b:close()
end)

-- A task accepted, thanked and closed before connect() came back: its result stood beside CLOSE_WAIT,
-- above the FIN that leads there.
check.test("no state stands above what led to it", function()
    local s, where = check.listener()
    local k
    recorded(function()
        local task = spawn(function()
            local c <close> = s:accept()
            c:send("thanks")
        end)
        k = socket()
        k:connect(where)
        wait(task)
        k:recv()
    end)
    local ended = false
    for _, row in ipairs(diagram(k)) do
        ended = ended or row.text == "FIN"
        check.is(ended or row.left_state ~= "CLOSE_WAIT", "CLOSE_WAIT only from the FIN on")
    end
    check.equal(ended, true)
    k:close()
    s:close()
end)

check.test("pictures in files", function()
    local name = os.tmpname()
    local a, b
    recorded(function()
        a, b = socketpair()
        a:send("</script><b>&\27]52;c;\7")
    end)
    check.equal(diagram(name .. ".svg"), name .. ".svg")
    check.equal(diagram(a, name .. ".svg"), name .. ".svg")
    check.equal(export(name .. ".html"), name .. ".html")
    check.equal(export(name .. ".json"), name .. ".json")
    for _, suffix in ipairs { ".svg", ".html", ".json" } do
        local file <close> = io.open(name .. suffix)
        local text = file:read("a")
        check.is(#text > 500, suffix .. " has something in it")
        check.is(not text:find("[\0-\8\11-\31\127]"), "no control character in " .. suffix)
        check.is(not text:find("</script><b>", 1, true), "no markup from the network")
        os.remove(name .. suffix)
    end
    os.remove(name)
    check.error(export, "ends in .html", "lesson.txt")
    check.error(diagram, "ends in .svg", "talk.png")
    check.error(export, "cannot write /nonexistent/x.html: No such file", "/nonexistent/x.html")
    a:close()
    b:close()
end)

check.test("a hexdump", function()
    local dump = hexdump("0123456789abcdef\0\27")
    check.equal(#dump, 2)
    check.equal(dump[2].offset, 16)
    check.equal(dump[2].hex, "00 1b")
    check.equal(dump[2].bytes, "\0\27")
    check.match(tostring(dump), "^000000  30 31")
    check.is(not tostring(dump):find("[\0\27]"), "no raw control character")
    check.equal(tostring(hexdump("")), "no bytes")
end)

check.test("a day's use does not grow the record", function()
    local u = socket(AF_INET, SOCK_DGRAM)
    u:bind("127.0.0.1", 0)
    local where = u:getsockname()
    io.stderr:setvbuf("full")
    recorded(function()
        for _ = 1, 6000 do
            u:sendto("x", where)
            u:recv(1)
        end
    end)
    check.is(#calls() < 12000, "the oldest fall out")
    check.match(tostring(calls()), "earlier calls fell out of the record")
    check.match(tostring(diagram(u)), "earlier")
    u:close()
end)

-- A thousand connections rested in TIME_WAIT; the table had sixteen of them and spoke of no others.
check.test("closed connections that were not looked for are counted", function()
    local listener <close>, where = check.listener()
    recorded(function()
        check.is(not tostring(sockets()):find("earlier"), "there are none yet")
        for _ = 1, 40 do
            local client = socket()
            client:connect(where)
            local server = listener:accept()
            client:close()
            server:close()
        end
    end)
    local count = tonumber(tostring(sockets()):match("(%d+) closed earlier: not looked for"))
    check.is(count and count >= 48, "80 were closed, of 32 the kernel was asked")
end)

-- Once the collector ran while calls() was at the oldest entries; a finalizer made calls, and those
-- entries fell out of the full record under its hands.
check.test("a finalizer that makes calls disturbs no picture", function()
    local a, b = socketpair()
    local block, armed = ("x"):rep(1500), false
    local function fill()
        for _ = 1, 1500 do
            a:send(block)
            b:recv()
        end
    end
    local meta = { __gc = function()
        if armed then
            armed = false
            fill()
        end
    end }
    io.stderr:setvbuf("full")
    local fields = setmetatable({}, { __index = function(_, name)
        if name == "size" and armed then
            armed = false
            fill()
        end
    end })
    recorded(function()
        fill()
        local pictures = {
            calls, function() stream(a) end, function() diagram(a) end,
            function() called("send", fields) end,
        }
        for _, picture in ipairs(pictures) do
            for _ = 1, 3 do
                armed = true
                setmetatable({}, meta)
                picture()
            end
        end
        armed = false
    end)
    check.is(#calls() < 5000, "afterwards the record is bounded again")
    a:close()
    b:close()
end)

check.finish()
