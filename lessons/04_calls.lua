--: title    The eight calls, in order
--: about    socket, bind, listen, connect, accept, send, recv, close: both sides, as a picture
--: minutes  12

--# One prompt, two sides
-- In this lesson you play both sides: s and c are the server's sockets, k is the client's. Watch
-- the order in which the calls come. The listening socket is first, made as in 01_server.
--
-- trace(true) has the shell show and record each call. In a lesson it does so anyway.
trace(true)
s = socket(AF_INET, SOCK_STREAM)
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "localhost", 12345)
listen(s, 5)

--# The client's half
-- A client needs two calls to get as far. It makes a socket, and then names the server's address.
k = socket(AF_INET, SOCK_STREAM)

--# Predict: without accept
--q The server has called listen(), and not accept(). What does connect() do now?
--  It waits for accept() | It succeeds | It is refused
--a It succeeds
-- The kernel completes connections for a listening socket by itself and puts them in its queue.
-- accept() only takes one out. That is why one prompt can play both sides. The table shows k
-- connected, and one connection in the queue of s.
connect(k, "localhost", 12345)
sockets()

--# Your turn: take the connection out of the queue
-- The server's next call returns the socket for this conversation. Keep it in the variable c.
--? The call gives two values; the first is the socket.
--? c = accept(s)
--= called("accept", {socket = s}) and c ~= nil and state(c) == "ESTABLISHED" -- c is the connection
-- that s has accepted
--+ c, addr = accept(s)
--+ c, address = s:accept()
--+ conn = accept(s) c = conn
--x accept(s) -- The new socket went to nobody, and is closed again. Type .again to repeat the step,
-- and keep what accept() returns: c = accept(s)
--x conn, addr = accept(s) -- The new socket is in conn. The lesson calls it c: type c = conn
--x client, addr = accept(s) -- The new socket is in client. The lesson calls it c: type c = client
--x k = accept(s) -- k was the client, which has been closed by this. Type .again to repeat the
-- step, and keep the new socket as c.
--x c = accept(k) -- k is a client's socket. The one that listens is s.
--x c = listen(s) -- s listens already. The call that takes a connection is accept().
c, addr = accept(s)

--# Send and receive
-- A connection carries bytes both ways, and there is no difference any more between the side that
-- called and the side that was called. What one side sends, the other receives.
send(k, "Hello, server")
recv(c, 1024)
send(c, "Hello, client")
recv(k, 1024)

--# Close
-- Each side closes its own socket. The first close() tells the other side that no more will come,
-- and recv() shows it as an empty string.
close(k)
recv(c, 1024)
close(c)

--# The picture
-- diagram() draws what was called, from top to bottom: the client on the left, the server on the
-- right. Solid arrows are your data. Dashed ones were not seen: they must have gone between, since
-- TCP works so. Follow connect(): three segments pass, and accept() comes after all of them. Then
-- look at the end: each side sends a FIN of its own, when it closes.
diagram()

--# Predict: what the picture leaves out
--q Which of these calls sends nothing over the network?
--  connect | listen | send
--a listen
-- socket, bind, listen and accept only change what the kernel keeps. connect() sends the first
-- segment, SYN; send() sends data; close() sends FIN, the end of the stream. A server that is
-- never called is silent.

--# The table of calls
-- These are the eight, and which side makes them:
--
-- - socket, both: makes an endpoint
-- - bind, server: gives it an address
-- - listen, server: lets it take calls, and sets the length of its queue
-- - connect, client: calls the server
-- - accept, server: takes a client out of the queue, on a new socket
-- - send, both: gives bytes to the kernel
-- - recv, both: takes bytes that came
-- - close, both: ends one's own side
--
-- help(accept) tells more about one of them, with its C call and its errors.

--# A server in the background
-- Tutorials start the server in the background and then run the client. A task does that here:
-- spawn() runs a function whenever the shell waits, and accept() holds up that task alone. The
-- server's loop is the one of 01_server, on the socket s that listens still. pcall() lets it go on
-- when a client is gone before its thanks were sent.
function serve()
  while true do
    local client, address = accept(s)
    print("Got connection from", address)
    pcall(send, client, "Thank you for connecting")
    close(client)
  end
end
task = spawn(serve)
tasks()

--# Your turn: be its client
-- The server waits at "localhost", port 12345. Make a client: connect, receive the word of thanks,
-- and close. Call lines that begin with [serve] are the task's.
--? Four calls: socket, connect, recv, close.
--? k = socket() then connect(k, "localhost", 12345), recv(k, 1024) and close(k)
--= called("connect", {port = 12345}) and called("recv") -- a client has connected to port 12345 and
-- received the word of thanks
--+ k = socket() k:connect("localhost", 12345) print(k:recv(1024)) k:close()
--+ k = socket() connect(k, "localhost", 12345) print(recv(k)) close(k)
--x k = socket() connect(k, "localhost", 12345) close(k) -- Connected, and gone before the word of
-- thanks was read: recv(k, 1024) belongs in between.
--x k = socket() connect(k, "localhost", 1122) -- The server listens at 12345.
--x bind(socket(), "localhost", 12345) -- bind() is the server's. A client calls connect().
k = socket(AF_INET, SOCK_STREAM)
connect(k, "localhost", 12345)
print(recv(k, 1024))
close(k)

--# What you know now
-- Eight calls, in an order that both sides keep. Connecting is the kernel's work, accepting is the
-- program's. A task lets the server run beside you; cancel() ends it, as Ctrl-C ends a server
-- in a terminal of its own. What is left in the table at the end are connections in TIME_WAIT: of
-- that the next lesson tells.
--
-- Next, 05_errors: what happens when the order is not kept, and other things that go wrong.
cancel(task)
close(s)
sockets()
