--: title    A browser as the client
--: about    HTTP by hand: requests, answers, and a small web server for curl or a real browser
--: role     server
--: minutes  15

--# A server as always
-- A web server is a TCP server. What makes it one is the language that it speaks: HTTP, which is
-- made of lines of text. This one uses port 12345; the usual port is 80, or 443 when encrypted.
s = socket()
setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)
bind(s, "localhost", 12345)
listen(s)

--# A client
-- First we play the browser ourselves, to see each byte. b is the browser's end, c the server's. A
-- real browser comes later.
b = socket()
settimeout(b, 5)
connect(b, "localhost", 12345)
c = accept(s)
settimeout(c, 5)

--# A request
-- A request is a line with a method, a path and a version. Lines with facts about the request
-- follow, the headers; Host says which site is meant. Every line ends with \r\n, and an empty line
-- ends the whole.
send(b, "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
request = recv(c)
print(request)

--# Predict: where a request ends
-- The request may be long, and it may arrive in pieces.
--q How does the server know that it has all of it?  one recv() is all | "" comes | an empty line
--a an empty line
-- A stream has no messages, so HTTP marks the end itself: \r\n\r\n, which are the last four bytes
-- above, 0d 0a 0d 0a. The client does not close, as it wants an answer; so recv() does not return
-- "".
hexdump(request)

--# Your turn: answer
-- Send an answer from c to the browser. It has the same shape: a line with the version, a number
-- and a word, which is "HTTP/1.0 200 OK"; headers, if any; an empty line; and then the page. The
-- page is the text Hello.
--? Each line ends with \r\n. Without headers two of these stand between OK and Hello.
--? send(c, "HTTP/1.0 200 OK\r\n\r\nHello\n"). If something else was sent before, type .again.
--= sent(c):find("^HTTP/1.. 200 OK\r\n") and sent(c):find("\r\n\r\nHello") -- c has sent "HTTP/1.0
-- 200 OK", an empty line, and a page that begins with Hello
--+ c:sendall("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nHello")
--+ send(c, "HTTP/1.1 200 OK\r\n") send(c, "\r\n") send(c, "Hello")
--x send(c, "200 OK\r\n\r\nHello") -- The line begins with the version: HTTP/1.0. Type .again.
--x send(c, "HTTP/1.0 200 OK\r\nHello") -- The empty line is missing. Type .again and add a \r\n.
--x send(c, "HTTP/1.0 200 OK\n\nHello") -- A line ends with \r\n, not with \n alone. Type .again.
--x send(b, "HTTP/1.0 200 OK\r\n\r\nHello") -- b is the browser. The server answers from c.
send(c, "HTTP/1.0 200 OK\r\n\r\nHello\n")

--# The end of the page
-- In HTTP/1.0 the server closes, and the end of the stream is the end of the page. The browser
-- receives until recv() returns "".
close(c)
print(recv(b))
print(recv(b) == "")
close(b)

--# Read a request
-- Now the server as a program. read_head() collects bytes until the empty line is there, however
-- they arrive. It gives up when the client closes, or when the head gets too long: a server must
-- not let strangers fill its memory.
function read_head(c)
  local head = ""
  while not head:find("\r\n\r\n", 1, true) and #head < 8000 do
    local data = recv(c)
    if data == "" then return nil end
    head = head .. data
  end
  return head
end

--# Answer a request
-- The pages stand in a table. Content-Length says how long the page is, so that the client need not
-- wait for the end of the stream. What was asked for is noted in the table served, and the last
-- request in the variable last.
pages = {}
pages["/"] = "<h1>Hello</h1><p>Sent by hand</p>\n"
served = {}
function answer(connection)
  local c <close> = connection
  local head = read_head(c)
  if not head then return end
  last = head
  local path = head:match("^GET (%S+) ") or "?"
  local page = pages[path]
  local status = page and "200 OK" or "404 Not Found"
  page = page or "<h1>There is no such page</h1>\n"
  served[path] = tonumber(status:sub(1, 3))
  c:sendall("HTTP/1.0 " .. status .. "\r\n" ..
    "Content-Type: text/html\r\n" ..
    "Content-Length: " .. #page .. "\r\n\r\n" .. page)
end

--# Serve for ever
-- A browser opens several connections at once, and some of them say nothing for a while. So each
-- one gets a task of its own. pcall() sees to it that a client that vanishes ends its task alone.
function visitor(c)
  pcall(answer, c)
end
function serve()
  while true do
    spawn(visitor, (accept(s)))
  end
end
server = spawn(serve)
sleep(0.1)
print(server)

--# A client of our own
-- fetch() asks for a page as a browser would and returns all that comes. Call lines that begin with
-- a name in brackets are those of the server's tasks.
function fetch(path)
  local c <close> = socket()
  c:settimeout(5)
  c:connect("localhost", 12345)
  c:sendall("GET " .. path .. " HTTP/1.0\r\n")
  c:sendall("Host: localhost\r\n\r\n")
  local all, data = "", nil
  repeat
    data = c:recv()
    all = all .. data
  until data == ""
  return all
end
print(fetch("/"))

--# A real browser
-- The server goes on while you type. Open http://localhost:12345/ in a browser on this computer, or
-- type in another terminal:
--
--   curl -i http://localhost:12345/
--
-- The call lines show how each request begins, print(last) shows the whole of the last one: a real
-- browser sends many headers, and often a second request for /favicon.ico, the small picture for
-- its tab. If you have no browser at hand, go on: fetch() will do.
print(last)
print("served so far: " .. json.dumps(served))

--# Predict: a page that is not there
-- Somebody asks for a page that is not there.
--q Which number does the answer have?  200 | 404 | 500
--a 404
-- The connection works, and the request was understood: only the page is missing. 404 is an answer
-- of HTTP and no error of the socket. Numbers from 500 on mean that the server itself failed.
print(fetch("/nothing"))

--# Your turn: one more page
-- Add a page /about to the server, while it runs. Then ask for it, with your browser, with curl, or
-- with fetch().
--? pages is a table from paths to texts, as in pages["/"].
--? pages["/about"] = "About me", then fetch("/about").
--= served["/about"] == 200 -- /about was asked for and answered with 200
--+ pages["/about"] = "<p>Me</p>" print(fetch("/about"))
--x pages.about = "<p>Me</p>" fetch("/about") -- The path begins with a slash: pages["/about"].
pages["/about"] = "<p>About me</p>\n"
print(fetch("/about"))

--# What you know now
-- HTTP is text over TCP: a request, an empty line, an answer, an empty line, a page. HTTP/1.1 keeps
-- the connection for further requests, for which Content-Length is needed; https puts encryption in
-- between. The sockets below are the same.
--
-- Now you know all the parts. In the last lesson you build a chat server on your own.
cancel(server)
for _, t in ipairs(tasks()) do cancel(t) end
close(s)
