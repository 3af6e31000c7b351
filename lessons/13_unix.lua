--: title    UNIX sockets and socketpair
--: about    Sockets within one computer: paths, abstract names, and pairs without any name
--: minutes  10

--# A path in place of host and port
-- Programs on the same computer need no network. Sockets of the family AF_UNIX are named by a path
-- in the file system. All other calls are those that you know. A file left from an earlier run
-- would be in the way: it is removed first, and you will see why.
removed = os.remove("chat")
s = socket(AF_UNIX, SOCK_STREAM)
bind(s, "chat")
listen(s, 5)
print(s)

--# A client's socket
-- The client's socket must be of the same family.
c = socket(AF_UNIX)

--# Your turn: connect
-- Connect c to the server.
--? An address of this family is one text: the path.
--? connect(c, "chat")
--= state(c) == "ESTABLISHED" -- c is connected
--+ c:connect("chat")
--+ c:connect(s:getsockname())
--x connect(c, "localhost", 12345) -- Host and port belong to AF_INET. Here it is the path alone.
--x connect(c, "@chat") -- With @ it is an abstract name, which has nothing to do with the path.
connect(c, "chat")

--# Accept
-- accept() returns the client's address, as always. But the client never called bind(), and here
-- the kernel does not pick an address for it: the client is unnamed.
a, from = accept(s)
print(from)
print(getpeername(c))
sockets()

--# Talk
-- From here on there is no difference from TCP: a stream of bytes in both directions, without
-- messages. It is faster, as the bytes need not be packed for a network.
send(c, "hello")
recv(a)
send(a, "hello yourself")
recv(c)

--# Who is there
-- Within one computer the kernel knows both sides. SO_PEERCRED tells the server which process has
-- connected, and of which user. Databases and many system services use this in place of a password.
getsockopt(a, SOL_SOCKET, SO_PEERCRED)

--# Predict: the server has gone
-- All three sockets are closed. Then somebody connects to "chat".
--q What does connect() say?  it works | ECONNREFUSED | ENOENT (no such file)
--a ECONNREFUSED
-- close() does not remove the file. The name is still there, and nobody listens behind it: this is
-- the same answer as that of a TCP port without a server.
close(c)
close(a)
close(s)
c = socket(AF_UNIX)
good, err = pcall(connect, c, "chat")
print(err)

--# The file is in the way
-- bind() creates the file, and it must not exist yet. For UNIX sockets SO_REUSEADDR does nothing.
--! EADDRINUSE
s = socket(AF_UNIX)
bind(s, "chat")

--# Remove it
-- So a server removes the file before bind(), as we did in the first step, and again when it ends.
os.remove("chat")
bind(s, "chat")
listen(s, 5)
connect(c, "chat")
os.remove("chat")

--# A name without a file
-- Linux has abstract names as well, written with @ in front. They are in no directory, and they
-- vanish with the socket: nothing to remove. On the other hand no file permissions protect them.
-- The number keeps two runs of this lesson apart.
name = "@chat-" .. math.random(100000, 999999)
t = socket(AF_UNIX)
bind(t, name)
listen(t, 5)
d = socket(AF_UNIX)
connect(d, name)
print(getpeername(d))

--# Datagrams
-- SOCK_DGRAM works too. u has a name, v has none. Look at the address of the sender: it is unnamed,
-- so u cannot answer. Unlike UDP nothing is lost here: if u does not read, v has to wait.
u, v = socket(AF_UNIX, SOCK_DGRAM), socket(AF_UNIX, SOCK_DGRAM)
settimeout(u, 2)
settimeout(v, 2)
bind(u, name .. "-u")
sendto(v, "ping", name .. "-u")
recvfrom(u)

--# Your turn: be answered
-- Give v a name of any kind, so that u can see who it is. Then let v send "ping" again, let u
-- answer with "pong", and let v receive it.
--? bind(v, "") asks the kernel to pick a name.
--? sendto(v, "ping", getsockname(u)), then data, from = recvfrom(u), then sendto(u, "pong", from).
--= received(v):find("pong") -- v has received "pong"
--+ bind(v, name .. "-v") sendto(u, "pong", name .. "-v") recv(v)
--x sendto(u, "pong", "") -- An unnamed socket cannot be sent to. Bind v to a name first.
--x bind(v, name .. "-u") -- That name is taken: it is the one of u. Pick another, or "".
bind(v, "")
sendto(v, "ping", name .. "-u")
data, from = recvfrom(u)
sendto(u, "pong", from)
recv(v)

--# Two ends at once
-- socketpair() makes two sockets that are connected already. There is no name, no server, and no
-- accept(): one end is kept, the other is given to a child process, or used in a test.
x, y = socketpair()
sockets()

--# Predict: two sends through a pair
-- socketpair() without arguments gives a stream. x sends "one" and then "two".
--q What does one recv(y) return?  "one" | "onetwo"
--a "onetwo"
-- A stream is a stream, here too: the borders of the sends are lost.
send(x, "one")
send(x, "two")
print(recv(y))

--# Keep the borders
-- The type SOCK_SEQPACKET is a mixture of both: connected and in order as a stream, with borders as
-- datagrams have them.
m, n = socketpair(AF_UNIX, SOCK_SEQPACKET)
send(m, "one")
send(m, "two")
print(recv(n))
print(recv(n))

--# What you know now
-- You have seen sockets with a path, whose file stays behind; with an abstract name; and pairs
-- without a name. Use them within one computer. A program that speaks over them needs few changes
-- to speak over a network.
--
-- Next: the same calls with the longer addresses of IPv6.
for _, e in ipairs({s, c, t, d, u, v, x, y, m, n}) do
  close(e)
end
