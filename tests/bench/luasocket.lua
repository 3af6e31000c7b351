-- SPDX-License-Identifier: MIT
--
-- The roles of the benchmark on LuaSocket. Usage: lua luasocket.lua ROLE PORT [N [M]]. Its echo
-- server has a coroutine for each connection over socket.select, which ends at 1,024 descriptors;
-- it has no socketpair.

local socket = require "socket"

local role, port, count, more = ...
port, count, more = math.tointeger(port), math.tointeger(count), math.tointeger(more)
local message = ("x"):rep(64)

local function listener()
  local s = assert(socket.bind("127.0.0.1", 0, 4096))
  print((select(2, s:getsockname())))
  io.stdout:flush()
  return s
end

local function connected()
  return assert(socket.connect("127.0.0.1", port))
end

local function measure(name, call)
  local began = os.clock()
  call()
  print(("%s %.3f"):format(name, (os.clock() - began) * 1e9 / count))
end

local roles = {}

function roles.client()
  local s = connected()
  for _ = 1, count do
    s:send(message)
    assert(#s:receive(64) == 64)
  end
  s:close()
end

function roles.server()
  local c = listener():accept()
  for _ = 1, count do
    local data = c:receive(64)
    assert(c:send(data) == 64)
  end
  c:close()
end

function roles.send()
  local s, piece = connected(), ("x"):rep(65536)
  for _ = 1, count // #piece do
    assert(s:send(piece) == #piece)
  end
  s:close()
end

function roles.receive()
  local s, got = connected(), 0
  while true do
    local data, why, rest = s:receive(65536)
    got = got + #(data or rest)
    if not data then
      assert(why == "closed", why)
      break
    end
  end
  s:close()
  assert(got == count, got)
end

function roles.greet()
  local s = listener()
  for _ = 1, count do
    local c = assert(s:accept())
    c:send(message)
    c:close()
  end
end

function roles.broadcast()
  local s, clients = listener(), {}
  local conductor = s:accept()
  conductor:send("k")
  for i = 1, count do
    clients[i] = assert(s:accept())
    clients[i]:send("k")
  end
  for _ = 1, more do
    conductor:receive(1)
    for _, client in ipairs(clients) do
      assert(client:send(message))
    end
    conductor:send("k")
  end
end

function roles.cost()
  local s = assert(socket.bind("127.0.0.1", 0))
  measure("getsockname", function()
    for _ = 1, count do
      s:getsockname()
    end
  end)
  measure("setsockopt", function()
    for _ = 1, count do
      s:setoption("reuseaddr", true)
    end
  end)
end

function roles.echo()
  local s = listener()
  local readers, thread_of = { s }, {}
  local function serve(c)
    while true do
      local data, why = c:receive(64)
      if data then
        c:send(data)
      elseif why ~= "timeout" then
        error(why)
      end
      coroutine.yield()
    end
  end
  while true do
    for _, ready in ipairs((socket.select(readers))) do
      if ready == s then
        local c = assert(s:accept())
        c:settimeout(0)
        thread_of[c] = coroutine.create(serve)
        readers[#readers + 1] = c
        assert(coroutine.resume(thread_of[c], c))
      else
        assert(coroutine.resume(thread_of[ready]))
      end
    end
  end
end

roles[role]()
