--: title    A stream has no messages
--: about    Two sends arrive as one, one send arrives in parts; frames by length and by line
--: minutes  15

--# A server with one client
-- s listens, k is the client, c is the server's end of the connection. trace(true) has the shell
-- record the calls; it does so in a lesson anyway.
trace(true)
s = socket(AF_INET, SOCK_STREAM)
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "localhost", 12345)
listen(s, 5)
k = socket(AF_INET, SOCK_STREAM)
connect(k, "localhost", 12345)
c, addr = accept(s)

--# Predict: a name and a password
-- A tutorial has its server receive a user name with one recv() and a password with the next. The
-- client sends both. The server is busy with something else for a moment, and then reads.
--q What does the server's first recv(c, 1024) give?
--  "anna" | "annasecret" | "secret"
--a "annasecret"
-- TCP is a stream of bytes, as its type SOCK_STREAM says. Where one send() ended and the next began
-- is not part of it. recv() gives what is there, up to 1024 bytes, and all ten bytes were there.
send(k, "anna")
send(k, "secret")
sleep(0.2)
username = recv(c, 1024)
print(username)

--# The second recv
-- The tutorial's server now waits for a password that has come already. It would wait for ever. The
-- limit of half a second is there for you; with it the wait ends in an error, which pcall()
-- catches.
settimeout(c, 0.5)
good, err = pcall(recv, c, 1024)
print(err)

--# See it
-- stream(k) draws the bytes that went from k to c. Above them are the borders of the sends, below
-- them those of the receives. They have nothing to do with each other.
settimeout(c, nil)
stream(k)

--# The other way round
-- One send() may just as well arrive in parts. Here it is the server that asks for four bytes at a
-- time. On a real network it also happens without that: a long message travels in many segments,
-- and recv() does not wait for the last one.
send(k, "a long message")
recv(c, 4)
recv(c, 4)
recv(c, 1024)
stream(k)

--# Why it worked in the tutorial
-- While each side waits for the other after every send(), each message arrives alone: there is no
-- more than one under way. So the tutorial's program works when it is tried by hand, and fails one
-- day on a busy computer. A program is right only if it works however the stream is cut.

--# Predict: will a pause help
--q The client sleeps a second between its two sends. Is the server's program right then?
--  yes | no
--a no
-- It fails less often, and that is worse. The server may be busy for more than a second, or the
-- first message may be lost on the way and be sent again together with the second. No pause is long
-- enough. What is missing is a rule by which the receiver finds the ends of the messages: a frame.

--# A frame by length
-- The first rule: in front of each message stands its length. string.pack(">s2", text) puts it
-- there, as two bytes in network order. sendall() is a send() that repeats until the kernel has
-- taken every byte. hexdump() shows what is sent for the name.
function send_message(s, text)
  sendall(s, string.pack(">s2", text))
end
hexdump(string.pack(">s2", "anna"))

--# Receive exactly so many bytes
-- The receiver reads two bytes, which are the length, and then exactly so many bytes as they say.
-- One recv() may give fewer, so it is repeated until all have come. The empty string means that the
-- peer has closed in the middle of a message.
function recv_exactly(s, size)
  local data = ""
  while #data < size do
    local part = recv(s, size - #data)
    if part == "" then error("the stream ended early") end
    data = data .. part
  end
  return data
end
function recv_message(s)
  local size = string.unpack(">I2", recv_exactly(s, 2))
  return recv_exactly(s, size)
end

--# The name and the password again
-- The client sends both at once, as before, and nothing has changed on the way: all 14 bytes are
-- there. Now the receiver knows where the first message ends.
send_message(k, "anna")
send_message(k, "secret")
sleep(0.2)
username = recv_message(c)
print(username)

--# Your turn: the password
-- The second message waits at c. Receive it, and keep it in the variable password.
--? The function that read the name reads the password as well.
--? password = recv_message(c)
--= password == "secret" and #received(c) > 0 -- password is "secret", received at c
--+ password = c:recv(1024):sub(3)
--+ size = string.unpack(">I2", recv_exactly(c, 2)) password = recv_exactly(c, size)
--x password = recv(c, 1024) -- This has the two bytes of the length in front. recv_message() takes
-- them off; .again begins the step anew.
--x password = recv(c) -- This has the two bytes of the length in front. recv_message() takes them
-- off; .again begins the step anew.
--x password = "secret" -- So it is, but the server cannot know. It has to be received from c.
--x password = recv_message(s) -- s is the listening socket. The connection is c.
password = recv_message(c)

--# A loop that waits for quit
-- Another server of the tutorials reads in a loop until the message is "quit". The client says
-- hello and takes its leave. Look at what the loop has to compare: it would never end.
send(k, "hello")
send(k, "quit")
sleep(0.2)
message = recv(c, 1024)
print(message, message == "quit")

--# A frame by line
-- The second rule: each message is a line, and the end of a line is the end of the message. Mail
-- and the web begin this way, and so do most protocols that people can type. The receiver collects
-- what comes until there is a whole line, and keeps the rest for the next time. A line may end with
-- \r\n or with \n alone. At the end of the stream there is no line: nil.
rest = ""
function recv_line(s)
  while not rest:find("\n", 1, true) do
    local part = recv(s, 1024)
    if part == "" then return nil end
    rest = rest .. part
  end
  local line
  line, rest = rest:match("^(.-)\r?\n(.*)$")
  return line
end

--# The loop, mended
-- The server reads lines now, until one is "quit" or the stream has ended. It runs as a task, so
-- the prompt is free for the client. "for line in recv_line, c" calls recv_line(c) again and again
-- until it gives nil.
lines = {}
function serve()
  for line in recv_line, c do
    table.insert(lines, line)
    if line == "quit" then break end
  end
end
task = spawn(serve)

--# Your turn: cut it anywhere
-- Send the two lines "hello" and "quit" from k, but in three sends or more, cut in the middle of a
-- word. Each line ends with \n. The server must find both lines all the same.
--? For example "hel" first, then "lo\nqu", and the rest.
--? send(k, "hel") send(k, "lo\nqu") send(k, "it\n")
--= lines[1] == "hello" and lines[2] == "quit" and (called("send", {socket = k}) or 0) >= 3 -- both
-- lines were found, and k has sent them in three pieces or more
--+ k:send("h") k:send("ello\nqui") k:send("t\n")
--+ for letter in ("hello\nquit\n"):gmatch(".") do send(k, letter) end
--+ send(k, "hello\r") send(k, "\nquit\r") send(k, "\n")
--x send(k, "hel") send(k, "lo") send(k, "quit") -- No line ends here: \n has to stand after "hello"
-- and after "quit". Type .again to begin the step anew.
--x send(k, "hello\nquit\n") -- Both lines came. But this was one send; the task is to cut it. Type
-- .again to begin the step anew.
--x lines = {"hello", "quit"} -- That was not sent. Let k send it.
send(k, "hel")
send(k, "lo\nqu")
send(k, "it\n")

--# What you know now
-- A stream keeps the order of the bytes and nothing else. Messages are the work of a protocol: a
-- length in front, or a mark at the end, and a receiver that reads until it has all of it. This
-- rest belongs to one connection; a server with many clients keeps one for each.
--
-- Next, 08_ending: what it means when the empty string comes.
wait(task)
print(table.concat(lines, ", "))
close(k)
close(c)
close(s)
