"""rolescope-cli exec, in both modes, for principals that sign in with a certificate or a federated token; and exec and export where the
keychain is locked.

usage: kinds_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain, which it locks at the end."""
import base64
import json
import os
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
import running  # pylint: disable=wrong-import-position
import scanner  # pylint: disable=wrong-import-position

CLI, SANDBOX = sys.argv[1:3]
AZ_CLIENT = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
ASK = """import json, os, urllib.request
query = "?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com"
request = urllib.request.Request(os.environ["IDENTITY_ENDPOINT"] + query, headers={"X-IDENTITY-HEADER": os.environ["IDENTITY_HEADER"]})
print(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=900).read().decode())"""


class KindsTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        os.environ["ROLESCOPE_CONFIG_DIR"] = os.path.join(cls.folder, "config")
        scenario = json.loads(subprocess.run([SANDBOX, "--print-scenario"], stdout=subprocess.PIPE, check=True).stdout)
        scenario.setdefault("settings", {})["replicationSeconds"] = {"signIn": 0, "resourceManager": 0}
        path = os.path.join(cls.folder, "scenario.json")
        with open(path, "w", encoding="utf-8") as target:
            json.dump(scenario, target)
        cls.sandbox = running.Sandbox(SANDBOX, "--scenario", path)
        cls.addClassCleanup(cls.sandbox.stop)
        user = cls.sandbox.ready["users"][0]
        cls.tenant = user["tenant"]
        with open(user["file"], encoding="utf-8") as source:
            password = json.load(source)["password"]
        form = urllib.parse.urlencode({"grant_type": "password", "client_id": AZ_CLIENT, "username": user["userPrincipalName"], "password": password,
                                       "scope": cls.sandbox.ready["graph"] + "/.default"})
        _, _, body = cls.sandbox.ask(f"{cls.sandbox.ready['authorityHost']}/{cls.tenant}/oauth2/v2.0/token", "POST",
                                     {"Content-Type": "application/x-www-form-urlencoded"}, form)
        cls.token = json.loads(body)["access_token"]

    def graph(self, verb, path, body):
        status, _, answer = self.sandbox.ask(f"{self.sandbox.ready['graph']}/v1.0{path}", verb,
                                             {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"}, json.dumps(body))
        self.assertLess(status, 300, answer)
        return json.loads(answer) if answer else None

    def application(self):
        made = self.graph("POST", "/applications", {"displayName": self.id()})
        self.graph("POST", "/servicePrincipals", {"appId": made["appId"]})
        return made

    def cli(self, *arguments, code=0):
        done = subprocess.run([CLI, *arguments], capture_output=True, check=False, timeout=900)
        self.assertEqual(done.returncode, code, (arguments, done.stdout, done.stderr))
        return done.stdout, done.stderr.decode()

    def add(self, name, application, *more):
        self.cli("principal", "add", "--name", name, "--cloud", self.sandbox.ready["cloud"], "--tenant", self.tenant, "--client-id",
                 application["appId"], *more)

    def environ(self, name, *options):
        out, _ = self.cli("exec", name, *options, "--", sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))")
        return {key: value for key, value in json.loads(out).items() if key.startswith(("AZURE_", "IDENTITY_"))}

    def assert_endpoint_serves(self, name, application):
        out, _ = self.cli("exec", name, "--mode", "endpoint", "--", sys.executable, "-c", ASK)
        payload = json.loads(out)["access_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        self.assertEqual(claims["appid"], application["appId"])

    def test_a_certificate(self):
        application = self.application()
        self.add("batch", application, "--make-certificate", "--days", "30")
        self.cli("principal", "certificate", "batch", "--output", os.path.join(self.folder, "public.pem"))
        with open(os.path.join(self.folder, "public.pem"), encoding="utf-8") as source:
            der = "".join(line for line in source.read().splitlines() if not line.startswith("-----"))
        self.graph("PATCH", f"/applications/{application['id']}",
                   {"keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": der, "displayName": "test"}]})
        self.assert_endpoint_serves("batch", application)
        self.assertEqual(set(self.environ("batch", "--mode", "endpoint")), {"IDENTITY_ENDPOINT", "IDENTITY_HEADER"})
        given = self.environ("batch", "--token-credentials", "exact")
        self.assertRegex(given.pop("AZURE_CLIENT_CERTIFICATE_PATH"), "^/proc/[0-9]+/fd/[0-9]+$")
        self.assertEqual(given, {"AZURE_TENANT_ID": self.tenant, "AZURE_CLIENT_ID": application["appId"],
                                 "AZURE_AUTHORITY_HOST": self.sandbox.ready["authorityHost"], "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential"})
        self.assertEqual(scanner.files_with("PRIVATE KEY", self.folder), [])

    def test_a_federated_token(self):
        federated, application = self.sandbox.ready["federatedToken"], self.application()
        self.graph("POST", f"/applications/{application['id']}/federatedIdentityCredentials",
                   {"name": "workload", "issuer": federated["issuer"], "subject": federated["subject"], "audiences": ["api://AzureADTokenExchange"]})
        self.add("pod", application, "--federated-token-file", federated["file"])
        self.assert_endpoint_serves("pod", application)
        given = self.environ("pod", "--token-credentials", "exact")
        self.assertEqual(given, {"AZURE_TENANT_ID": self.tenant, "AZURE_CLIENT_ID": application["appId"],
                                 "AZURE_FEDERATED_TOKEN_FILE": federated["file"], "AZURE_AUTHORITY_HOST": self.sandbox.ready["authorityHost"],
                                 "AZURE_TOKEN_CREDENTIALS": "WorkloadIdentityCredential"})

    def test_z_a_locked_keychain_is_said_and_nothing_starts_or_is_written(self):
        self.cli("principal", "add", "--name", "orders", "--cloud", self.sandbox.ready["cloud"], "--from",
                 self.sandbox.principal("orders-service")["file"])
        target = os.path.join(self.folder, "orders.env")
        self.cli("export", "orders", "--format", "shell", "--output", target)
        with open(target, "rb") as source:
            before = source.read()
        subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets", "--method",
                        "org.freedesktop.Secret.Service.Lock", "['/org/freedesktop/secrets/collection/login']"], check=True, capture_output=True)
        for arguments in (["exec", "orders", "--", "echo", "ran"], ["exec", "orders", "--mode", "endpoint", "--", "echo", "ran"],
                          ["export", "orders", "--format", "shell", "--output", target],
                          ["export", "orders", "--format", "shell", "--output", target + ".new"]):
            out, said = self.cli(*arguments, code=3)
            self.assertEqual(out, b"")
            self.assertIn("locked", said)
        self.assertFalse(os.path.exists(target + ".new"))
        with open(target, "rb") as source:
            self.assertEqual(source.read(), before)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
