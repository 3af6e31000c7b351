--: title    A chat server of your own
--: about    A server for many, built by you from an empty prompt and tried by clients of the lesson
--: minutes  15

--# What it shall do
-- You build a chat server in five parts. The rules between it and its clients are these:
--
-- - A client connects and sends one line: its name.
-- - Each further line of a client goes to all others, with the name in front, as in "ann: hello".
-- - When a client leaves, the others are told "* ann has left".
--
-- For each part the lesson has a rehearsal: a function that plays the clients and notes in the
-- table heard what came. You may look at its code, but need not. Here is what all of them use.
heard, wanted = {}, {}
function show(name)
  print(name .. " heard: " .. json.dumps(heard[name]))
  if heard[name] ~= wanted[name] then
    print("  wanted: " .. json.dumps(wanted[name]))
  end
end
function quietly(f)
  trace(false)
  local good, err = pcall(f)
  trace(true)
  if not good then error(err, 0) end
end
function expect(c, text)
  local all = ""
  c:settimeout(1)
  while not all:find(text, 1, true) do
    local good, data = pcall(recv, c)
    if not good or data == "" then break end
    all = all .. data
  end
  return all
end

--# Part 1: listen
-- Make a listening socket s on "localhost", port 12345. It must be possible to start the server
-- again at once after it has ended.
--? Four calls: socket(), setsockopt() with SO_REUSEADDR, bind(), listen().
--? setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1) comes before bind(s, "localhost", 12345).
--? SO_REUSEADDR is looked at by bind(): if s is bound already, type .again.
--= s and state(s) == "LISTEN" and getsockname(s).port == 12345 and called("setsockopt") -- s has
-- SO_REUSEADDR and listens at port 12345
--+ s = socket() s:setsockopt(SOL_SOCKET, SO_REUSEADDR, 1) s:bind("localhost", 12345) s:listen(5)
--x s = socket() listen(s) -- Without bind() the kernel picks a port that no client knows.
--x s = socket(AF_INET, SOCK_DGRAM) bind(s, "localhost", 12345) -- A chat wants a stream.
s = socket()
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "localhost", 12345)
listen(s)

--# The rehearsal of lines
-- A stream has no lines: they may arrive in pieces, and two may arrive at once. This rehearsal
-- sends three lines in four pieces and notes what your function read_line() makes of them.
wanted.lines = "hello|world|how are you"
function send_pieces(c)
  for _, piece in ipairs({"hel", "lo\r\nwor", "ld\nhow ", "are you\n"}) do
    send(c, piece)
    sleep(0.02)
  end
  close(c)
end
function rehearse_lines()
  local a, b = socketpair()
  spawn(send_pieces, a)
  local lines = {}
  settimeout(b, 2)
  repeat
    local line = read_line(b)
    lines[#lines + 1] = line
  until not line or #lines > 9
  close(b)
  heard.lines = table.concat(lines, "|")
  show("lines")
end

--# Part 2: read_line
-- Write a function read_line(c) that returns the next line of the socket c, without the "\n" at its
-- end, and also without a "\r" before that, which telnet sends. At the end of the stream, and when
-- recv() fails, it returns nil. Then call rehearse_lines().
--
-- What came after the "\n" belongs to the next line: keep it somewhere, for each socket apart.
--? A table such as rest = {} can keep for each socket what is left: rest[c].
--? text:match("^(.-)\r?\n(.*)$") gives the first line and what follows it, or nil.
--? Loop: is there a line in rest[c]? Then return it. Otherwise recv(), and add to rest[c].
--? Or take one byte at a time with recv(c, 1), which is slower and needs no rest.
--= heard.lines == wanted.lines -- the rehearsal heard each line as it should be
--x read_line = recv rehearse_lines() -- recv() returns pieces, wherever they were cut.
rest = {}
function read_line(c)
  while true do
    local line, more = (rest[c] or ""):match("^(.-)\r?\n(.*)$")
    if line then
      rest[c] = more
      return line
    end
    local good, data = pcall(recv, c)
    if not good or data == "" then return nil end
    rest[c] = (rest[c] or "") .. data
  end
end
rehearse_lines()

--# The rehearsal of tell
-- The server keeps its clients in the table clients: the key is the socket, the value the name. In
-- this rehearsal there are three, and cem's program is gone already.
clients = {}
wanted = {ann = "", bob = "one\ntwo\n", removed = true}
function rehearse_tell()
  local a, a2 = socketpair()
  local b, b2 = socketpair()
  local c, c2 = socketpair()
  clients = {[a2] = "ann", [b2] = "bob", [c2] = "cem"}
  close(c)
  tell("one\n", a2)
  tell("two\n", a2)
  heard.ann = #poll({a}, 0) > 0 and recv(a) or ""
  heard.bob = expect(b, "two\n")
  heard.removed = clients[c2] == nil
  clients = {}
  for _, x in ipairs({a, a2, b, b2, c2}) do close(x) end
  show("ann")
  show("bob")
  print("cem was removed: " .. tostring(heard.removed))
end

--# Part 3: tell
-- Write a function tell(text, except) that sends the text to all in clients but the one socket
-- except. If sending fails, that client is removed from the table, and the others get the text all
-- the same. Then call rehearse_tell().
--? for c in pairs(clients) do ... end walks over all sockets.
--? good = pcall(send, c, text) is false where send() failed. clients[c] = nil removes.
--? Setting a field to nil while pairs() walks is allowed in Lua; adding one is not.
--= heard.bob == "one\ntwo\n" and heard.ann == "" and heard.removed -- bob heard both texts, ann
-- nothing, and the client that failed is removed
--x function tell(t) for c in pairs(clients) do pcall(send, c, t) end end rehearse_tell() -- ann
-- must not hear what she says herself, and cem has to be removed.
function tell(text, except)
  for c in pairs(clients) do
    if c ~= except and not pcall(send, c, text) then clients[c] = nil end
  end
end
rehearse_tell()

--# The rehearsal of chat
-- Two clients, each with a task that runs your function chat(): ann says hello and leaves, and bob
-- listens. appear() waits until so many clients have told their names.
function appear(count)
  for _ = 1, 50 do
    local n = 0
    for _ in pairs(clients) do n = n + 1 end
    if n == count then return end
    sleep(0.02)
  end
end
wanted = {bob = "ann: hello\n* ann has left\n"}
function rehearse_chat()
  quietly(function()
    clients = {}
    local a, a2 = socketpair()
    local b, b2 = socketpair()
    spawn(chat, a2)
    spawn(chat, b2)
    send(a, "ann\n")
    send(b, "bob\n")
    appear(2)
    send(a, "hello\n")
    heard.bob = expect(b, "hello\n")
    close(a)
    heard.bob = heard.bob .. expect(b, "left\n")
    close(b)
    appear(0)
  end)
  show("bob")
end

--# Part 4: chat
-- Write a function chat(c) that is the whole conversation with one client. It reads the name and
-- puts the client into clients. Each further line it tells the others, as "ann: hello\n". When
-- there are no more lines it removes the client, tells the others "* ann has left\n", and closes c.
-- Then call rehearse_chat().
--? Begin with name = read_line(c), made local. It is nil when the client left without a word.
--? for line in read_line, c do ... end calls read_line(c) again and again until it returns nil.
--? tell(name .. ": " .. line .. "\n", c)
--= heard.bob == wanted.bob -- bob heard what he should
--x function chat(c) clients[c] = read_line(c) end rehearse_chat() -- That takes the name alone.
function chat(c)
  local name = read_line(c)
  if name then
    clients[c] = name
    for line in read_line, c do tell(name .. ": " .. line .. "\n", c) end
    clients[c] = nil
    tell("* " .. name .. " has left\n", c)
  end
  close(c)
end
rehearse_chat()

--# The last rehearsal
-- Now three clients over TCP. ann's text arrives in two pieces, bob ends lines as telnet does, and
-- cem breaks off: his connection is reset, without a FIN.
function visit(name)
  local c = socket()
  c:connect("localhost", 12345)
  c:sendall(name .. "\n")
  return c
end
wanted = {
  ann = "bob: hi ann\n* cem has left\n",
  bob = "ann: hello\n* cem has left\n* ann has left\n",
  cem = "ann: hello\nbob: hi ann\n",
}
function hears(name, c, text)
  heard[name] = (heard[name] or "") .. expect(c, text)
end
function talk(ann, bob, cem)
  ann:send("hel")
  sleep(0.05)
  ann:send("lo\n")
  hears("bob", bob, "hello\n")
  hears("cem", cem, "hello\n")
  bob:send("hi ann\r\n")
  hears("ann", ann, "hi ann\n")
  hears("cem", cem, "hi ann\n")
end
function part(ann, bob, cem)
  cem:setsockopt(SOL_SOCKET, SO_LINGER, {onoff = 1, linger = 0})
  cem:close()
  hears("ann", ann, "left\n")
  hears("bob", bob, "left\n")
  ann:close()
  hears("bob", bob, "left\n")
  bob:close()
end
function rehearse()
  quietly(function()
    clients, heard = {}, {}
    local ann, bob, cem = visit("ann"), visit("bob"), visit("cem")
    appear(3)
    talk(ann, bob, cem)
    part(ann, bob, cem)
    appear(0)
  end)
  show("ann")
  show("bob")
  show("cem")
end

--# Part 5: serve
-- Write a function serve() that accepts clients for ever and runs chat() for each as a task of its
-- own. Start it with server = spawn(serve), so that the prompt stays free. Then call rehearse().
-- Before you start a better one, cancel(server): otherwise the old one goes on accepting, too.
--? In the loop: c = accept(s), made local, and then spawn(chat, c).
--? If you call chat(c) without spawn(), the second client waits until the first has left.
--= heard.ann == wanted.ann and heard.bob == wanted.bob and heard.cem == wanted.cem -- ann, bob and
-- cem heard what they should
--+ server = spawn(function() while true do spawn(chat, (accept(s))) end end) rehearse()
--x function serve() chat((accept(s))) end server = spawn(serve) rehearse() -- One client, and then?
-- A loop, and a task for each, are missing.
function serve()
  while true do
    local c = accept(s)
    spawn(chat, c)
  end
end
server = spawn(serve)
rehearse()

--# Predict: how many tasks
-- Three clients come, tell their names, and stay.
--q How many tasks does a server have that was built like this?
--  one in all | one for each client | one more than clients
--a one more than clients
-- Four here: one waits in accept(), and one for each client waits in recv(). A waiting task costs a
-- little memory and no time. Servers in C use threads for this, or one loop around poll().
dan, eve, fay = visit("dan"), visit("eve"), visit("fay")
appear(3)
for _, t in ipairs(tasks()) do print(t) end

--# Use it
-- Your server is running. In one or two other terminals on this computer type
--
--   telnet localhost 12345
--
-- or nc in place of telnet, then a name, then whatever you like. dan says something, too: fay hears
-- it, and so do you. eve hears all of it: recv(eve) shows what has come for her. With the next step
-- the server ends.
send(dan, "is anybody there?\n")
print(expect(fay, "?\n"))
sockets()

--# What you know now
-- You have built a server that frames lines, serves many at once, survives those who leave without
-- a word, and says who has left. What is left to do for a real one: a limit for the length of a
-- line, names that nobody else has, and an answer to the slow client of lesson 10.
--
-- This is the end of the course. All calls are at your prompt, and help() explains each of them.
cancel(server)
for _, t in ipairs(tasks()) do cancel(t) end
for c in pairs(clients) do close(c) end
for _, c in ipairs({s, dan, eve, fay}) do close(c) end
