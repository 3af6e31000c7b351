-- SPDX-License-Identifier: MIT
--
-- setsockopt and getsockopt: values by the option's own type, and values that do not fit it.

local check = dofile("check.lua")

local function option(s, level, name, value)
    s:setsockopt(level, name, value)
    return s:getsockopt(level, name)
end

check.everywhere("flags are numbers like booleans", function()
    local s <close> = socket()
    check.equal(s:getsockopt(SOL_SOCKET, SO_REUSEADDR), 0)
    check.equal(option(s, SOL_SOCKET, SO_REUSEADDR, 1), 1)
    check.equal(option(s, SOL_SOCKET, SO_REUSEADDR, false), 0)
    check.equal(option(s, SOL_SOCKET, SO_REUSEADDR, true), 1)
    check.equal(option(s, IPPROTO_TCP, TCP_NODELAY, true), 1)
end)

check.test("numbers", function()
    local s <close> = socket()
    check.equal(option(s, IPPROTO_IP, IP_TTL, 42), 42)
    check.equal(option(s, IPPROTO_TCP, TCP_KEEPIDLE, 77.0), 77)
    check.is(option(s, SOL_SOCKET, SO_RCVBUF, 10000) >= 10000)
    check.error(setsockopt, "EINVAL", s, IPPROTO_IP, IP_TTL, 256)
    for _, value in ipairs { 1.5, "1", {}, 1 << 31, -(1 << 40), 0 / 0, 1 / 0 } do
        check.match(check.error(setsockopt, "value", s, SOL_SOCKET, SO_RCVBUF, value), "setsockopt")
    end
    check.error(setsockopt, "value", s, SOL_SOCKET, SO_RCVBUF)
    check.error(setsockopt, "value", s, SOL_SOCKET, SO_RCVBUF, nil)
    check.error(setsockopt, "setsockopt", s, SOL_SOCKET, SO_RCVBUF, 1, 2)
    check.error(getsockopt, "getsockopt", s, SOL_SOCKET, SO_RCVBUF, 1)
end)

check.test("what is known by a name comes as a constant", function()
    local s <close> = socket(AF_INET, SOCK_DGRAM)
    check.equal(s:getsockopt(SOL_SOCKET, SO_TYPE), SOCK_DGRAM)
    check.equal(s:getsockopt(SOL_SOCKET, SO_DOMAIN), AF_INET)
    check.equal(s:getsockopt(SOL_SOCKET, SO_PROTOCOL), IPPROTO_UDP)
    check.equal(option(s, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO), IP_PMTUDISC_DO)
    check.error(setsockopt, "AF_INET", s, IPPROTO_IP, IP_MTU_DISCOVER, AF_INET)
end)

check.test("SO_ERROR is 0 or an errno, and asking clears it", function()
    local closed = socket(AF_INET, SOCK_DGRAM)
    closed:bind("127.0.0.1", 0)
    local where = closed:getsockname()
    closed:close()
    local s <close> = socket(AF_INET, SOCK_DGRAM)
    check.equal(s:getsockopt(SOL_SOCKET, SO_ERROR), 0)
    s:connect(where)
    s:send("x")
    local err
    check.is(check.eventually(function()
        err = s:getsockopt(SOL_SOCKET, SO_ERROR)
        return err ~= 0
    end), "an error")
    check.equal(err, ECONNREFUSED)
    check.equal(s:getsockopt(SOL_SOCKET, SO_ERROR), 0)
end)

check.test("SO_LINGER is a table", function()
    local s <close> = socket()
    local value = s:getsockopt(SOL_SOCKET, SO_LINGER)
    check.equal(value.onoff, 0)
    value = option(s, SOL_SOCKET, SO_LINGER, { onoff = 1, linger = 5 })
    check.equal(value.onoff, 1)
    check.equal(value.linger, 5)
    value = option(s, SOL_SOCKET, SO_LINGER, { onoff = true, linger = 0 })
    check.equal(value.onoff, 1)
    check.equal(value.linger, 0)
    for _, wrong in ipairs { 1, true, "5", { onoff = 1, linger = -1 }, { onoff = {} },
                             { onoff = 1, linger = 1.5 }, { onoff = 1, linger = 1 << 40 } } do
        check.match(check.error(setsockopt, "value", s, SOL_SOCKET, SO_LINGER, wrong), "setsockopt")
    end
    check.error(setsockopt, "onof", s, SOL_SOCKET, SO_LINGER, { onof = 1 })
end)

check.test("timeouts are seconds", function()
    local s <close> = socket()
    check.equal(s:getsockopt(SOL_SOCKET, SO_RCVTIMEO), 0.0)
    check.equal(option(s, SOL_SOCKET, SO_RCVTIMEO, 2.5), 2.5)
    check.equal(option(s, SOL_SOCKET, SO_SNDTIMEO, 3), 3.0)
    check.is(option(s, SOL_SOCKET, SO_RCVTIMEO, 1e-9) > 0, "never for ever by rounding")
    for _, wrong in ipairs { -1, 0 / 0, 1 / 0, "2", {}, true, 1e18 } do
        check.error(setsockopt, "value.*ten years", s, SOL_SOCKET, SO_RCVTIMEO, wrong)
    end
end)

check.test("text", function()
    local s <close> = socket()
    local name = s:getsockopt(IPPROTO_TCP, TCP_CONGESTION)
    check.match(name, "^%l+%w*$")
    check.equal(option(s, IPPROTO_TCP, TCP_CONGESTION, name), name)
    check.error(setsockopt, "ENOENT", s, IPPROTO_TCP, TCP_CONGESTION, "nosuch")
    check.error(setsockopt, "value", s, IPPROTO_TCP, TCP_CONGESTION, 1)
end)

check.test("a multicast group", function()
    local s <close> = socket(AF_INET, SOCK_DGRAM)
    local group = { multiaddr = "224.0.0.251", interface = "127.0.0.1" }
    s:setsockopt(IPPROTO_IP, IP_ADD_MEMBERSHIP, group)
    check.error(setsockopt, "EADDRINUSE", s, IPPROTO_IP, IP_ADD_MEMBERSHIP, group)
    s:setsockopt(IPPROTO_IP, IP_DROP_MEMBERSHIP, group)
    check.equal(option(s, IPPROTO_IP, IP_MULTICAST_IF, "127.0.0.1"), "127.0.0.1")
    check.equal(option(s, IPPROTO_IP, IP_MULTICAST_LOOP, 0), 0)
    check.error(setsockopt, "multiaddr", s, IPPROTO_IP, IP_ADD_MEMBERSHIP, {})
    check.error(setsockopt, "multiaddr", s, IPPROTO_IP, IP_ADD_MEMBERSHIP, { multiaddr = "x" })
    check.error(setsockopt, "value", s, IPPROTO_IP, IP_ADD_MEMBERSHIP, "224.0.0.251")
    check.error(setsockopt, "value", s, IPPROTO_IP, IP_MULTICAST_IF, "localhost")
    -- What stood behind a zero byte was dropped, and the rest taken for an address.
    check.error(setsockopt, "value", s, IPPROTO_IP, IP_MULTICAST_IF, "127.0.0.1\0.5")
    check.error(setsockopt, "multiaddr", s, IPPROTO_IP, IP_ADD_MEMBERSHIP,
        { multiaddr = "224.0.0.251\0x" })
end)

check.test("structures that the kernel fills", function()
    if check.portable then
        return -- bytes, there
    end
    local client, server = check.connection()
    local info = client:getsockopt(IPPROTO_TCP, TCP_INFO)
    check.equal(info.state, "ESTABLISHED")
    check.equal(math.type(info.rtt), "integer")
    server:close()
    check.is(check.eventually(function()
        return client:getsockopt(IPPROTO_TCP, TCP_INFO).state == "CLOSE_WAIT"
    end), "CLOSE_WAIT")
    local a = socketpair()
    local peer = a:getsockopt(SOL_SOCKET, SO_PEERCRED)
    check.is(peer.pid > 1 and peer.uid >= 0 and peer.gid >= 0, "credentials")
end)

check.test("IPv6 only", function()
    if check.has_ipv6() then
        local s <close> = socket(AF_INET6)
        check.equal(option(s, IPPROTO_IPV6, IPV6_V6ONLY, 1), 1)
        check.equal(option(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9), 9)
    end
end)

check.test("an option that the socket does not know", function()
    local s <close> = socket(AF_UNIX)
    local err = check.error(setsockopt, "EOPNOTSUPP", s, IPPROTO_TCP, TCP_NODELAY, 1)
    check.equal(err.call, "setsockopt")
    check.is(err.hint, "a hint")
    local t <close> = socket()
    check.error(getsockopt, "ENOPROTOOPT", t, SOL_SOCKET, 9999)
    check.error(getsockopt, "option", t, SOL_SOCKET, -1 << 40)
    check.error(getsockopt, "option", t, SOL_SOCKET, "SO_TYPE")
    check.error(getsockopt, "level", t, "SOL_SOCKET", SO_TYPE)
    check.error(getsockopt, "level", t)
    check.error(getsockopt, "option", t, SOL_SOCKET)
end)

check.test("a value that is an address in memory cannot be given", function()
    local s <close> = socket()
    check.error(setsockopt, "memory", s, SOL_SOCKET, SO_ATTACH_FILTER, "x")
    check.error(setsockopt, "memory", s, SOL_SOCKET, SO_ATTACH_FILTER.value, "x")
    check.error(getsockopt, "memory", s, SOL_SOCKET, SO_ATTACH_FILTER)
end)

check.test("asking every option of every level harms nobody", function()
    local kinds = { [SOL_SOCKET] = 90, [IPPROTO_TCP] = 45, [IPPROTO_IP] = 60, [IPPROTO_IPV6] = 90,
                    [IPPROTO_UDP] = 120 }
    for _, make in ipairs { { AF_INET, SOCK_STREAM }, { AF_INET, SOCK_DGRAM }, { AF_UNIX } } do
        local s <close> = socket(table.unpack(make))
        for level, most in pairs(kinds) do
            for number = 0, most do
                local good, value = pcall(getsockopt, s, level, number)
                if good then
                    check.is(value ~= nil, "a value of option " .. number)
                elseif type(value) == "userdata" then
                    check.equal(value.call, "getsockopt")
                else
                    check.match(value, "getsockopt.*memory")
                end
            end
        end
        check.equal(s:getsockopt(SOL_SOCKET, SO_ERROR), 0)
    end
end)

check.finish()
