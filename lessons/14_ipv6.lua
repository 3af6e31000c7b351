--: title    IPv6
--: about    Longer addresses, brackets, and one socket for both families
--: minutes  10
--: needs    ipv6

--# An address of 16 bytes
-- An address of IPv4 has 4 bytes, which is too few for all computers of the world. One of IPv6 has
-- 16, written as eight groups of hexadecimal digits with colons. Zeros at the front of a group are
-- left out, and :: stands for one run of groups that are zero. inet_pton() turns the text into
-- bytes, inet_ntop() turns them back and picks the shortest text.
long = "2001:0db8:0000:0000:0000:0000:0000:0001"
print(inet_ntop(AF_INET6, inet_pton(AF_INET6, long)))
hexdump(inet_pton(AF_INET6, "2001:db8::1"))

--# Predict: the address of this computer
-- The address of this computer for itself is 127.0.0.1 in IPv4. In IPv6 it is 15 bytes of zero and
-- a last byte of 1.
--q How is that written?  :: | ::1 | 0.0.0.0.1
--a ::1
-- :: alone is 16 bytes of zero: it means "every address of this computer", as 0.0.0.0 does.
hexdump(inet_pton(AF_INET6, "::1"))

--# A server
-- The family is AF_INET6; everything else is as before. The host is written without brackets. When
-- an address is shown with its port it needs them, since a colon would be ambiguous: look at the
-- call line of bind().
s = socket(AF_INET6, SOCK_STREAM)
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "::1", 12345)
listen(s, 5)
print(s)

--# Your turn: a client
-- Make a socket c that can reach this server, and connect it.
--? An IPv4 socket cannot talk to an IPv6 address: the family of c must be that of s.
--? c = socket(AF_INET6), then connect(c, "::1", 12345).
--= c and state(c) == "ESTABLISHED" and getpeername(c).host == "::1" -- c is connected to the server
-- at ::1
--+ c = socket(AF_INET6) c:connect("::1", 12345)
--+ c = socket(AF_INET6, SOCK_STREAM) connect(c, getsockname(s))
--x c = socket() connect(c, "::1", 12345) -- socket() alone is an IPv4 socket. Say AF_INET6.
--x c = socket(AF_INET6) connect(c, "[::1]", 12345) -- The host is written without the brackets.
--x connect(c, "[::1]", 12345) -- The host is written without the brackets.
c = socket(AF_INET6)
connect(c, "::1", 12345)

--# Accept
-- An address has its parts in fields: the host, the port, and the family.
a, from = accept(s)
print(from, from.host, from.port, from.family)

--# 127.0.0.1 is somebody else
-- The two families are two worlds. The server listens on ::1, and nobody on 127.0.0.1, although
-- both mean this computer.
d = socket(AF_INET)
good, err = pcall(connect, d, "127.0.0.1", 12345)
print(err)

--# Names
-- A name may stand for addresses of both families. getaddrinfo() lists them, and a good client
-- tries them in turn until one connects. Whether localhost is ::1 too depends on /etc/hosts.
list = getaddrinfo("localhost", 12345, AF_UNSPEC, SOCK_STREAM)
for _, e in ipairs(list) do print(e.family, e.address) end

--# IPv4 inside of IPv6
-- An IPv6 socket can speak IPv4 as well. For that each IPv4 address has a place among the IPv6
-- addresses: ::ffff: and then the four numbers. This IPv6 server listens on 127.0.0.1. The option
-- IPV6_V6ONLY must be 0 for that; more about it soon.
close(s)
w = socket(AF_INET6)
setsockopt(w, SOL_SOCKET, SO_REUSEADDR, 1)
setsockopt(w, IPPROTO_IPV6, IPV6_V6ONLY, 0)
bind(w, "::ffff:127.0.0.1", 12345)
listen(w, 5)

--# Predict: an IPv4 client of an IPv6 socket
-- d is an IPv4 socket and connects to 127.0.0.1 again. The server accepts it.
--q Of which family is the address that accept() returns?  AF_INET | AF_INET6
--a AF_INET6
-- w is an IPv6 socket, so it gives IPv6 addresses: ::ffff:127.0.0.1. For the client all is IPv4.
close(d)
d = socket(AF_INET)
connect(d, "127.0.0.1", 12345)
b, from = accept(w)
print(from, from.family)
print(getpeername(d))

--# Both worlds at once
-- A server that binds an IPv6 socket to :: takes clients of both families. (In a lesson that would
-- be bound to ::1 alone, as lessons do not open ports to other computers.) An option decides
-- whether it does: IPV6_V6ONLY. On Linux it is 0 at first, so one socket serves both. Other systems
-- begin with 1, so a program that cares sets it, as we did for w.
getsockopt(w, IPPROTO_IPV6, IPV6_V6ONLY)

--# Your turn: IPv6 alone
-- Make a new IPv6 socket, as v, and tell it to speak IPv6 and nothing else. This must be done
-- before bind().
--? The option is IPV6_V6ONLY, its level IPPROTO_IPV6, and the value 1.
--? setsockopt(v, IPPROTO_IPV6, IPV6_V6ONLY, 1), for a v that is socket(AF_INET6).
--= v and getsockopt(v, IPPROTO_IPV6, IPV6_V6ONLY) == 1 -- v is a socket that speaks IPv6 alone
--+ v = socket(AF_INET6) v:setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 1)
--x v = socket(AF_INET6) setsockopt(v, SOL_SOCKET, IPV6_V6ONLY, 1) -- Its level is IPPROTO_IPV6.
--x v = socket() setsockopt(v, IPPROTO_IPV6, IPV6_V6ONLY, 1) -- v must be an IPv6 socket.
v = socket(AF_INET6)
setsockopt(v, IPPROTO_IPV6, IPV6_V6ONLY, 1)

--# No IPv4 any more
-- Such a socket knows no IPv4 addresses. With this option two servers, one for each family, can
-- share a port number: that is the other way to serve both worlds.
good, err = pcall(bind, v, "::ffff:127.0.0.1", 1122)
print(err)

--# What you know now
-- In IPv6 the calls are the same; the family is AF_INET6, and the addresses are longer. An address
-- with its port is written [::1]:12345, as in http://[::1]:12345/. Addresses that begin with fe80
-- hold for one network only and need the name of the interface: fe80::1%eth0.
--
-- Next: options that are worth knowing.
for _, e in ipairs({a, b, c, d, v, w}) do close(e) end
