-- SPDX-License-Identifier: MIT
--
-- Every function of the shell, fed with each kind of wrong value in each place, with too few values
-- and with too many: it must raise an error that names it, never wait for ever, never end the
-- process. The functions are found where they stand; one without an entry below fails the test.

local check = dofile("check.lua")

local LATE = 0.01
local peers = {}

-- A socket from which something can be received, with a timeout.
local function connected()
    local a, b = socketpair()
    a:settimeout(LATE)
    b:send("waiting")
    peers[#peers + 1] = b
    return a
end

local function datagram()
    local s = socket(AF_INET, SOCK_DGRAM)
    s:bind("127.0.0.1", 0)
    s:settimeout(LATE)
    s:sendto("waiting", s:getsockname())
    return s
end

local function listener()
    local s, where = check.listener()
    local client = socket()
    client:connect(where)
    peers[#peers + 1] = client
    s:settimeout(LATE)
    return s
end

local closed = socket()
closed:close()
local open = socket()
local address = open:getsockname()

-- The kinds of wrong value, each with the word by which an entry below says that it may be right.
local wrong = {
    { "nil", nil }, { "true", true }, { "false", false }, { "minus", -1 }, { "zero", 0 },
    { "huge", math.maxinteger }, { "least", math.mininteger }, { "2^32", 1 << 32 },
    { "float", 1.5 }, { "large float", 1e300 }, { "nan", 0 / 0 }, { "infinity", 1 / 0 },
    { "65536", 65536 }, { "80x", "80x" }, { "empty", "" }, { "zero byte", "a\0b" },
    { "not utf8", "\xff\xfe" }, { "long", ("x"):rep(5000) }, { "table", {} },
    { "deep table", { { {} } } }, { "function", print }, { "coroutine", coroutine.create(print) },
    { "closed", closed }, { "open", open }, { "file", io.stdout }, { "AF_INET", AF_INET },
    { "SO_REUSEADDR", SO_REUSEADDR }, { "EINTR", EINTR }, { "json.null", json.null },
    { "task", spawn(function() end) }, { "address", address },
}
sleep(0)

-- What each function takes: a maker of good values; then, for each place, the kinds that are good
-- there after all, by their words; a word behind a minus is left out, since it would ask a name
-- server or wait for long. `more` says that any number of values may follow, `least` how many there
-- must be for the call to end.
local anything = setmetatable({}, { __index = function() return true end })
local function kinds(text)
    local set = {}
    for word in text:gmatch("[^,]+") do
        set[word] = true
    end
    return set
end
local none = {}
local written = os.tmpname() -- what a picture may be written to
trace(true) -- so that there is a record, which the pictures want
trace(false)
local flags = kinds "nil,zero,minus,65536" -- which the kernel does not refuse
local data = kinds "80x,empty,zero byte,not utf8,long"
local size = kinds "nil,zero,65536"

local entries = {
    socket = { function() return AF_INET, SOCK_STREAM, 0 end, kinds "nil,AF_INET", kinds "nil",
               kinds "nil,zero" },
    socketpair = { function() return AF_UNIX, SOCK_STREAM, 0 end, kinds "nil", kinds "nil",
                   kinds "nil,zero" },
    -- A host that is not numeric asks a name server: "80x" is left out there.
    bind = { function() return socket(), "127.0.0.1", 0 end, kinds "open", kinds "zero,empty,-80x",
             kinds "zero,minus" },
    listen = { function() return (check.listener()), 5 end, kinds "open", kinds "nil,zero,65536" },
    accept = { function() return listener() end, none },
    connect = { function()
        local s = listener()
        peers[#peers + 1] = s
        return socket(), "127.0.0.1", s:getsockname().port
    end, kinds "open", kinds "-80x,zero,empty", none },
    send = { function() return connected(), "data", 0 end, none, data, flags },
    sendall = { function() return connected(), "data", 0 end, none, data, flags },
    recv = { function() return connected(), 10, 0 end, none, size, flags },
    recvfrom = { function() return connected(), 10, 0 end, none, size, flags },
    sendto = { function() return datagram(), "data", "127.0.0.1", datagram():getsockname().port, 0 end,
               none, data, kinds "-80x,zero,empty", none, flags },
    shutdown = { function() return connected(), SHUT_WR end, none, kinds "zero" },
    close = { function() return socket() end, kinds "open,closed" },
    getsockname = { function() return socket() end, kinds "open" },
    getpeername = { function() return connected() end, none },
    setsockopt = { function() return socket(), SOL_SOCKET, SO_REUSEADDR, 1 end, kinds "open", none,
                   kinds "SO_REUSEADDR,zero",
                   kinds "true,false,zero,minus,65536" },
    getsockopt = { function() return socket(), SOL_SOCKET, SO_TYPE end, kinds "open", none,
                   kinds "zero,SO_REUSEADDR" },
    settimeout = { function() return socket(), 1 end, kinds "open", kinds "nil,zero,float,65536" },
    gettimeout = { function() return socket() end, kinds "open" },
    fileno = { function() return socket() end, kinds "open,closed" },
    poll = { function() return { connected() }, 0 end, kinds "table", kinds "nil,zero,float,65536" },
    select = { function() return { connected() }, {}, LATE end, kinds "nil,table",
               kinds "nil,table", kinds "nil,zero,float,65536", least = 1 },
    gethostname = { function() end },
    gethostbyname = { function() return "localhost" end, kinds "empty,-80x" },
    getaddrinfo = { function() return "127.0.0.1", 80, AF_INET, SOCK_STREAM, 0, 0 end,
                    kinds "nil,-80x,empty", kinds "nil,zero,empty", kinds "nil,zero,AF_INET",
                    kinds "nil,zero", kinds "nil,zero", kinds "nil,zero" },
    getnameinfo = { function() return address, NI_NUMERICHOST | NI_NUMERICSERV end,
                    kinds "address", kinds "nil,zero" },
    getservbyname = { function() return "http", "tcp" end, none, kinds "nil,empty" },
    inet_pton = { function() return AF_INET, "127.0.0.1" end, kinds "AF_INET", none },
    inet_ntop = { function() return AF_INET, "abcd" end, kinds "AF_INET", none },
    htons = { function() return 1 end, kinds "zero" },
    ntohs = { function() return 1 end, kinds "zero" },
    htonl = { function() return 1 end, kinds "zero,65536" },
    ntohl = { function() return 1 end, kinds "zero,65536" },
    spawn = { function() return function() end end, kinds "function", more = true },
    wait = { function() return spawn(function() end) end, kinds "task" },
    cancel = { function() return spawn(function() end) end, kinds "task" },
    tasks = { function() end },
    sleep = { function() return 0 end, kinds "zero,-float,-65536" },
    trace = { function() return false end, kinds "false,-true" },
    sockets = { function() end },
    state = { function() return socket() end, kinds "open,closed" },
    states = { function() return socket() end, kinds "nil,open,closed" },
    diagram = { function() return socket(), written .. ".svg" end, kinds "nil,open,closed", kinds "nil" },
    stream = { function() return socket() end, none },
    export = { function() return written .. ".html" end, none },
    hexdump = { function() return "data" end, data },
    calls = { function() return "bind" end, kinds "nil,open,closed" },
    called = { function() return "bind", {} end, none, kinds "nil,table" },
    failed = { function() return "bind", EINTR, {} end, none,
               kinds "nil,zero,minus,65536,EINTR", kinds "nil,table" },
    sent = { function() return socket() end, kinds "open,closed" },
    received = { function() return socket() end, kinds "open,closed" },
    ["json.dumps"] = { function() return { 1, 2 }, 2 end, anything, kinds "nil" },
    ["json.loads"] = { function() return "[1]" end, none },
    ["json.array"] = { function() return {} end, kinds "table,deep table" },
    ["string.encode"] = { function() return "text", "utf-8" end, data, kinds "nil" },
    ["string.decode"] = { function() return "text", "utf-8" end, kinds "80x,empty,zero byte,long",
                          kinds "nil" },
}

-- Those that cannot be called here: they end the program, or show what a terminal is for.
local apart = { exit = true, quit = true, help = true }

-- The functions of Lua itself, some of which the shell replaces by its own of the same behaviour.
local stock = {}
for name in ([[assert collectgarbage dofile error getmetatable ipairs load loadfile next pairs pcall
    print rawequal rawget rawlen rawset require select setmetatable tonumber tostring type warn
    xpcall]]):gmatch("%S+") do
    stock[name] = true
end

-- The shell's own functions by name: the globals, the fields of `socket`, of json and of strings.
local functions = {}
for name, value in pairs(_G) do
    if type(value) == "function" and not stock[name] and not apart[name] then
        functions[name] = value
    end
end
for name, value in pairs(socket) do
    if type(value) == "function" then
        functions[name] = value
    end
end
for name, value in pairs(json) do
    if type(value) == "function" then
        functions["json." .. name] = value
    end
end
functions["string.encode"], functions["string.decode"] = string.encode, string.decode

-- Calls it; an error must name the function. Returns whether it succeeded.
local function try(name, call, arguments, what)
    local good, err = pcall(call, table.unpack(arguments, 1, arguments.n))
    if good then
        return true
    end
    local short = name:match("[^.]*$")
    if type(err) == "userdata" then
        check.equal(err.call, short, what)
        check.match(err.name, "^E")
        check.is(err.hint == nil or not err.hint:find("%c"), "a hint without control characters")
    else
        check.equal(type(err), "string", what)
        if not err:find(short, 1, true) then
            error(("%s: the message does not name %s: %s"):format(what, name, err))
        end
        check.is(not err:find("[\0-\8\11-\31\127]"), "no control character in " .. err)
    end
    return false
end

local function feed(name, call, entry)
    local most = table.pack(entry[1]()).n
    for place = 1, most do
        for _, kind in ipairs(wrong) do
            local label, value = kind[1], kind[2]
            local may = entry[place + 1] or none
            if not may["-" .. label] or may == anything then
                local arguments = table.pack(entry[1]())
                arguments[place] = value
                local what = ("%s with %s in place %d"):format(name, label, place)
                local good = try(name, call, arguments, what)
                check.is(not good or may[label], what .. " succeeded: an error")
            end
        end
    end
    return most
end

local names = {}
for name in pairs(functions) do
    names[#names + 1] = name
end
table.sort(names)

for _, name in ipairs(names) do
    local call, entry = functions[name], entries[name]
    check.test(name .. ": each wrong value in each place", function()
        check.is(entry, "an entry for " .. name .. " in this test's table")
        feed(name, call, entry)
    end)
    if entry and not entry.more then
        check.test(name .. ": too many", function()
            for extra = 1, 3 do
                for _, kind in ipairs(wrong) do
                    local arguments = table.pack(entry[1]())
                    local most = arguments.n
                    for i = 1, extra do
                        arguments[most + i] = kind[2]
                    end
                    arguments.n = most + extra
                    local what = ("%s with %d surplus %s"):format(name, extra, kind[1])
                    check.is(not try(name, call, arguments, what), what .. ": an error")
                end
            end
        end)
        check.test(name .. ": too few", function()
            local arguments = table.pack(entry[1]())
            for few = arguments.n - 1, 0, -1 do
                if few < (entry.least or 0) then
                    break
                end
                local given = table.pack(table.unpack(arguments, 1, few))
                local good = try(name, call, given, name .. " with " .. few .. " values")
                local may = entry[few + 2] or none
                check.is(not good or may["nil"], ("%s with %d values: an error"):format(name, few))
            end
        end)
    end
    for _, s in ipairs(peers) do
        s:close()
    end
    peers = {}
    open:close() -- which a call may have done, or connected it
    open = socket()
    for _, kind in ipairs(wrong) do
        if kind[1] == "open" then
            kind[2] = open
        end
    end
    sleep(0)
end

check.test("every entry is of a function that there is", function()
    for name in pairs(entries) do
        check.is(functions[name], name)
    end
end)

-- A method is the same function with its socket in front; its messages count as Lua's do.
check.test("a method's arguments are counted behind its socket", function()
    local s <close> = socket()
    check.error(function() s:listen("5") end, "#1 to '[:]?listen'")
    check.error(function() s:bind("127.0.0.1", "80x") end, "#2 to '[:]?bind'")
    check.error(function() s.bind("127.0.0.1", 80) end, "socket expected, got \"127.0.0.1\"")
    check.error(listen, "#2 to 'listen'", s, "5")
end)

check.test("the table socket called as a function", function()
    check.match(check.error(socket, "family", "AF_INET"), "#1 to 'socket'")
    check.match(check.error(socket.socket, "type", AF_INET, "x"), "#2 to 'socket'")
    check.match(check.error(socket, "no further", AF_INET, SOCK_STREAM, 0, 1), "#4 to 'socket'")
end)

check.test("messages say what was expected and what came", function()
    local s <close> = socket()
    check.error(send, 'data: a string expected, got 5', s, 5)
    check.error(send, 'data: a string expected, got nil', s, nil)
    check.error(send, 'data: a string expected, got a table', s, {})
    check.error(send, 'data: a string expected, got a socket', s, s)
    check.error(accept, 'a socket expected, got an address', getsockname(s)) -- it said "a address"
    check.error(send, 'data: a string expected, got true', s, true)
    check.error(recv, 'size: .*expected, got %-1', s, -1)
    check.error(recv, 'size: .*expected, got "10"', s, "10")
    check.error(recv, 'size: .*expected, got 1.5', s, 1.5)
    check.error(connect, 'port: .*expected, got 65536', s, "127.0.0.1", 65536)
    check.error(connect, 'port: .*expected, got "80x"', s, "127.0.0.1", "80x")
    check.error(connect, 'host: .*got "a\\0b"', s, "a\0b", 80)
    check.error(sleep, 'seconds.*got %-?nan', 0 / 0)
end)

check.test("names of Lua's own functions are kept in their messages", function()
    check.error(pcall, "'pcall'")
    check.error(xpcall, "'xpcall'", 1)
    check.error(coroutine.wrap, "wrap'", 1)
    check.error(coroutine.resume, "resume'", 1)
end)

check.test("the program goes on", function()
    local a, b = socketpair()
    a:send("all is well")
    check.equal(b:recv(), "all is well")
    open:close()
end)

for _, suffix in ipairs { "", ".svg", ".html" } do
    os.remove(written .. suffix)
end

check.finish()
