--: title    Options worth knowing
--: about    SO_REUSEADDR, buffers, time limits, TCP_NODELAY, SO_KEEPALIVE, SO_LINGER, SO_BROADCAST
--: minutes  15

--# Read an option
-- Each socket has many settings. getsockopt() reads one: it wants the level that the
-- option belongs to, and its name. SO_ options are for sockets of all kinds and belong to
-- SOL_SOCKET, TCP_ options to IPPROTO_TCP. help(SO_TYPE) explains this one, and so for the others.
s = socket()
getsockopt(s, SOL_SOCKET, SO_TYPE)
getsockopt(s, SOL_SOCKET, SO_REUSEADDR)

--# SO_REUSEADDR
-- You have met this one: with it a server can take a port on which old connections are still in
-- TIME_WAIT. It counts at the moment of bind(), so it is set before. 1 means on.
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "127.0.0.1", 12345)
listen(s, 5)

--# Predict: the same port twice
-- A second socket sets the option as well, and wants the same address and port.
--q May it have the port while s listens there?  yes | no, EADDRINUSE
--a no, EADDRINUSE
-- SO_REUSEADDR helps against connections that have ended, and not against a server that is there.
-- (Where several servers are to share one port, Linux has SO_REUSEPORT for it.)
t = socket()
setsockopt(t, SOL_SOCKET, SO_REUSEADDR, 1)
good, err = pcall(bind, t, "127.0.0.1", 12345)
print(err)

--# A connection
-- Now a connection, to try the others: c is the client's end, a the server's. a was made by
-- accept(), and it has taken over the options of s.
c = socket()
connect(c, "127.0.0.1", 12345)
a = accept(s)
getsockopt(a, SOL_SOCKET, SO_REUSEADDR)

--# Predict: the size of a buffer
-- What arrives waits in the receive buffer until recv() takes it. SO_RCVBUF sets its size in bytes.
-- The socket t is still there, unused: for it we ask for 50000 and read what we got.
--q How large is the buffer then?  25000 | 50000 | 100000
--a 100000
-- Linux takes the double, as it needs room for its own bookkeeping, and tells what it really took.
-- Elsewhere you would read 50000. Few programs need this: TCP adjusts its buffers by itself, and a
-- fixed size switches that off.
setsockopt(t, SOL_SOCKET, SO_RCVBUF, 50000)
print(getsockopt(t, SOL_SOCKET, SO_RCVBUF))

--# Ask for too much
-- A gigabyte is not refused. Linux takes as much as the administrator allows, and says nothing. An
-- option that was set is not always an option that was obeyed: read it again.
setsockopt(t, SOL_SOCKET, SO_RCVBUF, 1000000000)
getsockopt(t, SOL_SOCKET, SO_RCVBUF)

--# Your turn: a time limit
-- recv(a) would wait for ever: c sends nothing. Make recv(a) give up after half a second, and call
-- it. The option is SO_RCVTIMEO, with seconds as its value. The error that follows is what we want.
-- If the prompt should hang, Ctrl-C brings it back.
--? setsockopt() wants the socket, the level, the option and the value.
--? setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, 0.5), then recv(a).
--= failed("recv", EAGAIN) or failed("recv", ETIMEDOUT) -- recv() has given up after its time limit
--+ a:setsockopt(SOL_SOCKET, SO_RCVTIMEO, 0.5) pcall(recv, a)
--+ settimeout(a, 0.5) pcall(recv, a)
--x setsockopt(a, SOL_SOCKET, SO_SNDTIMEO, 0.5) -- That one is for send(). And then call recv(a).
--x setsockopt(a, IPPROTO_TCP, SO_RCVTIMEO, 0.5) -- SO_ options have the level SOL_SOCKET.
setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, 0.5)
print(pcall(recv, a))

--# Whose time limit it was
-- SO_RCVTIMEO is the kernel's own limit, and its error is EAGAIN. settimeout(), which this shell
-- has and Python too, does it without the kernel, and gives ETIMEDOUT. 0 switches the option off.
setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, 0)

--# TCP_NODELAY
-- TCP likes to send few large packets. While data is on its way, further small pieces wait until
-- the first is acknowledged, and go together: this is Nagle's algorithm. For programs that send a
-- little and wait for the answer, as games and terminals do, that can cost 40 ms each time.
-- TCP_NODELAY switches it off. Its level is IPPROTO_TCP.
setsockopt(c, IPPROTO_TCP, TCP_NODELAY, 1)
getsockopt(c, IPPROTO_TCP, TCP_NODELAY)

--# SO_KEEPALIVE
-- When the other computer loses its power, it can send no FIN. A connection on which nobody sends
-- then looks well for ever. With SO_KEEPALIVE the kernel asks now and then whether the peer is
-- still there, and ends the connection if no answer comes.
setsockopt(c, SOL_SOCKET, SO_KEEPALIVE, 1)

--# Predict: when the kernel asks
-- TCP_KEEPIDLE says after how much silence the kernel asks for the first time.
--q What is its usual value on Linux?  10 seconds | 2 minutes | 2 hours
--a 2 hours
-- 7200 seconds. Who wants to know earlier sets TCP_KEEPIDLE, or sends messages of their own ("are
-- you there") and expects an answer in time. Most chat programs do the latter.
print(getsockopt(c, IPPROTO_TCP, TCP_KEEPIDLE))
setsockopt(c, IPPROTO_TCP, TCP_KEEPIDLE, 60)

--# SO_LINGER
-- close() returns at once, and the kernel delivers the rest in the background. SO_LINGER can change
-- that. Its value has two parts: onoff, and linger in seconds. Switched on, close() waits for the
-- delivery, at most so long. With 0 seconds it throws the rest away and sends a reset (RST) in
-- place of a FIN: a hard end, without TIME_WAIT.
getsockopt(c, SOL_SOCKET, SO_LINGER)

--# Your turn: a hard end
-- End the connection so that it is reset: give c the option SO_LINGER, with 1 for onoff and 0 for
-- linger. Close c, and look with recv(a) how it arrives.
--? The value is a table: {onoff = 1, linger = 0}.
--? setsockopt(c, SOL_SOCKET, SO_LINGER, {onoff = 1, linger = 0}), then close(c), then recv(a).
--? If c was closed without the option, type .again.
--= failed("recv", ECONNRESET, {socket = a}) -- recv(a) has failed with ECONNRESET
--+ c:setsockopt(SOL_SOCKET, SO_LINGER, {onoff = 1, linger = 0}) c:close() pcall(recv, a)
--x close(c) recv(a) -- That was an orderly end: a reads "". Type .again and set the option first.
--x setsockopt(c, SOL_SOCKET, SO_LINGER, 0) -- The value has two parts: {onoff = 1, linger = 0}.
setsockopt(c, SOL_SOCKET, SO_LINGER, {onoff = 1, linger = 0})
close(c)
print(pcall(recv, a))

--# No TIME_WAIT
-- A reset leaves nothing behind. Some programs use this to get rid of TIME_WAIT, and then wonder
-- why the last bytes are missing at the other side. SO_REUSEADDR is the better cure.
sockets()

--# SO_BROADCAST
-- A datagram can go to all computers of a network, by the network's last address. As a mistake
-- could disturb many, it must be asked for. 127.255.255.255 is the last address of this computer's
-- own network, so nobody else is disturbed.
--! EACCES
u = socket(AF_INET, SOCK_DGRAM)
sendto(u, "hi", "127.255.255.255", 12345)

--# And with the option
-- TCP has nothing like it: a connection has two ends. What tutorials call "broadcast" in a chat is
-- one send for each client.
setsockopt(u, SOL_SOCKET, SO_BROADCAST, 1)
sendto(u, "hi", "127.255.255.255", 12345)

--# SO_ERROR
-- This one can only be read. It is an error that waits to be told, and reading takes it away: the
-- second time it is 0. Here a datagram was refused. Programs that do not wait in connect() ask
-- SO_ERROR how it came out.
v = socket(AF_INET, SOCK_DGRAM)
connect(v, "127.0.0.1", 1122)
send(v, "to nobody")
sleep(0.1)
getsockopt(v, SOL_SOCKET, SO_ERROR)
getsockopt(v, SOL_SOCKET, SO_ERROR)

--# What you know now
-- Remember SO_REUSEADDR for servers, SO_KEEPALIVE or a sign of life of your own for long
-- connections, and TCP_NODELAY where small messages go to and fro. The manual pages socket(7) and
-- tcp(7) list all.
--
-- Next, a real protocol: HTTP, with a browser as the client.
for _, x in ipairs({s, t, a, u, v}) do close(x) end
