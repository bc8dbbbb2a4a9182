"""No secret in a command line, an environment, a file, a log or a message: every flow of the command line, with its logs at their
fullest, while all processes are read each 10 ms and strace notes every program that is started and every file that is made.

usage: everyflow_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain, and strace."""
import base64
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

import company  # first: it says where the others are
import scanner  # pylint: disable=wrong-import-order

CLI, SANDBOX = sys.argv[1:3]
READER = "Storage Blob Data Reader"
SYSCALLS = "trace=execve,execveat,open,openat,creat,memfd_create,mkdir,mkdirat,symlink,symlinkat,mknod,mknodat"


class ScannerTest(unittest.TestCase):
    """What finds nothing must be able to find something."""

    def test_it_sees_each_form_wherever_it_is(self):
        secret = company.new_secret()
        with tempfile.TemporaryDirectory() as folder:
            for number, form in enumerate(scanner.forms(secret)):
                path = os.path.join(folder, str(number))
                with open(path, "wb") as target:
                    target.write(b"before" + form + b"after")
                self.assertEqual(scanner.files_with(secret, folder), [path], form)
                os.unlink(path)
            open(os.path.join(folder, secret.replace("/", "")), "wb").close()
            self.assertTrue(scanner.files_with(secret.replace("/", ""), folder))
        for argument, variable in ((secret, ""), (base64.b64encode(b"client:" + secret.encode()).decode(), ""), ("", secret)):
            with scanner.ProcessScanner() as scan:
                process = subprocess.Popen(["sh", "-c", "sleep 0.3; :", argument], env={"PATH": os.environ["PATH"], "X": variable})
                process.wait()
            places = {place for place in scan.holding(secret) if place[0] == process.pid}
            self.assertEqual(places, {(process.pid, "cmdline" if argument else "environ")})


class EveryFlowTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.at = company.Company(SANDBOX)
        cls.addClassCleanup(cls.at.close)
        cls.secrets = set(cls.at.secrets.values())
        cls.outputs, cls.traces, cls.written = [], [], set()

    def start(self, *arguments):
        trace = self.at.path("shots", f"trace-{len(self.traces)}")
        self.traces.append((arguments, trace))
        return subprocess.Popen(["strace", "-f", "-qq", "--seccomp-bpf", "-y", "-s", "100000", "-v", "-e", SYSCALLS, "-o", trace, CLI, *arguments],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.at.environment,
                                cwd=self.at.path("work"))

    def end(self, process, arguments, stdin=b"", codes=(0,), seen=b""):
        out, err = process.communicate(stdin, timeout=120)
        self.outputs.append((arguments, out + seen + err))
        self.assertIn(process.returncode, codes, (arguments, out, err[-3000:]))
        self.secrets |= self.at.kept_secrets()  # those of now: a rotation makes new ones
        return out

    def cli(self, *arguments, stdin=b"", codes=(0,)):
        out = self.end(self.start(*arguments), arguments, stdin, codes)
        return json.loads(out) if "--json" in arguments and out.startswith(b"{") else out

    def write(self, name, text):
        path = self.at.path("work", name)
        with open(path, "w", encoding="utf-8") as target:
            target.write(text)
        self.written.add(path)
        return path

    def target(self, name):
        path = self.at.path("work", name)
        self.written.add(path)
        return path

    # the flows

    def keep(self):
        cloud = self.at.cloud
        for name, principal in (("orders", "orders-service"), ("admin", "platform-owner")):
            self.cli("principal", "add", "--name", name, "--cloud", cloud, "--from", self.at.sandbox.principal(principal)["file"])
        known = self.at.sandbox.principal("orders-service")
        where = ("--cloud", cloud, "--tenant", known["tenant"], "--client-id", known["clientId"])
        self.cli("principal", "add", "--name", "typed", *where, "--secret-stdin", stdin=self.at.secrets["orders-service"].encode() + b"\n")
        self.cli("principal", "add", "--name", "made", *where, "--make-certificate", "--json")
        passphrase = company.new_secret().replace("%", "_")
        self.secrets.add(passphrase)
        for step in (["req", "-x509", "-newkey", "rsa:2048", "-noenc", "-keyout", "k.pem", "-out", "c.pem", "-days", "9", "-subj", "/CN=kept"],
                     ["pkcs12", "-export", "-inkey", "k.pem", "-in", "c.pem", "-passout", "stdin", "-out", "locked.pfx"]):
            subprocess.run(["openssl", *step], cwd=self.at.path("work"), input=passphrase.encode(), capture_output=True, check=True)
        self.written |= {self.at.path("work", name) for name in ("k.pem", "c.pem", "locked.pfx")}
        self.cli("principal", "add", "--name", "pfx", *where, "--certificate", self.at.path("work", "locked.pfx"), "--passphrase-stdin",
                 stdin=passphrase.encode())
        self.cli("principal", "add", "--name", "pod", *where, "--federated-token-file", self.at.sandbox.ready["federatedToken"]["file"])
        with open(self.at.sandbox.ready["federatedToken"]["file"], encoding="utf-8") as source:
            self.secrets.add(source.read().strip())
        for refused in (["--secret", self.at.secrets["orders-service"]], [self.at.secrets["orders-service"]]):
            # Given where it must not be: it is in the arguments by then, but goes no further.
            done = subprocess.run([CLI, "token", "orders", *refused], capture_output=True, env=self.at.environment, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertFalse(scanner.holds(done.stdout + done.stderr, self.at.secrets["orders-service"]), done.stderr)

    def use(self):
        url = self.at.account["url"]
        for name in ("orders", "typed"):
            self.cli("token", name, "--claims", "--json")
        self.cli("token", "pod", codes=(3,))  # no application trusts it
        self.cli("token", "made", codes=(3,))
        self.cli("containers", "orders", "--account", url)
        self.cli("blobs", "orders", "--account", url, "--container", "invoices", "--limit", "5")
        self.cli("check", "orders", "--account", url, "--predict", "self", "--container", "invoices", codes=(0, 1, 4))
        contract = self.write("contract.yaml", "principal: orders\nrules:\n  - containers: [invoices]\n    must: [blob.read]\n")
        for how in ("html", "csv", "junit", "sarif", "pdf", "json"):
            self.cli("check", "orders", "--account", url, "--container", "invoices", "--contract", contract, "--format", how, "--output",
                     self.at.path("work", "report"), codes=(0, 1, 4))
        self.cli("isolation", f"orders={url}", f"admin={self.at.sandbox.account('contosotest')}", "--format", "html", "--output", self.at.path("work", "report"), codes=(0, 1, 4))
        self.cli("principal", "list")
        self.cli("principal", "list", "--format", "ics", "--output", self.at.path("work", "ends.ics"))
        self.cli("principal", "show", "orders", "--json")
        self.cli("principal", "certificate", "made", "--json")
        self.cli("principal", "expiry", "orders", "2031-01-01")
        self.cli("principal", "rename", "typed", "renamed")
        self.cli("principal", "remove", "renamed")
        self.cli("principal", "repair")

    def live(self):
        """From registering to restoring, and both kinds of rotation."""
        where = ("--tenant", self.at.tenant, "--cloud", self.at.cloud, "--as", "admin", "--json")
        self.cli("register", "--name", "batch", *where, "--role", READER, "--scope", self.at.account["resourceId"])
        self.cli("register", "--name", "certified", "--make-certificate", *where)
        self.cli("export", "batch", "--format", "shell", "--output", self.target("batch.env"))
        self.cli("export", "certified", "--format", "shell", "--certificate-file", self.target("certified.pem"), "--output",
                 self.target("certified.env"))
        self.cli("export", "certified", "--format", "shell", "--certificate-file", self.target("protected.pem"), "--protect-key", "--output",
                 self.target("protected.env"))
        for name in ("batch", "certified"):
            self.cli("rotate", name, "--as", "admin")
            self.cli("rotate", name, "--abandon", "--as", "admin")
            self.cli("rotate", name, "--as", "admin")
            self.cli("rotate", name, "--resume", "--remove-old", "--as", "admin")
        self.cli("assignments", "list", "batch", "--as", "admin")
        self.cli("retire", "batch", "--as", "admin", codes=(1,))
        self.cli("retire", "batch", "--confirm", "batch", "--as", "admin")
        self.cli("restore", "batch", "--as", "admin")

    def follow(self, address, form):
        """What a browser does with the sign-in's address; none of the addresses may hold what was typed."""
        for _ in range(6):
            parts = urllib.parse.urlsplit(address)
            if parts.scheme == "http":
                connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=30)
                connection.request("GET", (parts.path or "/") + ("?" + parts.query if parts.query else ""), headers={"Host": parts.netloc})
                answer = connection.getresponse()
                status, headers = answer.status, answer.headers
                answer.read()
                connection.close()
            else:
                status, headers, _ = self.at.sandbox.ask(address)
                if status == 200:
                    status, headers, _ = self.at.sandbox.ask(address.partition("?")[0], "POST", company.FORM, parts.query + "&" + form)
            if status not in (302, 303):
                return status
            address = urllib.parse.urljoin(address, headers["Location"])
        return None

    def operate(self):
        person = urllib.parse.urlencode({"username": self.at.sandbox.ready["users"][0]["userPrincipalName"], "password": self.at.secrets["person"]})
        for way in (["--device-code", "--tenant", self.at.tenant], ["--browser"]):
            arguments = ("operator", "sign-in", "--cloud", self.at.cloud, "--json", *way)
            # A browser of its own that only tells what it was given.
            browser = self.write("browser", "#!/bin/sh\nprintf '%s\\n' \"$1\" > \"$0.address\"\n")
            self.written.add(browser + ".address")
            os.chmod(browser, 0o700)
            self.at.environment["BROWSER"] = browser
            process, seen = self.start(*arguments), b""
            while not (found := re.search(rb"(https://\S+/device) .*\b([A-Z0-9]{8,10})\b|browser of this machine: (http://\S+)", seen)):
                line = process.stderr.readline()
                self.assertTrue(line, seen)
                seen += line
            if way[0] == "--browser":
                self.assertEqual(self.follow(found.group(3).decode(), person), 200)
            else:
                page, code = found.group(1).decode(), found.group(2).decode()
                self.assertEqual(self.at.sandbox.ask(page, "POST", company.FORM, f"code={code}&{person}")[0], 200)
            self.end(process, arguments, seen=seen)
            for _ in range(2):  # once more with the refresh token that came of the first
                self.cli("assignments", "list", "orders", codes=(0, 3))
                self.cli("principal", "expiry", "orders", "--from-graph")
            self.cli("operator", "list")
            self.cli("operator", "sign-out", "--all")
        az = self.write("az", "#!/bin/sh\nprintf '{\"accessToken\": \"%s\", \"expires_on\": 4102444800, \"tenant\": \"" + self.at.tenant
                        + "\"}' \"$(cat \"$(dirname \"$0\")/token\")\"\n")
        os.chmod(az, 0o700)
        token = self.at.sandbox.bearer("platform-owner", self.at.sandbox.ready["graph"] + "/.default")["Authorization"].split()[1]
        self.write("token", token)
        self.secrets.add(token)
        path = self.at.environment["PATH"]
        self.at.environment["PATH"] = self.at.path("work") + ":" + path
        self.cli("operator", "sign-in", "--az", "--cloud", self.at.cloud, "--tenant", self.at.tenant)
        self.cli("principal", "expiry", "orders", "--from-graph")
        self.cli("operator", "sign-out", "--all")
        self.at.environment["PATH"] = path

    def hand_over(self):
        for how in re.findall(r"[a-z0-9-]+", self.cli("export", "--help").decode().split("--format", 1)[1].split("{", 1)[1].split("}", 1)[0]):
            # Some cannot hold what this secret has in it, and say so.
            self.cli("export", "orders", "--format", how, "--output", self.target("export-" + how), codes=(0, 3))
        self.cli("export", "orders", "--format", "shell")
        self.cli("unit", "gunicorn", "app", "--application", "app:app", "--directory", "/srv", "--user", "www-data", "--environment-file",
                 self.at.path("work", "batch.env"))
        self.cli("unit", "certificate", "certified", "--credential", self.at.path("work", "encrypted"), "--encrypt", codes=(0, 3))
        for language in ("python", "javascript", "dotnet", "java", "go", "cpp"):
            self.cli("snippet", language)
        held = ("AZURE_TENANT_ID={tenant}\nAZURE_CLIENT_ID={clientId}\n".format(**self.at.sandbox.principal("orders-service"))
                + f"AZURE_CLIENT_SECRET={self.at.secrets['orders-service']}\n")
        theirs = self.write("theirs.env", "\ufeff" + held.replace("\n", "\r\n"))
        self.cli("inspect", theirs, "--cloud", self.at.cloud, codes=(0, 1))
        self.cli("inspect", "-", "--json", "--cloud", self.at.cloud, stdin=held.encode(), codes=(0, 1))
        self.cli("convert", "--repair", "--to", "shell", "--output", self.target("repaired.env"), theirs)
        self.cli("convert", "--from", "systemd-envfile", "--to", "shell", "--output", self.target("converted.env"), "-",
                 stdin=held.encode())
        self.cli("convert", "--to", "docker", "--output", self.at.path("work", "no.env"), "-", stdin=held.encode() + b'B="a\nb', codes=(2, 3))

    def run_with(self):
        for mode in ("environment", "endpoint"):
            for name in ("orders", "certified"):
                self.cli("exec", name, "--mode", mode, "--", "sleep", "0.3")

    # what came of it

    def leaks(self, text, tokens=True):
        found = [form for one in self.secrets for form in scanner.forms(one) if form in text]
        return found + (scanner.TOKEN.findall(text) if tokens else [])

    def programs(self, lines, arguments):
        """Where a started program was given a secret; but what `exec` is there for."""
        given = [line for line in lines if re.search(r"\bexecve(at)?\(", line) and self.leaks(line.encode())]
        if arguments[0] == "exec" and arguments[3] == "environment" and arguments[1] == "orders":
            given = [line for line in given if not (self.leaks(line.partition("], [")[2].encode()) and not self.leaks(line.partition("], [")[0].encode())
                                                    and '"sleep"' in line)]
        return given

    def strangers(self, lines):
        """Files made elsewhere than where they belong."""
        made = [line for line in lines if "O_CREAT" in line or re.search(r"\b(creat|mkdir(at)?|symlink(at)?|mknod(at)?)\(", line)]
        # openat(5</folder>, "name", …): strace -y names the folder that a descriptor stands for.
        places = [re.search(r'\((?:\w+<(/[^>]*)>, )?"([^"]*)"', line) for line in made if " = -1 " not in line]
        paths = {os.path.normpath(os.path.join(place[1] or "", place[2])) for place in places if place}
        allowed = (self.at.config, self.at.path("work"), "/dev/null", "/dev/tty", "/proc/")
        return {path for path in paths if path.startswith("/") and not path.startswith(allowed)}

    def test_no_flow_lets_a_secret_out(self):
        with scanner.ProcessScanner() as scan:
            for flow in (self.keep, self.use, self.live, self.operate, self.hand_over, self.run_with):
                flow()
        self.assertGreater(len(self.secrets), 30)
        self.assertGreater(scan.rounds, 100)

        # Each process that held one: those that exec became, and this test's own refused arguments.
        allowed = self.executed()
        held = {(place, text) for text, places in scan.seen.items() if any(form in text for one in self.secrets for form in scanner.forms(one))
                for place in places}
        wrong = [(pid, what, text[:300]) for (pid, what), text in held if (pid, what) not in allowed and b"\0token\0orders\0" not in text]
        self.assertEqual(wrong, [])
        self.assertTrue({place for place, _ in held} & allowed, "the scanner did not see it where it is")

        for arguments, output in self.outputs:
            self.assertEqual(self.leaks(output), [], (arguments, output))
        strangers = set()
        for arguments, trace in self.traces:
            with open(trace, encoding="utf-8", errors="surrogateescape") as source:
                lines = source.read().splitlines()
            os.unlink(trace)
            self.assertEqual(self.programs(lines, arguments), [], arguments)
            strangers |= self.strangers(lines)
        self.assertEqual(strangers, set())

        for path in self.written:  # asked for
            subprocess.run(["rm", "-rf", "--", path], check=True)
        self.assertEqual(os.listdir(self.at.path("tmp")), [])
        folders = [self.at.folder, os.environ["HOME"], os.environ["XDG_RUNTIME_DIR"]]
        self.assertEqual(scanner.files_with(self.secrets, *folders), [])
        self.assertTrue(os.listdir(self.at.config))

    def executed(self):
        """The processes that `exec` became, by its traces."""
        found = set()
        for arguments, trace in self.traces:
            if arguments[0] == "exec" and arguments[3] == "environment":
                with open(trace, encoding="utf-8", errors="surrogateescape") as source:
                    found |= {(int(line.split()[0]), "environ") for line in source if "execve(" in line and '"sleep"' in line}
        return found


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
