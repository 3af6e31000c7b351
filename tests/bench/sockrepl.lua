-- SPDX-License-Identifier: MIT
--
-- The roles of the benchmark as scripts of sockrepl. Usage: sockrepl --no-trace sockrepl.lua ROLE
-- PORT [N [M]]. Written as anybody would write them: nothing here is there for speed but the locals.

local bind, listen, accept, connect, close = bind, listen, accept, connect, close
local send, sendall, recv, spawn = send, sendall, recv, spawn

local role, port, count, more = ...
port, count, more = math.tointeger(port), math.tointeger(count), math.tointeger(more)
local message = ("x"):rep(64)

local function listener()
  local s = socket(AF_INET, SOCK_STREAM)
  bind(s, "127.0.0.1", 0)
  listen(s, 4096)
  print(getsockname(s).port)
  io.stdout:flush()
  return s
end

local function connected()
  local s = socket(AF_INET, SOCK_STREAM)
  connect(s, "127.0.0.1", port)
  return s
end

-- Nanoseconds of processor time for each call.
local function measure(name, call)
  local began = os.clock()
  call()
  print(("%s %.3f"):format(name, (os.clock() - began) * 1e9 / count))
end

local roles = {}

function roles.client()
  local s = connected()
  for _ = 1, count do
    send(s, message)
    assert(#recv(s, 64) == 64)
  end
  close(s)
end

function roles.server()
  local c = accept(listener())
  for _ = 1, count do
    local data = recv(c, 64)
    assert(send(c, data) == 64)
  end
  close(c)
end

function roles.send()
  local s, piece = connected(), ("x"):rep(65536)
  for _ = 1, count // #piece do
    sendall(s, piece)
  end
  close(s)
end

function roles.receive()
  local s, got = connected(), 0
  while true do
    local data = recv(s, 65536)
    if data == "" then
      break
    end
    got = got + #data
  end
  close(s)
  assert(got == count, got)
end

function roles.greet()
  local s = listener()
  for _ = 1, count do
    local c = accept(s)
    sendall(c, message)
    close(c)
  end
end

function roles.broadcast()
  local s, clients = listener(), {}
  local conductor = accept(s)
  send(conductor, "k")
  for i = 1, count do
    clients[i] = accept(s)
    send(clients[i], "k")
  end
  for _ = 1, more do
    recv(conductor, 1)
    for _, client in ipairs(clients) do
      sendall(client, message)
    end
    send(conductor, "k")
  end
end

function roles.cost()
  local getsockname, setsockopt = getsockname, setsockopt
  local SOL_SOCKET, SO_REUSEADDR = SOL_SOCKET, SO_REUSEADDR
  local s = socket(AF_INET, SOCK_STREAM)
  bind(s, "127.0.0.1", 0)
  measure("getsockname", function()
    for _ = 1, count do
      getsockname(s)
    end
  end)
  measure("setsockopt", function()
    for _ = 1, count do
      setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
    end
  end)
  local a, b = socketpair()
  measure("sendrecv", function()
    for _ = 1, count do
      send(a, message)
      recv(b, 64)
    end
  end)
end

-- A task for each connection, until the process is killed.
function roles.echo()
  local s = listener()
  local function serve(c)
    while true do
      local data = recv(c, 4096)
      if data == "" then
        break
      end
      sendall(c, data)
    end
    close(c)
  end
  while true do
    local c = accept(s)
    spawn(serve, c)
  end
end

roles[role]()
