--: title    Datagrams
--: about    UDP: no connection, borders that are kept, and what is lost on the way
--: minutes  12

--# A socket for datagrams
-- TCP carries a stream of bytes over a connection. UDP carries datagrams: single packets, each with
-- the address of its sender, and no connection at all. SOCK_DGRAM asks for such a socket.
--
-- The one that is to be found by others gets an address, as a server does. The time limit sees to
-- it that nothing in this lesson waits for ever.
s = socket(AF_INET, SOCK_DGRAM)
bind(s, "localhost", 12345)
settimeout(s, 2)

--# Predict: listen() without connections
-- Now one more call for s. On a TCP socket it would be the next one.
--q What does listen() say on a socket for datagrams?  it works | EOPNOTSUPP | EINVAL
--a EOPNOTSUPP
-- There are no connections to wait for, so there is nothing to listen for and nothing to accept.
-- A UDP socket is ready to receive as soon as it has an address.
good, err = pcall(listen, s, 5)
print(err)

--# Send without connecting
-- sendto() takes the address along with the data: each datagram is addressed like a letter. c was
-- never bound, so the kernel picks a free port for it at the first sendto(). The first line is
-- written as Python tutorials have it, which is the same call.
c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
settimeout(c, 2)
sendto(c, "one", "localhost", 12345)
sendto(c, "two", "localhost", 12345)

--# Look at both
-- sockets() lists them. There is no state such as ESTABLISHED, and neither has a peer. What was
-- sent waits in s, as the column "to read" shows.
sockets()

--# Predict: what one recvfrom() returns
-- Two datagrams of three bytes wait in s. recvfrom() may return up to 4096 bytes.
--q What does one recvfrom() return?  "onetwo" | "one" | "o"
--a "one"
-- One call takes one datagram. The borders between datagrams are kept, always: this is what a
-- stream of TCP does not do. So "to read" in the table was 3, the size of the next datagram, and
-- not the sum. The second value is the address of the sender.
data, from = recvfrom(s)
print(data, from)

--# Take the other
-- Each recvfrom() tells where its datagram came from. One socket serves any number of senders.
recvfrom(s)

--# Your turn: answer
-- The address of the sender is in the variable from. Send the text "pong" back to it through s,
-- then receive it with c.
--? s has no connection, so send() does not know where to. Which call takes an address?
--? sendto(s, "pong", from) sends; recv(c) or recvfrom(c) receives.
--= received(c):find("pong") -- c has received "pong"
--+ s:sendto("pong", from) c:recv()
--+ sendto(s, "pong", from.host, from.port) recvfrom(c, 100)
--x send(s, "pong") -- s is not connected to anybody: use sendto() and give the address.
--x sendto(s, "pong", "localhost", 12345) -- That is the address of s itself. Use from.
sendto(s, "pong", from)
recv(c)

--# A datagram that is cut
-- A datagram is received as a whole or not at all, and what does not fit into the size that was
-- asked for is thrown away. Here 15 bytes come and recv() asks for 6. The call line tells what
-- happened.
sendto(c, "a long datagram", "localhost", 12345)
recv(s, 6)

--# The rest is gone
-- On a stream the next recv() would return the other nine bytes. Here it waits until the two
-- seconds of settimeout() are over. pcall() catches the error.
good, err = pcall(recv, s)
print(err)

--# Once more
-- The same datagram is sent again.
sendto(c, "a long datagram", "localhost", 12345)

--# Your turn: receive it whole
-- Receive it with s so that no byte is lost. If you cut it, it is gone: send it again with
--
--   sendto(c, "a long datagram", "localhost", 12345)
--? How many bytes must recv() be ready to take? More than needed does no harm.
--? recv(s, 15), or recv(s) with its default of 4096.
--= received(s):find("a long datagram") -- s has received the whole datagram
--+ s:recv(1024)
--+ data, from = recvfrom(s)
--x recv(s, 10) -- 15 bytes came and 10 were asked for. What is left is gone: send it again.
--x recv(c) -- The datagram went to port 12345, which is the address of s.
recv(s, 15)

--# Nobody is there
-- No socket has the UDP port 1122. sendto() returns 9 all the same: it tells that the kernel took
-- the datagram, and nothing about whether it arrived. Without a connection nobody reports that.
sendto(c, "to nobody", "localhost", 1122)

--# The same with a fixed peer
-- connect() on a datagram socket sends nothing. It notes the address of a peer: from then on send()
-- needs no address, and only datagrams from there are received. The kernel now also knows whom to
-- tell when the other computer answers that no socket has this port (an ICMP message). The error
-- belongs to the send, but it is a later call that reports it: here recv().
--! ECONNREFUSED
u = socket(AF_INET, SOCK_DGRAM)
connect(u, "localhost", 1122)
send(u, "to nobody")
recv(u)

--# Predict: more than fits
-- Now s gets a small receive buffer, and 100 datagrams are sent to it while nobody receives. The
-- call lines are switched off for that: they would fill the screen.
--q All sends succeed. How many of the 100 datagrams will s receive?  all 100 | fewer | none
--a fewer
-- What does not fit into the buffer of the receiver is thrown away, and neither side is told. TCP
-- would make the sender wait. With UDP a program that cannot bear a loss must notice it and send
-- again: with numbers in its datagrams, answers, and time limits.
setsockopt(s, SOL_SOCKET, SO_RCVBUF, 4096)
trace(false)
for i = 1, 100 do
  sendto(c, "datagram " .. i, "127.0.0.1", 12345)
end
count = 0
while #poll({s}, 0) > 0 do
  last = recv(s)
  count = count + 1
end
trace(true)
print(count .. " arrived; the last: " .. last)

--# How long a datagram may be
-- Over IPv4 a datagram holds at most 65507 bytes. Longer ones are refused, and the hint says so. In
-- practice most programs stay below 1500 bytes, the size of a packet on most networks: a longer
-- datagram travels in pieces, and it is lost when one piece is lost.
--! EMSGSIZE
text = ("x"):rep(70000)
sendto(c, text, "localhost", 12345)

--# What you know now
-- There is no end of a stream to send: closing one socket tells the other nothing. And there is no
-- TIME_WAIT, so the port is free at once.
--
-- You have seen that datagrams keep their borders, may be cut, may be lost, and need no connection.
-- DNS, video calls and games use them. Back to TCP: the next lesson serves many clients at once.
close(s)
close(c)
close(u)
