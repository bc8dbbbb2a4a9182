"""Looks for a marker where no secret may be: command lines, environments, files."""
import base64
import os
import threading
import urllib.parse


def forms(secret):
    """The secret in every form in which it might be copied."""
    plain = secret.encode()
    return {plain, base64.b64encode(plain).rstrip(b"="), urllib.parse.quote(secret, safe="").encode(), secret.encode("utf-16-le"), plain[::-1]}


def holds(content, secret):
    return any(form in content for form in forms(secret))


class ProcessScanner:
    """While the with block runs, reads every process's command line and environment, again and again."""

    def __init__(self, secret):
        self.secret = secret
        self.found = set()  # (pid, "cmdline"|"environ")
        self.rounds = 0
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.scan)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.ending.set()
        self.thread.join()

    def scan(self):
        while not self.ending.is_set():
            for pid in filter(str.isdigit, os.listdir("/proc")):
                for what in ("cmdline", "environ"):
                    try:
                        with open(f"/proc/{pid}/{what}", "rb") as source:
                            if holds(source.read(), self.secret):
                                self.found.add((int(pid), what))
                    except OSError:
                        pass
            self.rounds += 1
            self.ending.wait(0.01)


def files_with(secret, *folders):
    found = []
    for folder in folders:
        for parent, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(parent, name)
                try:
                    if os.path.isfile(path):
                        with open(path, "rb") as source:
                            if holds(source.read(), secret):
                                found.append(path)
                except OSError:
                    pass
    return found
