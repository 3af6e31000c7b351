--: title    Its client
--: partner  01_server.lua
--: role     client
--: about    socket, connect, recv and close; what the end of a stream looks like
--: minutes  8

--# Create a socket
-- The client's endpoint is made as the server's is. It is neither client nor server yet: the next
-- call decides.
--
-- A server is needed on the other side. In one terminal: type .partner, and this shell starts
-- 01_server as a program of its own. In two: start a shell in the other one, and play .lesson 1
-- there until it waits for a client.
s = socket(AF_INET, SOCK_STREAM)

--# Predict: the client's port
--q The server listens at port 12345. Which port will the client's end of the connection have?
--  12345 too | one that the kernel chooses | none
--a one that the kernel chooses
-- A client needs no bind(), because nobody has to know its address beforehand. When it connects,
-- the kernel gives it a free port. The server learns it from accept().

--# Your turn: connect
-- Connect s to the server, which listens on "localhost" at port 12345. connect() returns when the
-- connection stands. Where nobody listens it fails with ECONNREFUSED: is the server running?
--? connect() takes three things: the socket, the host and the port.
--? connect(s, "localhost", 12345)
--= called("connect", {socket = s, port = 12345}) -- s is connected to port 12345
--+ s:connect("localhost", 12345)
--+ connect(s, "127.0.0.1", 12345)
--+ connect(s, {"localhost", 12345})
--x connect(s, "localhost", 1122) -- Port 1122 is not the server's: it listens at 12345.
--x connect("localhost", 12345) -- Which socket is to connect? It comes first: connect(s, ...)
--x s.connect("localhost", 12345) -- A socket's method is called with a colon: s:connect(...)
--x conect(s, "localhost", 12345) -- The call is written with two n: connect.
--x bind(s, "localhost", 12345) -- bind() gives s an address of its own, and 12345 is the server's.
connect(s, "localhost", 12345)

--# Two ends
-- A connection has two endpoints, and each side can ask for both: getpeername() gives the other
-- side's, getsockname() the own. The server sees the same two the other way round.
print("Connected to", getpeername(s), "from", getsockname(s))

--# Predict: how long recv() waits
--q The server sends 26 bytes. What does recv(s, 1024) do?
--  It waits until 1024 bytes have come | It gives what is there
--a It gives what is there
-- recv() waits until something has come, be it one byte, and returns at most as many bytes as were
-- asked for. In the call line: the data, the number asked for, and the number that came.
recv(s, 1024)

--# The end of the stream
-- The server closes its side after its word of thanks. There is nothing more to come then, and
-- recv() says so by an empty string, at once and every time. The call line calls it by its name.
-- An empty result never means "nothing yet": for that recv() waits. If you play the server in
-- another terminal, this is the moment to go on there, until it has closed the connection.
rest = recv(s, 1024)
print("the rest is empty:", rest == "")

--# Your turn: close
-- The server has closed its side. Your side is open still, and the kernel keeps the connection for
-- you until you close it as well. Do so.
--? It is the call that gives the socket back.
--? close(s)
--= called("close", {socket = s}) -- s is closed
--+ s:close()
--+ close(s) close(s)
--x close() -- Which socket? close(s)
--x shutdown(s, SHUT_WR) -- This ends one direction alone, and s is still open. Use close().
close(s)

--# Closing twice
-- A second close() is harmless and calls nothing: there is no call line. The socket stays closed,
-- and for another connection a client makes another socket. sockets() always shows what is still
-- open, on the server's side as well.
close(s)
sockets()

--# What you know now
-- socket, connect, recv, close: these four make a client. It names the server's address and gets
-- its own from the kernel. The empty string is the end of the stream.
--
-- Next, 03_addresses: all the ways in which an address can be written.
print(s)
