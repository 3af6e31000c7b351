--: title    The end of a stream
--: about    The empty string, loops that end and loops that do not, shutdown, half-close, reset
--: minutes  12

--# A connection
-- s listens, k is the client, c is the server's end. The client says one thing.
s = socket(AF_INET, SOCK_STREAM)
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "localhost", 12345)
listen(s, 5)
k = socket(AF_INET, SOCK_STREAM)
connect(k, "localhost", 12345)
c, addr = accept(s)
send(k, "goodbye")

--# Predict: after the close
-- Now the client closes its socket. What it has sent is under way or waits at c.
--q What does the server's next recv(c, 1024) give?
--  "goodbye" | the empty string | an error
--a "goodbye"
-- close() does not overtake the data. First comes everything that was sent, in order, and then the
-- end of the stream. state(c) is CLOSE_WAIT: the peer has closed, and this side has not yet.
close(k)
recv(c, 1024)
state(c)

--# The end of the stream
-- The next recv() gives the empty string, and the call line calls it the end of the stream. It is
-- no message of length zero: TCP has no such thing. It comes at once and every time, however often
-- you ask.
recv(c, 1024)
recv(c, 1024)

--# A loop that never ends
-- A tutorial reads in a loop until "quit" comes, and looks at nothing else. If the client leaves
-- without a word, recv() gives the empty string again and again, and the loop turns for ever, as
-- fast as the computer can. Here it is stopped after five turns.
turns = 0
repeat
  message = recv(c, 1024)
  turns = turns + 1
until message == "quit" or turns == 5

--# A loop that ends
-- So a loop over recv() always asks for the empty string first. This is its form, for any server:
--
--   while true do
--     data = recv(c, 1024)
--     if data == "" then break end
--     ...
--   end
--
-- Then close your own side too. A server that forgets it keeps a socket in CLOSE_WAIT for each
-- client that ever came, until it has no descriptors left.
close(c)

--# Two directions
-- A connection is two streams, one each way, and each has an end of its own. close() ends the own
-- direction and gives up the socket. shutdown() can end one direction alone: SHUT_WR says "I send
-- no more", and the socket still receives. That is a half-close.
--
-- It is needed when the receiver must know that it has everything before it can answer. Here is a
-- server that counts bytes up to the end of the stream. It runs as a task.
k = socket(AF_INET, SOCK_STREAM)
connect(k, "localhost", 12345)
c, addr = accept(s)
function count()
  local total = 0
  while true do
    local data = recv(c, 1024)
    if data == "" then break end
    total = total + #data
  end
  send(c, "I counted " .. total .. " bytes")
  close(c)
end
task = spawn(count)
send(k, "one two ")
send(k, "three")

--# Your turn: tell it that this was all
-- The server waits for more. Tell it that nothing more will come from k, but keep k able to receive
-- the answer.
--? close(k) would be too much: the answer could not be read any more.
--? shutdown() takes the socket and the direction: SHUT_RD, SHUT_WR or SHUT_RDWR.
--? shutdown(k, SHUT_WR)
--= called("shutdown", {socket = k, how = SHUT_WR}) -- k has said that it sends no more
--+ k:shutdown(SHUT_WR)
--+ shutdown(k, 1)
--x close(k) -- Now the server has the end of the stream, and nobody is there for its answer. Type
-- .again to begin the step anew.
--x shutdown(c, SHUT_WR) -- c is the server's end, and now the server cannot answer any more. It is
-- k that has said all; type .again to begin the step anew.
--x shutdown(k, SHUT_RD) -- This ends the other direction, the one in which the answer comes. Type
-- .again to begin the step anew.
--x shutdown(k) -- Which direction? SHUT_WR is that of sending.
--x send(k, "") -- Sending nothing sends nothing. The end of a stream is not data.
shutdown(k, SHUT_WR)

--# The answer
-- The server got the empty string, left its loop and answered. k receives the answer, and then the
-- end of the stream, since the server has closed.
recv(k, 1024)
recv(k, 1024)

--# Predict: sending after the half-close
--q k can still receive. What does send(k, "four") do?
--  It succeeds | It fails with EPIPE | It opens the direction again
--a It fails with EPIPE
-- The end of a stream is final. The error is the same as on a connection that the peer has closed.
good, err = pcall(send, k, "four")
print(err)
close(k)

--# Close with data unread
-- There is one more way for a connection to end. The server closes c while data that it has not
-- read waits there. TCP does not hide that: instead of the end of the stream it sends a reset. The
-- client gets ECONNRESET, and knows that what it sent was not read.
--! ECONNRESET
k = socket(AF_INET, SOCK_STREAM)
connect(k, "localhost", 12345)
c, addr = accept(s)
send(k, "did you get this?")
sleep(0.2)
close(c)
recv(k, 1024)

--# The whole way of a socket
-- states() draws the states of TCP and marks the way that a socket has come. A last connection, in
-- which the client closes first and the server after it, as it should be. The client went through
-- FIN_WAIT1 and FIN_WAIT2 to TIME_WAIT; the lesson on states follows each of them.
close(k)
k = socket(AF_INET, SOCK_STREAM)
connect(k, "localhost", 12345)
c, addr = accept(s)
close(k)
recv(c, 1024)
close(c)
states(k)

--# What you know now
-- The empty string is the end of the stream, and a loop over recv() looks for it. shutdown() ends
-- one direction, close() gives up the socket. Whoever closes with data unread resets the
-- connection, so read to the end first.
--
-- Next, 09_datagrams: messages, which have borders and no connection.
close(s)
