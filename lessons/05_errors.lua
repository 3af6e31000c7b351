--: title    What goes wrong, and why
--: about    Refused, in use, not connected, broken pipe, timed out, and what to do about each
--: minutes  15

--# A call that fails
-- Nobody listens at port 12345 now. Connect to it all the same, and read what comes. The call line
-- ends with -1 and the name of the error, ECONNREFUSED. Below stand the error in words and a hint
-- for this very situation.
--
-- An error like this costs nothing but the call: k is still there and can try again.
--! ECONNREFUSED
k = socket(AF_INET, SOCK_STREAM)
connect(k, "localhost", 12345)

--# Catch it
-- In a program an error ends the program unless it is caught. pcall() calls a function for you: it
-- takes the function and then its arguments. What it gives first is true or false; after false
-- comes the error. Other languages have try and except for this.
--
-- The error has fields. A program decides by errno, and shows the rest to people.
good, err = pcall(connect, k, "localhost", 12345)
print(good, err)
print(err.call, err.errno, err.name)
print(err.hint)

--# Your turn: decide
-- Try to connect k to "localhost", port 12345, once more and catch the error. Then set the variable
-- down to true if the reason was ECONNREFUSED. A real program would ask here: is the server
-- running?
--? The first half is the line that you have seen: good, err = pcall(connect, ...)
--? The second compares: down = err.errno == ECONNREFUSED
--= failed("connect", ECONNREFUSED) and down == true -- connect() has failed with ECONNREFUSED, and
-- down is true
--+ good, err = pcall(connect, k, "localhost", 12345) down = err.errno == ECONNREFUSED
--+ good, err = pcall(k.connect, k, "127.0.0.1", 12345) down = err.name == "ECONNREFUSED"
--+ good, err = pcall(connect, k, "localhost", 12345) if not good then down = true end
--x connect(k, "localhost", 12345) -- The error went past. Put pcall around: pcall(connect, k, ...)
--x pcall(connect(k, "localhost", 12345)) -- Here connect() runs before pcall() does. Give the
-- function and its arguments apart: pcall(connect, k, "localhost", 12345)
--x good, err = pcall(connect(k, "localhost", 12345)) -- Here connect() runs before pcall() does.
-- Give the function and its arguments apart: pcall(connect, k, "localhost", 12345)
--x down = true -- That is a guess. Let connect() fail first, and look at err.errno.
good, err = pcall(connect, k, "localhost", 12345)
down = err.errno == ECONNREFUSED

--# A misspelt name
-- Not every error comes from the kernel. One of the tutorials writes conect, with one n. There is
-- no call line, since nothing was called; the shell looks for a name that is near.
--! no method 'conect'
k:conect("localhost", 12345)

--# The wrong thing in the wrong place
-- Another tutorial makes its socket with SOCK_STREAM as the first argument. The first one is the
-- family, the second the type. For C and for Python both are mere numbers, and the number of
-- SOCK_STREAM is that of AF_UNIX: they would make a UNIX socket and say nothing. Here it is an
-- error.
--! SOCK_STREAM is a socket type
print(SOCK_STREAM, AF_UNIX)
socket(SOCK_STREAM)

--# Not connected
-- Now there is a server, s, with a client and a connection c. The client has sent a message. The
-- tutorials receive it on the server's socket, and meet ENOTCONN.
--! ENOTCONN
s = socket(AF_INET, SOCK_STREAM)
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "localhost", 12345)
listen(s, 5)
connect(k, "localhost", 12345)
c, addr = accept(s)
send(k, "a message")
recv(s, 1024)

--# Your turn: receive it where it is
-- Nothing is lost: the message waits to be read. Read it, on the socket that it came to.
--? sockets() shows which one has bytes to read.
--? A listening socket carries no data. What accept() returned does.
--? recv(c, 1024)
--= received(c) == "a message" -- c has received "a message"
--+ c:recv(1024)
--+ data = recv(c)
--x recv(s, 1024) -- s listens. Its clients' data comes to the sockets that accept() returned.
--x send(c, "a message") -- This sends it back. To read, call recv().
recv(c, 1024)

--# In use
-- Two sockets cannot listen at one address. The second is told so by bind(). In real life the first
-- is often a server that still runs in another terminal; here it is s, and the hint says so.
--! EADDRINUSE
t = socket(AF_INET, SOCK_STREAM)
bind(t, "localhost", 12345)

--# Predict: everything is closed
-- The server closes its connection first, then the client closes, then s. No socket has port 12345
-- any more, neither here nor in another program.
--q Can t be bound to port 12345 now?
--  Yes, at once | No, not for a minute
--a No, not for a minute
-- The side that closes first keeps the connection for 60 seconds in the state TIME_WAIT: a late
-- segment could still come, and must not get into a new connection. The port is in use so long.
-- The last line of the table is that connection; it belongs to no socket any more.
close(c)
recv(k, 1024)
close(k)
close(s)
good, err = pcall(bind, t, "localhost", 12345)
print(err)
sockets()

--# Your turn: bind all the same
-- A server that is started again cannot wait a minute. The option SO_REUSEADDR of the level
-- SOL_SOCKET says that a connection in TIME_WAIT is no reason to refuse. Bind t to "localhost",
-- port 12345. It works since s had the option too: both the old and the new socket need it.
--? Two calls: the option comes first, and is looked at by bind().
--? setsockopt(t, SOL_SOCKET, SO_REUSEADDR, 1) and then bind(t, "localhost", 12345)
--= called("bind", {socket = t, port = 12345}) -- t is bound to port 12345
--+ t:setsockopt(SOL_SOCKET, SO_REUSEADDR, 1) t:bind("localhost", 12345)
--+ setsockopt(t, SOL_SOCKET, SO_REUSEADDR, true) bind(t, "127.0.0.1", 12345)
--x bind(t, "localhost", 1122) -- That port is free. The task is to get 12345 again; .again begins
-- the step anew.
--x setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1) -- s is closed. The new socket is t.
setsockopt(t, SOL_SOCKET, SO_REUSEADDR, 1)
bind(t, "localhost", 12345)

--# Predict: a client that has gone
-- t listens. A client connects, is accepted, and closes its socket. Then the server sends twice.
--q What does the first send() do?
--  It succeeds | It fails with EPIPE | It waits
--a It succeeds
-- All that the server's kernel knows is that the client sends no more. It takes the bytes and sends
-- them off. The client's kernel answers with a reset, as nobody is there to read: only after that
-- can a send() fail. So a send() that succeeds is no proof that anybody has read the data.
listen(t, 5)
k = socket(AF_INET, SOCK_STREAM)
connect(k, "localhost", 12345)
c, addr = accept(t)
close(k)
send(c, "first")

--# Broken pipe
-- The reset has arrived by now, and the second send() fails: EPIPE, a broken pipe. In C this ends
-- the whole program by a signal, SIGPIPE, unless the program asked for the error instead. This
-- shell has done so for you. All that is left to do with c is to close it.
--! EPIPE
sleep(0.2)
send(c, "second")

--# Nobody answers
-- A host that is switched off refuses nothing. connect() then sends its request again and again, on
-- Linux for about two minutes, and ends with ETIMEDOUT. Where the network knows no way to the host
-- it is ENETUNREACH or EHOSTUNREACH. Ctrl-C always ends the waiting.
--
-- A program can set a limit of its own, in seconds. Here accept() waits for a client who never
-- comes.
--! ETIMEDOUT
close(c)
settimeout(t, 0.5)
accept(t)

--# What you know now
-- ECONNREFUSED: nobody listens there. EADDRINUSE: another socket, or TIME_WAIT, has the port.
-- ENOTCONN: not the socket that carries data. EPIPE: the peer is gone. ETIMEDOUT: nobody answered.
-- help "EPIPE", with the quotes, tells of an error at any time.
--
-- Next, 06_bytes: what it is that is sent.
close(t)
