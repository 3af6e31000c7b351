-- SPDX-License-Identifier: MIT
--
-- The harness of the scripts beside it: tests by name, what they expect, and at the end whether
-- every descriptor that was opened is closed again. It must not know what any script tests.
--
--   local check = dofile("check.lua")
--   check.test("a pair echoes", function() check.equal(1 + 1, 2) end)
--   check.finish()
--
-- What is expected and does not come raises an error that bears the place of the expectation; it
-- ends its test alone. The script's status is 1 if a test failed.

local check = {}

-- Of a build without what is the system's own: it does not know how full a listener's queue is.
check.portable = os.getenv("SOCKREPL_PORTABLE") == "1"

io.stdout:setvbuf("line") -- where a test hangs, those before it are told

local count, failed = 0, 0

-- What `ls -l` says of this process's descriptors, by number. The pipe of popen is in every list.
local function descriptors()
    local list = {}
    local pipe <close> = io.popen("ls -l /proc/$PPID/fd")
    for line in pipe:lines() do
        local fd, target = line:match("(%d+) %-> (.*)$")
        if fd then
            list[tonumber(fd)] = target
        end
    end
    return list
end

local function surplus(before)
    for _ = 1, 4 do
        collectgarbage()
    end
    local more = {}
    for fd, target in pairs(descriptors()) do
        if not before[fd] then
            more[#more + 1] = fd .. " (" .. target .. ")"
        end
    end
    return more
end

-- What the shell opens once, at the first wait, is open before the first look.
local function warm_up()
    wait(spawn(sleep, 0))
    pcall(gethostbyname, "localhost")
end

warm_up()
local descriptors_before = descriptors()

-- An error as text, with the places of the calls that led to it.
local function explain(err)
    local text = tostring(err)
    if type(err) == "userdata" then
        text = debug.traceback(text, 2)
    end
    return text
end

-- Runs a test's body where the error's place can still be told.
local function guarded(body)
    return function()
        local good, err = xpcall(body, explain)
        if not good then
            error(err, 0)
        end
    end
end

local function report(name, good, err)
    count = count + 1
    if good then
        print(("ok %d %s"):format(count, name))
        return
    end
    failed = failed + 1
    print(("not ok %d %s\n    %s"):format(count, name, (tostring(err):gsub("\n", "\n    "))))
end

function check.test(name, body)
    report(name, pcall(guarded(body)))
end

-- Where code can run: each waits in a way of its own.
local places = {
    { "alone", function(body) body() end },
    { "in a task", function(body) wait(spawn(body)) end },
    { "in a coroutine of a task", function(body)
        wait(spawn(function() coroutine.wrap(body)() end))
    end },
    { "where Lua cannot yield", function(body)
        wait(spawn(function()
            table.sort({ 1, 2 }, function()
                if body then
                    local once = body
                    body = nil
                    once()
                end
                return false
            end)
        end))
    end },
}

local function in_places(name, body, last)
    for i = 1, last do
        report(name .. ", " .. places[i][1], pcall(places[i][2], guarded(body)))
    end
end

-- The body in each of these places.
function check.everywhere(name, body)
    in_places(name, body, #places)
end

-- In each but the last: for a body whose tasks themselves wait where Lua cannot yield. Such waits lie
-- one upon the other, and only the uppermost can go on.
function check.wherever_it_yields(name, body)
    in_places(name, body, #places - 1)
end

local function show(value)
    if type(value) == "string" then
        return ("%q"):format(value)
    end
    return tostring(value)
end

function check.equal(got, expected, what)
    if got ~= expected and (got == got or expected == expected) then
        error(("%sexpected %s, got %s"):format(what and what .. ": " or "", show(expected),
            show(got)), 2)
    end
end

function check.is(value, what)
    if not value then
        error((what or "the condition") .. " does not hold", 2)
    end
    return value
end

function check.match(text, pattern)
    if type(text) ~= "string" or not text:find(pattern) then
        error(("%s does not match %s"):format(show(text), show(pattern)), 2)
    end
end

-- Calls the function, which must raise: an error object of the name, or a message with the
-- pattern. Returns what was raised.
function check.error(call, expected, ...)
    local results = table.pack(pcall(call, ...))
    if results[1] then
        error(("an error %s was expected, and it returned %s"):format(show(expected),
            show(results[2])), 2)
    end
    local err = results[2]
    local fits
    if type(err) == "userdata" then
        fits = err.name == expected
    else
        fits = tostring(err):find(expected) ~= nil
    end
    if not fits then
        error(("an error %s was expected, and it raised %s"):format(show(expected), show(err)), 2)
    end
    return err
end

-- Two ends of one TCP connection on loopback.
function check.connection(family)
    local host = family == AF_INET6 and "::1" or "127.0.0.1"
    local listener <close> = socket(family or AF_INET)
    listener:bind(host, 0)
    listener:listen()
    local client = socket(family or AF_INET)
    client:connect(listener:getsockname())
    return client, (listener:accept())
end

-- A socket that listens on a port of the kernel's choice, and its address.
function check.listener()
    local s = socket()
    s:bind("127.0.0.1", 0)
    s:listen()
    return s, s:getsockname()
end

function check.has_ipv6()
    local good, s = pcall(socket, AF_INET6)
    if good then
        good = pcall(bind, s, "::1", 0)
        s:close()
    end
    return good
end

-- Takes turns until the condition holds; false where it never does.
function check.eventually(holds)
    for _ = 1, 1000 do
        if holds() then
            return true
        end
        sleep(0.005)
    end
    return false
end

-- The function's results, or an error where it takes longer than a test may.
function check.soon(body, ...)
    local task = spawn(body, ...)
    local late = false
    local alarm = spawn(function()
        sleep(10)
        late = true
        cancel(task)
    end)
    local results = table.pack(pcall(wait, task))
    cancel(alarm)
    if late then
        error("it never ended", 2)
    end
    if not results[1] then
        error(results[2], 0)
    end
    return table.unpack(results, 2, results.n)
end

-- A private directory that is gone once the variable is.
function check.directory()
    local path = os.tmpname()
    os.remove(path)
    assert(os.execute("mkdir " .. path))
    return setmetatable({ path = path }, {
        __close = function() os.execute("rm -r " .. path) end,
    })
end

-- Runs another shell with the code as its script, after a command of sh if there is one: its
-- standard output and error, and its status.
function check.run(code, options, before)
    local script, errors = os.tmpname(), os.tmpname()
    local file = assert(io.open(script, "w"))
    file:write(code)
    file:close()
    local program = 0
    while arg[program - 1] do
        program = program - 1
    end
    local pipe = io.popen(("%s%s --no-trace %s %s 2>%s"):format(before or "", arg[program],
        options or "", script, errors))
    local output = pipe:read("a")
    local _, _, status = pipe:close()
    local told <close> = io.open(errors)
    local complaint = told:read("a")
    os.remove(script)
    os.remove(errors)
    return output, complaint, status
end

-- A generator of its own, so that a failure comes again: integers from 1 to `most`.
function check.generator(seed)
    return function(most)
        seed = (seed * 1103515245 + 12345) & 0x7fffffff
        return (seed >> 8) % most + 1
    end
end

function check.finish()
    check.test("no task is left", function()
        sleep(0)
        check.equal(#tasks(), 0)
    end)
    check.test("no descriptor is left open", function()
        local left
        check.is(check.eventually(function()
            left = surplus(descriptors_before)
            return #left == 0
        end) or error("left open: " .. table.concat(left, ", ")))
    end)
    print(("%d tests, %d failed"):format(count, failed))
    os.exit(failed == 0, true)
end

return check
