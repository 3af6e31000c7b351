-- SPDX-License-Identifier: MIT
--
-- A stock interpreter's coroutine library can lay hands on a task's own coroutine. Whatever is done
-- to it ends that task by an error and nothing else: a wait of a task that was closed once went on
-- to point into its freed stack.

local sockrepl = require("sockrepl")

-- A task that waits in the call, and its coroutine.
local function waiting(call, ...)
    local co
    local task = sockrepl.spawn(function(...)
        co = coroutine.running()
        return call(...)
    end, ...)
    sockrepl.sleep(0)
    return task, co
end

local function assert_lost(task)
    local good, err = pcall(sockrepl.wait, task)
    assert(not good and tostring(err):find("resumed or closed this task's own coroutine"), err)
end

local function collect()
    collectgarbage()
    collectgarbage()
    sockrepl.sleep(0.002)
end

local a, b = sockrepl.socketpair()
local calls = {
    { sockrepl.recv, a }, { sockrepl.sleep, 1000 }, { sockrepl.poll, { a } },
    { sockrepl.select, { a }, {} }, { sockrepl.gethostbyname, "localhost" },
    { sockrepl.recv, a, 10, sockrepl.MSG_WAITALL },
}

for _, call in ipairs(calls) do
    local task, co = waiting(table.unpack(call))
    assert(coroutine.close(co))
    co = nil
    collect()
    assert_lost(task)
    task, co = waiting(table.unpack(call))
    local good, err = coroutine.resume(co)
    assert(not good and err:find("cannot be resumed by other code"), err)
    co = nil
    collect()
    assert_lost(task)
end

-- It goes on behind the engine's back, under whoever resumed it.
do
    local steps = 0
    local task, co = waiting(function()
        pcall(sockrepl.recv, a)
        steps = 1
        sockrepl.sleep(0.001)
        steps = 2
        coroutine.yield()
        steps = 3
    end)
    assert(coroutine.resume(co))
    assert(steps == 2)
    pcall(sockrepl.wait, task)
    collect()
end

-- A task that yields of its own accord gives the others a turn, and can be cancelled there.
do
    local task = waiting(function() while true do coroutine.yield() end end)
    sockrepl.cancel(task)
    local good, err = pcall(sockrepl.wait, task)
    assert(not good and err.name == "ECANCELED")
end

-- Nothing was harmed.
b:send("hello")
assert(a:recv() == "hello")
assert(#sockrepl.tasks() == 0)
