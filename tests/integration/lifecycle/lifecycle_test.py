"""From register to restore with a real keychain and the sandbox; an administrator among its principals does the work.

usage: lifecycle_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
import running  # pylint: disable=wrong-import-position

CLI, SANDBOX = sys.argv[1:3]
READER = "Storage Blob Data Reader"


class LifecycleTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.config = os.path.join(cls.folder, "config")
        scenario = json.loads(subprocess.run([SANDBOX, "--print-scenario"], stdout=subprocess.PIPE, check=True).stdout)
        admin = next(one for one in scenario["principals"] if one["name"] == "platform-owner")
        admin["graphPermissions"] = ["Application.ReadWrite.All"]
        cls.tenant = admin["tenant"]
        cls.subscription = "/subscriptions/" + next(one["id"] for one in scenario["subscriptions"] if one["tenant"] == cls.tenant)
        scenario["roleAssignments"].append({"id": "5e48960c-3505-51de-a6d6-ccf88cd00aaa", "principal": "platform-owner", "role": "Owner",
                                            "scope": cls.subscription})
        scenario.setdefault("settings", {})["replicationSeconds"] = {"signIn": 1, "resourceManager": 1}
        path = os.path.join(cls.folder, "scenario.json")
        with open(path, "w", encoding="utf-8") as target:
            json.dump(scenario, target)
        cls.sandbox = running.Sandbox(SANDBOX, "--scenario", path)
        cls.addClassCleanup(cls.sandbox.stop)
        cls.account = next(one for one in cls.sandbox.ready["accounts"] if one["name"] == "contosoprod")
        added = cls.run_cli("principal", "add", "--name", "admin", "--cloud", cls.sandbox.ready["cloud"],
                            "--from", cls.sandbox.principal("platform-owner")["file"])
        assert added.returncode == 0, added.stderr

    @classmethod
    def run_cli(cls, *arguments):
        return subprocess.run([CLI, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False,
                              env={**os.environ, "ROLESCOPE_CONFIG_DIR": cls.config})

    def ok(self, *arguments, code=0):
        answer = self.run_cli(*arguments, "--json")
        self.assertEqual(answer.returncode, code, (arguments, answer.stdout, answer.stderr))
        return json.loads(answer.stdout)

    def failure(self, *arguments):
        return self.ok(*arguments, code=3)["error"]

    def register(self, name, *more):
        return self.ok("register", "--name", name, "--environment", "production", "--tenant", self.tenant, "--cloud",
                       self.sandbox.ready["cloud"], "--as", "admin", *more)

    def signs_in(self, name):
        return self.run_cli("token", name, "--json").returncode == 0

    def secret(self, path):
        with open(path, encoding="utf-8") as source:
            return next(line.split("=", 1)[1].strip().strip("\"'") for line in source if "AZURE_CLIENT_SECRET=" in line)

    def secret_signs_in(self, principal, secret):
        form = (f"grant_type=client_credentials&client_id={principal['clientId']}&client_secret={urllib.parse.quote(secret)}"
                "&scope=https%3A%2F%2Fstorage.azure.com%2F.default").encode()
        return self.sandbox.ask(f"{self.sandbox.ready['authorityHost']}/{self.tenant}/oauth2/v2.0/token", "POST",
                                {"Content-Type": "application/x-www-form-urlencoded"}, form)[0] == 200

    def test_registers_assigns_and_reads_a_container(self):
        made = self.register("orders-production", "--lifetime", "26w")
        self.assertTrue(made["works"])
        self.assertIn("az ad sp create-for-rbac", made["az"][0])
        self.assertTrue(self.signs_in("orders-production"))
        scope = self.account["resourceId"]
        first = self.ok("assign", "orders-production", "--role", READER, "--scope", scope, "--as", "admin")
        self.assertTrue(first["created"])
        again = self.ok("assign", "orders-production", "--role", READER.upper(), "--scope", scope.upper() + "/", "--as", "admin")
        self.assertFalse(again["created"])
        self.assertEqual(again["assignment"]["id"].lower(), first["assignment"]["id"].lower())
        listed = self.ok("containers", "orders-production", "--account", self.account["url"])
        self.assertIn("invoices", json.dumps(listed))
        listed = self.ok("assignments", "list", "orders-production", "--as", "admin")
        self.assertEqual([one["role"] for one in listed["assignments"]], [READER])
        refused = self.failure("assign", "orders-production", "--role", READER, "--scope", scope, "--path-prefix", "in/", "--as", "admin")
        self.assertEqual(refused["code"], "AssignmentDiffers")
        self.ok("assignments", "remove", "orders-production", first["assignment"]["id"], "--as", "admin")
        self.assertEqual(self.ok("assignments", "list", "orders-production", "--as", "admin")["assignments"], [])
        self.assertEqual(self.run_cli("containers", "orders-production", "--account", self.account["url"]).returncode, 3)

    def test_a_name_is_registered_once(self):
        self.register("once")
        self.assertEqual(self.ok("register", "--name", "once", "--tenant", self.tenant, "--cloud", self.sandbox.ready["cloud"], "--as", "admin",
                                 code=3)["error"]["code"], "NameTaken")

    def test_one_without_rights_is_refused_and_leaves_nothing(self):
        self.register("humble")
        refused = self.ok("register", "--name", "never", "--tenant", self.tenant, "--cloud", self.sandbox.ready["cloud"], "--as", "humble", code=3)
        self.assertEqual(refused["error"]["code"], "Authorization_RequestDenied")
        refused = self.failure("assign", "humble", "--role", "Owner", "--scope", self.subscription, "--as", "humble")
        self.assertEqual(refused["code"], "AuthorizationFailed")

    def test_rotates_with_overlap_and_writes_the_file_again(self):
        principal = self.register("rotating")["principal"]
        path = os.path.join(self.folder, "rotating.env")
        self.ok("export", "rotating", "--format", "shell", "--output", path)
        old = self.secret(path)
        waiting = self.ok("rotate", "rotating", "--as", "admin")
        self.assertEqual(waiting["step"], "exported")
        self.assertEqual(waiting["written"], [path])
        new = self.secret(path)
        self.assertNotEqual(old, new)
        self.assertTrue(self.secret_signs_in(principal, old) and self.secret_signs_in(principal, new))
        done = self.ok("rotate", "rotating", "--resume", "--remove-old", "--as", "admin")
        self.assertEqual(done["step"], "removed")
        time.sleep(1.2)
        self.assertFalse(self.secret_signs_in(principal, old))
        self.assertTrue(self.signs_in("rotating"))
        self.assertEqual(self.failure("rotate", "rotating", "--resume", "--as", "admin")["code"], "NoRotation")

    def test_rotation_survives_kill_9_at_any_moment(self):
        principal = self.register("killed")["principal"]
        path = os.path.join(self.folder, "killed.env")
        self.ok("export", "killed", "--format", "shell", "--output", path)
        killed = 0
        for delay in (0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 1.7, 2.3, 3.0, 4.0, 5.0):
            process = subprocess.Popen([CLI, "rotate", "killed", "--remove-old", "--as", "admin"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, env={**os.environ, "ROLESCOPE_CONFIG_DIR": self.config})
            try:
                process.wait(delay)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                killed += 1
            self.assertTrue(self.signs_in("killed"), f"after {delay} s the kept secret does not work")
            self.assertTrue(self.secret_signs_in(principal, self.secret(path)), f"after {delay} s the file's secret does not work")
        self.assertGreater(killed, 2)
        self.assertEqual(self.ok("rotate", "killed", "--remove-old", "--as", "admin")["step"], "removed")
        self.assertTrue(self.signs_in("killed"))
        self.assertTrue(self.secret_signs_in(principal, self.secret(path)))
        self.assertEqual([name for name in os.listdir(self.config) if name.startswith("rotation-")], [])
        plan = self.ok("retire", "killed", "--as", "admin", code=1)
        self.assertEqual(len([one for one in plan["wouldRemove"] if one.startswith("client secret")]), 1, plan)
        orphans = self.run_cli("principal", "list").stderr.decode()
        self.assertNotIn("warning", orphans)

    def test_a_certificate_is_registered_rotated_and_taken_back(self):
        made = self.register("certified", "--make-certificate", "--lifetime", "90d", "--role", READER, "--scope", self.account["resourceId"])
        self.assertTrue(made["works"])
        self.assertIn("--cert", made["az"][0])
        first = self.ok("principal", "certificate", "certified")["thumbprint"]
        path = os.path.join(self.folder, "certified.pem")
        self.ok("export", "certified", "--format", "shell", "--output", path + ".env", "--certificate-file", path)
        with open(path, "rb") as source:
            before = source.read()
        waiting = self.ok("rotate", "certified", "--as", "admin")
        self.assertEqual((waiting["step"], waiting["written"]), ("exported", [path]))
        second = self.ok("principal", "certificate", "certified")["thumbprint"]
        self.assertNotEqual(first, second)
        with open(path, "rb") as source:
            self.assertNotEqual(source.read(), before)
        self.assertTrue(self.signs_in("certified"))
        self.assertEqual(self.ok("rotate", "certified", "--abandon", "--as", "admin")["step"], "abandoned")
        self.assertEqual(self.ok("principal", "certificate", "certified")["thumbprint"], first)
        self.assertTrue(self.signs_in("certified"))
        self.assertEqual(self.ok("rotate", "certified", "--remove-old", "--as", "admin")["step"], "removed")
        time.sleep(1.2)
        self.assertTrue(self.signs_in("certified"))
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        for name in os.listdir(self.config):
            if os.path.isfile(os.path.join(self.config, name)):
                with open(os.path.join(self.config, name), "rb") as source:
                    self.assertNotIn(b"PRIVATE KEY", source.read(), name)
        plan = self.ok("retire", "certified", "--as", "admin", code=1)
        self.assertEqual(len([one for one in plan["wouldRemove"] if one.startswith("certificate")]), 1, plan)

    def test_a_certificate_of_ones_own_is_registered(self):
        path = os.path.join(self.folder, "own.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=own", "-keyout", path,
                        "-out", path + ".crt"], check=True, stderr=subprocess.DEVNULL)
        self.assertEqual(self.failure("register", "--name", "keyless", "--tenant", self.tenant, "--cloud", self.sandbox.ready["cloud"],
                                      "--as", "admin", "--certificate", path + ".crt")["code"], "NoPrivateKey")
        with open(path + ".crt", "rb") as certificate, open(path, "ab") as both:
            both.write(certificate.read())
        self.assertTrue(self.register("own", "--certificate", path)["works"])
        self.assertTrue(self.signs_in("own"))
        self.assertEqual(self.run_cli("register", "--name", "both", "--tenant", self.tenant, "--certificate", path,
                                      "--make-certificate").returncode, 2)

    def test_retires_and_restores(self):
        self.register("retiring", "--role", READER, "--scope", self.account["resourceId"])
        refused = self.failure("retire", "retiring", "--confirm", "retirin", "--as", "admin")
        self.assertEqual(refused["code"], "NameDiffers")
        self.assertTrue(self.signs_in("retiring"))
        gone = self.ok("retire", "retiring", "--confirm", "retiring", "--as", "admin")
        self.assertEqual([one.split()[0] for one in gone["removed"]], ["role", "client", "service", "application", "keychain"])
        self.assertEqual(self.failure("principal", "show", "retiring")["kind"], "notFound")
        back = self.ok("restore", "retiring", "--as", "admin")
        self.assertEqual(back["remarks"], [])
        time.sleep(1.2)
        self.assertTrue(self.signs_in("retiring"))
        listed = self.ok("assignments", "list", "retiring", "--as", "admin")
        self.assertEqual([one["role"] for one in listed["assignments"]], [READER])
        self.assertEqual(self.failure("restore", "retiring", "--as", "admin")["code"], "NotRetired")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
