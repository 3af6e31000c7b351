-- SPDX-License-Identifier: MIT
--
-- The error object: its fields, how it prints, and that its hint speaks of this call and this
-- socket.

local check = dofile("check.lua")

-- A port of loopback on which nobody listens.
local function refusing()
    local s <close>, where = check.listener()
    return where
end

check.everywhere("the fields of a refused connect", function()
    local where = refusing()
    local s <close> = socket()
    local err = check.error(connect, "ECONNREFUSED", s, where)
    check.equal(err.call, "connect")
    check.is(rawequal(err.errno, ECONNREFUSED))
    check.equal(err.message, "Connection refused")
    check.equal(err.address, where)
    check.equal(tostring(err), "connect: Connection refused (ECONNREFUSED)")
    check.equal("failed: " .. err, "failed: connect: Connection refused (ECONNREFUSED)")
    check.equal(err .. "!", "connect: Connection refused (ECONNREFUSED)!")
    check.match(err.hint, "127%.0%.0%.1")
    check.match(err.hint, tostring(where.port))
    check.match(err.hint, "listen")
    check.equal(err.sent, nil)
    check.equal(err.anything, nil)
    check.equal(err[1], nil)
end)

check.test("a program decides by name or by errno", function()
    local good, err = pcall(recv, socket())
    check.is(not good and err.name == "ENOTCONN" and err.errno == ENOTCONN)
    local message = select(2, xpcall(recv, function(e) return e.name end, socket()))
    check.equal(message, "ENOTCONN")
end)

check.test("it passes through error() and coroutines as itself", function()
    local kept
    local co = coroutine.create(function()
        local good, err = pcall(accept, socket())
        kept = err
        error(err)
    end)
    local good, err = coroutine.resume(co)
    check.is(not good and rawequal(err, kept))
    check.equal(err.name, "EINVAL")
end)

check.test("it lives on when its socket is gone", function()
    local err
    do
        local s <close> = socket()
        err = check.error(recv, "ENOTCONN", s)
    end
    for _ = 1, 3 do
        collectgarbage()
    end
    local other <close> = check.connection()
    check.equal(err.name, "ENOTCONN")
    check.match(err.hint, "connect")
    check.equal(err.call, "recv")
end)

check.test("its metatable is not to be had, and its fields are not set", function()
    local _, err = pcall(recv, socket())
    check.equal(getmetatable(err), false)
    check.error(function() err.name = "x" end, "index")
end)

-- What must stand in the hint of a call that fails so: {words, errno, function}.
local hints = {
    { "EADDRINUSE of a socket of this shell", "EADDRINUSE", { "this shell" }, function()
        local s, where = check.listener()
        local good, err = pcall(bind, socket(), where)
        error { name = err.name, hint = err.hint, s:close() }
    end },
    { "EADDRINUSE where a connection has the listener's address too", "EADDRINUSE",
        { "holder_of_it, a listening socket of this shell" }, function()
            local where, gone
            holder_of_it, where = check.listener()
            gone = socket()
            gone:connect(where)
            accepted_from_it = holder_of_it:accept()
            local good, err = pcall(bind, socket(), where)
            for _, s in ipairs { gone, accepted_from_it, holder_of_it } do s:close() end
            holder_of_it, accepted_from_it = nil, nil
            error { name = err.name, hint = err.hint }
        end },
    { "EADDRINUSE of a bound socket's name", "EADDRINUSE", { "holder_of_it", "this shell" }, function()
        local where
        holder_of_it, where = check.listener()
        local gone <close> = setmetatable({}, { __close = function() holder_of_it = nil end })
        local good, err = pcall(bind, socket(), where)
        error { name = err.name, hint = err.hint }
    end },
    -- Only variables were told, and a server runs in a task as often as not.
    { "EADDRINUSE of a task's socket", "EADDRINUSE", { "mine of task %d+ \"", "this shell" }, function()
        local where
        local task = spawn(function()
            local mine <close>, address = check.listener()
            where = address
            mine:accept()
        end)
        sleep(0.05)
        local good, err = pcall(bind, socket(), where)
        cancel(task)
        error { name = err.name, hint = err.hint }
    end },
    { "EADDRINUSE of what a task waits on", "EADDRINUSE", { "socket %d+ of task %d+ \"" }, function()
        local held, where = { check.listener() }
        where = held[2]
        local task = spawn(accept, held[1])
        sleep(0.05)
        local good, err = pcall(bind, socket(), where)
        cancel(task)
        error { name = err.name, hint = err.hint, held[1]:close() }
    end },
    { "EADDRINUSE where TIME_WAIT stands in the way", "EADDRINUSE", { "TIME_WAIT", "SO_REUSEADDR" },
        function()
            local listener, where = check.listener()
            local client = socket()
            client:connect(where)
            local server = listener:accept()
            server:close()
            client:recv()
            client:close()
            listener:close()
            check.eventually(function()
                return not pcall(bind, socket(), where)
            end)
            bind(socket(), where)
        end },
    { "EADDRNOTAVAIL", "EADDRNOTAVAIL", { "192%.0%.2%.1", "this computer" }, function()
        bind(socket(), "192.0.2.1", 0)
    end },
    { "ENOTCONN on a listening socket", "ENOTCONN", { "listen", "accept" }, function()
        recv((check.listener()))
    end },
    { "ENOTCONN on a fresh one", "ENOTCONN", { "connect" }, function()
        recv(socket())
    end },
    { "EISCONN", "EISCONN", { "connected" }, function()
        connect((check.connection()), "127.0.0.1", 9)
    end },
    { "EINVAL of listen on a connected socket", "EINVAL", { "connect" }, function()
        listen((check.connection()))
    end },
    { "EINVAL of accept without listen", "EINVAL", { "listen" }, function()
        accept(socket())
    end },
    { "EPIPE after SHUT_WR", "EPIPE", { "shutdown" }, function()
        local a, b = socketpair()
        a:shutdown(SHUT_WR)
        a:send("x")
    end },
    { "EPIPE after the peer closed", "EPIPE", { "closed" }, function()
        local a, b = socketpair()
        b:close()
        a:send("x")
    end },
    { "ECONNRESET", "ECONNRESET", { "peer" }, function()
        local a, b = check.connection()
        a:send("never read")
        b:recv(1)
        b:close()
        a:settimeout(5)
        a:recv()
    end },
    { "ETIMEDOUT of settimeout", "ETIMEDOUT", { "settimeout" }, function()
        local a, b = socketpair()
        a:settimeout(0.001)
        a:recv()
        b:close()
    end },
    { "EAGAIN of a socket that never waits", "EAGAIN", { "settimeout" }, function()
        local a, b = socketpair()
        a:settimeout(0)
        a:recv()
        b:close()
    end },
    { "EAFNOSUPPORT", "EAFNOSUPPORT", { "AF_INET" }, function()
        socket(45)
    end },
    { "EPROTOTYPE", "EPROTOTYPE", { "type" }, function()
        local home <close> = check.directory()
        local r = socket(AF_UNIX, SOCK_DGRAM)
        r:bind(home.path .. "/datagrams")
        connect(socket(AF_UNIX), home.path .. "/datagrams")
    end },
    { "EDESTADDRREQ", "EDESTADDRREQ", { "sendto" }, function()
        send(socket(AF_INET, SOCK_DGRAM), "x")
    end },
    { "EMSGSIZE", "EMSGSIZE", { "70000" }, function()
        sendto(socket(AF_INET, SOCK_DGRAM), ("x"):rep(70000), "127.0.0.1", 9)
    end },
    { "EBADF after close", "EBADF", { "closed" }, function()
        local s = socket()
        s:close()
        s:send("x")
    end },
    { "EAI_NONAME", "EAI_NONAME", { "no such host" }, function()
        getaddrinfo("no such host", 80)
    end },
    { "EAI_SERVICE", "EAI_SERVICE", { "nosuchservice" }, function()
        getservbyname("nosuchservice")
    end },
    { "ENETUNREACH or its like", "^E", {}, function()
        local s = socket(AF_INET, SOCK_DGRAM)
        s:setsockopt(SOL_SOCKET, SO_DONTROUTE, 1)
        s:connect("203.0.113.1", 9)
        error { name = "E", hint = "this computer has a route to everywhere" }
    end },
}

for _, entry in ipairs(hints) do
    local name, errno, words, fails = table.unpack(entry)
    check.test("hint: " .. name, function()
        local good, err = pcall(fails)
        check.is(not good, "an error")
        check.is(type(err) ~= "string" or error(err, 0))
        check.match(err.name, errno)
        check.is(err.hint, "a hint")
        check.is(not err.hint:find("[%c]"), "one line")
        check.is(not err.hint:find("[{}]"), "no placeholder left")
        for _, word in ipairs(words) do
            check.match(err.hint, word)
        end
    end)
end

check.test("a hint that is read late says nothing that is no longer so", function()
    local s, where = check.listener()
    local err = check.error(bind, "EADDRINUSE", socket(), where)
    s:close()
    check.is(not err.hint:find("Another program has"), err.hint)
end)

check.test("EACCES on a low port, where a privilege is missing", function()
    local s <close> = socket()
    local good, err = pcall(bind, s, "127.0.0.1", 1)
    if not good and err.name == "EACCES" then
        check.match(err.hint, "privilege")
    else
        check.is(good or err.name == "EADDRINUSE", tostring(err))
    end
end)

check.test("a hint quotes what a peer or a path contains harmlessly", function()
    local s <close> = socket(AF_UNIX)
    local err = check.error(connect, "ENOENT", s, "/nonexistent/\27[31m\nred")
    check.is(not err.hint:find("%c"), "no control character")
    check.is(not tostring(err.address):find("%c"), "no control character")
end)

check.test("descriptors that run out: an error object, and the listener goes on", function()
    local output, complaint, status = check.run([[
        local listener = socket()
        listener:bind("127.0.0.1", 0)
        listener:listen()
        local clients, kept = {}, {}
        for i = 1, 8 do
            clients[i] = socket()
            clients[i]:connect(listener:getsockname())
        end
        local fillers = {}
        local err
        repeat
            local good, s = pcall(socket)
            if good then fillers[#fillers + 1] = s else err = s end
        until err
        print(err.name, err.hint:find("ulimit") ~= nil)
        print(select(2, pcall(accept, listener)).name)
        print(select(2, pcall(socketpair)).name)
        for i = 1, 8 do fillers[i]:close() end
        for i = 1, 8 do kept[i] = accept(listener) end
        print(#kept)
    ]], nil, "ulimit -n 64; ")
    check.equal(output, "EMFILE\ttrue\nEMFILE\nEMFILE\n8\n")
    check.equal(status, 0)
end)

check.finish()
