--: title    The states of TCP, watched
--: about    From CLOSED to TIME_WAIT: what each state means and which call leads there
--: minutes  15

--# LISTEN
-- Each end of a TCP connection is in one of eleven states, and the kernel moves it from one to the
-- next. state(s) asks the kernel for one socket, sockets() shows all. A socket that waits for
-- clients is in LISTEN, and stays there.
s = socket()
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "127.0.0.1", 12345)
print(state(s))
listen(s, 5)
print(state(s))

--# ESTABLISHED
-- A client connects: a is its end, b is the server's end of the same connection. Both are now
-- ESTABLISHED, which is the state in which data flows.
a = socket()
print(state(a))
connect(a, "127.0.0.1", 12345)
b = accept(s)
print(state(a), state(b))

--# The way there
-- states(a) draws all states, and marks the way that a came: connect() sent a SYN, which led to
-- SYN_SENT, and the answer (SYN,ACK) led on to ESTABLISHED.
print(states(a))

--# The other end
-- b came another way. It was made by the SYN that arrived at the listening socket, and it waited in
-- SYN_RECV for the last of the three packets. You saw neither SYN_SENT nor SYN_RECV: on one
-- computer they last for less than a millisecond.
print(states(b))

--# Predict: after one half is closed
-- A connection is closed in two halves, one for each direction. a says that it will send no more:
-- shutdown(a, SHUT_WR) sends a FIN. The kernel of b answers by itself with an ACK.
--q In which state is b then?  ESTABLISHED | CLOSE_WAIT | CLOSED
--a CLOSE_WAIT
-- CLOSE_WAIT means: the peer has finished, and this program has not yet called close(). a went
-- through FIN_WAIT1, until its FIN was acknowledged, to FIN_WAIT2: now it waits for b's FIN.
shutdown(a, SHUT_WR)
sleep(0.1)
print(state(a), state(b))

--# Half of a connection
-- b may still send, for as long as it likes, and a receives. Nothing forces b to close.
send(b, "still here")
recv(a)

--# Predict: where TIME_WAIT rests
-- Now both close their sockets, a first. close(b) sends the second FIN.
--q One end rests in TIME_WAIT for a minute afterwards. Which one?  a | b | both
--a a
-- TIME_WAIT is at the end whose FIN came first. It stays to answer if its last ACK was lost, and
-- to keep late packets out of a new connection with the same addresses. b went through LAST_ACK
-- and is CLOSED for good. Look at the last line of the table: the socket is closed, and the kernel
-- still keeps its address.
close(a)
close(b)
sleep(0.1)
print(state(a), state(b))
sockets()

--# The whole way
-- The way of a: all of its states, from the beginning to TIME_WAIT.
print(states(a))

--# A new connection
-- c is the client's end and d the server's.
c = socket()
connect(c, "127.0.0.1", 12345)
d = accept(s)

--# Your turn: TIME_WAIT at the server
-- Close both ends, so that this time it is the server's end, d, that rests in TIME_WAIT.
--? The end that closes first gets it.
--? Both ends must be closed: with d alone it would stay in FIN_WAIT2.
--? If c was closed first, type .again. Then close(d), and close(c) after it.
--= state(d) == "TIME_WAIT" -- d rests in TIME_WAIT
--+ d:close() c:close()
--+ shutdown(d, SHUT_WR) sleep(0.1) close(d) close(c)
--x close(c) close(d) -- c closed first, so c has it now. Type .again and try the other order.
close(d)
close(c)

--# What it does to a server
-- One more connection that the server closes first: its port 12345 is then part of a connection in
-- TIME_WAIT. The listening socket is closed, and the server starts again, without SO_REUSEADDR.
--! EADDRINUSE
c = socket()
connect(c, "127.0.0.1", 12345)
d = accept(s)
close(d) close(c) close(s)
s = socket()
bind(s, "127.0.0.1", 12345)

--# And what helps
-- This is why nearly every server sets SO_REUSEADDR before bind(): the option says that TIME_WAIT
-- is no reason to refuse. Another socket that listens there would still be one.
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "127.0.0.1", 12345)
listen(s, 5)

--# Three clients
-- Three clients are connected, and one of them has gone. The server does not know: nobody has told
-- it, as it has not called recv().
p, q, r = socket(), socket(), socket()
for _, x in ipairs({p, q, r}) do
  connect(x, "127.0.0.1", 12345)
end
p2, q2, r2 = accept(s), accept(s), accept(s)
close(q)

--# Your turn: find the leak
-- One socket of the server is in CLOSE_WAIT, and so it will be until the program closes it. Servers
-- that forget this collect such sockets until they have no descriptors left. Find it and close it,
-- and leave the other two connections alone.
--? sockets() shows the state of each socket, and the variable that holds it.
--? Which one has no living peer? It is the second that was accepted.
--= state(q2) ~= "CLOSE_WAIT" and state(p2) == "ESTABLISHED" and state(r2) == "ESTABLISHED" -- the
-- socket without a peer is closed, and the other two are connected still
--+ q2:close()
--+ for _, x in ipairs({p2, q2, r2}) do if state(x) == "CLOSE_WAIT" then close(x) end end
--x close(q) -- q is the client's end, which is closed already.
--x close(p2) -- The client p is still there. Look for CLOSE_WAIT in the table of sockets().
close(q2)

--# LAST_ACK, made to last
-- Usually LAST_ACK is over at once. To see it, the last FIN must be held up: p closes its half, and
-- p2 sends more than p reads, then closes. The FIN has to wait in line behind the data.
shutdown(p, SHUT_WR)
settimeout(p2, 0)
big = ("x"):rep(5000000)
while pcall(send, p2, big) do end
close(p2)
sleep(0.1)
print(state(p), state(p2))

--# Let it go
-- p reads all that is left. Then the FIN arrives, p answers, and p2 is CLOSED.
trace(false)
count = 0
repeat
  data = recv(p, 1000000)
  count = count + #data
until data == ""
trace(true)
close(p)
print(count .. " bytes were still under way", state(p2))

--# SYN_SENT, made to last
-- The queue of s becomes so short that one client fills it. The next one gets no answer to its SYN
-- and stays in SYN_SENT. With a time limit of 0 connect() does not wait for it: EINPROGRESS says
-- that the kernel goes on.
listen(s, 0)
e, f = socket(), socket()
connect(e, "127.0.0.1", 12345)
settimeout(f, 0)
good, err = pcall(connect, f, "127.0.0.1", 12345)
print(err)
print(state(e), state(f))

--# Predict: closed with unread bytes
-- r sends five bytes, and the server closes r2 without having read them.
--q In which state is r then?  CLOSE_WAIT | FIN_WAIT2 | CLOSED
--a CLOSED
-- Who closes with unread bytes sends no FIN but a reset (RST): it says that data was lost. A reset
-- ends the connection at once on both sides, and there is no TIME_WAIT.
send(r, "hello")
close(r2)
sleep(0.1)
print(state(r))

--# What you know now
-- Three states are worth remembering. CLOSE_WAIT that stays: this program forgot to close.
-- FIN_WAIT2 that stays: the peer's program has not closed. TIME_WAIT: all is well, and it goes away
-- after a minute.
--
-- Next come sockets that need no network at all.
for _, x in ipairs({s, e, f, r}) do close(x) end
sockets()
