-- SPDX-License-Identifier: MIT
--
-- Names, numbers, bytes: the lookups, the byte orders, encode and decode, and json as scripts see
-- it. No test asks a name server.

local check = dofile("check.lua")

check.everywhere("gethostbyname gives a dotted quad", function()
    check.equal(gethostbyname("localhost"), "127.0.0.1")
    check.equal(gethostbyname("127.0.0.9"), "127.0.0.9")
    check.match(check.error(gethostbyname, "EAI_NONAME", "no such host").hint, "no such host")
    check.error(gethostbyname, "name", nil)
    check.error(gethostbyname, "name", "local\0host")
    check.error(gethostbyname, "gethostbyname", "localhost", 1)
end)

check.everywhere("getaddrinfo gives a list", function()
    local list = getaddrinfo("127.0.0.1", 80, AF_INET, SOCK_STREAM)
    check.equal(#list, 1)
    check.equal(list[1].family, AF_INET)
    check.equal(list[1].type, SOCK_STREAM)
    check.equal(list[1].protocol, IPPROTO_TCP)
    check.equal(tostring(list[1].address), "127.0.0.1:80")
    check.equal(list[1].canonname, nil)
    check.equal(#getaddrinfo("127.0.0.1", "80") >= 2, true)
    check.equal(getaddrinfo("localhost", "http", AF_INET)[1].address.port, 80)
    check.equal(getaddrinfo(nil, 81, AF_INET, 0, 0, AI_PASSIVE)[1].address.host, "0.0.0.0")
    check.equal(getaddrinfo(nil, "82", AF_INET)[1].address.host, "127.0.0.1")
    check.equal(getaddrinfo("127.0.0.1", nil, nil, SOCK_DGRAM)[1].type, SOCK_DGRAM)
    check.equal(getaddrinfo("127.0.0.1")[1].address.port, 0)
    local named = getaddrinfo("localhost", 80, AF_INET, 0, 0, AI_CANONNAME)
    check.equal(type(named[1].canonname), "string")
end)

check.everywhere("what getaddrinfo returns can be used", function()
    local listener <close>, where = check.listener()
    local found = getaddrinfo(where.host, where.port, where.family, SOCK_STREAM)[1]
    local client <close> = socket(found.family, found.type, found.protocol)
    client:connect(found.address)
    check.equal(client:getpeername(), where)
end)

check.test("getaddrinfo: what fails, and what is wrong", function()
    local err = check.error(getaddrinfo, "EAI_NONAME", "not numeric", 80, 0, 0, 0, AI_NUMERICHOST)
    check.equal(err.errno, EAI_NONAME)
    check.equal(err.call, "getaddrinfo")
    check.match(tostring(err), "%(EAI_NONAME%)$")
    check.error(getaddrinfo, "EAI_SERVICE", "127.0.0.1", "no-such-service")
    check.error(getaddrinfo, "EAI_SERVICE", "127.0.0.1", "80x")
    check.error(getaddrinfo, "host")
    check.error(getaddrinfo, "host", nil, nil)
    check.error(getaddrinfo, "EAI_FAMILY", "127.0.0.1", 80, AF_UNIX)
    check.error(getaddrinfo, "service", "127.0.0.1", "65536")
    check.error(getaddrinfo, "service", "127.0.0.1", 65536)
    check.error(getaddrinfo, "service", "127.0.0.1", -1)
    check.error(getaddrinfo, "service", "127.0.0.1", 1.5)
    check.error(getaddrinfo, "service", "127.0.0.1", true)
    check.error(getaddrinfo, "host", 127)
    check.error(getaddrinfo, "host", "a\0b", 80)
    check.error(getaddrinfo, "family", "127.0.0.1", 80, SOCK_STREAM)
    check.error(getaddrinfo, "flags", "127.0.0.1", 80, 0, 0, 0, MSG_PEEK)
    check.error(getaddrinfo, "getaddrinfo", "127.0.0.1", 80, 0, 0, 0, 0, 0)
end)

-- The pipe of a lookup that failed, or was cancelled, stayed open until the collector came: a few
-- hundred such names in a row, and there was no descriptor left.
check.everywhere("no lookup keeps a descriptor once it is over", function()
    local function lowest()
        local s <close> = socket()
        return s:fileno()
    end
    collectgarbage("stop")
    local _ <close> = setmetatable({}, { __close = function() collectgarbage("restart") end })
    local before = lowest()
    check.error(gethostbyname, "EAI_NONAME", "not a host")
    check.error(getaddrinfo, "EAI_SERVICE", "127.0.0.1", "no-such-service")
    check.error(getnameinfo, "EAI_NONAME", { "192.0.2.77", 1 }, NI_NAMEREQD | NI_NUMERICHOST)
    local s <close> = socket()
    check.error(bind, "EAI_NONAME", s, "not a host", 0)
    s:close()
    for _ = 1, 3 do
        local task = spawn(gethostbyname, "localhost")
        sleep(0)
        cancel(task)
        pcall(wait, task)
    end
    -- Threads of cancelled lookups, of an earlier place's too, read /etc/hosts for a moment more.
    check.is(check.eventually(function() return lowest() <= before end))
end)

check.everywhere("getnameinfo gives host and service", function()
    local numeric = NI_NUMERICHOST | NI_NUMERICSERV
    local host, service = getnameinfo({ "127.0.0.1", 80 }, numeric)
    check.equal(host, "127.0.0.1")
    check.equal(service, "80")
    host, service = getnameinfo({ host = "127.0.0.1", port = 80 }, NI_NUMERICHOST)
    check.equal(service, "http")
    local s <close>, where = check.listener()
    check.equal(getnameinfo(where), "localhost")
    check.error(getnameinfo, "EAI_NONAME", { "192.0.2.77", 1 }, NI_NAMEREQD | NI_NUMERICHOST)
    check.error(getnameinfo, "address", nil)
    check.error(getnameinfo, "flags", where, MSG_PEEK)
    check.error(getnameinfo, "getnameinfo", where, 0, 0)
end)

check.test("getservbyname gives a port", function()
    check.equal(getservbyname("http"), 80)
    check.equal(getservbyname("http", "tcp"), 80)
    check.equal(getservbyname("tftp", "udp"), 69)
    check.error(getservbyname, "EAI_SERVICE", "tftp", "tcp")
    check.error(getservbyname, "EAI_SERVICE", "no-such-service")
    check.error(getservbyname, "name", "80")
    check.error(getservbyname, "name", 80)
    check.error(getservbyname, "protocol", "http", "sctp")
    check.error(getservbyname, "protocol", "http", 6)
    check.error(getservbyname, "getservbyname", "http", "tcp", 1)
end)

check.test("gethostname", function()
    local file <close> = io.open("/proc/sys/kernel/hostname")
    check.equal(gethostname(), file:read("l"))
    check.error(gethostname, "gethostname", 1)
end)

check.test("lookups in many tasks at once", function()
    local all = {}
    for i = 1, 30 do
        all[i] = spawn(gethostbyname, "localhost")
    end
    for _, task in ipairs(all) do
        check.equal(wait(task), "127.0.0.1")
    end
end)

check.test("text and bytes of addresses", function()
    check.equal(inet_pton(AF_INET, "127.0.0.1"), "\127\0\0\1")
    check.equal(inet_ntop(AF_INET, "\127\0\0\1"), "127.0.0.1")
    check.equal(inet_pton(AF_INET6, "::1"), ("\0"):rep(15) .. "\1")
    check.equal(inet_ntop(AF_INET6, ("\0"):rep(15) .. "\1"), "::1")
    for _, text in ipairs { "", "localhost", "1.2.3", "256.1.1.1", "1.2.3.4 ", "::1", "1.2.3.4\0" } do
        check.match(check.error(inet_pton, "text", AF_INET, text), "inet_pton")
    end
    check.error(inet_pton, "text", AF_INET6, "127.0.0.1")
    check.error(inet_pton, "family", AF_UNIX, "x")
    check.error(inet_pton, "family", "AF_INET", "1.2.3.4")
    check.error(inet_pton, "text", AF_INET, 1)
    check.error(inet_ntop, "bytes", AF_INET, "abc")
    check.error(inet_ntop, "bytes", AF_INET6, "abcd")
    check.error(inet_ntop, "inet_ntop", AF_INET, "abcd", 1)
end)

check.test("byte orders", function()
    check.equal(htons(0x1234), string.unpack("=I2", "\x12\x34"))
    check.equal(htonl(0x12345678), string.unpack("=I4", "\x12\x34\x56\x78"))
    for _, number in ipairs { 0, 1, 80, 0x1234, 0xffff } do
        check.equal(ntohs(htons(number)), number)
    end
    for _, number in ipairs { 0, 1, 0x12345678, 0xffffffff } do
        check.equal(ntohl(htonl(number)), number)
    end
    check.equal(htons(80.0), htons(80))
    for _, name in ipairs { "htons", "ntohs", "htonl", "ntohl" } do
        for _, wrong in ipairs { -1, 1 << 32, 1.5, "80", {}, true, 0 / 0 } do
            check.match(check.error(_G[name], "number", wrong), name)
        end
        check.error(_G[name], name)
        check.error(_G[name], name, 1, 2)
    end
    check.error(htons, "htons", 65536)
    check.error(ntohs, "ntohs", 65536)
end)

check.test("encode and decode", function()
    check.equal(("grüße"):encode(), "gr\xc3\xbc\xc3\x9fe")
    check.equal(("x"):encode("utf-8"), "x")
    check.equal(("gr\xc3\xbc\xc3\x9fe"):decode(), "grüße")
    check.equal((""):decode("UTF-8"), "")
    check.equal(("a\0b"):decode(), "a\0b")
    check.error(string.decode, "0xff at position 3", "ab\xff")
    for _, bytes in ipairs { "\x80", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80" } do
        check.match(check.error(string.decode, "UTF%-8", bytes), "decode")
    end
    check.error(string.encode, "encoding", "x", "latin-1")
    check.error(string.decode, "encoding", "x", 8)
    check.error(string.encode, "text", 5)
    check.error(string.decode, "decode", "x", "utf-8", 1)
end)

check.test("json there and back", function()
    local value = { name = "x", list = { 1, 2.5, "three", false, json.null }, nested = { a = {} } }
    local text = json.dumps(value)
    local back = json.loads(text)
    check.equal(back.name, "x")
    check.equal(math.type(back.list[1]), "integer")
    check.equal(back.list[2], 2.5)
    check.equal(back.list[4], false)
    check.is(rawequal(back.list[5], json.null))
    check.equal(json.dumps(back), text)
    check.equal(json.dumps({}), "{}")
    check.equal(json.dumps(json.array {}), "[]")
    check.equal(json.dumps(json.loads("[]")), "[]")
    check.equal(json.dumps("a\"b"), '"a\\"b"')
    check.equal(json.dumps(json.null), "null")
    check.equal(json.loads("12345678901234567"), 12345678901234567)
end)

check.test("json: what cannot be", function()
    local cycle = {}
    cycle.again = cycle
    for _, value in ipairs { cycle, { 1, x = 2 }, 0 / 0, 1 / 0, print, socket(), "\xff",
                             { [true] = 1 }, { { { f = print } } } } do
        check.error(json.dumps, "json.dumps", value)
    end
    for _, text in ipairs { "", "{", "[1,", '{"a":', "nul", "[1] x", '"\xff"', "{'a':1}",
                            ("["):rep(100000) } do
        check.error(json.loads, "json.loads", text)
    end
    check.error(json.loads, "json.loads", nil)
    check.error(json.loads, "json.loads", "1", 2)
    check.error(json.dumps, "json.dumps")
end)

check.finish()
