# SPDX-License-Identifier: MIT
"""Many connections at one prompt, a task for each, and the end of the descriptors."""

import os
import resource
import unittest

from case import ShellCase

ECHO = """function serve(c)
  while true do
    local data = recv(c, 4096)
    if data == "" then break end
    sendall(c, data)
  end
  close(c)
end"""

SERVER = "function server() while true do local c = accept(s) spawn(serve, c) end end"


class Scale(ShellCase):
    def descriptors(self, wanted):
        """As many as are wanted and may be had, the shell's side and this one counted."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        count = min(wanted, hard - 200)
        if soft < count + 100:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count + 100), hard))
            self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        return count

    def test_a_task_for_each_of_two_thousand_connections(self):
        count = self.descriptors(2000)
        shell = self.shell()
        port = self.listen(shell)
        shell.run("trace(false)")
        shell.run(ECHO)
        shell.runs(SERVER, "task = spawn(server)")
        clients = [self.connect(port) for _ in range(count)]
        shell.until(lambda: str(count + 1) in shell.run("#tasks()"), "task for each connection")
        for round_ in range(3):
            message = b"round %d" % round_
            for client in clients:
                client.sendall(message)
            self.assertEqual(shell.run("6 * 7").strip(), "42")
            for client in clients:
                self.assertEqual(client.recv(64), message)
        for client in clients:
            client.close()
        shell.until(lambda: shell.run("#tasks()").strip() == "1", "end of the tasks")

    def test_the_last_descriptor_is_an_error_that_is_explained(self):
        shell = self.shell(command=["sh", "-c", "ulimit -n 40; exec \"$0\"", os.environ["SOCKREPL"]])
        port = self.listen(shell)
        shell.run("trace(false)")
        shell.run("all = {}")
        shell.line("while true do all[#all + 1] = accept(s) end")
        clients = [self.connect(port) for _ in range(45)]
        shell.wait_for(r"error: accept: Too many open files \(EMFILE\)\n +\S")
        shell.wait_prompt()
        # The history wants a descriptor, too: that it has none may be told here.
        self.assertShown(shell.run("#all > 5"), "^true$")
        shell.runs("for _, c in ipairs(all) do close(c) end", "all = {}")
        self.assertNotShown(shell.run("c = accept(s)"), "error")
        self.assertEqual(len(clients), 45)


if __name__ == "__main__":
    unittest.main()
