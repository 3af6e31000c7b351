--: title    The backlog, and how many connections there can be
--: about    What the sixth client meets, and why 65535 is not the limit
--: minutes  12

--# A server that does not accept
-- Many tutorials call listen(s, 5) and say: five clients can wait, the sixth is refused. Others
-- say: there can be at most 65535 connections. Here both are tried. First a server that listens
-- with a backlog of 5 and never calls accept().
s = socket()
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "127.0.0.1", 12345)
listen(s, 5)

--# Five clients
-- visit() is one client that connects. Look at the results: connect() returns 0 although nobody
-- accepts. The kernel completes the connection on its own and puts it into the queue of s.
clients = {}
function visit()
  clients[#clients + 1] = socket()
  connect(clients[#clients], "127.0.0.1", 12345)
end
for i = 1, 5 do visit() end
print(s)

--# Predict: the sixth client
-- Five wait, and the backlog is 5. A sixth one comes.
--q What does the sixth client meet?  it is connected | it is refused | it has to wait
--a it is connected
-- Linux lets one more in than the backlog says: 6 of 5 wait. Other systems count in other ways, so
-- the backlog is no more than a rough size.
visit()
print(s)

--# Predict: the seventh client
-- Now the queue is full, and a seventh one comes. It connects in a task, so that the prompt comes
-- back whatever happens.
--q What does the seventh client meet?  it is connected | ECONNREFUSED | it has to wait
--a it has to wait
-- Its first packet, the SYN, was dropped without an answer, as if it had been lost on the way. The
-- client's kernel will send it again after one second, and again, for a minute or two. It is not
-- refused: ECONNREFUSED means that nobody listens at all.
seventh = spawn(visit)
sleep(0.2)
print(seventh)
print(state(clients[7]))

--# Look at all of them
-- Six are ESTABLISHED and one is in SYN_SENT. Look at s as well: its queue has more than it wanted.
sockets()

--# Your turn: make room
-- Let the seventh client in. The server has to take one connection out of the queue.
--? Which call takes the first connection out of the queue?
--? a = accept(s)
--= called("accept", {socket = s}) -- s has accepted a connection
--+ a = s:accept()
--+ a, from = accept(s)
--x listen(s, 10) -- A longer queue helps as well, until it is full. Here, take one out of it.
--x s:recv() -- A listening socket carries no data. A connection is taken out of it first.
a = accept(s)

--# The seventh again
-- When the SYN is sent the next time there is room, and connect() returns 0. wait() waits for that.
-- If you took more than a minute or two, the client has given up meanwhile: connect() then reports
-- ETIMEDOUT, and that is the worst a full queue does to a client.
print(pcall(wait, seventh))
print(state(clients[7]))

--# Talk before being accepted
-- All clients send, and most of them nobody has accepted yet. The kernel takes the data for the
-- server and keeps it. After accept() it is there to be read.
for i = 1, 7 do send(clients[i], "early from " .. i) end
b = accept(s)
recv(b)

--# Predict: never accepted
-- Some clients still wait in the queue. The server closes its listening socket.
--q What does a client meet that was never accepted?  nothing changes | end of stream | ECONNRESET
--a ECONNRESET
-- The kernel resets the connections that nobody will ever accept: recv() fails with ECONNRESET, and
-- what they had sent is lost. Those that were accepted before, as the first one, are not touched.
close(s)
print(pcall(recv, clients[6]))
print(state(clients[6]), state(clients[1]))

--# Away with them
-- What are good numbers for a backlog? listen(s) alone takes the most that the system allows
-- (SOMAXCONN, on Linux the file /proc/sys/net/core/somaxconn), and that is a good choice. Now for
-- the second claim.
for _, c in ipairs(clients) do close(c) end
for _, c in ipairs({b, a}) do close(c) end

--# How a connection is known
-- The kernel tells connections apart by four numbers: address and port of one side, address and
-- port of the other. So a server has one port for all its connections: look at the local addresses
-- of a and b.
s = socket()
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "127.0.0.1", 12345)
listen(s)
c1, c2 = socket(), socket()
connect(c1, "127.0.0.1", 12345)
connect(c2, "127.0.0.1", 12345)
a, b = accept(s), accept(s)
print(getsockname(a), getpeername(a))
print(getsockname(b), getpeername(b))

--# A second server
-- A second server listens on another address of this computer, 127.0.0.2, with the same port. The
-- socket c4 will connect to it. SO_REUSEADDR lets c4 have a port that is in use already.
s2 = socket()
setsockopt(s2, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s2, "127.0.0.2", 12345)
listen(s2)
c3, c4 = socket(), socket()
setsockopt(c3, SOL_SOCKET, SO_REUSEADDR, 1)
setsockopt(c4, SOL_SOCKET, SO_REUSEADDR, 1)
bind(c3, "127.0.0.1", 0)
connect(c3, "127.0.0.1", 12345)
print(getsockname(c3))

--# Your turn: one port, two connections
-- c3 is connected to the first server. Bind c4 to the very same address and port as c3, and connect
-- it to the second server, on 127.0.0.2. Then one port of the client carries two connections.
--? getsockname(c3) is an address, and bind() takes it as it is.
--? bind(c4, getsockname(c3)), then connect(c4, "127.0.0.2", 12345).
--? bind() comes first. If c4 is connected by now, type .again.
--= getsockname(c4) == getsockname(c3) and state(c4) == "ESTABLISHED" and #poll({s2}, 0) == 1 -- c4
-- has the address of c3 and is connected to the second server
--+ c4:bind(c3:getsockname()) c4:connect(s2:getsockname())
--x connect(c4, "127.0.0.1", 12345) -- That is the first server, the second is on 127.0.0.2. Type
-- .again.
--x connect(c4, getsockname(c3)) -- c3's address is for bind(). Connect to the second server, on
-- 127.0.0.2. Type .again.
bind(c4, getsockname(c3))
connect(c4, "127.0.0.2", 12345)

--# Look at it
-- c4 and c3 have the same local address and port. Their peers differ, so the four numbers differ.
sockets()

--# The same four numbers twice
-- Only a second connection with all four the same is impossible. The kernel refuses it at
-- connect(): this address is not available for that.
c5 = socket()
setsockopt(c5, SOL_SOCKET, SO_REUSEADDR, 1)
bind(c5, getsockname(c3))
good, err = pcall(connect, c5, "127.0.0.1", 12345)
print(err)

--# What the limits are
-- A port number has 16 bits. So one client address has at most 65535 ports to reach one server port
-- from, and of those Linux gives out about 28000 by itself. A second client address has as many
-- again: a server with millions of connections on one port is no problem for TCP.
--
-- What does run out is descriptors: each socket takes one, and a process may have only so many
-- (often 1024; beyond that the calls fail with EMFILE), and memory. Here are 200 connections at
-- once, which is 400 sockets in this process.
trace(false)
many = {}
for i = 1, 200 do
  local c = socket()
  connect(c, "127.0.0.1", 12345)
  many[#many + 1] = c
  many[#many + 1] = accept(s)
end
trace(true)
print(#many, getsockname(many[400]), getpeername(many[400]))

--# What you know now
-- A client that finds the queue full waits; it is not refused. The backlog is a size for a rush,
-- and no limit for the number of connections, which are told apart by two addresses and two ports.
--
-- In the next lesson you watch the states of TCP, of which you have seen SYN_SENT here.
trace(false)
for _, c in ipairs(many) do close(c) end
trace(true)
for _, c in ipairs({s, s2, a, b, c1, c2, c3, c4, c5}) do
  close(c)
end
