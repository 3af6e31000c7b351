-- SPDX-License-Identifier: MIT
--
-- What soak.py has the shell do: connections in and out, both ends in this process, or connections
-- from soak.py that are left alone. At each interval it writes a line and waits for one, while its
-- memory and descriptors are counted from outside.

local job, count, number = arg[1], tonumber(arg[2]), tonumber(arg[3])

local function report(done)
    collectgarbage()
    collectgarbage()
    io.write(string.format("%d\n", done))
    io.flush()
    assert(io.read(), "nobody counts any more")
end

local function listener()
    local l = socket()
    l:bind("127.0.0.1", 0)
    l:listen()
    return l, l:getsockname()
end

-- `number` is the interval in connections. A reset at the end leaves no port in TIME_WAIT.
local function come_and_go()
    local l, where = listener()
    for i = 1, count do
        local c = socket()
        c:connect(where)
        local s = l:accept()
        c:send("x")
        assert(s:recv(1) == "x")
        c:setsockopt(SOL_SOCKET, SO_LINGER, { onoff = 1, linger = 0 })
        c:close()
        s:close()
        if i % number == 0 then
            report(i)
        end
    end
end

local function echo(s)
    s:sendall(s:recv(1))
    s:close()
end

-- `number` is the time in seconds, in ten intervals; a task waits at each connection. The clients are
-- in soak.py, which is told the port first, and in the end has each carry a byte there and back.
local function stay()
    local l, where = listener()
    report(where[2])
    for _ = 1, count do
        spawn(echo, (l:accept()))
    end
    for i = 1, 10 do
        sleep(number / 10)
        report(i * number // 10)
    end
    for _, task in ipairs(tasks()) do
        wait(task)
    end
end

if job == "soak" then
    come_and_go()
else
    stay()
end
