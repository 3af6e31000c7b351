--: title    Many clients and a chat
--: about    A list of clients, a message to all of them, and the three faults that wait there
--: minutes  15

--# A server and its list
-- A chat server keeps a list of the connections that it has accepted. What one client says it sends
-- to all. SO_REUSEADDR allows the port even while connections of an earlier run rest in TIME_WAIT.
s = socket()
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "127.0.0.1", 12345)
listen(s, 5)
clients = {}

--# Both sides of a client
-- join() plays both sides: a client connects, the server accepts it and puts it into the list. It
-- returns the client's socket. hear() tells what has come for a client, without waiting for long.
function join()
  local c = socket()
  c:connect("127.0.0.1", 12345)
  clients[#clients + 1] = s:accept()
  return c
end
function hear(c)
  return #poll({c}, 0.1) > 0 and recv(c) or "nothing"
end
ann, bob, cem, dan = join(), join(), join(), join()

--# Send to all
-- This is what tutorials call a broadcast: a loop over the list. Each client hears the text.
function broadcast(text)
  for _, c in ipairs(clients) do send(c, text) end
end
broadcast("welcome")
print(hear(ann), hear(bob), hear(cem), hear(dan))

--# Predict: the first send to nobody
-- Now bob leaves, and the server does not know yet. Look at the send on the second client.
--q What does the first send to a client that has gone do?
--  it returns 3 | it raises EPIPE | it waits
--a it returns 3
-- The kernel took the bytes and sent them off. Only then did the other side answer that nobody is
-- there any more (RST). A send that succeeds does not say that somebody has received the data.
close(bob)
broadcast("one")
print(hear(ann), hear(cem), hear(dan))

--# The second send fails
-- By now the kernel knows. The next send fails with EPIPE, "broken pipe", which Python calls
-- BrokenPipeError. It ends the loop in the middle.
--! EPIPE
broadcast("two")

--# Who heard it
-- ann is the first in the list and bob the second: cem and dan were never reached.
print(hear(ann), hear(cem), hear(dan))

--# Catch the error
-- So the error is caught, and the client that has gone is closed and taken off the list. This is
-- how many tutorials do it. deliver() tells whether the send succeeded.
function deliver(c, text)
  local good = pcall(send, c, text)
  if not good then close(c) end
  return good
end
function broadcast(text)
  for i, c in ipairs(clients) do
    if not deliver(c, text) then table.remove(clients, i) end
  end
end

--# Predict: removed while walking
-- The list holds the server's ends of ann, bob, cem and dan, in this order. bob has gone.
--q Who will not hear "three", though still there?  nobody | ann | cem | dan
--a cem
-- bob was number 2. When he was removed, cem moved up to number 2, and the loop went on with
-- number 3: cem was left out. Never remove from a list while you walk over it. The same happens in
-- Python.
broadcast("three")
print(hear(ann), hear(cem), hear(dan))

--# Another one leaves
-- eve joins, and cem leaves. The next send to cem is still taken, as you have seen. So at this
-- moment the list has four clients, and number 2 of them has gone.
eve = join()
close(cem)
broadcast("four")
print(#clients, hear(ann), hear(dan), hear(eve))

--# Your turn: mend the loop
-- Define broadcast(text) anew, so that the ones who have gone are removed and everybody else is
-- sent the text. Then call broadcast("five"). Use deliver(c, text), which is there already.
--? Walk from the end of the list to its beginning, or put those that remain into a new list.
--? for i = #clients, 1, -1 do ... end walks backwards: what moves up was seen before.
--= #clients == 3 and #poll({ann, dan, eve}, 0) == 3 -- three clients are left in the list, and ann,
-- dan and eve have something to read
--+ for i = 4, 1, -1 do if not deliver(clients[i], "five") then table.remove(clients, i) end end
--x for _, c in ipairs(clients) do pcall(send, c, "five") end -- Who has gone stays in the list.
--x for i = 1, 4 do if not deliver(clients[i], "five") then table.remove(clients, i) end end -- It
-- removes while it walks forwards, and leaves one out. Type .again and walk from the end.
function broadcast(text)
  for i = #clients, 1, -1 do
    if not deliver(clients[i], text) then table.remove(clients, i) end
  end
end
broadcast("five")

--# The third fault: one who does not read
-- For the rest of the lesson we use the same broadcast(), which walks from the end. fay joins as
-- the last one. Now eve does not read, and the server sends her as much as fits. With settimeout 0
-- send() does not wait: it takes a part, or fails with EAGAIN when the buffers are full.
function broadcast(text)
  for i = #clients, 1, -1 do
    if not deliver(clients[i], text) then table.remove(clients, i) end
  end
end
fay = join()
print(hear(ann), hear(dan), hear(eve))
slow = clients[3]
settimeout(slow, 0)
big = ("x"):rep(5000000)
for _ = 1, 4 do
  while pcall(send, slow, big) do end
  sleep(0.1)
end
settimeout(slow, nil)
sockets()

--# Predict: who hears it
-- Look at the last table: the bytes for eve wait in two buffers, her own and the server's. The list
-- is ann, dan, eve, fay, and broadcast() begins with fay. It runs as a task here: otherwise the
-- prompt would not come back.
--q Who hears "six"?  all | fay alone | all but eve
--a fay alone
-- fay was served before eve. Then send() waits until eve has read something, and with it wait ann
-- and dan, who have done nothing wrong. One slow client stops the whole server.
task = spawn(broadcast, "six")
print(hear(ann), hear(dan), hear(fay))
print(task)

--# Stop it
-- cancel() ends a task, also in the middle of a wait.
cancel(task)

--# Your turn: do not wait for one
-- Let ann, dan and fay hear "seven", although eve still does not read. There are several ways; any
-- is fine. If the prompt should hang, Ctrl-C brings it back.
--? A time limit for each client: settimeout(c, 0.2). The send to eve then fails, and she is
-- removed.
--? A task for each client: spawn(send, c, "seven") waits for this one alone.
--? socket.select(nil, clients, 0) returns an empty list, and a list of those that can be sent to.
--= #poll({ann, dan, fay}, 0) == 3 -- ann, dan and fay have something to read
--+ for _, c in ipairs(clients) do spawn(send, c, "seven") end
--+ _, r = socket.select(nil, clients, 0) for _, c in ipairs(r) do send(c, "seven") end
--+ for _, c in ipairs(clients) do settimeout(c, 0.2) end broadcast("seven")
--x for _, c in ipairs(clients) do send(c, "seven", MSG_DONTWAIT) end -- It does not wait, but the
-- error ends the loop at eve. Catch it with pcall().
for _, c in ipairs(clients) do settimeout(c, 0.2) end
broadcast("seven")

--# What the ways differ in
-- With a time limit the others wait a little, and part of a long text may already be sent when it
-- runs out: close such a client, as deliver() does. With a task for each client nobody waits, but
-- texts for eve pile up in memory. Servers choose a limit, and drop whoever is beyond it. If eve is
-- still in your list, she is dropped here: those that remain are put into a new one.
print(hear(ann), hear(dan), hear(fay))
for _, t in ipairs(tasks()) do cancel(t) end
kept = {}
for _, c in ipairs(clients) do
  if c ~= slow then kept[#kept + 1] = c end
end
clients = kept
close(slow)
print(#clients)

--# A chat
-- Now all together. Each connection gets a task that waits for what its client says and sends it to
-- all. recv() returns "" when the client has closed; then the task ends.
function serve(c)
  repeat
    local good, text = pcall(recv, c)
    if good and text ~= "" then broadcast(text) end
  until not good or text == ""
end
for _, c in ipairs(clients) do
  settimeout(c, nil)
  spawn(serve, c)
end
send(ann, "hello from ann")
print(hear(dan))
print(hear(fay))

--# What you know now
-- Three things to remember: a list is not changed while it is walked over; a send that succeeds is
-- no proof of arrival, and the error comes later; one slow client must not hold up the others.
--
-- Capstone 17 builds a whole chat server from this. Next: what happens to clients that connect
-- while nobody accepts them.
for _, t in ipairs(tasks()) do cancel(t) end
for _, c in ipairs(clients) do close(c) end
for _, c in ipairs({s, ann, dan, eve, fay, slow}) do
  close(c)
end
