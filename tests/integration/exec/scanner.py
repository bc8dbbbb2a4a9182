"""Looks for a marker where no secret may be: command lines, environments, files."""
import base64
import json
import os
import re
import threading
import urllib.parse

TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}")  # a signed token, whoever's


def forms(secret):
    """The secret in every form in which it might be copied: text is taken as UTF-8. Halves stand for a copy in two pieces."""
    plain = secret if isinstance(secret, bytes) else secret.encode()
    text = plain.decode("utf-8", "surrogateescape")
    found = {plain, plain[::-1], plain.hex().encode(), plain.hex().upper().encode(), urllib.parse.quote(plain, safe="").encode(),
             urllib.parse.quote(plain).encode(), json.dumps(text)[1:-1].encode(),
             text.encode("utf-16-le", "surrogateescape"), text.encode("utf-16-be", "surrogateescape")}
    for before in range(3):  # wherever it begins in what was encoded, as in client:secret
        encoded = base64.b64encode(b"\0" * before + plain)[4 if before else 0:].rstrip(b"=")[:-1]
        found |= {encoded, encoded.replace(b"+", b"-").replace(b"/", b"_")}
    if len(plain) >= 24:
        half = len(plain) // 2
        found |= {plain[:half], plain[half:], plain[:half].decode("utf-8", "replace").encode("utf-16-le"),
                  plain[half:].decode("utf-8", "replace").encode("utf-16-le")}
    return found


def holds(content, secret):
    return any(form in content for form in forms(secret))


class ProcessScanner:
    """While the with block runs, reads every process's command line and environment, again and again, and keeps each text once;
    what the secrets were may also be known only afterwards."""

    def __init__(self, secret=None):
        self.secret = secret
        self.seen = {}  # text: {(pid, "cmdline"|"environ")}
        self.rounds = 0
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.scan)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.ending.set()
        self.thread.join()

    @property
    def found(self):
        return self.holding(self.secret)

    def holding(self, *secrets):
        wanted = [form for secret in secrets for form in forms(secret)]
        return {place for text, places in self.seen.items() if any(form in text for form in wanted) for place in places}

    def scan(self):
        while not self.ending.is_set():
            for pid in filter(str.isdigit, os.listdir("/proc")):
                for what in ("cmdline", "environ"):
                    try:
                        with open(f"/proc/{pid}/{what}", "rb") as source:
                            self.seen.setdefault(source.read(), set()).add((int(pid), what))
                    except OSError:
                        pass
            self.rounds += 1
            self.ending.wait(0.01)


def files_with(secret, *folders):
    """Files whose name or content holds it; \a secret is one, or a list of them."""
    wanted = [form for one in (secret if isinstance(secret, (list, tuple, set)) else [secret]) for form in forms(one)]
    found = []
    for folder in folders:
        for parent, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(parent, name)
                try:
                    if any(form in os.fsencode(name) for form in wanted):
                        found.append(path)
                    elif os.path.isfile(path):
                        with open(path, "rb") as source:
                            content = source.read()
                        if any(form in content for form in wanted):
                            found.append(path)
                except OSError:
                    pass
    return found
