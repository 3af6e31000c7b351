--: title    Addresses, in every form
--: about    Families, types and protocols; hosts as names, quads, IPv6 text and integers; ports
--: minutes  12

--# A family says what an address looks like
-- The first argument of socket() is an address family. AF_INET has IPv4 addresses and ports,
-- AF_INET6 has IPv6, and AF_UNIX has paths of files, for programs on one computer.
--
-- Some tutorials write PF_INET. PF stands for protocol family, and the numbers are the same: look.
print(AF_INET, PF_INET, AF_UNIX, PF_UNIX)

--# A family that is hardly there any more
-- The list is long, and its old parts are history. AF_X25 was for the packet networks of telephone
-- companies. The name is still there. Most systems of today cannot make such a socket, and a lesson
-- does not try: it has the families AF_INET, AF_INET6 and AF_UNIX.
print(AF_X25, PF_X25)

--# A type and a protocol
-- The second argument is the type. SOCK_STREAM is a stream of bytes over a connection, SOCK_DGRAM
-- single messages without one. The third is the protocol. It is nearly always 0, which stands for
-- the usual one: with AF_INET that is TCP for a stream and UDP for datagrams. The two sockets here
-- are of the same kind.
s = socket(AF_INET, SOCK_STREAM, 0)
t = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)
getsockopt(s, SOL_SOCKET, SO_PROTOCOL)
getsockopt(t, SOL_SOCKET, SO_PROTOCOL)
close(t)

--# A host by its name
-- bind() and connect() take a host and a port. "localhost" is a name, and names must be looked up
-- before the kernel can use them: the first of the two call lines does it, by getaddrinfo(). The
-- second has the numbers that came of it.
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "localhost", 1122)
getsockname(s)
close(s)

--# A host by its numbers
-- A dotted quad needs no look-up, and there is one call line only. Every address from 127.0.0.1 to
-- 127.255.255.254 is loopback, so 127.0.0.2 belongs to this computer as well. It is another
-- address: both sockets can have port 1122 at the same time.
s = socket(AF_INET, SOCK_STREAM)
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "127.0.0.1", 1122)
t = socket(AF_INET, SOCK_STREAM)
setsockopt(t, SOL_SOCKET, SO_REUSEADDR, 1)
bind(t, "127.0.0.2", 1122)
sockets()
close(t)
close(s)

--# Predict: what a quad is inside
--q An IPv4 address is four numbers from 0 to 255. How many bytes does the kernel need for it?
--  4 | 9 | 16
--a 4
-- Each of the four numbers is one byte; the dots are for people. inet_pton() turns the text into
-- the bytes, inet_ntop() turns them back: "presentation to network" and "network to presentation".
-- IPv6 has 16 bytes. The value shows them with escapes: \x7f is the byte 127.
inet_pton(AF_INET, "127.0.0.1")
inet_ntop(AF_INET, "\x7f\0\0\x01")

--# A host by an integer
-- Four bytes are also one number of 32 bits, and that is a form of its own. 127.0.0.1 is
-- 127 * 256^3 + 1, which is 2130706433. Read the call line: it shows the quad again.
s = socket(AF_INET, SOCK_STREAM)
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, 2130706433, 1122)
close(s)

--# Every address of this computer
-- The empty string stands for all of a computer's addresses at once. A server that binds to it can
-- be called from other computers. A lesson talks to this computer only: it takes loopback in place
-- of that, and says so. At the shell's own prompt you would see 0.0.0.0, which is how the kernel
-- writes "any".
s = socket(AF_INET, SOCK_STREAM)
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "", 1122)
getsockname(s)
close(s)

--# Everybody at once
-- "<broadcast>" is 255.255.255.255: every host of the network around, for datagrams only. Nobody
-- sends there by mistake, since the kernel wants to see the option SO_BROADCAST first and refuses
-- with EACCES without it. In a lesson it is refused before that, because it means other computers.
-- pcall() calls a function for you and catches its error; 05_errors tells more of it.
t = socket(AF_INET, SOCK_DGRAM)
good, err = pcall(sendto, t, "hello", "<broadcast>", 1122)
print(good, err)
close(t)

--# IPv6 text
-- An IPv6 address is written as numbers of 16 bits in hexadecimal, with colons between. One row of
-- zeros may be left out, so "::1" is fifteen zero bytes and a one: the loopback of IPv6. With a
-- port it is put in brackets, because the port has a colon in front too. A socket for it is made
-- with AF_INET6; a lesson of its own comes later.
inet_pton(AF_INET6, "::1")
getaddrinfo("::1", 1122, AF_INET6, SOCK_STREAM)

--# A port in three forms
-- A port is a number, or digits in a string, or the name of a service. All three stand where a port
-- is taken. Each time it is the number that goes to the kernel. The loop tries one after the other;
-- [1].address takes the address out of the first answer.
for _, port in ipairs{1122, "1122", "http"} do
  print(getaddrinfo("localhost", port, AF_INET)[1].address)
end

--# Predict: a port that is too large
--q A port has 16 bits. What does bind(s, "localhost", 70000) do?
--  It takes port 4464, which is 70000 - 65536 | It refuses the number | It takes any port
--a It refuses the number
-- No such port exists, and a wrong number is best found at once. Some programs and libraries cut
-- the number to 16 bits, and then wait at port 4464 for clients that never come.
s = socket(AF_INET, SOCK_STREAM)
good, err = pcall(bind, s, "localhost", 70000)
print(err)

--# Your turn: let the kernel choose
-- Port 0 means "any that is free". Bind s to "localhost" with it. Then find out which port it has
-- got, and keep that number in the variable port.
--? Two calls: one gives the address, the other asks for it.
--? getsockname(s) gives the address. Its field port is the number.
--? bind(s, "localhost", 0) and then port = getsockname(s).port
--= called("bind", {socket = s, port = 0}) and port == getsockname(s).port -- s is bound to a port
-- of the kernel's choice, and port is that number
--+ s:bind("127.0.0.1", 0) port = s:getsockname().port
--+ bind(s, {"localhost", "0"}) port = getsockname(s)[2]
--x bind(s, "localhost", 0) port = 0 -- 0 was the wish. Which port came of it, getsockname(s) says.
--x bind(s, "localhost", 0) port = getsockname(s) -- That is the whole address; take its field port.
--x bind(s, "localhost", 1122) port = 1122 -- That port was your choice. Ask for port 0; .again
-- begins the step anew.
bind(s, "localhost", 0)
port = getsockname(s).port

--# An address as a value
-- What getsockname() returns is an address, and it can be given to any call that takes one. It has
-- the fields family, host and port. Two addresses with the same content are equal.
listen(s)
address = getsockname(s)
print(address.family, address.host, address.port)
print(address == getsockname(s))

--# Your turn: call by value
-- s listens now, at a port that nobody could know beforehand. Make a socket c and connect it to
-- that address.
--? c = socket() makes the socket. Then connect(c, ...) with the value from the step before.
--? c = socket() connect(c, address)
--= called("connect", {socket = c, port = port}) -- c is connected to the port of s
--+ c = socket() c:connect("localhost", port)
--+ c = socket() connect(c, {"127.0.0.1", tostring(port)})
--+ c = socket() connect(c, 2130706433, port)
--x c = socket() connect(c, "localhost", 1122) -- s has another port now: connect(c, address)
--x c = socket() connect(c, "127.0.0.2", port) -- s is bound to 127.0.0.1, and 127.0.0.2 is another
-- address: nobody listens there.
--x c = socket() connect(s, address) -- s is the one that listens. Connect c to it.
c = socket()
connect(c, address)

--# A path instead of a host
-- AF_UNIX has no hosts and no ports. Its addresses are paths of files. A name with an @ in front is
-- Linux's own and makes no file, and with "" the kernel chooses such a name. Everything else goes
-- on as before; a later lesson shows it.
u = socket(AF_UNIX, SOCK_STREAM)
bind(u, "")
getsockname(u)

--# What you know now
-- A host is a name, a dotted quad, IPv6 text, an integer, "" or "<broadcast>"; a port is a number,
-- digits or a service. They are two arguments, or a table of two, or an address that another call
-- returned. In the end it is always bytes, which the family says how to read.
--
-- Next, 04_calls: the eight calls in their order, and a picture of them.
close(c)
close(s)
close(u)
