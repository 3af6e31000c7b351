--: title    A first server
--: partner  02_client.lua
--: role     server
--: about    socket, bind, listen, accept, send and close, in order
--: minutes  10

--# Create a socket
-- Every conversation starts with an endpoint, and socket() asks the kernel for one. AF_INET says
-- that its addresses will be those of IPv4, SOCK_STREAM that it will carry a stream of bytes: that
-- is TCP. What comes back is a socket; the number in the call line is its descriptor.
s = socket(AF_INET, SOCK_STREAM)

--# Let the port be used again
-- A server that closed a connection leaves it in the state TIME_WAIT for a minute, and so long its
-- port counts as taken. SO_REUSEADDR, set before bind(), says that this is no reason to refuse.
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)

--# Give it an address
-- A client must know where to call. bind() gives the socket its own address: a host of this
-- computer and a port. "localhost" is the computer's address for itself, so nobody else can call.
bind(s, "localhost", 12345)

--# Listen
-- Until now the socket could have become a client. listen() makes it passive: it will take calls.
-- Five connections may wait here until they are accepted.
listen(s, 5)

print("Waiting for a client. In another terminal: telnet localhost 12345")

--# Accept a client
-- accept() waits for a client. It returns a new socket for the conversation with this one client,
-- and the client's address; the listening socket goes on listening.
c, addr = accept(s)
print("Got connection from", addr)

--# Say something
-- What is sent here goes to the client that was just accepted. send() returns how many bytes the
-- kernel has taken.
send(c, "Thank you for connecting\r\n")

--# Close both
-- close() on the connection tells the client that there is no more to come: it reads the end of the
-- stream. Closing the listening socket gives the port back.
close(c)
close(s)
