--: title    Text and bytes
--: about    What send() carries; encode and decode, UTF-8, numbers in bytes, and JSON
--: minutes  12

--# A pair to send through
-- socketpair() makes two sockets that are connected to each other already. They are of the family
-- AF_UNIX, so there is no address and no port to think of. What a sends, b receives.
a, b = socketpair()
send(a, "hello")
recv(b, 1024)

--# Bytes are what is sent
-- A socket carries bytes: numbers from 0 to 255. A text is something else, a row of characters, and
-- both sides must agree on how characters become bytes. hexdump() shows the bytes of a value, in
-- hexadecimal, and beside them the characters that they would be in ASCII.
hexdump("hello\r\n")

--# Predict: one letter more
--q "Zurich" is six bytes. How many bytes is "Zürich"?
--  6 | 7 | 12
--a 7
-- ASCII has no ü. UTF-8 writes the characters of ASCII as one byte each and all others as two to
-- four, and ü is the two bytes c3 bc. In Lua the sign # in front of a string counts bytes;
-- utf8.len() counts characters.
print(#"Zurich", #"Zürich", utf8.len("Zürich"))
hexdump("Zürich")

--# Encode, then decode
-- In Python text and bytes are two kinds of values, and send() takes bytes only: text is encoded
-- first and decoded after it came. In Lua a string holds bytes as they are. encode() and decode()
-- exist all the same, so that both can be written as in the tutorials: encode() gives the bytes of
-- a text in UTF-8, decode() checks that what came is UTF-8.
message = "Grüezi, Zürich"
send(a, message:encode())
recv(b, 1024):decode()

--# Bytes that are no text
-- Not all bytes are text. A file, a picture, or a text cut in the wrong place may hold bytes that
-- mean nothing in UTF-8. Here recv() takes two bytes, and the second is only one half of the ü. The
-- call line shows it as \xc3. decode() finds it and refuses; pcall() catches the error.
send(a, "Zürich")
half = recv(b, 2)
good, err = pcall(half.decode, half)
print(err)

--# Your turn: make it whole
-- The rest of the word is still waiting at b. Receive it and put both parts together in the
-- variable word, as text. Two dots join strings in Lua: "ab" .. "cd" is "abcd".
--
-- Bytes can be received once. If they came and you have lost them, .again brings them back.
--? The first part is in the variable half. The second comes by recv(b, 1024).
--? Join first, decode then: (half .. recv(b, 1024)):decode()
--= word == "Zürich" -- word is "Zürich", whole and as text
--+ word = (half .. recv(b, 1024)):decode()
--+ rest = b:recv() word = half .. rest
--x word = half:decode() .. recv(b, 1024):decode() -- Each part alone is no UTF-8. Join, then
-- decode.
--x word = half .. recv(b, 1024):decode() -- The second part alone is no UTF-8. Join, then decode.
-- The bytes were read and are gone now; .again begins the step anew.
--x word = recv(b, 1024) -- This is the second part. Put the first in front of it: half .. word
--x word = half + recv(b, 1024) -- Strings are joined with two dots. The bytes were read and are
-- gone now; .again begins the step anew.
word = (half .. recv(b, 1024)):decode()

--# A number is not bytes either
-- send() takes a string, and a number has to become one. As digits it is text: "1122", four bytes.
-- As binary it is two bytes, and then the order matters. In the order of the network the larger
-- part comes first. string.pack() does it: > is that order, I2 is an integer of two bytes.
hexdump(tostring(1122))
hexdump(string.pack(">I2", 1122))
hexdump(string.pack("<I2", 1122))

--# The same in C
-- C programs use htons() for it, "host to network, short". On a computer that keeps the smaller
-- part first, as nearly all do today, the two bytes change places, and the number looks strange.
-- bind() and connect() do this for the port, and you never see it.
print(htons(1122), ntohs(htons(1122)))

--# More than one value: JSON
-- A table of values must become bytes as well. JSON is text that nearly every language reads and
-- writes. json.dumps() makes it of a table, json.loads() makes a table of it. Then the other side
-- may well be written in Python.
data = {key = "value", list = {1, 2, 3}}
send(a, json.dumps(data):encode())
received_data = recv(b, 1024)
json.loads(received_data:decode())

--# Predict: what comes back
--q Tables are equal only if they are the same table. Is json.loads(json.dumps(data)) == data true?
--  true | false
--a false
-- It is a new table with the same content, as it would be on another computer. JSON knows text,
-- numbers, true and false, null, lists, and objects, which are tables with names. A socket or a
-- function cannot travel.
print(json.loads(json.dumps(data)) == data)

--# Your turn: answer in JSON
-- Now b answers. Send a table from b to a as JSON, with the field status set to "ok". Then receive
-- it at a, and keep the table that it becomes in the variable answer.
--? It is what a and b did before, with the sides exchanged.
--? send(b, json.dumps({status = "ok"})) and answer = json.loads(recv(a, 1024))
--= #sent(b) > 0 and type(answer) == "table" and answer.status == "ok" -- b has sent JSON, and
-- answer is a table whose status is "ok"
--+ b:send(json.dumps({status = "ok"}):encode()) answer = json.loads(a:recv(1024):decode())
--+ sendall(b, '{"status": "ok"}') answer = json.loads(recv(a))
--x send(b, {status = "ok"}) -- send() takes bytes. json.dumps() makes them of the table.
--x answer = {status = "ok"} -- It has to travel: send it from b, receive it at a.
--x send(b, json.dumps({status = "ok"})) answer = recv(a, 1024) -- That is the text. json.loads()
-- makes the table; .again begins the step anew.
send(b, json.dumps({status = "ok"}):encode())
answer = json.loads(recv(a, 1024):decode())

--# What you know now
-- A socket carries bytes. Text becomes bytes by an encoding, nowadays UTF-8; numbers become text or
-- binary, in the order of the network; tables become JSON. A text may be cut anywhere on its way,
-- so collect all of its bytes before you decode it.
--
-- Next, 07_messages: how the other side can know that it has all of them.
close(a)
close(b)
