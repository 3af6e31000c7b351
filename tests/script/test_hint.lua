-- SPDX-License-Identifier: MIT
--
-- Hints that once named a wrong cause, or none: each mistake is made for real, and what is said of
-- it names what was done. (The usual mistakes: test_error.lua; routes and firewalls:
-- tests/pty/test_network_hint.py.)

local check = dofile("check.lua")
local home <close> = check.directory()
local loopback = "127.0.0.1"

local function path(name)
    return home.path .. "/" .. name
end

-- Calls what has to fail: its error's hint has the words, and not the one that misled.
local function says(errno, words, misled, call, ...)
    local err = check.error(call, errno, ...)
    check.match(err.hint, words)
    check.is(not misled or not err.hint:find(misled), err.hint)
end

-- A socket whose connection is not made as long as the second value, a full listener, is open.
local function connecting()
    local full, s = socket(), socket()
    full:bind(loopback, 0)
    full:listen(0)
    connect(socket(), full:getsockname())
    s:settimeout(0)
    check.error(connect, "EINPROGRESS", s, full:getsockname())
    return s, full
end

-- os.remove() was offered for whatever stood there: for the student's own file, too.
check.test("bind where a file is that is no socket", function()
    io.open(path("notes"), "w"):close()
    local s <close> = socket(AF_UNIX)
    says("EADDRINUSE", "is no socket but a file, directory or link", "remove", bind, s, path("notes"))
    says("EADDRINUSE", "is no socket", "remove", bind, s, home.path)
    local left = socket(AF_UNIX)
    left:bind(path("left"))
    left:close()
    says("EADDRINUSE", "exists already.*os%.remove%(\"", "no socket", bind, s, path("left"))
end)

check.test("connect to what is no socket, or not of that type", function()
    io.open(path("file"), "w"):close()
    local s <close> = socket(AF_UNIX)
    local d <close> = socket(AF_UNIX, SOCK_DGRAM)
    says("ECONNREFUSED", "is no socket, but a file", "listen", connect, s, path("file"))
    says("ECONNREFUSED", "is no socket, but a file", "listen", sendto, d, "x", path("file"))
    local gone = socket(AF_UNIX, SOCK_DGRAM)
    gone:bind(path("gone"))
    gone:close()
    says("ECONNREFUSED", "the receiver has ended", "listen", sendto, d, "x", path("gone"))
    says("ECONNREFUSED", "has the abstract name @test%-nobody.*bind%(%)", "listen", sendto, d, "x",
        "@test-nobody")
    says("ECONNREFUSED", "of type SOCK_STREAM listens under", nil, connect, s, "@test-nobody")
end)

check.test("bind where no file can be made", function()
    local s <close> = socket(AF_UNIX)
    says("ENOENT", "ends in /", "does not exist", bind, s, path("new/"))
    says("ENOENT", "its directory is there", "does not exist", bind, s, "/proc/socket")
    says("ENOENT", "does not exist", nil, bind, s, path("none/socket"))
end)

-- The receiver's rights were blamed.
check.test("a datagram for who listens to another", function()
    local a <close> = socket(AF_UNIX, SOCK_DGRAM)
    local b <close> = socket(AF_UNIX, SOCK_DGRAM)
    local c <close> = socket(AF_UNIX, SOCK_DGRAM)
    a:bind("")
    b:bind("")
    a:connect(b:getsockname())
    says("EPERM", "is connected to another one", "privilege", sendto, c, "x", a:getsockname())
    says("EPERM", "is connected to another one", "privilege", connect, c, a:getsockname())
end)

-- Another program was said to have the port: only the shell knows of a socket that does not listen.
check.test("bind where a socket of the other family is", function()
    if not check.has_ipv6() then
        return
    end
    local six <close> = socket(AF_INET6)
    local four <close> = socket()
    six:bind("::", 0)
    local port = six:getsockname().port
    says("EADDRINUSE", "a socket of this shell", "nother program", bind, four, loopback, port)
    local bound = check.eventually(function() -- the port may be another program's for IPv4
        local alone <close> = socket(AF_INET6)
        alone:setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 1)
        alone:bind("::", 0)
        return pcall(bind, four, loopback, alone:getsockname().port)
    end)
    check.is(bound, "each family has a port of its own")
end)

check.test("IPv4 in the clothes of IPv6", function()
    if not check.has_ipv6() then
        return
    end
    local four <close> = socket(AF_INET6)
    local six <close> = socket(AF_INET6)
    four:bind("::ffff:127.0.0.1", 0)
    says("EAFNOSUPPORT", "an address of IPv4 written as one of IPv6", "family", connect, four, "::1", 9)
    six:bind("::1", 0)
    says("ENETUNREACH", "is bound to ::1", "IPV6_V6ONLY", connect, six, "::ffff:127.0.0.1", 9)
    local other <close> = socket(AF_INET6)
    says("EADDRNOTAVAIL", "such as \"::1\"", "127", bind, other, "2001:db8::1", 0)
    says("ENODEV", "no network interface", nil, bind, other, "fe80::1%77777", 0)
    says("ENETUNREACH", "no network interface", "route", connect, other, "fe80::1%77777", 9)
end)

check.test("a socket is made of things that do not fit", function()
    says("EPROTONOSUPPORT", "give 0", "TCP", socket, AF_UNIX, SOCK_STREAM, IPPROTO_TCP)
    says("EAFNOSUPPORT", "is for lookups", nil, socket, AF_UNSPEC)
    local good, err = pcall(socket, AF_INET, SOCK_RAW)
    check.is(not good and err.name == "EPERM" or err.hint:find("IPPROTO_ICMP"), err)
end)

-- A full buffer, and a peer that does not read, were blamed where there was no connection yet.
check.test("data on a connection that is still being made", function()
    local s, full = connecting()
    says("EAGAIN", "the connection is still being made", "buffer", send, s, "x")
    says("EAGAIN", "the connection is still being made", "arrived", recv, s)
    says("EALREADY", "still under way", nil, connect, s, full:getsockname())
    says("ENOTCONN", "still being made", nil, getpeername, s) -- EALREADY had made it forget
    says("EINVAL", "is being connected", nil, accept, s)
    s:settimeout(0.01)
    says("ETIMEDOUT", "the connection is still being made", "does not read", sendall, s, "x")
    s:close()
    full:close()
end)

check.test("and on one that has been made", function()
    local l <close>, where = check.listener()
    local s <close> = socket()
    s:settimeout(0)
    pcall(connect, s, where)
    check.is(#poll({ [s] = "w" }, 5) == 1)
    says("EAGAIN", "nothing has arrived", "being made", recv, s)
end)

check.test("options that are not for setting, or not for this socket", function()
    local s <close> = socket()
    local u <close> = socket(AF_INET, SOCK_DGRAM)
    says("ENOPROTOOPT", "SO_TYPE can only be read", "level", setsockopt, s, SOL_SOCKET, SO_TYPE, 1)
    says("ENOPROTOOPT", "SO_ERROR can only be read", nil, setsockopt, s, SOL_SOCKET, SO_ERROR, 1)
    says("ENOPROTOOPT", "at this level", nil, setsockopt, u, IPPROTO_TCP, TCP_NODELAY, 1)
    says("ENOTCONN", "IP_MTU is about a connection", nil, getsockopt, u, IPPROTO_IP, IP_MTU)
    says("ENOENT", "no filter", "name", setsockopt, s, SOL_SOCKET, SO_DETACH_FILTER, 0)
    local group = { multiaddr = "224.0.0.77", interface = loopback }
    says("EPROTO", "SOCK_DGRAM", nil, setsockopt, s, IPPROTO_IP, IP_ADD_MEMBERSHIP, group)
    u:setsockopt(IPPROTO_IP, IP_ADD_MEMBERSHIP, group)
    says("EADDRINUSE", "joined that group already", nil, setsockopt, u, IPPROTO_IP, IP_ADD_MEMBERSHIP,
        group)
end)

check.test("addresses that mean many computers", function()
    local s <close> = socket()
    local u <close> = socket(AF_INET, SOCK_DGRAM)
    says("ENETUNREACH", "many computers", "route", connect, s, "127.255.255.255", 9)
    says("EACCES", "127%.255%.255%.255 is a broadcast address", "firewall", connect, u,
        "127.255.255.255", 9)
end)

check.test("datagrams that are too long", function()
    local long = ("x"):rep(65510)
    local raw, r = pcall(socket, AF_INET, SOCK_RAW, IPPROTO_ICMP)
    if raw then
        says("EMSGSIZE", "in one piece", "65507", sendto, r, ("x"):rep(65536), loopback, 0)
        r:close()
    end
    if check.has_ipv6() then
        local six <close> = socket(AF_INET6, SOCK_DGRAM)
        says("EMSGSIZE", "over IPv4 it holds at most 65507", nil, sendto, six, long,
            "::ffff:127.0.0.1", 9)
    end
end)

check.test("the peer receives no more", function()
    local a, b = socketpair()
    b:shutdown(SHUT_RD)
    says("EPIPE", "receives no more", "first send", send, a, "x")
    local c <close> = socket()
    says("ECONNREFUSED", "Nothing is listening on", "earlier", sendto, c, "x", loopback, 1, MSG_FASTOPEN)
end)

check.test("lookups that were asked for too much", function()
    says("EAI_NONAME", "AI_NUMERICHOST takes", "Nobody", getaddrinfo, "localhost", 80, AF_INET,
        SOCK_STREAM, 0, AI_NUMERICHOST)
    says("EAI_NONAME", "AI_NUMERICSERV takes", "four numbers", getaddrinfo, loopback, "http", AF_INET,
        SOCK_STREAM, 0, AI_NUMERICSERV)
    says("EAI_ADDRFAMILY", "of another family than the one that was asked for", "socket",
        getaddrinfo, "::1", 80, AF_INET)
    says("EAI_BADFLAGS", "NI_", "AI_", getnameinfo, { loopback, 80 }, 0x4000)
end)

-- It raised a text, which no program could tell by its name.
check.test("no descriptor for a lookup", function()
    local output, complaint = check.run([[
        local fillers, good = {}, true
        while good do
            good, fillers[#fillers + 1] = pcall(socket)
        end
        local _, err = pcall(getaddrinfo, "localhost", 80)
        print(err.name, err.hint)
        print(select(2, pcall(connect, fillers[1], "localhost", 80)).name)
    ]], nil, "ulimit -n 64; ")
    check.match(output, '^EAI_SYSTEM\tLooking "localhost" up failed in the system.*%(EMFILE%)')
    check.match(output, "\nEAI_SYSTEM\n$")
end)

check.finish()
