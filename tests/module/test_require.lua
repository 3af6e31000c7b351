-- SPDX-License-Identifier: MIT
--
-- require "sockrepl" in a stock interpreter: what it gives, and that it gives nothing else away.

local globals, strings = {}, {}
for name, value in pairs(_G) do globals[name] = value end
for name, value in pairs(string) do strings[name] = value end
local meta = getmetatable("")

local sockrepl = require("sockrepl")

local function unchanged()
    for name, value in pairs(_G) do
        if globals[name] ~= value then return false, name end
    end
    for name, value in pairs(string) do
        if strings[name] ~= value then return false, name end
    end
    return getmetatable(_G) == nil and getmetatable("") == meta
end

assert(unchanged())

-- A server and its client, as a task and in the main program.
do
    local listener <close> = sockrepl.socket(sockrepl.AF_INET, sockrepl.SOCK_STREAM)
    listener:bind("127.0.0.1", 0)
    listener:listen()
    local server = sockrepl.spawn(function()
        local c <close> = listener:accept()
        for _ = 1, 3 do
            c:sendall(c:recv():upper())
        end
        return "served", 3
    end)
    assert(tostring(server):find("about to run"))
    local client <close> = sockrepl.socket()
    client:connect(listener:getsockname())
    for _, word in ipairs({ "one", "two", "three" }) do
        assert(sockrepl.send(client, word) == #word)
        assert(client:recv() == word:upper())
    end
    assert(client:recv() == "")
    local what, count = sockrepl.wait(server)
    assert(what == "served" and count == 3)
    assert(#sockrepl.tasks() == 0)
end

-- A failure is an error object, and an argument's error an ordinary one.
do
    local s <close> = sockrepl.socket()
    s:bind("127.0.0.1", 0)
    local address = s:getsockname()
    local good, err = pcall(sockrepl.connect, sockrepl.socket(), address)
    assert(not good and err.errno == sockrepl.ECONNREFUSED and err.name == "ECONNREFUSED")
    assert(tostring(err) == "connect: Connection refused (ECONNREFUSED)")
    assert(err.hint:find("listening"))
    good, err = pcall(s.bind, s, "127.0.0.1", 70000)
    assert(not good and err:find("bad argument #3 to 'bind'", 1, true), err)
    assert(not pcall(function() return s.bnd end))
    good, err = pcall(function() return sockrepl.AF_INNET end)
    assert(not good and err:find("did you mean AF_INET", 1, true))
    good, err = pcall(function() return sockrepl.conect end)
    assert(not good and err:find("did you mean 'connect'", 1, true))
end

-- The rest of what the shell has.
do
    assert(sockrepl.json.dumps({ 1, 2 }) == "[1, 2]")
    assert(sockrepl.encode("x") == "x" and sockrepl.decode("y") == "y")
    assert(not pcall(sockrepl.decode, "\xff"))
    local a, b = sockrepl.socketpair()
    b:send("x")
    local readers = sockrepl.select({ a }, {}, 5)
    assert(readers[1] == a)
    assert(sockrepl.poll({ a }, 5)[a] == "r")
    local s <close> = sockrepl(sockrepl.AF_INET, sockrepl.SOCK_DGRAM)
    assert(tostring(s):find("UDP"))
    a:close()
    b:close()
end

-- What trace() shows, the pictures have.
do
    local a, b = sockrepl.socketpair()
    assert(not pcall(sockrepl.calls))
    sockrepl.trace(true)
    a:send("hello")
    b:recv()
    sockrepl.trace(false)
    assert(#sockrepl.calls() == 2 and sockrepl.received(b) == "hello")
    assert(tostring(sockrepl.diagram()):find("hello", 1, true))
    a:close()
    b:close()
end

-- A cancelled task ends through the module's pcall; Lua's own takes the end for an error.
do
    local task = sockrepl.spawn(function()
        while true do sockrepl.pcall(sockrepl.sleep, 1000) end
    end)
    sockrepl.sleep(0)
    sockrepl.cancel(task)
    local good, err = pcall(sockrepl.wait, task)
    assert(not good and err.name == "ECANCELED")
end

assert(unchanged())

-- Asked for, all of it is global, but Lua's own select() stays.
sockrepl.globals()
assert(send == sockrepl.send and AF_INET == sockrepl.AF_INET and socket.select and ("x"):encode())
assert(select == globals.select and coroutine.resume == globals.coroutine.resume)
assert(socket.socket(socket.AF_INET, socket.SOCK_STREAM):fileno() >= 0)
assert(SOCK_NONSENSE == nil) -- others' code may ask for what is not there
assert(package.loaded.sockrepl == sockrepl and require("sockrepl") == sockrepl)
