-- SPDX-License-Identifier: MIT
--
-- The socket itself: how it is made, in pairs too, what it says of itself, how it is closed, and
-- that each function is a global, a method and a field of the callable table `socket`.

local check = dofile("check.lua")

local methods = [[bind listen accept connect send sendall recv sendto recvfrom shutdown close
    getsockname getpeername setsockopt getsockopt settimeout gettimeout fileno]]
local others = [[socketpair poll gethostname gethostbyname getaddrinfo getnameinfo getservbyname
    inet_pton inet_ntop htons htonl ntohs ntohl]]
local tasks_and_more = "spawn wait cancel tasks sleep"

check.test("a function is a global, a method and a field of the table", function()
    local s <close> = socket()
    for name in methods:gmatch("%S+") do
        check.equal(type(_G[name]), "function", name)
        check.is(rawequal(socket[name], _G[name]), "socket." .. name)
        check.is(rawequal(s[name], _G[name]), "s:" .. name)
    end
    for name in others:gmatch("%S+") do
        check.equal(type(_G[name]), "function", name)
        check.is(rawequal(socket[name], _G[name]), "socket." .. name)
    end
    for name in tasks_and_more:gmatch("%S+") do
        check.equal(type(_G[name]), "function", name)
    end
    check.equal(type(socket.select), "function")
    check.equal(type(json.dumps), "function")
    check.error(function() return s.socket end, "no method 'socket'")
end)

check.test("the documents' own line works as printed", function()
    local s <close> = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    check.equal(s:getsockopt(SOL_SOCKET, SO_TYPE), SOCK_STREAM)
    local t <close> = socket.socket()
    check.equal(t:getsockopt(SOL_SOCKET, SO_DOMAIN), AF_INET)
end)

check.test("each argument has its default", function()
    local s <close> = socket()
    check.equal(s:getsockopt(SOL_SOCKET, SO_PROTOCOL), IPPROTO_TCP)
    local t <close> = socket(nil, SOCK_DGRAM, nil)
    check.equal(t:getsockopt(SOL_SOCKET, SO_PROTOCOL), IPPROTO_UDP)
end)

check.test("every family and type that need no privilege", function()
    for _, kind in ipairs { { AF_INET, SOCK_STREAM }, { AF_INET, SOCK_DGRAM },
                            { AF_UNIX, SOCK_STREAM }, { AF_UNIX, SOCK_DGRAM },
                            { AF_UNIX, SOCK_SEQPACKET }, { AF_INET, SOCK_STREAM, IPPROTO_TCP } } do
        local s <close> = socket(table.unpack(kind))
        check.equal(s:getsockopt(SOL_SOCKET, SO_DOMAIN), kind[1])
        check.equal(s:getsockopt(SOL_SOCKET, SO_TYPE), kind[2])
    end
end)

check.test("what cannot be made", function()
    check.error(socket, "EPROTONOSUPPORT", AF_INET, SOCK_STREAM, IPPROTO_UDP)
    check.error(socket, "ESOCKTNOSUPPORT", AF_INET, SOCK_SEQPACKET)
    check.error(socket, "EAFNOSUPPORT", 45)
    local err = check.error(socketpair, "EOPNOTSUPP", AF_INET)
    check.equal(err.call, "socketpair")
    check.match(err.hint, "AF_UNIX")
end)

check.everywhere("a pair of every type", function()
    for _, kind in ipairs { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET } do
        local a, b = socketpair(AF_UNIX, kind)
        check.equal(a:send("there"), 5)
        check.equal(b:recv(), "there")
        check.equal(b:send("back"), 4)
        check.equal(a:recv(100), "back")
        check.equal(a:getsockopt(SOL_SOCKET, SO_TYPE), kind)
    end
end)

check.test("SOCK_NONBLOCK and SOCK_CLOEXEC may be part of the type", function()
    local s <close> = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC)
    check.equal(s:gettimeout(), 0.0)
    check.equal(s:getsockopt(SOL_SOCKET, SO_TYPE), SOCK_STREAM)
    local a = socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK)
    check.error(recv, "EAGAIN", a)
    a:settimeout(nil)
    check.equal(a:gettimeout(), nil)
end)

check.test("descriptors are not handed to other programs", function()
    local listener <close> = check.listener()
    local pipe <close> = io.popen("ls -l /proc/self/fd")
    check.is(not pipe:read("a"):find("socket:"), "no socket in the other program")
end)

check.test("tostring says what it is", function()
    local s = socket()
    check.match(tostring(s), "^socket %d+: TCP/IPv4")
    check.match(tostring(s), tostring(s:fileno()))
    s:bind("127.0.0.1", 0)
    check.match(tostring(s), "127%.0%.0%.1:" .. s:getsockname().port)
    s:listen(5)
    check.match(tostring(s), check.portable and "listening$" or "listening %(0 of 5 waiting%)")
    local client <close> = socket()
    client:connect(s:getsockname())
    check.match(tostring(client), "connected to 127%.0%.0%.1:" .. s:getsockname().port)
    check.match(tostring(s), check.portable and "listening$" or "1 of 5 waiting")
    s:close()
    check.equal(tostring(s), "socket (closed)")
end)

-- shutdown() ended it, accept() said so, and it went on being called a listening socket.
check.test("tostring says when a listening socket listens no more", function()
    local s <close> = check.listener()
    s:shutdown(SHUT_RDWR)
    check.error(accept, "EINVAL", s)
    check.match(tostring(s), check.portable and "listening$" or "127%.0%.0%.1:%d+, bound$")
    s:listen()
    check.match(tostring(s), "listening")
end)

check.test("tostring escapes what a path contains", function()
    local s <close> = socket(AF_UNIX, SOCK_DGRAM)
    s:bind("@esc\27[31m\n" .. fileno(s))
    check.is(not tostring(s):find("[%c]"), "no control character")
    check.is(not tostring(s:getsockname()):find("[%c]"), "no control character")
end)

check.test("fileno is the descriptor, -1 once closed", function()
    local s = socket()
    check.is(s:fileno() >= 3)
    s:close()
    check.equal(s:fileno(), -1)
    check.equal(fileno(s), -1)
end)

check.test("closing twice is harmless, everything else is EBADF", function()
    local s = socket()
    s:close()
    s:close()
    close(s)
    local calls = {
        bind = { "127.0.0.1", 0 }, listen = {}, accept = {}, connect = { "127.0.0.1", 9 },
        send = { "x" }, sendall = { "x" }, recv = {}, sendto = { "x", "127.0.0.1", 9 },
        recvfrom = {}, shutdown = { SHUT_WR }, getsockname = {}, getpeername = {},
        setsockopt = { SOL_SOCKET, SO_REUSEADDR, 1 }, getsockopt = { SOL_SOCKET, SO_TYPE },
        settimeout = { 1 }, gettimeout = {},
    }
    for name, arguments in pairs(calls) do
        local err = check.error(_G[name], "EBADF", s, table.unpack(arguments))
        check.equal(err.call, name)
        check.match(err.hint, "closed")
    end
    check.equal(check.error(poll, "EBADF", { s }, 0).call, "poll")
    check.equal(check.error(poll, "EBADF", { [s] = "w" }, 0).call, "poll")
    check.equal(check.error(socket.select, "EBADF", { s }, nil, 0).call, "select")
    check.equal(check.error(socket.select, "EBADF", nil, { s }, 0).call, "select")
end)

check.test("a closed socket never touches who got its number", function()
    local old = socket()
    local number = old:fileno()
    old:close()
    local new <close> = socket()
    check.equal(new:fileno(), number)
    check.error(bind, "EBADF", old, "127.0.0.1", 0)
    old:close()
    new:bind("127.0.0.1", 0)
    check.is(new:getsockname().port > 0)
end)

check.test("a socket that nothing refers to any more is closed", function()
    local listener <close>, where = check.listener()
    do
        local client = socket()
        client:connect(where)
    end
    local server <close> = listener:accept()
    for _ = 1, 3 do
        collectgarbage()
    end
    server:settimeout(5)
    check.equal(server:recv(), "")
end)

check.test("a <close> variable closes, also where an error passes", function()
    local kept
    pcall(function()
        local s <close> = socket()
        kept = s
        error("out")
    end)
    check.equal(kept:fileno(), -1)
    local listener <close>, where = check.listener()
    local client <close> = socket()
    client:connect(where)
    do
        local c <close> = accept(listener)
        kept = c
    end
    check.equal(kept:fileno(), -1)
    check.equal(client:recv(), "")
end)

check.test("a method that there is not is answered with the nearest", function()
    local s <close> = socket()
    check.match(check.error(function() s:biind() end, "biind"), "'bind'")
    check.match(check.error(function() s:reecv() end, "reecv"), "'recv'")
    check.error(function() s:utterly_unknown() end, "utterly_unknown")
    check.equal(getmetatable(s), false)
end)

check.test("a socket is no other value", function()
    local s <close> = socket()
    check.is(s == s and s ~= socket())
    local t = { [s] = 1 }
    check.equal(t[s], 1)
    check.error(bind, "bind.*socket", "s", "127.0.0.1", 0)
    check.error(bind, "bind.*a socket expected, got no")
    check.error(bind, "bind.*a socket expected", io.stdout, "127.0.0.1", 0)
    check.error(bind, "bind.*a socket expected, got AF_INET", AF_INET, "127.0.0.1", 0)
end)

check.test("a bound socket, and one in use", function()
    local s <close>, where = check.listener()
    local other <close> = socket()
    local err = check.error(bind, "EADDRINUSE", other, where)
    check.equal(err.address, where)
    check.match(err.hint, "this shell")
    check.error(bind, "EINVAL", s, "127.0.0.1", 0)
    check.error(bind, "EADDRNOTAVAIL", other, "192.0.2.1", 0)
end)

check.test("listen takes a backlog", function()
    local s <close> = socket()
    s:bind("127.0.0.1", 0)
    s:listen(SOMAXCONN)
    s:listen(0)
    s:listen(1.0)
    for _, wrong in ipairs { -1, 1 << 31, 1.5, "5", {}, true, AF_INET } do
        check.error(listen, "backlog", s, wrong)
    end
    check.error(listen, "listen", s, 1, 2)
    local client = check.connection()
    check.match(check.error(listen, "EINVAL", client).hint, "connect")
    check.error(listen, "EOPNOTSUPP", socket(AF_INET, SOCK_DGRAM))
end)

check.finish()
