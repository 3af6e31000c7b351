--: title    Networks, hosts, ports, and where the socket stands
--: about    Kinds of network, protocols, client and server, peers, and what a socket is among them
--: minutes  12

--# A host has a name
-- A network is two or more computers that are joined so that they can exchange data. Each of them
-- is called a host. Ask this host for its name.
--
-- The dim line that appears is the call line: the call as the system got it, and its result. You
-- will see one for every call in this course that reaches the system.
gethostname()

--# How networks are told apart
-- By their extent. A LAN (local area network) joins the hosts of a room or a house, by cable or by
-- Wi-Fi. A WAN (wide area network) joins places that are far apart, over lines that somebody rents
-- out. The Internet joins networks of both kinds all over the world.
--
-- By their topology, the shape in which they are joined: all on one cable (bus), each to the next
-- and the last to the first (ring), or all to one device in the middle (star).
--
-- By their protocols, and by their architecture. Those come in the steps that follow.

--# Predict: a shape
-- Answer with the number of a choice, or with its words. A wrong guess costs nothing.
--q In an office each computer has a cable to the same switch. Which topology is that?
--  bus | ring | star
--a star
-- Nearly every LAN of today is a star: cables lead to a switch, radio to an access point. Ethernet
-- began as a bus, one cable along the corridor. IBM's Token Ring was a ring. A program sees nothing
-- of this, and that is the work of the protocols.

--# Protocols lie in layers
-- A protocol is a set of rules that both sides keep: who speaks first, and what each message looks
-- like. Each layer uses the one below it and knows nothing of those further down. From the top:
--
-- - HTTP, SMTP, DNS and more: what programs say (a web page, a mail, a name)
-- - TCP and UDP: from program to program
-- - IP: from host to host, over any number of networks
-- - Ethernet, Wi-Fi and others: from device to device within one network
--
-- A socket is where your program meets the layer of TCP and UDP. These are the numbers by which IP
-- knows the two.
print(IPPROTO_TCP, IPPROTO_UDP)

--# An address says which host
-- IP finds a host by its address. IPv4 writes it as four numbers from 0 to 255, a dotted quad. The
-- addresses that begin with 127 are special: they mean this computer itself. They belong to a
-- network that lies wholly inside of it, called loopback.
--
-- "localhost" is a name for such an address. What happens on loopback never reaches a cable, and
-- still it is real TCP and UDP. This whole course can be played on it. The call line names
-- getaddrinfo(), the newer call that does this work.
gethostbyname("localhost")

--# A port says which program
-- Many programs use the network of one host at the same time. A port tells them apart: a number
-- from 0 to 65535. A server waits at a port that its clients know, and well-known services have
-- ports of their own. getservbyname() looks them up in a list on this computer. It only reads a
-- file, so there is no call line.
getservbyname("http")
getservbyname("smtp")
getservbyname("domain", "udp")

--# Your turn: the port of the secure web
-- HTTP inside of TLS, the lock in the browser's address bar, is the service "https". Find its port
-- and keep it in a variable called port.
--? getservbyname() gives the port. To keep a value, write the name of a variable and an equals sign
-- in front of it.
--? port = getservbyname("https")
--= port == 443 -- port is the number of the service "https"
--+ port = getservbyname("https", "tcp")
--+ port = 443
--x port = getservbyname("http") -- That is 80, the port of HTTP without TLS. Look for "https".
--x getservbyname("https") -- The number is right. Now keep it: port = getservbyname("https")
--x port = "https" -- This keeps the name of the service. Ask getservbyname() for its number.
port = getservbyname("https")

--# Address and port together
-- An address for the host and a port for the program: together they name one endpoint, one place
-- where a conversation can begin or end. getaddrinfo() takes a host and a service, by name or by
-- number, and gives what a socket needs to get there.
getaddrinfo("localhost", "http", AF_INET, SOCK_STREAM)

--# Where the socket stands
-- A socket is your program's end of a conversation. The system keeps it, and gives the program a
-- number for it, the descriptor. The program sends into the socket and receives from it; TCP, IP
-- and the network below are the system's work.
--
-- AF_INET asks for addresses of IPv4, SOCK_STREAM for a stream of bytes, which is TCP. sockets()
-- lists the sockets that are open. So far this one has no address and no peer.
s = socket(AF_INET, SOCK_STREAM)
sockets()

--# Client and server
-- Architecture is the question of who does what. Most often one program, the server, waits at an
-- endpoint that is known, and others, the clients, come to it and ask. A browser is a client. So is
-- your mail program. Here the socket that you have made becomes a server's: it takes a port and
-- listens there. With 0 for a port the system chooses a free one.
bind(s, "localhost", 0)
listen(s)
sockets()

--# Predict: who comes first
--q A client connects to a server. Which of the two must be there first?
--  the server | the client | it does not matter
--a the server
-- A client that finds nobody at the port is refused at once. Server and client are roles, and not
-- kinds of computer: here both play on one host, and a server may be a client somewhere else.
c = socket(AF_INET, SOCK_STREAM)
connect(c, getsockname(s))
sockets()

--# Peers
-- Peer-to-peer is the other architecture: nobody is the server, and each side may begin. File
-- sharing and many calls with voice or video work this way. Two UDP sockets show it well: both have
-- an address, and neither listens or connects. SOCK_DGRAM asks for datagrams, single messages.
a = socket(AF_INET, SOCK_DGRAM)
b = socket(AF_INET, SOCK_DGRAM)
bind(a, "localhost", 0)
bind(b, "localhost", 0)
sendto(a, "hello from a", getsockname(b))
recvfrom(b)

--# Your turn: the other way
-- recvfrom() gave two values: what came, and the address of the one who sent it. Now let b send a
-- message of its own to a. Any text will do.
--? It is the call that a made, with a and b exchanged.
--? sendto(b, "hello from b", getsockname(a))
--= called("sendto", {socket = b, port = getsockname(a).port}) -- b has sent a datagram to a's
-- address
--+ b:sendto("hi", getsockname(a))
--+ sendto(b, "hi", "localhost", getsockname(a).port)
--x sendto(a, "hello", getsockname(b)) -- This goes from a to b again. Let b be the one who sends.
--x sendto(b, "hello", getsockname(b)) -- b sent this to itself. The address must be that of a.
--x send(b, "hello") -- b is connected to nobody, so each message needs an address: sendto().
sendto(b, "hello from b", getsockname(a))

--# What you know now
-- Hosts form networks; IP finds the host by its address; the port finds the program; TCP and UDP
-- carry data between programs; and the socket is where your program takes part. What is closed
-- now was: a server's listening socket, a client, and two peers.
--
-- At the end of a lesson the shell draws what its sockets did. How to read that picture is told in
-- 04_calls.
--
-- Next, 01_server: a server in full, with a client that is a program of its own.
close(c)
close(s)
close(a)
close(b)
sockets()
