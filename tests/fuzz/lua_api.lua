-- SPDX-License-Identifier: MIT
--
-- Makes the calls that the bytes choose, on sockets and on a model of them. The model knows of each
-- socket what it may do and which bytes are on their way to it; whatever the kernel answers must be
-- one of the answers that it allows. Nothing waits for long: every socket has a timeout.

local bytes = ...
local place = 1
local PATIENCE = 2 -- seconds for what the kernel is to deliver
local MOST = 12    -- sockets at once

local function choose(count)
    local byte = bytes:byte(place) or 0
    place = place + 1
    return byte % count
end

local list = {}

local function add(s, kind, more)
    local model = more or {}
    model.s, model.kind, model.coming, model.open = s, kind, "", true
    s:settimeout(0)
    list[#list + 1] = model
    return model
end

local function pick(kind)
    local found = {}
    for _, model in ipairs(list) do
        if model.kind == kind then
            found[#found + 1] = model
        end
    end
    return found[1 + choose(math.max(#found, 1))]
end

local function name_of(err)
    return type(err) == "userdata" and err.name or tostring(err)
end

local function expect(good, err, allowed, what)
    if not good then
        local name = name_of(err)
        assert(type(err) == "userdata", what .. ": " .. tostring(err))
        assert((" " .. allowed .. " "):find(" " .. name .. " ", 1, true),
               what .. " raised " .. name .. ", may raise " .. allowed)
        assert(err.hint == nil or #err.hint > 0)
    end
end

local function join(a, b)
    a.peer, b.peer = b, a
end

local actions = {}

function actions.listen()
    local s = socket()
    s:bind("127.0.0.1", 0)
    s:listen(choose(8))
    add(s, "listener", { waiting = {} })
end

function actions.connect()
    local listener = pick "listener"
    if not listener or #listener.waiting > 0 then
        return
    end
    local s = socket()
    s:settimeout(PATIENCE)
    s:connect(listener.s:getsockname())
    listener.waiting[1] = add(s, "stream", { tcp = true })
end

function actions.accept()
    local listener = pick "listener"
    if not listener then
        return
    end
    local client = table.remove(listener.waiting, 1)
    listener.s:settimeout(client and PATIENCE or 0)
    local good, s, peer = pcall(accept, listener.s)
    if not client then
        assert(not good)
        expect(good, s, "EAGAIN", "accept of nobody")
        return
    end
    assert(good, tostring(s))
    local server = add(s, "stream", { tcp = true })
    server.coming = client.queued or "" -- sent before anybody had accepted
    if client.open then
        assert(peer == client.s:getsockname())
        join(client, server)
    else
        server.hung_up = true
        server.reset = client.was_reset
    end
end

function actions.pair()
    local a, b = socketpair()
    join(add(a, "stream"), add(b, "stream"))
end

function actions.datagrams()
    local s = socket(AF_INET, SOCK_DGRAM)
    s:bind("127.0.0.1", 0)
    add(s, "datagram", { queue = {} })
end

function actions.send()
    local model = pick "stream"
    if not model then
        return
    end
    local data = string.rep(string.char(65 + choose(26)), choose(64))
    local good, sent = pcall(send, model.s, data)
    if model.muted then
        assert(not good, "a send after SHUT_WR")
        return expect(good, sent, "EPIPE ECONNRESET", "send")
    end
    if not good then
        local why = (model.peer == nil or not model.peer.open or model.peer.deaf)
        assert(why or model.waits, "a send failed: " .. name_of(sent))
        model.broken = true
        return expect(good, sent, "EPIPE ECONNRESET EAGAIN ENOTCONN", "send")
    end
    assert(sent == #data)
    if model.peer and model.peer.open then
        model.peer.coming = model.peer.coming .. data
    elseif not model.peer then
        model.queued = (model.queued or "") .. data
    end
end

local function receive(model)
    local size = 1 + choose(40)
    local gone = model.hung_up or model.reset or model.peer == nil or model.broken or
                 not model.peer.open
    model.s:settimeout((#model.coming > 0 or gone) and PATIENCE / 20 or 0)
    local good, data = pcall(recv, model.s, size)
    if not good then
        local allowed = "EAGAIN ETIMEDOUT"
        if gone or model.broken or model.reset then
            allowed = allowed .. " ECONNRESET EPIPE ENOTCONN"
        end
        assert(#model.coming == 0 or gone, "bytes were lost: " .. name_of(data))
        return expect(good, data, allowed, "recv")
    end
    assert(#data <= size)
    if gone or model.broken then
        model.coming = model.coming:sub(#data + 1)
        return
    end
    assert(model.coming:sub(1, #data) == data, "other bytes than were sent")
    assert(#data > 0 or model.muted_here or model.peer.muted or model.deaf,
           "an end of stream that nobody made")
    model.coming = model.coming:sub(#data + 1)
end

function actions.recv()
    local model = pick "stream"
    if model then
        receive(model)
    end
end

function actions.shutdown()
    local model = pick "stream"
    if not model then
        return
    end
    local how = choose(3)
    local constants = { [0] = SHUT_RD, SHUT_WR, SHUT_RDWR }
    local good, err = pcall(shutdown, model.s, constants[how])
    expect(good, err, "ENOTCONN", "shutdown")
    model.muted = model.muted or good and how ~= 0
    model.deaf = model.deaf or good and how ~= 1
    model.broken = model.broken or model.deaf
    if model.peer and model.deaf then
        model.peer.broken = true
    end
end

function actions.close()
    local model = table.remove(list, 1 + choose(math.max(#list, 1)))
    if not model then
        return
    end
    local s = model.s
    close(s)
    close(s)
    model.open = false
    model.was_reset = #model.coming > 0
    if model.peer then
        model.peer.hung_up = true
        model.peer.reset = model.was_reset
    end
    assert(fileno(s) == -1 and tostring(s) == "socket (closed)")
    local calls = { listen, accept, recv, getsockname, getpeername }
    local good, err = pcall(calls[1 + choose(#calls)], s)
    assert(not good)
    expect(good, err, "EBADF", "a call on a closed socket")
    for _, client in ipairs(model.waiting or {}) do
        client.broken, client.waits = true, true
    end
end

function actions.sendto()
    local to, from = pick "datagram", pick "datagram"
    if not to then
        return
    end
    local data = string.rep(string.char(97 + choose(26)), choose(30))
    assert(sendto(from.s, data, to.s:getsockname()) == #data)
    to.queue[#to.queue + 1] = { data, from.s:getsockname() }
end

function actions.recvfrom()
    local model = pick "datagram"
    if not model then
        return
    end
    local expected = table.remove(model.queue, 1)
    local size = choose(40)
    model.s:settimeout(expected and PATIENCE or 0)
    local good, data, from = pcall(recvfrom, model.s, size)
    if not expected then
        assert(not good)
        return expect(good, data, "EAGAIN", "recvfrom of nothing")
    end
    assert(good and data == expected[1]:sub(1, size) and from == expected[2])
end

function actions.misuse()
    local model = list[1 + choose(math.max(#list, 1))]
    if not model then
        return
    end
    local calls = { listen, accept, connect, getpeername, recvfrom, sendall, setsockopt, getsockopt,
                    bind, shutdown, settimeout }
    local values = { -1, 1.5, "x", {}, AF_INET, SO_REUSEADDR, ECONNREFUSED, math.huge, "\0" }
    local before = model.s:fileno()
    model.s:settimeout(0)
    local call = calls[1 + choose(#calls)]
    if call == connect or call == listen or call == accept or call == recvfrom then
        call = sendall
    end
    pcall(call, model.s, values[1 + choose(#values)], values[1 + choose(#values)], {})
    assert(model.s:fileno() == before, "a misuse changed the descriptor")
end

function actions.look()
    for _, model in ipairs(list) do
        assert(not tostring(model.s):find("0x"))
    end
    assert(#sockets() >= #list)
    local good, picture = pcall(diagram)
    assert(not good or #tostring(picture) > 0)
end

local names = {}
for name in pairs(actions) do
    names[#names + 1] = name
end
table.sort(names)

while place <= #bytes and place < 200 do
    local name = names[1 + choose(#names)]
    local makes = name == "listen" or name == "connect" or name == "pair" or name == "datagrams"
    if not (makes and #list >= MOST) then
        actions[name]()
    end
end
for _, model in ipairs(list) do
    close(model.s)
end
