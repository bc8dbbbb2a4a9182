"""Ctrl-C at each phase: it ends at once, its connections close, no program goes on, and no half file is left.

usage: cancel_test.py ROLESCOPE-CLI; needs a session with a keychain, and root or sudo to see in which call a protected program is."""
import json
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import hostile
from hostilecase import CLI, HostileCase, grant, signs_in

AS_ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support", "as-root.sh")
LIST = b'<?xml version="1.0"?><EnumerationResults><Containers>'
PART = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n" + LIST


class Stuck:
    """Goes as far as a phase, and then waits until the other side is gone."""

    def __init__(self, beginning=b"", path=""):
        self.beginning, self.path = beginning, path
        self.reached, self.gone = threading.Event(), threading.Event()

    def __call__(self, asked, connection):
        if self.path not in asked.path:
            return grant() if "oauth2" in asked.path else hostile.reply(200, b'{"value": []}')
        if self.beginning:
            connection.sendall(self.beginning)
        self.reached.set()
        try:
            while connection.recv(4096):
                pass
        except OSError:
            pass
        self.gone.set()
        return None


class CancelTest(HostileCase):
    def interrupted(self, number, arguments, reached, gone=None, stdin=b""):
        process = subprocess.Popen([CLI, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment,
                                   cwd=self.path("work"), start_new_session=True)
        try:
            process.stdin.write(stdin)
            process.stdin.flush()
            self.assertTrue(reached(process), arguments)
            begun = time.monotonic()
            process.send_signal(number)
            process.wait(20)  # its standard input stays open
            self.assertLess(time.monotonic() - begun, 1.5, arguments)
            out, err = process.communicate()
            self.assertIn(process.returncode, (128 + number, -number), (arguments, out, err))  # what a shell shows is the same
            if gone:
                self.assertTrue(gone(1), "the connection is still there")
            self.assertEqual(self.session(process.pid), [], "something goes on")
        finally:
            process.kill()
            process.communicate()
        self.assertEqual(os.listdir(self.path("work")), [])

    def tearDown(self):
        if os.path.exists(self.path("config")):  # here others write meanwhile
            self.assertEqual([name for name in os.listdir(self.path("config")) if ".part" in name], [])

    @staticmethod
    def session(number):
        """Processes of that session, dead ones left out."""
        found = []
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as source:
                    fields = source.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) == number and fields[0] != "Z":
                found.append(int(entry))
        return found

    def test_while_a_server_is_asked(self):
        token = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"
        report = ["--format", "json", "--output", self.path("work", "report")]
        phases = [("token", "oauth2", b"", ["token"]), ("half a token", "oauth2", token, ["token"]), ("the list", "", b"", ["containers"]),
                  ("half a list", "", PART, ["containers"]), ("blobs", "", PART, ["blobs", "--container", "invoices"]), ("the check", "", b"", ["check", *report]),
                  ("the directory", "servicePrincipals", b"", ["assignments", "list"]), ("making", "applications", b"", ["register"])]

        def check(what, path, beginning, command, number):
            stuck = Stuck(beginning, path)
            server = self.server(stuck if path else signs_in(stuck))
            name = self.principal(server)
            arguments = {"token": [*command, name], "assignments": [*command, name, "--as", name],
                         "register": [*command, "--name", "made", "--tenant", "contoso.com", "--cloud", self.path(name + ".json"), "--as", name]}.get(
                             command[0], [command[0], name, "--account", server.url, *command[1:]])
            self.interrupted(number, arguments, lambda _: stuck.reached.wait(20), stuck.gone.wait)
        self.each([(*phase, number) for phase in phases for number in (signal.SIGINT, signal.SIGTERM)], check)

    def test_between_two_tries(self):
        asked = threading.Event()

        def busy(*_):
            asked.set()
            return hostile.reply(503, b"", [b"Retry-After: 20"])
        server = self.server(signs_in(busy))

        def waiting(_):
            return asked.wait(20) and not time.sleep(0.3)
        self.interrupted(signal.SIGINT, ["containers", self.principal(server), "--account", server.url], waiting)

    def test_while_a_person_is_waited_for(self):
        def answer(asked, _):
            return hostile.reply(200, json.dumps({"device_code": "d" * 40, "user_code": "ABCDEFGH", "interval": 5, "expires_in": 900,
                                                  "verification_uri": "https://localhost/device", "message": "enter ABCDEFGH"}).encode())
        cloud = self.path(self.principal(self.server(answer)) + ".json")
        for way, shown in (("--device-code", b"ABCDEFGH"), ("--browser", b"http://localhost")):
            more = ["--no-open"] if way == "--browser" else ["--tenant", "contoso.com"]
            self.interrupted(signal.SIGINT, ["operator", "sign-in", "--cloud", cloud, way, *more], lambda process, s=shown: s in process.stderr.readline())

    def test_while_standard_input_is_waited_for(self):
        for arguments in (["convert", "--from", "json", "--to", "shell", "--output", self.path("work", "report"), "-"], ["inspect", "-"],
                          ["principal", "add", "--name", "x", "--tenant", "contoso.com", "--client-id", "00001111-aaaa-2222-bbbb-3333cccc4444", "--secret-stdin"]):
            self.interrupted(signal.SIGTERM, arguments, self.reads, stdin=b"{")

    @staticmethod
    def reads(process):
        """Whether it is in the middle of read(0, …)."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            done = subprocess.run([AS_ROOT, "cat", f"/proc/{process.pid}/syscall"], capture_output=True, check=False)
            if done.stdout.startswith(b"0 0x0 "):
                return True
            if done.stderr and process.poll() is None:
                raise AssertionError(done.stderr.decode())
            time.sleep(0.02)
        return False


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
