#!/usr/bin/python3
"""The seed scenario, whole, inside the namespace of in-azure-namespace.sh and a session with a keychain: Debian's gunicorn serves a
Python application under Azure's own host names, from the EnvironmentFile that rolescope-cli exports. Then the secret is rotated, which writes
the file again; the service is restarted, the old secret withdrawn, and shown to be refused.

usage: gunicorn_scenario.py ROLESCOPE-CLI; the sandbox plays administrator.py's company"""
import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time

import systemdfile

HERE = os.path.dirname(os.path.abspath(__file__))
CLI = sys.argv[1]
URL = "https://contosoprod.blob.core.windows.net"

with open(os.environ["SANDBOX_READY"], encoding="utf-8") as source:
    READY = json.load(source)
with open(os.path.join(READY["stateDir"], "scenario.json"), encoding="utf-8") as source:
    SCENARIO = json.load(source)
EXPECTED = sorted(one["name"] for one in next(a for a in SCENARIO["accounts"] if a["name"] == "contosoprod")["containers"])


def cli(*arguments, stdin=b"", code=0):
    done = subprocess.run([CLI, *arguments], input=stdin, capture_output=True, timeout=120, check=False)
    if done.returncode != code:
        raise SystemExit(f"rolescope-cli {arguments[0]}: {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode()


class Service:
    """What the unit does: gunicorn with the file's variables, and nothing else of this test's environment."""

    def __init__(self, file):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environment = {"PATH": "/usr/bin:/bin", "HOME": os.environ["HOME"], "LANG": "C.UTF-8", "STORAGE_ACCOUNT_URL": URL,
                       **systemdfile.variables(file)}
        self.process = subprocess.Popen(["/usr/bin/gunicorn", "--chdir", HERE, "--bind", f"127.0.0.1:{self.port}", "--workers", "1",
                                         "--timeout", "120", "--pid", file + ".pid", "containersapp:app"],
                                        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def ask(self):
        end = time.monotonic() + 60
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            try:
                connection.request("GET", "/")
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
            except ConnectionRefusedError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise SystemExit("gunicorn did not start: " + self.end()) from None
                time.sleep(0.1)
            finally:
                connection.close()

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=60)[0].decode()


def must(condition, message):
    if not condition:
        raise SystemExit(message)


def principal(name):
    return next(one for one in READY["principals"] if one["name"] == name)["file"]


def main():
    with tempfile.TemporaryDirectory() as work:
        os.environ["ROLESCOPE_CONFIG_DIR"] = os.path.join(work, "config")
        file = os.path.join(work, "orders.env")
        cli("principal", "add", "--name", "admin", "--from", principal("platform-owner"))
        cli("principal", "add", "--name", "orders", "--environment", "production", "--from", principal("orders-service"))
        cli("export", "orders", "--format", "systemd-envfile", "--token-credentials", "exact", "--output", file)
        first = systemdfile.variables(file)["AZURE_CLIENT_SECRET"]
        with open(file, encoding="utf-8") as written:
            old_file = written.read()

        service = Service(file)
        status, body = service.ask()
        must(status == 200 and sorted(json.loads(body)) == EXPECTED, f"before: {status} {body}")

        cli("rotate", "orders", "--as", "admin", "--lifetime", "30d")
        must(stat.S_IMODE(os.stat(file).st_mode) == 0o600, "the file is not its owner's alone")
        variables = systemdfile.variables(file)
        second = variables["AZURE_CLIENT_SECRET"]
        must(second != first, "the file holds the old secret")
        must(variables["AZURE_TOKEN_CREDENTIALS"] == "EnvironmentCredential", "the rotation dropped what was exported beside the secret")
        must(service.ask()[0] == 200, "the service that runs on the first secret was disturbed")
        log = service.end()

        service = Service(file)
        status, body = service.ask()
        must(status == 200 and sorted(json.loads(body)) == EXPECTED, f"after: {status} {body}")
        log += service.end()
        must(first not in log and second not in log, "gunicorn's log holds a secret")

        # The old secret is withdrawn, and who still has it is refused for that reason.
        cli("rotate", "orders", "--as", "admin", "--resume", "--remove-old")
        must(systemdfile.variables(file)["AZURE_CLIENT_SECRET"] == second, "withdrawing the old secret changed the file")
        with open(file + ".old", "w", encoding="utf-8") as written:
            written.write(old_file)
        service = Service(file + ".old")
        status, body = service.ask()
        service.end()
        must(status == 502 and "AADSTS7000215" in body, f"with the withdrawn secret: {status} {body}")
        service = Service(file)
        status, body = service.ask()
        service.end()
        must(status == 200, f"with the new secret, alone: {status} {body}")
    print(f"gunicorn listed {len(EXPECTED)} containers before and after the secret was rotated")


main()
