#!/usr/bin/python3
"""The seed scenario, whole, inside the namespace of in-azure-namespace.sh and a session with a keychain: Debian's gunicorn serves a
Python application under Azure's own host names, from the EnvironmentFile that rolescope-cli exports. Then its other secret, valid beside
the first as it is while one rotates, is saved and exported over the first, and the service restarted.

usage: gunicorn_scenario.py ROLESCOPE-CLI; the sandbox plays two_secrets.py's company"""
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


def secrets():
    """The two secrets of orders-service that the scenario has given it."""
    application = next(one for one in SCENARIO["principals"] if one["name"] == "orders-service")
    return [one["value"] for one in application["secrets"]]


def main():
    with tempfile.TemporaryDirectory() as work:
        os.environ["ROLESCOPE_CONFIG_DIR"] = os.path.join(work, "config")
        file = os.path.join(work, "orders.env")
        pasted = next(one for one in READY["principals"] if one["name"] == "orders-service")["file"]
        first, second = secrets()
        cli("principal", "add", "--name", "orders", "--environment", "production", "--from", pasted)
        cli("export", "orders", "--format", "systemd-envfile", "--output", file)
        must(systemdfile.variables(file)["AZURE_CLIENT_SECRET"] == first, "systemd reads another secret")

        service = Service(file)
        status, body = service.ask()
        must(status == 200 and sorted(json.loads(body)) == EXPECTED, f"before: {status} {body}")

        # The second secret is valid beside the first, as it is while one rotates.
        id_of = json.load(open(pasted, encoding="utf-8"))
        cli("principal", "remove", "orders")
        cli("principal", "add", "--name", "orders", "--environment", "production", "--tenant", id_of["tenant"], "--client-id", id_of["appId"],
            "--secret-stdin", stdin=second.encode())
        cli("export", "orders", "--format", "systemd-envfile", "--output", file)
        must(stat.S_IMODE(os.stat(file).st_mode) == 0o600, "the file is not its owner's alone")
        must(systemdfile.variables(file)["AZURE_CLIENT_SECRET"] == second, "systemd reads the old secret")
        must(service.ask()[0] == 200, "the service that runs on the first secret was disturbed")
        log = service.end()

        service = Service(file)
        status, body = service.ask()
        must(status == 200 and sorted(json.loads(body)) == EXPECTED, f"after: {status} {body}")
        log += service.end()
        must(first not in log and second not in log, "gunicorn's log holds a secret")

        # That the application lives by this file: with another secret in it, it is refused for that reason.
        with open(file, encoding="utf-8") as written:
            text = written.read()
        with open(file, "w", encoding="utf-8") as written:
            written.write(text.replace(second, "wrong8Q~" + "x" * 32))
        service = Service(file)
        status, body = service.ask()
        service.end()
        must(status == 502 and "AADSTS7000215" in body, f"with a wrong secret: {status} {body}")
    print(f"gunicorn listed {len(EXPECTED)} containers before and after the secret was changed")


main()
