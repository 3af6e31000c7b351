-- SPDX-License-Identifier: MIT
--
-- Constants: one object for each number of a kind, wherever it comes from, and what a misspelt or
-- misplaced one is answered with.

local check = dofile("check.lua")

check.test("a constant knows its name, value and kind", function()
    check.equal(SOCK_STREAM.name, "SOCK_STREAM")
    check.equal(SOCK_STREAM.value, 1)
    check.equal(tostring(SOCK_STREAM), "SOCK_STREAM (1)")
    check.equal(SOCK_STREAM.kind, "a socket type")
    check.equal(math.type(ECONNREFUSED.value), "integer")
    check.error(function() return SOCK_STREAM.number end, "number")
end)

check.test("the same object wherever it comes from", function()
    check.is(rawequal(socket.AF_INET, AF_INET), "socket.AF_INET is AF_INET")
    check.is(rawequal(PF_INET, AF_INET), "PF_INET is AF_INET")
    check.is(rawequal(AF_LOCAL, AF_UNIX), "AF_LOCAL is AF_UNIX")
    local s <close> = socket()
    check.is(rawequal(s:getsockopt(SOL_SOCKET, SO_TYPE), SOCK_STREAM))
    check.is(rawequal(s:getsockopt(SOL_SOCKET, SO_DOMAIN), AF_INET))
    check.is(rawequal(s:getsockopt(SOL_SOCKET, SO_PROTOCOL), IPPROTO_TCP))
    check.is(rawequal(s:getsockname().family, AF_INET))
    local _, err = pcall(recv, s)
    check.is(rawequal(err.errno, ENOTCONN))
    local entry = getaddrinfo("127.0.0.1", 80)[1]
    check.is(rawequal(entry.family, AF_INET))
    check.is(rawequal(MSG_PEEK | MSG_DONTWAIT, MSG_DONTWAIT | MSG_PEEK))
end)

check.test("it stays itself through collections", function()
    local kept = { [SOCK_DGRAM] = "yes" }
    collectgarbage()
    collectgarbage()
    check.equal(kept[SOCK_DGRAM], "yes")
end)

check.test("different kinds are never the same, whatever their numbers", function()
    check.equal(SOCK_STREAM.value, AF_UNIX.value)
    check.is(SOCK_STREAM ~= AF_UNIX)
    check.is(SO_DEBUG ~= TCP_NODELAY)
    check.is(SHUT_RD ~= IPPROTO_IP)
end)

check.test("of two names for one number the man page's first is shown", function()
    check.is(rawequal(EWOULDBLOCK, EAGAIN))
    check.equal(EWOULDBLOCK.name, "EAGAIN")
    check.is(rawequal(ENOTSUP, EOPNOTSUPP))
    check.equal(ENOTSUP.name, "EOPNOTSUPP")
    check.equal(PF_INET6.name, "AF_INET6")
    check.equal(AF_LOCAL.name, "AF_UNIX")
end)

check.test("| gives a constant of the same kind", function()
    local flags = MSG_PEEK | MSG_DONTWAIT
    check.equal(flags.value, MSG_PEEK.value | MSG_DONTWAIT.value)
    check.equal(flags.kind, MSG_PEEK.kind)
    check.match(flags.name, "MSG_PEEK")
    check.match(flags.name, "MSG_DONTWAIT")
    check.is(rawequal(MSG_PEEK | 0, MSG_PEEK))
    check.is(rawequal(0 | MSG_PEEK, MSG_PEEK))
    check.is(rawequal(MSG_PEEK | MSG_DONTWAIT.value, flags))
    check.equal((SOCK_STREAM | SOCK_NONBLOCK).kind, SOCK_STREAM.kind)
    check.error(function() return SOCK_STREAM | MSG_PEEK end, "do not go together")
    check.error(function() return MSG_PEEK | "1" end, "string")
    check.error(function() return MSG_PEEK | 1.5 end, "combines")
    check.error(function() return MSG_PEEK | {} end, "table")
    check.error(function() return MSG_PEEK | (1 << 40) end, "32 bits")
end)

check.test("& gives an integer, so that a flag can be asked for", function()
    local flags = MSG_PEEK | MSG_TRUNC
    check.is(flags & MSG_PEEK ~= 0, "has MSG_PEEK")
    check.is(flags & MSG_DONTWAIT == 0, "lacks MSG_DONTWAIT")
    check.equal(math.type(flags & MSG_PEEK), "integer")
    check.equal(flags & ~MSG_PEEK, MSG_TRUNC.value)
    check.equal(MSG_PEEK.value & flags, MSG_PEEK.value)
    check.error(function() return AF_INET & SOCK_STREAM end, "do not go together")
end)

check.test("a plain integer goes wherever a constant does", function()
    local s <close> = socket(AF_INET.value, SOCK_DGRAM.value, IPPROTO_UDP.value)
    check.is(rawequal(s:getsockopt(SOL_SOCKET.value, SO_TYPE.value), SOCK_DGRAM))
    local a, b = socketpair()
    b:send("peek")
    check.equal(a:recv(10, MSG_PEEK.value), "peek")
    a:shutdown(1)
    check.equal(b:recv(), "")
end)

check.test("a constant in the wrong place is told which it is and where it goes", function()
    local err = check.error(socket, "SOCK_STREAM", SOCK_STREAM)
    check.match(err, "socket type")
    check.match(err, "second argument of socket")
    check.match(check.error(socket, "AF_INET", AF_INET, AF_INET), "address family")
    local s <close> = socket()
    check.error(shutdown, "SOCK_STREAM", s, SOCK_STREAM)
    check.error(setsockopt, "SO_REUSEADDR", s, SO_REUSEADDR, SO_REUSEADDR, 1)
    check.error(setsockopt, "TCP_NODELAY", s, SOL_SOCKET, TCP_NODELAY, 1)
    check.error(getsockopt, "SO_TYPE", s, IPPROTO_TCP, SO_TYPE)
    check.error(recv, "SO_TYPE", s, 10, SO_TYPE)
    check.error(listen, "AF_INET", s, AF_INET)
    check.error(settimeout, "AF_INET", s, AF_INET)
    check.error(inet_pton, "SOCK_STREAM", SOCK_STREAM, "127.0.0.1")
end)

check.test("a constant as the value of an option must be of the option's kind", function()
    local s <close> = socket()
    check.error(setsockopt, "SOCK_STREAM", s, SOL_SOCKET, SO_REUSEADDR, SOCK_STREAM)
    check.error(setsockopt, "AF_INET", s, IPPROTO_TCP, TCP_NODELAY, AF_INET)
    s:setsockopt(IPPROTO_IP, IP_TOS, IPTOS_LOWDELAY)
    check.equal(s:getsockopt(IPPROTO_IP, IP_TOS), IPTOS_LOWDELAY.value)
end)

check.test("a misspelt constant is an error with the nearest names", function()
    check.match(check.error(function() return AF_INNET6 end, "AF_INNET6"), "AF_INET6")
    check.match(check.error(function() return ECONREFUSED end, "ECONREFUSED"), "ECONNREFUSED")
    check.match(check.error(function() return SO_REUSEADR end, "SO_REUSEADR"), "SO_REUSEADDR")
    check.match(check.error(function() return socket.SOCK_STREM end, "SOCK_STREM"), "SOCK_STREAM")
    check.error(function() return UTTERLY_UNKNOWN_THING end, "UTTERLY_UNKNOWN_THING")
end)

check.test("other undefined globals are nil, as in Lua", function()
    check.equal(undefined_thing, nil)
    check.equal(Undefined, nil)
    check.equal(X, nil)
    check.equal(_G[1], nil)
    check.equal(_G[true], nil)
end)

check.test("a global that the student sets is theirs", function()
    MY_PORT = 4242
    check.equal(MY_PORT, 4242)
    check.error(function() return MY_PROT end, "MY_PROT")
end)

-- Python's own example begins with HOST = None, and getaddrinfo(HOST, PORT) was "HOST is not defined".
check.test("one that the student sets to nil is no slip", function()
    MY_HOST = nil
    check.equal(MY_HOST, nil)
    MY_PORT = nil
    check.equal(MY_PORT, nil)
    AF_INET = nil
    check.equal(AF_INET, socket.AF_INET)
    check.error(function() MY_HOTS = MY_HOTS end, "MY_HOTS")
end)

check.test("a field that the table socket does not have", function()
    check.equal(socket.entirely_unknown_function, nil)
    check.match(check.error(function() return socket.bnd end, "bnd"), "bind")
    check.equal(socket[1], nil)
end)

check.test("whatever a student puts into the table socket", function()
    local key = {}
    socket[key], socket[true], socket[1], socket[2.5] = 1, 2, 3, 4
    check.equal(socket.entirely_unknown_function, nil)
    check.match(check.error(function() return socket.bnd end, "bnd"), "bind")
    socket[key], socket[true], socket[1], socket[2.5] = nil, nil, nil, nil
end)

check.test("constants of every kind that the manual pages have", function()
    for name in ([[AF_INET AF_INET6 AF_UNIX AF_UNSPEC PF_INET6 SOCK_STREAM SOCK_DGRAM SOCK_SEQPACKET
        SOCK_RAW SOCK_NONBLOCK SOCK_CLOEXEC IPPROTO_TCP IPPROTO_UDP IPPROTO_IP IPPROTO_IPV6
        SOL_SOCKET SO_REUSEADDR SO_REUSEPORT SO_KEEPALIVE SO_BROADCAST SO_LINGER SO_ERROR SO_TYPE
        SO_RCVBUF SO_SNDBUF SO_RCVTIMEO SO_SNDTIMEO SO_OOBINLINE SO_ACCEPTCONN TCP_NODELAY
        TCP_MAXSEG TCP_CORK TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_USER_TIMEOUT TCP_INFO IP_TTL
        IP_TOS IP_MULTICAST_TTL IP_MULTICAST_LOOP IP_ADD_MEMBERSHIP IP_DROP_MEMBERSHIP IPV6_V6ONLY
        IPV6_UNICAST_HOPS MSG_PEEK MSG_OOB MSG_WAITALL MSG_DONTWAIT MSG_TRUNC MSG_NOSIGNAL MSG_MORE
        SHUT_RD SHUT_WR SHUT_RDWR AI_PASSIVE AI_CANONNAME AI_NUMERICHOST AI_NUMERICSERV
        NI_NUMERICHOST NI_NUMERICSERV NI_DGRAM SOMAXCONN EINTR EBADF EAGAIN EACCES EINVAL EMFILE
        EPIPE EADDRINUSE EADDRNOTAVAIL ENETUNREACH ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN
        ETIMEDOUT ECONNREFUSED EHOSTUNREACH EALREADY EINPROGRESS ECANCELED EAI_NONAME EAI_AGAIN
        EAI_FAMILY EAI_SERVICE]]):gmatch("%S+") do
        check.equal(_G[name].kind, socket[name].kind, name)
        check.equal(math.type(_G[name].value), "integer", name)
    end
end)

-- "a userdata cannot be written as JSON" named nothing that a student had made.
check.test("JSON has neither constants nor sockets, and says which it met", function()
    local s <close> = socket()
    check.error(json.dumps, "a constant cannot be written as JSON", AF_INET)
    check.error(json.dumps, "value.s: a socket cannot be written as JSON", { s = s })
    check.error(json.dumps, "a userdata cannot be written as JSON", io.stdout)
end)

check.test("its metatable is not to be had", function()
    check.equal(getmetatable(AF_INET), false)
    check.error(setmetatable, "setmetatable", AF_INET, {})
    check.error(function() AF_INET.value = 3 end, "index")
end)

check.finish()
