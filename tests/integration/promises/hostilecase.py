"""What the tests of the network's promises have in common: principals whose authority and services are hostile.Server's."""
import base64
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import hostile

CLI = sys.argv[1]
TENANT, CLIENT = "contoso.com", "00001111-aaaa-2222-bbbb-3333cccc4444"
SECRET = "abc8Q~" + "n0tY0urs-" * 4
TOKEN = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "RS256"}, {"aud": "x"})) + ".c2lnbmVk"
SECRETS = (SECRET.encode(), TOKEN.encode())


def grant(*_):
    return hostile.reply(200, json.dumps({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}).encode(), [b"Content-Type: application/json"])


def signs_in(answer):
    """An authority that grants what is asked, with other services behind the same door."""
    return lambda asked, connection: grant() if asked.path.endswith("/oauth2/v2.0/token") else answer(asked, connection)


def directory(answer):
    """A Graph that knows the principal, with a Resource Manager behind it."""
    known = {"value": [{"id": "11112222-bbbb-3333-cccc-4444dddd5555", "appId": CLIENT, "displayName": "known"}]}
    return lambda asked, connection: (hostile.reply(200, json.dumps(known).encode(), [b"Content-Type: application/json"])
                                      if asked.path.startswith("/v1.0/") else answer(asked, connection))


class Done:
    def __init__(self, code, out, err, seconds, megabytes):
        self.code, self.out, self.err, self.seconds, self.megabytes = code, out, err, seconds, megabytes
        self.said = out + err

    @property
    def error(self):
        return json.loads(self.out).get("error") or {}


def largest(pid):
    """The most memory that a process had so far, in MB."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as source:
            return next((int(line.split()[1]) / 1024 for line in source if line.startswith("VmHWM")), 0)
    except OSError:
        return 0


class HostileCase(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(prefix="hostile-")
        cls.addClassCleanup(holder.cleanup)
        cls.folder = holder.name
        os.mkdir(cls.path("work"))
        cls.authority = hostile.Authority(cls.folder)
        cls.environment = {**os.environ, "ROLESCOPE_CONFIG_DIR": cls.path("config"), "TMPDIR": cls.path("work")}
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "no_proxy", "NO_PROXY"):
            cls.environment.pop(name, None)
        cls.names = 0
        cls.lock = threading.Lock()

    @classmethod
    def path(cls, *names):
        return os.path.join(cls.folder, *names)

    def server(self, answer, certificate="good"):
        server = hostile.Server(answer, certificate and self.authority.issue(certificate))
        self.addCleanup(server.__exit__)
        return server

    def run_cli(self, *arguments, stdin=b"", seconds=30, environment=None):
        """Runs to its end, or is ended: then the test fails. Its memory is read while it runs."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            begun = time.monotonic()
            process = subprocess.Popen([CLI, *arguments], stdin=subprocess.PIPE, stdout=out, stderr=err, env={**self.environment, **(environment or {})},
                                       cwd=self.path("work"))
            process.stdin.write(stdin)
            process.stdin.close()
            megabytes = 0
            while (code := process.poll()) is None:
                megabytes = max(megabytes, largest(process.pid))
                if time.monotonic() - begun > seconds or megabytes > 2000:
                    process.kill()
                time.sleep(0.01)
            out.seek(0)
            err.seek(0)
            done = Done(code, out.read(), err.read(), time.monotonic() - begun, megabytes)
        self.assertNotEqual(done.code, -9, (arguments, "did not end in time or bounds", done.seconds, done.megabytes, done.said[-1000:]))
        return done

    def principal(self, authority, services=None, url=None):
        """A principal of its own, whose authority and services these are."""
        with self.lock:
            self.__class__.names += 1
            name = f"p{self.names}"
        services = services or authority
        with open(self.path(name + ".json"), "w", encoding="utf-8") as target:
            json.dump({"name": name, "authorityHost": url or authority.url, "resourceManager": services.url, "graph": services.url,
                       "caCertificates": self.authority.file}, target)
        done = self.run_cli("principal", "add", "--name", name, "--cloud", target.name, "--tenant", TENANT, "--client-id", CLIENT, "--secret-stdin",
                            stdin=SECRET.encode())
        self.assertEqual(done.code, 0, done.said)
        return name

    def each(self, cases, check):
        """check(*case) for each, some at a time: most of it is waiting."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            running = [(case, pool.submit(check, *case)) for case in cases]
        for case, future in running:
            with self.subTest(str(case)[:100]):
                future.result()
