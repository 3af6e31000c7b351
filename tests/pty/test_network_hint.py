# SPDX-License-Identifier: MIT
"""Why a network refuses: routes, routers and ports that ran out. Each is set up in a network of the
test's own, and the hint names it."""

import os
import socket
import struct
import subprocess
import unittest

import peers
from case import ShellCase
from terminal import PATIENCE, environment

UNREACHABLE = 3  # ICMP's type, and codes of it
NETWORK, HOST, PROTOCOL = 0, 1, 2
PORT_RANGE = "/proc/sys/net/ipv4/ip_local_port_range"

# Tries a call that has to fail and prints the error's name and hint.
TRY = """
io.stdout:setvbuf("no")
function try(call, ...)
  local good, err = pcall(call, ...)
  print(good and "no error" or err.name .. ": " .. err.hint)
end
function tcp() return socket() end
function udp() return socket(AF_INET, SOCK_DGRAM) end
"""


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def icmp(code, sender, receiver):
    """That a datagram from one port of 127.0.0.1 to another could not be delivered."""
    loopback = socket.inet_aton("127.0.0.1")
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 29, 1, 0, 64, socket.IPPROTO_UDP, 0, loopback,
                     loopback)
    quoted = ip + struct.pack("!HHHH", sender, receiver, 9, 0)
    head = struct.pack("!BBHI", UNREACHABLE, code, 0, 0)
    return struct.pack("!BBHI", UNREACHABLE, code, checksum(head + quoted), 0) + quoted


class Refusals(ShellCase):
    def setUp(self):
        super().setUp()
        if not self.network.private:
            self.skipTest("no private network")

    def configure(self, *commands):
        for command in commands:
            done = subprocess.run(["ip", *command.split()], capture_output=True, text=True,
                                  timeout=PATIENCE, check=False)
            if done.returncode:
                self.skipTest(f"ip {command}: {done.stderr}")

    def tried(self, code):
        """A line for each try() of the script."""
        done = subprocess.run([os.environ["SOCKREPL"], "--no-trace", "-"], input=TRY + code,
                              capture_output=True, text=True, timeout=PATIENCE, check=False,
                              env=environment(self.home))
        self.assertEqual(done.stderr, "")
        return done.stdout.splitlines()

    def assertTells(self, lines, *patterns):
        self.assertEqual(len(lines), len(patterns), lines)
        for line, pattern in zip(lines, patterns):
            self.assertRegex(line, pattern)

    @peers.needs("ip")
    def test_a_route_refuses(self):
        """A blackhole had a hint without a content, a forbidden host one about broadcast."""
        self.configure("route add blackhole 198.51.100.0/24", "route add prohibit 198.51.101.0/24",
                       "route add unreachable 198.51.102.0/24",
                       "-6 route add prohibit 2001:db8::/64")
        for call in ("connect, tcp()", "connect, udp()", "sendto, udp(), 'x'"):
            lines = self.tried("".join(f"try({call}, '198.51.{net}.1', 9)\n"
                                       for net in (100, 101, 102, 103)))
            self.assertTells(lines, r"^EINVAL: .*a route drops all.*198\.51\.100\.1",
                             "^EACCES: .*route", "^EHOSTUNREACH: .*a route of this computer",
                             "^ENETUNREACH: This computer has no route to 198.51.103.1")
        lines = self.tried("try(sendto, socket(AF_INET6, SOCK_DGRAM), 'x', '2001:db8::1', 9)")
        self.assertTells(lines, "^EACCES: (?!.*broadcast).*a route")

    @peers.needs("ip")
    def test_loopback_is_off(self):
        """No local port was said to be left, and bind("::1") was advised to take "::1"."""
        self.configure("link set lo down", "addr flush dev lo")
        six = "socket(AF_INET6), '::1', 9)\n"
        lines = self.tried(f"try(connect, tcp(), '127.0.0.1', 9)\ntry(connect, {six}try(bind, {six}")
        missing = "^EADDRNOTAVAIL: This computer has no ::1"
        self.assertTells(lines, "^ENETUNREACH: .*loopback interface is turned off", missing, missing)

    @peers.needs("ip")
    def test_bound_to_loopback(self):
        self.configure("link add test0 type veth peer name test1", "addr add 192.0.2.2/24 dev test0",
                       "link set test0 up", "link set test1 up")
        lines = self.tried("""
            for _, s in ipairs { tcp(), udp() } do
              s:bind("127.0.0.1", 0)
              try(connect, s, "192.0.2.3", 9)
            end
            local s = udp() s:bind("127.0.0.1", 0)
            try(sendto, s, "x", "192.0.2.3", 9)
            try(connect, tcp(), "192.0.2.255", 9)
            try(sendto, udp(), "x", "192.0.2.255", 9)
        """)
        confined = "^EINVAL: .*is bound to 127.0.0.1 port .*only this computer"
        self.assertTells(lines, confined, confined, confined,
                         "^ENETUNREACH: 192.0.2.255 stands for many computers",
                         "^EACCES: 192.0.2.255 is a broadcast address.*SO_BROADCAST")

    def test_a_router_refuses_what_was_sent_before(self):
        """That a computer does not know the protocol was told as a mistake with an option."""
        code = """
            local u = udp()
            u:bind("127.0.0.1", 0) u:connect("127.0.0.1", 9)
            u:setsockopt(IPPROTO_IP, IP_RECVERR, 1)
            io.stderr:write(u:getsockname().port, "\\n")
            u:settimeout(10)
            try(%s)
        """
        told = {PROTOCOL: "^ENOPROTOOPT: .*does not know the protocol",
                HOST: "^EHOSTUNREACH: The peer cannot be reached",
                NETWORK: "^ENETUNREACH: There is no route to the peer"}
        try:
            raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        except PermissionError as error:
            self.skipTest(f"no raw socket: {error}")
        with raw:
            for icmp_code, pattern in told.items():
                for call in ("recv, u", "recvfrom, u"):
                    with self.subTest(icmp_code=icmp_code, call=call):
                        self.assertRegex(self.answer(code % call, raw, icmp_code), pattern)

    def answer(self, code, raw, icmp_code):
        """What the script says once the message for its datagram socket has come."""
        script = self.file("script.lua", TRY + code)
        shell = self.peer(os.environ["SOCKREPL"], "--no-trace", script,
                          env=environment(self.home))
        port = int(shell.hear(r"(\d+)\n")[1])
        raw.sendto(icmp(icmp_code, port, 9), ("127.0.0.1", 0))
        return shell.hear(r"\n(E\w+: .*|no error)\n")[1]

    def test_no_port_is_left(self):
        """connect() of a datagram socket waited for a server's queue, listen() blamed a listener."""
        try:
            with open(PORT_RANGE, "w", encoding="ascii") as file:
                file.write("30000 30001")
        except OSError as error:
            self.skipTest(f"{PORT_RANGE}: {error}")
        lines = self.tried("""
            keep = {}
            for _, make in ipairs { tcp, udp } do
              for i = 1, 2 do
                local s = make()
                s:bind("", 0)
                keep[#keep + 1] = s
              end
            end
            try(bind, tcp(), "", 0)
            try(listen, tcp())
            for _, seconds in ipairs { 0, 5 } do
              local u = udp()
              u:settimeout(seconds)
              try(connect, u, "127.0.0.1", 9)
              try(sendto, u, "x", "127.0.0.1", 9)
            end
        """)
        again = ["^EAGAIN: No local port is free", "^EAGAIN: No local port is left"]
        self.assertTells(lines, "^EADDRINUSE: No free port", "^EADDRINUSE: .*no free port is left",
                         *again, *again)


if __name__ == "__main__":
    unittest.main()
