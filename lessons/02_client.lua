--: title    Its client
--: partner  01_server.lua
--: role     client
--: about    socket, connect, recv and close; what the end of a stream looks like
--: minutes  5

--# Create a socket
-- The client's endpoint is made as the server's is. It needs no bind(): the kernel picks a free port
-- when it connects.
s = socket(AF_INET, SOCK_STREAM)

--# Connect
-- connect() names the server's address and returns when the connection stands. Where nobody listens
-- it fails with ECONNREFUSED: is the server running?
connect(s, "localhost", 12345)
print("Connected to", getpeername(s), "from", getsockname(s))

--# Receive
-- recv() waits until something has come and returns at most as many bytes as asked for.
print(recv(s, 1024))

--# The end of the stream
-- The server has closed its side. There is nothing more to come, and recv() says so by an empty
-- string, at once and every time.
rest = recv(s, 1024)
print("the rest is empty:", rest == "")

--# Close
close(s)
