-- SPDX-License-Identifier: MIT
--
-- The roles of the benchmark on luaposix. Usage: lua luaposix.lua ROLE PORT [N [M]]. Its echo server
-- has a coroutine for each connection over poll.

local S = require "posix.sys.socket"
local unistd = require "posix.unistd"
local fcntl = require "posix.fcntl"
local poll = require("posix.poll").poll

local role, port, count, more = ...
port, count, more = tonumber(port), tonumber(count), tonumber(more)
local message = ("x"):rep(64)

local function listener()
  local fd = assert(S.socket(S.AF_INET, S.SOCK_STREAM, 0))
  assert(S.bind(fd, { family = S.AF_INET, addr = "127.0.0.1", port = 0 }))
  assert(S.listen(fd, 4096))
  print(S.getsockname(fd).port)
  io.stdout:flush()
  return fd
end

local function connected()
  local fd = assert(S.socket(S.AF_INET, S.SOCK_STREAM, 0))
  assert(S.connect(fd, { family = S.AF_INET, addr = "127.0.0.1", port = port }))
  return fd
end

local function send_all(fd, data)
  local sent = assert(S.send(fd, data))
  while sent < #data do
    sent = sent + assert(S.send(fd, data:sub(sent + 1)))
  end
end

local function measure(name, call)
  local began = os.clock()
  call()
  print(("%s %.3f"):format(name, (os.clock() - began) * 1e9 / count))
end

local roles = {}

function roles.client()
  local fd = connected()
  for _ = 1, count do
    S.send(fd, message)
    assert(#S.recv(fd, 64) == 64)
  end
  unistd.close(fd)
end

function roles.server()
  local fd = S.accept(listener())
  for _ = 1, count do
    local data = S.recv(fd, 64)
    assert(S.send(fd, data) == 64)
  end
  unistd.close(fd)
end

function roles.send()
  local fd, piece = connected(), ("x"):rep(65536)
  for _ = 1, math.floor(count / #piece) do
    send_all(fd, piece)
  end
  unistd.close(fd)
end

function roles.receive()
  local fd, got = connected(), 0
  while true do
    local data = assert(S.recv(fd, 65536))
    if data == "" then
      break
    end
    got = got + #data
  end
  unistd.close(fd)
  assert(got == count, got)
end

function roles.greet()
  local fd = listener()
  for _ = 1, count do
    local c = assert(S.accept(fd))
    send_all(c, message)
    unistd.close(c)
  end
end

function roles.broadcast()
  local fd, clients = listener(), {}
  local conductor = S.accept(fd)
  S.send(conductor, "k")
  for i = 1, count do
    clients[i] = assert(S.accept(fd))
    S.send(clients[i], "k")
  end
  for _ = 1, more do
    S.recv(conductor, 1)
    for _, client in ipairs(clients) do
      send_all(client, message)
    end
    S.send(conductor, "k")
  end
end

function roles.cost()
  local fd = S.socket(S.AF_INET, S.SOCK_STREAM, 0)
  assert(S.bind(fd, { family = S.AF_INET, addr = "127.0.0.1", port = 0 }))
  measure("getsockname", function()
    for _ = 1, count do
      S.getsockname(fd)
    end
  end)
  measure("setsockopt", function()
    for _ = 1, count do
      S.setsockopt(fd, S.SOL_SOCKET, S.SO_REUSEADDR, 1)
    end
  end)
  local a, b = S.socketpair(S.AF_UNIX, S.SOCK_STREAM, 0)
  measure("sendrecv", function()
    for _ = 1, count do
      S.send(a, message)
      S.recv(b, 64)
    end
  end)
end

function roles.echo()
  local server = listener()
  local set, thread_of = { [server] = { events = { IN = true } } }, {}
  local function serve(fd)
    while true do
      coroutine.yield()
      send_all(fd, assert(S.recv(fd, 4096)))
    end
  end
  local function welcome()
    local fd = S.accept(server)
    while fd do
      set[fd] = { events = { IN = true } }
      thread_of[fd] = coroutine.create(serve)
      assert(coroutine.resume(thread_of[fd], fd))
      fd = S.accept(server)
    end
  end
  fcntl.fcntl(server, fcntl.F_SETFL, fcntl.O_NONBLOCK)
  while true do
    poll(set, -1)
    local knocked = false
    for fd, entry in pairs(set) do
      if entry.revents and entry.revents.IN then
        if fd == server then
          knocked = true -- the set must not grow while it is walked
        else
          assert(coroutine.resume(thread_of[fd]))
        end
      end
    end
    if knocked then
      welcome()
    end
  end
end

roles[role]()
