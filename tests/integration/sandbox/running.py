"""The real rolescope-sandbox, started and asked as a client would."""
import http.client
import json
import os
import select
import ssl
import subprocess
import time
import urllib.parse

STORAGE = "https://storage.azure.com/.default"
VERSION = "2023-11-03"


def descendants(pid):
    """The processes below pid, by what the kernel says."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as source:
                    fields = source.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(entry)] = int(fields[1])
    found, frontier = [], [pid]
    while frontier:
        above = frontier.pop()
        below = [child for child, parent in parents.items() if parent == above]
        found += below
        frontier += below
    return found


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as source:
            return source.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(pids, seconds=6.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(alive(pid) for pid in pids):
        time.sleep(0.05)
    return [pid for pid in pids if alive(pid)]


def read_line(stream, seconds):
    """One line, or what came of it when the time is over."""
    line, end = b"", time.monotonic() + seconds
    while not line.endswith(b"\n") and time.monotonic() < end:
        if select.select([stream], [], [], 0.2)[0]:
            byte = os.read(stream.fileno(), 65536)
            if not byte:
                break
            line += byte
    return line


class Sandbox:
    """A running sandbox; leaves nothing behind when the with block ends."""

    def __init__(self, program, *arguments, environment=None, stdin=subprocess.DEVNULL):
        self.started = time.monotonic()
        self.process = subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=stdin,
                                        env={**os.environ, **(environment or {})})
        line = read_line(self.process.stdout, 600)
        self.seconds = time.monotonic() - self.started
        if not line.endswith(b"\n"):
            self.process.kill()
            raise AssertionError(f"no ready line: {line!r} {self.process.stderr.read()!r}")
        self.ready = json.loads(line)
        self.tls = ssl.create_default_context(cafile=self.ready["ca"])

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        rest = self.process.communicate(timeout=15)
        return self.process.returncode, rest[0], rest[1]

    def principal(self, name):
        return next(one for one in self.ready["principals"] if one["name"] == name)

    def account(self, name):
        return next(one for one in self.ready["accounts"] if one["name"] == name)["url"]

    def ask(self, url, verb="GET", headers=None, body=None, chunked=False):
        """(status, headers, body), the path untouched."""
        parts = urllib.parse.urlsplit(url)
        target = url[len(f"{parts.scheme}://{parts.netloc}"):] or "/"
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, context=self.tls, timeout=60)
        try:
            connection.request(verb, target, body=body, headers=headers or {}, encode_chunked=chunked)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def token_answer(self, name, scope=STORAGE):
        with open(self.principal(name)["file"], encoding="utf-8") as source:
            credential = json.load(source)
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": credential["appId"],
                                       "client_secret": credential["password"], "scope": scope})
        status, _, body = self.ask(f"{self.ready['authorityHost']}/{credential['tenant']}/oauth2/v2.0/token", "POST",
                                   {"Content-Type": "application/x-www-form-urlencoded"}, form)
        return status, json.loads(body)

    def bearer(self, name, scope=STORAGE):
        status, answer = self.token_answer(name, scope)
        assert status == 200, answer
        return {"Authorization": "Bearer " + answer["access_token"], "x-ms-version": VERSION}

    def blob(self, name, account, path, verb="GET", headers=None, body=None, chunked=False):
        return self.ask(self.account(account) + path, verb, {**self.bearer(name), **(headers or {})}, body, chunked)
