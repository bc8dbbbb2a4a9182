"""rolescope-cli exec with a real keychain and the sandbox: what the command gets, what nobody else gets, and that nothing of the
wrapper shows in exit code, signals, streams and terminal.

usage: exec_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain."""
import base64
import http.client
import json
import os
import pty
import re
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
import running  # pylint: disable=wrong-import-position
import scanner  # pylint: disable=wrong-import-position

CLI, SANDBOX = sys.argv[1:3]
ENVIRON = [sys.executable, "-c", "import json, os, sys; json.dump(dict(os.environ), sys.stdout)"]
STORAGE = "https://storage.azure.com"
PATIENCE = 900  # seconds until something hangs; every wait ends with what it waits for


def without_notes(err):
    """Standard error without the line that names the sandbox's cloud file."""
    return b"".join(line for line in err.splitlines(keepends=True) if not line.startswith(b"note: the cloud "))


class ExecTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        # A secret of its own: the sandbox's are the same at every start, and the scanner would find that of a test beside this one.
        company = json.loads(subprocess.run([SANDBOX, "--print-scenario"], stdout=subprocess.PIPE, check=True).stdout)
        next(one for one in company["principals"] if one["name"] == "orders-service")["secrets"] = [
            {"id": str(uuid.uuid4()), "value": secrets.token_hex(2)[:3] + "8Q~" + secrets.token_urlsafe(40)[:34]}]
        with open(os.path.join(cls.folder, "company.json"), "w", encoding="utf-8") as target:
            json.dump(company, target)
        cls.sandbox = running.Sandbox(SANDBOX, "--scenario", target.name)
        cls.addClassCleanup(cls.sandbox.stop)
        os.unlink(target.name)
        cls.environment = {**os.environ, "ROLESCOPE_CONFIG_DIR": os.path.join(cls.folder, "config")}
        for name in ("orders-service", "nightly-backup"):
            cls.add(name, cls.sandbox.ready["cloud"])
        with open(cls.sandbox.principal("orders-service")["file"], encoding="utf-8") as source:
            cls.credential = json.load(source)
        cls.secret = cls.credential["password"]

    @classmethod
    def add(cls, name, cloud):
        subprocess.run([CLI, "principal", "add", "--name", name, "--environment", "production", "--cloud", cloud, "--from",
                        cls.sandbox.principal(name)["file"]], env=cls.environment, capture_output=True, check=True, timeout=PATIENCE)

    def start(self, *arguments, environment=None, **more):
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        process = subprocess.Popen([CLI, "exec", *arguments], env={**self.environment, **(environment or {})}, **options)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def run_exec(self, *arguments, **more):
        process = self.start(*arguments, **more)
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out, err.decode()

    def environ(self, *options, environment=None):
        code, out, err = self.run_exec("orders-service", *options, "--", *ENVIRON, environment=environment)
        self.assertEqual(code, 0, err)
        return json.loads(out)

    # mode environment

    def test_the_command_gets_the_three_variables_and_the_authority(self):
        given = self.environ()
        self.assertEqual({name: value for name, value in given.items() if name.startswith("AZURE_")},
                         {"AZURE_TENANT_ID": self.credential["tenant"], "AZURE_CLIENT_ID": self.credential["appId"],
                          "AZURE_CLIENT_SECRET": self.secret, "AZURE_AUTHORITY_HOST": self.sandbox.ready["authorityHost"]})
        self.assertEqual(given["HOME"], os.environ["HOME"])

    def test_what_another_credential_left_is_dropped(self):
        stale = {"AZURE_CLIENT_CERTIFICATE_PATH": "/old.pem", "AZURE_CLIENT_SECRET": "old", "AZURE_TOKEN_CREDENTIALS": "dev",
                 "IDENTITY_ENDPOINT": "http://old", "IDENTITY_HEADER": "old", "MSI_ENDPOINT": "http://old", "AZURE_FEDERATED_TOKEN_FILE": "/old",
                 "AZURE_CONFIG_DIR": "/kept"}
        given = self.environ(environment=stale)
        self.assertEqual(given["AZURE_CLIENT_SECRET"], self.secret)
        self.assertEqual(given["AZURE_CONFIG_DIR"], "/kept")
        self.assertFalse({name for name in stale if name in given} - {"AZURE_CLIENT_SECRET", "AZURE_CONFIG_DIR"})
        served = self.environ("--mode", "endpoint", environment=stale)
        self.assertEqual({name for name in served if name.startswith(("AZURE_", "IDENTITY_", "MSI_"))},
                         {"AZURE_CONFIG_DIR", "IDENTITY_ENDPOINT", "IDENTITY_HEADER"})

    def test_the_credential_can_be_pinned(self):
        for how, name in (("prod", "prod"), ("exact", "EnvironmentCredential")):
            self.assertEqual(self.environ("--token-credentials", how)["AZURE_TOKEN_CREDENTIALS"], name)
        served = self.environ("--mode", "endpoint", "--token-credentials", "exact")
        self.assertEqual(served["AZURE_TOKEN_CREDENTIALS"], "ManagedIdentityCredential")

    def test_it_replaces_itself(self):
        process = self.start("orders-service", "--", "sh", "-c", "echo $$; readlink /proc/$$/exe")
        out, _ = process.communicate(timeout=PATIENCE)
        pid, program = out.decode().split()
        self.assertEqual(int(pid), process.pid)
        self.assertNotIn("rolescope", program)

    def test_arguments_arrive_byte_for_byte(self):
        words = ["--", "--json", "--mode", "", "a b", "$HOME", "é\n", b"\xff\xfe"]
        for mode in ("environment", "endpoint"):
            code, out, err = self.run_exec("orders-service", "--mode", mode, "--", "printf", "%s\\0", *words)
            self.assertEqual(code, 0, err)
            self.assertEqual(out.split(b"\0")[:-1], [word if isinstance(word, bytes) else word.encode() for word in words])

    def test_streams_are_the_commands_own(self):
        for mode in ("environment", "endpoint"):
            process = self.start("orders-service", "--mode", mode, "--", "sh", "-c", "cat; echo error >&2", stdin=subprocess.PIPE)
            out, err = process.communicate(b"in\0put", timeout=PATIENCE)
            self.assertEqual((process.returncode, out, without_notes(err)), (0, b"in\0put", b"error\n"))

    def test_descriptors_are_those_that_were_handed_over(self):
        mine = os.memfd_create("handed over", 0)
        os.set_inheritable(mine, True)
        self.addCleanup(os.close, mine)
        for mode in ("environment", "endpoint"):
            _, out, _ = self.run_exec("orders-service", "--mode", mode, "--", "sh", "-c", "ls /proc/$$/fd; exit 0", pass_fds=[mine])
            self.assertEqual({int(one) for one in out.split()} - {10, 255}, {0, 1, 2, mine}, mode)

    def test_exit_codes_are_the_commands(self):
        for mode in ("environment", "endpoint"):
            for code in (0, 1, 3, 127, 255):
                self.assertEqual(self.run_exec("orders-service", "--mode", mode, "--", "sh", "-c", f"exit {code}")[0], code)

    def test_a_death_by_signal_shows_as_one(self):
        for mode in ("environment", "endpoint"):
            for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV):
                self.assertEqual(self.run_exec("orders-service", "--mode", mode, "--", "sh", "-c", f"kill -{int(number)} $$")[0], -number)

    def test_signals_are_found_as_they_were(self):
        # Ignored: SIGPIPE by this Python unless it restores it, SIGINT and SIGHUP by the shell that starts it.
        status = ["sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh", CLI, "exec", "orders-service"]
        read = ["--", "grep", "-E", "^Sig(Ign|Blk|Cgt)", "/proc/self/status"]
        for restore in (True, False):
            plain = subprocess.run(status[:4] + read[1:], capture_output=True, check=True, restore_signals=restore).stdout
            for mode in ("environment", "endpoint"):
                through = subprocess.run([*status, "--mode", mode, *read], capture_output=True, check=True, restore_signals=restore,
                                         env=self.environment, timeout=PATIENCE).stdout
                self.assertEqual(self.usable(through), self.usable(plain), mode)

    @staticmethod
    def usable(status):
        """{field: mask} without signals 32 and 33, which glibc keeps for itself and its posix_spawn has ignored in what it starts."""
        return {name: int(mask, 16) & ~(3 << 31) for name, mask in (line.split(b":") for line in status.splitlines())}

    def test_a_command_that_is_not_there(self):
        for mode in ("environment", "endpoint"):
            code, out, err = self.run_exec("nobody", "--mode", mode, "--", "no-such-command-here")
            self.assertEqual((code, out), (127, b""))
            self.assertIn("no-such-command-here", err)

    def test_a_command_that_cannot_be_run(self):
        script = os.path.join(self.folder, "script")
        with open(script, "w", encoding="utf-8") as target:
            target.write("echo no first line\n")
        for permissions, words in ((0o600, "Permission denied"), (0o700, "#!/bin/sh")):
            os.chmod(script, permissions)
            for mode in ("environment", "endpoint"):
                code, _, err = self.run_exec("orders-service", "--mode", mode, "--", script)
                self.assertEqual(code, 126, err)
                self.assertIn(words, err)

    def test_wrong_use(self):
        for arguments in ([], ["orders-service"], ["orders-service", "--"], ["orders-service", "--mode", "file", "--", "true"],
                          ["orders-service", "--resource", "arm", "--", "true"], ["orders-service", "true"]):
            code, out, err = self.run_exec(*arguments)
            self.assertEqual((code, out), (2, b""), arguments)
            self.assertIn("error: ", err)

    def test_nobody_of_that_name(self):
        for mode in ("environment", "endpoint"):
            code, out, err = self.run_exec("nobody", "--mode", mode, "--", "echo", "ran")
            self.assertEqual((code, out), (3, b""))
            self.assertIn("nobody", err)

    def test_a_secret_that_has_expired_is_said_before_the_command_starts(self):
        code, out, err = self.run_exec("nightly-backup", "--mode", "endpoint", "--", "echo", "ran")
        self.assertEqual((code, out), (3, b""))
        self.assertIn("AADSTS7000222", err)

    def test_no_core_dump(self):
        # One byte: too little for a file, and the limit at which the kernel starts no program of core_pattern. At zero it does start
        # systemd-coredump, which writes the environment of what crashed into the journal.
        for mode in ("environment", "endpoint"):
            _, out, _ = self.run_exec("orders-service", "--mode", mode, "--", sys.executable, "-c",
                                      "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))")
            self.assertEqual(out, b"(1, 1)\n", mode)
        process, _, _ = self.endpoint()  # nor of what holds the credential meanwhile
        with open(f"/proc/{process.pid}/limits", encoding="utf-8") as source:
            line = next(line for line in source if line.startswith("Max core file size"))
        self.assertEqual(line.split()[4:6], ["1", "1"])
        process.communicate(timeout=PATIENCE)

    def test_the_secret_stands_nowhere_but_in_the_command(self):
        with scanner.ProcessScanner(self.secret) as scan:
            process = self.start("orders-service", "--", "sleep", "1")
            process.communicate(timeout=PATIENCE)
            served = self.start("orders-service", "--mode", "endpoint", "--", "sleep", "1")
            out = served.communicate(timeout=PATIENCE)
        self.assertGreater(scan.rounds, 20)
        self.assertEqual(scan.found, {(process.pid, "environ")})  # the scanner sees it where it is
        self.assertEqual((out[0], without_notes(out[1])), (b"", b""))
        home = os.environ["HOME"]
        found = scanner.files_with(self.secret, self.folder, home, os.environ.get("XDG_RUNTIME_DIR", home))
        self.assertEqual(found, [])

    @unittest.skipUnless(os.getuid() == 0, "strace reads the arguments of a protected program for root only")
    def test_the_kernel_saw_no_secret_in_an_argument_or_a_file(self):
        for mode in ("environment", "endpoint"):
            trace = os.path.join(self.folder, "trace-" + mode)
            subprocess.run(["strace", "-f", "-qq", "-s", "100000", "-v", "-e", "trace=execve,execveat,openat,open,creat,write,pwrite64,rename,link,memfd_create",
                            "-o", trace, CLI, "exec", "orders-service", "--mode", mode, "--", "true"], env=self.environment, check=True, timeout=PATIENCE)
            with open(trace, encoding="utf-8", errors="surrogateescape") as source:
                lines = source.read().splitlines()
            os.unlink(trace)  # it may hold the secret by now, and the test above looks for that
            holding = [line for line in lines if self.secret in line]
            if mode == "environment":
                execs = [line for line in holding if "execve(" in line]
                self.assertEqual(len(execs), 1, execs)
                before, _, variables = execs[0].partition("], [")
                self.assertNotIn(self.secret, before)
                self.assertIn("AZURE_CLIENT_SECRET=" + self.secret, variables)
                holding = [line for line in holding if line != execs[0]]
            self.assertEqual(holding, [])
            created = [line for line in lines if "O_CREAT" in line and "/dev/null" not in line and ".lock" not in line and "ENOENT" not in line]
            self.assertEqual([line for line in created if not re.search(r'"/(dev|proc)/', line)], [])

    # mode endpoint

    def endpoint(self, *options):
        """A running command and (port, header) of its endpoint."""
        process = self.start("orders-service", "--mode", "endpoint", *options, "--", "sh", "-c",
                             "echo $IDENTITY_ENDPOINT; echo $IDENTITY_HEADER; exec cat", stdin=subprocess.PIPE)
        lines = running.read_line(process.stdout, PATIENCE)
        while lines.count(b"\n") < 2:
            lines += running.read_line(process.stdout, PATIENCE)
        url, header = lines.decode().split()
        return process, urllib.parse.urlsplit(url).port, header

    def ask(self, port, header=None, resource=STORAGE, path="/msi/token", verb="GET", headers=None):
        query = urllib.parse.urlencode({"api-version": "2019-08-01", "resource": resource})
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request(verb, f"{path}?{query}", headers={**({"X-IDENTITY-HEADER": header} if header else {}), **(headers or {})})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        finally:
            connection.close()

    def test_the_child_has_no_secret_and_the_token_is_the_principals(self):
        process, port, header = self.endpoint()
        status, answer = self.ask(port, header)
        self.assertEqual(status, 200, answer)
        payload = answer["access_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        self.assertEqual(claims["appid"], self.credential["appId"])
        self.assertLess(int(answer["expires_on"]) - time.time(), 24 * 3600)
        with open(f"/proc/{running.descendants(process.pid)[0]}/environ", "rb") as source:
            variables = source.read()
        self.assertFalse(scanner.holds(variables, self.secret))
        self.assertNotIn(b"AZURE_CLIENT", variables)
        process.communicate(timeout=PATIENCE)

    def test_only_what_was_allowed(self):
        process, port, header = self.endpoint("--resource", "arm", "--resource", "https://vault.azure.net/")
        arm = "https://management.azure.com" if self.sandbox.ready["authorityHost"].endswith("com") else self.cloud()["resourceManager"]
        self.assertEqual(self.ask(port, header, arm)[0], 200)
        for resource in (STORAGE, "https://graph.microsoft.com"):
            status, answer = self.ask(port, header, resource)
            self.assertEqual((status, answer["error"]), (403, "resource_not_allowed"))
        process.communicate(timeout=PATIENCE)

    def cloud(self):
        with open(self.sandbox.ready["cloud"], encoding="utf-8") as source:
            return json.load(source)

    def test_strangers_get_nothing(self):
        process, port, header = self.endpoint()
        for expected, arguments in ((401, {"header": None}), (401, {"header": header[:-1] + ("0" if header[-1] != "0" else "1")}),
                                    (400, {"headers": {"Host": "rebound.example:%d" % port}}), (400, {"headers": {"Origin": "https://evil.example"}}),
                                    (404, {"path": "/metadata/identity/oauth2/token"}), (404, {"path": "/msi/token/.."}),
                                    (405, {"verb": "POST"}), (403, {"resource": "http://169.254.169.254/"})):
            status, answer = self.ask(port, **{"header": header, **arguments})
            self.assertEqual(status, expected, arguments)
            self.assertNotIn("access_token", answer)
            self.assertNotIn(header, json.dumps(answer))
        self.assertEqual(self.ask(port, header)[0], 200)
        process.communicate(timeout=PATIENCE)

    def test_another_user_gets_nothing(self):
        as_root = [] if os.getuid() == 0 else ["sudo", "-n"]  # ./installer/test asked for it a while ago
        process, port, _ = self.endpoint()
        child = running.descendants(process.pid)[0]
        script = f"""cat /proc/{child}/environ /proc/{process.pid}/environ && exit 9
            curl -s -o /dev/null -w '%{{http_code}}' 'http://127.0.0.1:{port}/msi/token?api-version=2019-08-01&resource={STORAGE}'"""
        done = subprocess.run([*as_root, "setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "sh", "-c", script],
                              capture_output=True, timeout=PATIENCE, check=False, env={"PATH": os.environ["PATH"]})
        self.assertEqual(done.stdout, b"000")  # no answer at all
        self.assertIn(b"Permission denied", done.stderr)
        process.communicate(timeout=PATIENCE)

    def test_another_user_does_not_keep_the_command_waiting(self):
        as_root = [] if os.getuid() == 0 else ["sudo", "-n"]
        process, port, header = self.endpoint()
        # It connects again whenever it is thrown out.
        holder = f"""if True:
            import select, socket
            poll, held, thrown = select.poll(), {{}}, 0
            def connect():
                try:
                    one = socket.create_connection(("127.0.0.1", {port}))
                except OSError:
                    return connect()
                held[one.fileno()] = one
                poll.register(one, select.POLLIN)
            for _ in range(200):
                connect()
            while True:
                for number, _ in poll.poll():
                    poll.unregister(number)
                    held.pop(number).close()
                    thrown += 1
                    if thrown == 200:
                        print("all", flush=True)
                    connect()"""
        held = subprocess.Popen([*as_root, "setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--pdeathsig", "KILL",
                                 sys.executable, "-c", holder], stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]})
        try:
            self.assertEqual(running.read_line(held.stdout, PATIENCE), b"all\n")
            for _ in range(20):
                self.assertEqual(self.ask(port, header)[0], 200)
            self.assertIsNone(held.poll())
        finally:
            subprocess.run([*as_root, "kill", "-KILL", str(held.pid)], check=False)
            held.communicate()
        process.communicate(timeout=PATIENCE)

    def test_a_silent_connection_ends(self):
        process, port, header = self.endpoint()
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(96)]  # all that one user may have
        begun = time.monotonic()
        for one in silent:
            one.settimeout(PATIENCE)
            try:
                self.assertEqual(one.recv(1), b"")
            except ConnectionResetError:
                pass
            one.close()
        self.assertGreater(time.monotonic() - begun, 0.5)  # they were held for a while, and not for a minute
        self.assertEqual(self.ask(port, header)[0], 200)
        process.communicate(timeout=PATIENCE)

    def test_a_slow_or_endless_request_ends(self):
        process, port, header = self.endpoint()
        slow = socket.create_connection(("127.0.0.1", port))
        slow.settimeout(30)
        slow.sendall(b"GET /msi/token HTTP/1.1\r\n")
        begun = time.monotonic()
        endless = socket.create_connection(("127.0.0.1", port))
        endless.settimeout(30)
        endless.sendall(b"GET /msi/token HTTP/1.1\r\nX: " + b"x" * 40_000)
        self.assertTrue(endless.recv(100).startswith(b"HTTP/1.1 431 "))
        self.assertEqual(self.ask(port, header)[0], 200)  # while the slow one is still there
        drips = 0
        try:
            while not select.select([slow], [], [], 0.5)[0]:
                slow.sendall(b"X")
                drips += 1
                self.assertLess(time.monotonic() - begun, PATIENCE)
            self.assertEqual(slow.recv(100), b"")
        except (ConnectionResetError, BrokenPipeError):
            pass
        self.assertGreater(drips, 0)
        slow.close()
        endless.close()
        process.communicate(timeout=PATIENCE)

    def test_it_ends_with_the_child_and_ends_nothing_else(self):
        marker = os.path.join(self.folder, "grandchild")
        process = self.start("orders-service", "--mode", "endpoint", "--", "sh", "-c",
                             f"(sleep 2; echo alive >{marker}) >/dev/null 2>&1 & echo $IDENTITY_ENDPOINT; exit 7")
        out, _ = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 7)
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(out.decode().strip()).port), timeout=5)
        end = time.monotonic() + PATIENCE
        while not os.path.exists(marker) and time.monotonic() < end:
            time.sleep(0.1)
        self.assertTrue(os.path.exists(marker))

    def test_signals_are_passed_on(self):
        script = "import os, signal, sys, time\n" \
                 "for n in (1, 2, 3, 10, 12, 15): signal.signal(n, lambda n, f: print(n, flush=True))\n" \
                 "print('ready', flush=True)\nwhile True: time.sleep(60)\n"
        process = self.start("orders-service", "--mode", "endpoint", "--", sys.executable, "-c", script)
        self.assertEqual(running.read_line(process.stdout, PATIENCE), b"ready\n")
        for number in (1, 2, 3, 10, 12, 15):
            process.send_signal(number)
            self.assertEqual(running.read_line(process.stdout, PATIENCE), b"%d\n" % number)
        child = running.descendants(process.pid)[0]
        os.kill(child, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, -signal.SIGKILL)

    # the terminal

    def terminal(self, mode, script):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve("/bin/bash", ["bash", "--norc", "--noprofile", "-i"], {**self.environment, "PS1": "shell> ", "HISTFILE": "/dev/null"})
        self.addCleanup(os.close, terminal)
        seen = b""

        def until(words, again=None):
            nonlocal seen
            begun = typed = time.monotonic()
            if again:
                again()
            while words not in seen:
                self.assertLess(time.monotonic() - begun, PATIENCE, (words, seen))
                if again and time.monotonic() - typed > 5:
                    again()
                    typed = time.monotonic()
                if select.select([terminal], [], [], 0.2)[0]:
                    seen += os.read(terminal, 65536)
            before, _, seen = seen.partition(words)
            return before

        until(b"shell> ")
        os.write(terminal, f"PS1='next> '; {CLI} exec orders-service --mode {mode} -- {sys.executable} -c \"{script}\"; echo code=$?\n".encode())
        return pid, terminal, until

    def test_a_terminal_is_the_commands(self):
        script = "import signal, sys; signal.signal(2, lambda *a: print('in' + 'terrupted', flush=True)); print('is' + 'tty', sys.stdin.isatty(), flush=True)\n" \
                 "for line in sys.stdin:\n  print('got', line.strip(), flush=True)\n  if line == 'end\\n': sys.exit(5)"
        for mode in ("environment", "endpoint"):
            with self.subTest(mode=mode):
                pid, terminal, until = self.terminal(mode, script)
                until(b"istty True")
                os.write(terminal, b"\x03")
                until(b"interrupted")
                os.write(terminal, b"hello\n")
                self.assertNotIn(b"interrupted", until(b"got hello"))  # once only
                os.write(terminal, b"\x1a")
                until(b"Stopped")
                until(b"code=148")
                until(b"next> ")
                # bash names what it brings to the front. It sometimes loses what is typed while it takes the terminal back.
                until(b"exec orders-service", again=lambda: os.write(terminal, b"fg; echo again=$?\n"))
                until(b"sys.exit(5)")
                os.write(terminal, b"end\n")
                until(b"got end")
                until(b"again=5")
                os.write(terminal, b"exit\n")
                os.waitpid(pid, 0)

    def test_a_command_that_stops_itself_gives_the_terminal_back(self):
        # The terminal stops both by itself; here it is the command alone: an editor's own Ctrl-Z, a debugger, kill -STOP.
        for number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
            with self.subTest(signal=number.name):
                script = "import os, signal; signal.signal(signal.SIGCONT, lambda *a: None); print('be' + 'fore', flush=True)\n" \
                         f"for i in range(2): os.kill(os.getpid(), {number.value}); print('af' + 'ter', i, input(), flush=True)\n" \
                         "raise SystemExit(6)"
                pid, terminal, until = self.terminal("endpoint", script)
                until(b"before")
                for i in range(2):
                    until(b"Stopped")
                    until(b"code=%d" % (128 + number) if i == 0 else b"next> ")
                    until(b"exec orders-service", again=lambda: os.write(terminal, b"fg; echo again=$?\n"))
                    until(b"SystemExit(6)")
                    os.write(terminal, b"typed\n")
                    until(b"after %d typed" % i)
                until(b"again=6")
                os.write(terminal, b"exit\n")
                os.waitpid(pid, 0)

    def test_a_command_that_does_not_stop_keeps_the_terminal(self):
        script = "import signal; signal.signal(signal.SIGTSTP, lambda *a: print('no' + 't now', flush=True)); print('be' + 'fore', flush=True)\n" \
                 "print('got', input(), flush=True); raise SystemExit(4)"
        pid, terminal, until = self.terminal("endpoint", script)
        until(b"before")
        os.write(terminal, b"\x1a")
        self.assertNotIn(b"Stopped", until(b"not now"))
        os.write(terminal, b"typed\n")
        self.assertNotIn(b"Stopped", until(b"got typed"))
        until(b"code=4")
        os.write(terminal, b"exit\n")
        os.waitpid(pid, 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
