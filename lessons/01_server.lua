--: title    A first server
--: partner  02_client.lua
--: role     server
--: about    socket, bind, listen, accept, send and close, in order
--: minutes  10

--# Create a socket
-- Every conversation starts with an endpoint, and socket() asks the kernel for one. AF_INET says
-- that its addresses will be those of IPv4, SOCK_STREAM that it will carry a stream of bytes: that
-- is TCP. Both are what socket() takes when nothing is said, so socket() alone does the same.
--
-- Look at the call line: the number behind the equals sign is the socket's descriptor. The later
-- call lines name the socket by it.
s = socket(AF_INET, SOCK_STREAM)

--# Let the port be used again
-- A server that closed a connection leaves it in the state TIME_WAIT for a minute, and so long its
-- port counts as taken. SO_REUSEADDR, set before bind(), says that this is no reason to refuse.
-- The lesson 05_errors shows what happens without it.
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)

--# Give it an address
-- A client must know where to call. bind() gives the socket its own address: a host of this
-- computer and a port. "localhost" is the computer's address for itself, so nobody else can call.
--
-- There are two call lines: the name had to be looked up first.
bind(s, "localhost", 12345)

--# Predict: is it a server now?
--q The socket has an address. What happens to a client that connects to port 12345 at this moment?
--  It waits | It is refused | It is connected
--a It is refused
-- bind() gives an address, and that is all. Nobody listens at it yet, so TCP answers the client
-- with a refusal. The socket's state is CLOSED still.
state(s)

--# Your turn: listen
-- Until now the socket could have become a client as well. One call makes it passive: from then on
-- it takes calls instead of making them. Turn s into a listening socket, with room for five clients
-- that wait until they are accepted.
--? The call has the name of the state that the socket gets: LISTEN.
--? It takes the socket and the length of the queue: listen(s, 5)
--= state(s) == "LISTEN" -- s listens
--+ s:listen(5)
--+ listen(s)
--+ listen(s, 1)
--x listen(5) -- Which socket is to listen? It comes first: listen(s, 5)
--x s.listen(5) -- A socket's method is called with a colon: s:listen(5)
--x accept(s) -- One step too early: accept() takes clients from a socket that listens already.
listen(s, 5)

--# Who may call
-- The address that was given to bind() decides. With "localhost" or "127.0.0.1" only programs on
-- this computer can connect. With "" the socket has every address of the computer, and other
-- computers can connect too. With gethostname() it has the address that the name stands for: on one
-- computer that is loopback, on the next it is the one that the neighbours see.
getsockname(s)

--# Accept a client
-- accept() waits until a client has connected. It returns two values: a new socket for the
-- conversation with this one client, and the client's address. The listening socket goes on
-- listening.
--
-- A client is needed for this. In one terminal: type .partner, and this shell starts the next
-- lesson, 02_client, as a program of its own. In two: go on here, and in the other one start a
-- shell of its own and type .lesson 2 there, or use telnet as the client:
--
--   telnet localhost 12345
--
-- Ctrl-C ends the waiting, and s listens as before.
print("Waiting for a client")
c, addr = accept(s)
print("Got connection from", addr)

--# Three endpoints
-- Look at the table. s still listens and has no peer. c has the same local port as s, and a peer:
-- the client's endpoint, whose port the client's kernel chose. The client is another program, and
-- its socket is not listed here.
sockets()

--# Predict: what send() gives
-- The client waits for a word. The server is about to send it "Thank you for connecting\r\n".
-- \r\n stands for the end of a line, as most protocols of the Internet write it.
--q The words have 24 letters and blanks. Which number does send() give for the whole?
--  24 | 25 | 26
--a 26
-- \r and \n are one byte each, so there are 26. The number says how many bytes the kernel has
-- taken. It does not say that the client has read them, or that they have arrived.

--# Your turn: say something
-- Now send it: "Thank you for connecting\r\n", to the client. Compare the number that comes back.
--? There are two sockets, s and c. Only one of them is connected to the client.
--? send() takes the socket and the text: send(c, "Thank you for connecting\r\n")
--= #sent(c) > 0 -- c has sent something to the client
--+ c:send("Thank you for connecting\r\n")
--+ sendall(c, "Thank you for connecting\r\n")
--+ send(c, "hello")
--x send(s, "Thank you for connecting\r\n") -- s listens and carries no data. Send on c, which
-- accept() returned.
--x send("Thank you for connecting\r\n") -- To whom? The socket comes first: send(c, "...")
--x print("Thank you for connecting") -- That wrote to your own screen. The client hears send().
send(c, "Thank you for connecting\r\n")

--# Close the connection
-- close() on c tells the client that there is no more to come: when it has read all bytes, it reads
-- the end of the stream. The listening socket is not touched by this, and the next client could be
-- accepted at once.
close(c)

--# The loop of a real server
-- A server serves one client after the other, without an end. This is the whole of it:
--
--   while true do
--     c, addr = accept(s)
--     print("Got connection from", addr)
--     send(c, "Thank you for connecting")
--     close(c)
--   end
--
-- Type it now if you like: as many clients as you start are thanked. Ctrl-C ends the loop, and s
-- still listens afterwards.

--# What you know now
-- socket, bind, listen, accept: these four make a server. send and close serve a client. A server
-- has one listening socket and one more socket for each client. Closing the listening socket gives
-- the port back.
--
-- Next, 02_client: the other side of this conversation.
close(s)
