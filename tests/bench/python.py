# SPDX-License-Identifier: MIT
"""The roles of the benchmark on Python's socket module. Usage: python.py ROLE PORT [N [M]].

Its echo server is asyncio's with a task for each connection."""

import asyncio
import socket
import sys
import time

MESSAGE = b"x" * 64


def listener():
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    s.listen(4096)
    print(s.getsockname()[1], flush=True)
    return s


def connected(port):
    s = socket.socket()
    s.connect(("127.0.0.1", port))
    return s


def client(port, count, _):
    s = connected(port)
    for _ in range(count):
        s.send(MESSAGE)
        assert len(s.recv(64)) == 64
    s.close()


def server(_port, count, _):
    c, _ = listener().accept()
    for _ in range(count):
        data = c.recv(64)
        assert c.send(data) == 64
    c.close()


def send(port, count, _):
    s, piece = connected(port), b"x" * 65536
    for _ in range(count // len(piece)):
        s.sendall(piece)
    s.close()


def receive(port, count, _):
    s, got = connected(port), 0
    while data := s.recv(65536):
        got += len(data)
    s.close()
    assert got == count, got


def greet(_port, count, _):
    s = listener()
    for _ in range(count):
        c, _ = s.accept()
        c.sendall(MESSAGE)
        c.close()


def broadcast(_port, count, rounds):
    s, clients = listener(), []
    conductor, _ = s.accept()
    conductor.send(b"k")
    for _ in range(count):
        clients.append(s.accept()[0])
        clients[-1].send(b"k")
    for _ in range(rounds):
        conductor.recv(1)
        for c in clients:
            c.sendall(MESSAGE)
        conductor.send(b"k")


def measure(name, count, call):
    began = time.process_time()
    call(count)
    print(name, (time.process_time() - began) * 1e9 / count)


def cost(_port, count, _):
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    a, b = socket.socketpair()

    def names(count):
        for _ in range(count):
            s.getsockname()

    def options(count):
        for _ in range(count):
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

    def transfers(count):
        for _ in range(count):
            a.send(MESSAGE)
            b.recv(64)

    measure("getsockname", count, names)
    measure("setsockopt", count, options)
    measure("sendrecv", count, transfers)


async def serve(loop, c):
    while data := await loop.sock_recv(c, 4096):
        await loop.sock_sendall(c, data)
    c.close()


async def accept_all():
    loop, s, tasks = asyncio.get_running_loop(), listener(), set()
    s.setblocking(False)
    while True:
        c, _ = await loop.sock_accept(s)
        c.setblocking(False)
        tasks.add(asyncio.create_task(serve(loop, c)))


def echo(_port, _count, _):
    asyncio.run(accept_all())


ROLES = [client, server, send, receive, greet, broadcast, cost, echo]


def main(role, port, count=0, more=0):
    {function.__name__: function for function in ROLES}[role](int(port), int(count), int(more))


if __name__ == "__main__":
    main(*sys.argv[1:])
