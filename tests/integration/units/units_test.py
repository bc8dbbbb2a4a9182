"""`rolescope-cli unit`, by systemd's own programs: systemd-analyze verifies the units, systemd-creds encrypts the certificate, and the
real service manager starts gunicorn from them, which lists the containers of the sandbox by DefaultAzureCredential.

usage: units_test.py ROLESCOPE-CLI; inside in-azure-namespace.sh and a session with a keychain"""
import http.client
import json
import os
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import manager  # pylint: disable=wrong-import-position

CLI = sys.argv[1]
CLIENTS = os.path.join(os.path.dirname(HERE), "clients")
AZ_CLIENT = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
ACCOUNT = "https://contosoprod.blob.core.windows.net"

with open(os.environ["SANDBOX_READY"], encoding="utf-8") as source:
    READY = json.load(source)
with open(os.path.join(READY["stateDir"], "scenario.json"), encoding="utf-8") as source:
    EXPECTED = sorted(one["name"] for one in next(a for a in json.load(source)["accounts"] if a["name"] == "contosoprod")["containers"])


def ask(url, verb="GET", headers=None, body=None):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=60, context=ssl.create_default_context(cafile=READY["ca"]))
    try:
        connection.request(verb, parts.path + ("?" + parts.query if parts.query else ""), body=body, headers=headers or {})
        answer = connection.getresponse()
        text = answer.read()
        assert 200 <= answer.status < 300, (url, answer.status, text)
        return json.loads(text) if text else None
    finally:
        connection.close()


class NotServed(Exception):
    """In time."""


class UnitsTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        os.environ["ROLESCOPE_CONFIG_DIR"] = cls.path("config")
        orders = next(one for one in READY["principals"] if one["name"] == "orders-service")
        cls.run_cli("principal", "add", "--name", "secret", "--from", orders["file"])
        cls.run_cli("principal", "add", "--name", "orders", "--tenant", orders["tenant"], "--client-id", orders["clientId"],
                    "--make-certificate", "--days", "30")
        cls.register(orders)

    @classmethod
    def path(cls, *names):
        return os.path.join(cls.folder, *names)

    @classmethod
    def register(cls, orders):
        """What an administrator does with the certificate's public half."""
        user = READY["users"][0]
        with open(user["file"], encoding="utf-8") as source:
            password = json.load(source)["password"]
        form = urllib.parse.urlencode({"grant_type": "password", "client_id": AZ_CLIENT, "username": user["userPrincipalName"],
                                       "password": password, "scope": READY["graph"] + "/.default"})
        token = ask(f"{READY['authorityHost']}/{user['tenant']}/oauth2/v2.0/token", "POST",
                    {"Content-Type": "application/x-www-form-urlencoded"}, form)["access_token"]
        headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
        found = ask(READY["graph"] + "/v1.0/applications?$filter=" + urllib.parse.quote(f"appId eq '{orders['clientId']}'"), headers=headers)
        cls.run_cli("principal", "certificate", "orders", "--output", cls.path("public.pem"))
        with open(cls.path("public.pem"), encoding="utf-8") as source:
            der = "".join(line for line in source.read().splitlines() if not line.startswith("-----"))
        ask(f"{READY['graph']}/v1.0/applications/{found['value'][0]['id']}", "PATCH", headers,
            json.dumps({"keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": der, "displayName": "test"}]}))

    @classmethod
    def run_cli(cls, *arguments, code=0):
        done = subprocess.run([CLI, *arguments], capture_output=True, timeout=60, check=False)
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout.decode(), done.stderr.decode()

    def setUp(self):
        self.port = self.free_port()
        self.units, self.state = self.path(self.id()), self.path(self.id() + ".state")
        os.makedirs(self.units + "/orders.service.d")
        os.makedirs(self.state)
        self.credential = self.path(self.id() + ".cred")

    @staticmethod
    def free_port():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return free.getsockname()[1]

    def write(self, name, text):
        with open(os.path.join(self.units, name), "w", encoding="utf-8") as target:
            target.write(text)

    def gunicorn_unit(self, *more):
        # The test's manager runs as this user and can become no other.
        self.run_cli("unit", "gunicorn", "orders", "--application", "containersapp:app", "--directory", manager.APPLICATION, "--user", "root",
                     "--bind", f"127.0.0.1:{self.port}", "--output", self.units + "/orders.service", *more)
        self.write("orders.service.d/account.conf", f"[Service]\nEnvironment=STORAGE_ACCOUNT_URL={ACCOUNT}\n")

    def certificate_drop_in(self):
        """Written by a command that finds the test's own credential key."""
        dropped = manager.with_key(self.state, [CLI, "unit", "certificate", "orders", "--credential", self.credential, "--encrypt",
                                                "--output", self.units + "/orders.service.d/certificate.conf"])
        self.assertEqual(dropped.returncode, 0, dropped.stderr)

    def verify(self):
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", "orders.service"], capture_output=True, check=False, timeout=60,
                              env={**os.environ, "SYSTEMD_UNIT_PATH": self.units + ":/usr/lib/systemd/system:/lib/systemd/system"})
        return done.returncode, [line for line in done.stderr.decode().splitlines() if "orders.service" in line]

    def served(self, seconds=30):
        """(status, body) of the application, when the real service manager runs the unit; (None, None) when it does not come up."""
        running = manager.Manager(self.units, self.state, "orders.service", CLIENTS)
        try:
            end = time.monotonic() + seconds
            while True:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                try:
                    connection.request("GET", "/")
                    answer = connection.getresponse()
                    return answer.status, answer.read().decode()
                except ConnectionRefusedError:
                    if running.process.poll() is not None or time.monotonic() > end:
                        raise NotServed() from None
                    time.sleep(0.2)
                finally:
                    connection.close()
        except NotServed:
            return None, None
        finally:
            running.stop()

    def test_gunicorn_serves_from_the_exported_environment_file(self):
        file = self.path("orders.env")
        self.run_cli("export", "secret", "--format", "systemd-envfile", "--output", file)
        self.gunicorn_unit("--environment-file", file)
        self.assertEqual(self.verify(), (0, []))
        status, body = self.served()
        self.assertEqual((status, sorted(json.loads(body or "[]"))), (200, EXPECTED))

    def test_gunicorn_serves_with_a_certificate_that_is_readable_nowhere(self):
        self.gunicorn_unit()
        self.certificate_drop_in()
        self.assertEqual(self.verify(), (0, []))
        with open(self.credential, "rb") as source:
            self.assertNotIn(b"PRIVATE KEY", source.read())
        with open(self.units + "/orders.service.d/certificate.conf", encoding="utf-8") as source:
            self.assertNotIn("SECRET", source.read())
        status, body = self.served()
        self.assertEqual((status, sorted(json.loads(body or "[]"))), (200, EXPECTED))
        self.assertEqual(self.files_with_a_key(), [])

    def files_with_a_key(self):
        """Of the program's own folder and the session's; the keychain's file is encrypted."""
        found = []
        for top in (self.folder, os.environ["HOME"]):
            for root, _, names in os.walk(top):
                for name in names:
                    path = os.path.join(root, name)
                    if stat.S_ISREG(os.lstat(path).st_mode):
                        with open(path, "rb") as source:
                            found += [path] if b"PRIVATE KEY" in source.read() else []
        return found

    def test_another_machines_credential_starts_nothing(self):
        self.gunicorn_unit()
        self.certificate_drop_in()
        self.state = self.path(self.id() + ".other")
        os.makedirs(self.state)
        told = self.path("told")
        self.write("orders.service.d/failure.conf", "[Unit]\nOnFailure=tell.service\n[Service]\nRestart=no\n")
        self.write("tell.service", f"[Service]\nExecStart=/bin/sh -c 'echo $MONITOR_EXIT_STATUS >{told}'\n")
        self.assertEqual(self.served(4), (None, None))
        with open(told, encoding="utf-8") as source:
            self.assertEqual(source.read().strip(), "243")  # EXIT_CREDENTIALS

    def test_systemd_analyze_would_say_what_is_wrong(self):
        self.gunicorn_unit()
        self.write("orders.service.d/wrong.conf", "[Service]\nEnvironmentFile=relative.env\nLoadCredentialEncripted=a:/b\n")
        self.assertEqual(len(self.verify()[1]), 2, self.verify())

    def test_a_failing_systemd_creds_is_told_and_leaves_no_drop_in(self):
        target = self.units + "/orders.service.d/certificate.conf"
        _, said = self.run_cli("unit", "certificate", "orders", "--credential", self.path("no", "such", "folder"), "--encrypt", "--output", target,
                               code=3)
        self.assertIn("systemd-creds did not encrypt", said)
        self.assertFalse(os.path.exists(target))

    def test_nothing_is_encrypted_where_the_drop_in_cannot_be_written(self):
        os.symlink(self.path("elsewhere.conf"), self.units + "/link.conf")
        for target in (self.path("no", "such", "folder", "x.conf"), self.units, self.units + "/link.conf"):
            done = manager.with_key(self.state, [CLI, "unit", "certificate", "orders", "--credential", self.credential, "--encrypt",
                                                 "--output", target])
            self.assertEqual(done.returncode, 3, done)
            self.assertFalse(os.path.exists(self.credential), target)

    def test_a_secret_is_refused_with_the_alternative(self):
        _, said = self.run_cli("unit", "certificate", "secret", code=3)
        self.assertIn("AZURE_CLIENT_SECRET", said)
        self.assertIn("systemd-envfile", said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
