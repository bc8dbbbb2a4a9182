"""rolescope-cli exec for principals that sign in with a certificate or a federated token, with a real keychain and the sandbox: Debian's
azure-identity in the command signs in, in both modes, and no key is on a disk.

usage: credentials_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain."""
import base64
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
import running  # pylint: disable=wrong-import-position
import scanner  # pylint: disable=wrong-import-position

CLI, SANDBOX = sys.argv[1:3]
PYTHON = "/usr/bin/python3"
# What an application does. The sandbox is no authority that Microsoft's own list knows, so nobody is asked about it.
SIGN_IN = """
import azure.identity, json, os, sys
credential = getattr(azure.identity, sys.argv[1])(instance_discovery=False)
token = credential.get_token("https://storage.azure.com/.default").token
json.dump({"token": token, "environment": dict(os.environ)}, sys.stdout)
"""


class CredentialsTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        scenario = json.loads(subprocess.run([SANDBOX, "--print-scenario"], stdout=subprocess.PIPE, check=True).stdout)
        next(one for one in scenario["principals"] if one["name"] == "platform-owner")["graphPermissions"] = ["Application.ReadWrite.All"]
        path = os.path.join(cls.folder, "scenario.json")
        with open(path, "w", encoding="utf-8") as target:
            json.dump(scenario, target)
        cls.sandbox = running.Sandbox(SANDBOX, "--scenario", path)
        cls.addClassCleanup(cls.sandbox.stop)
        with open(cls.sandbox.principal("platform-owner")["file"], encoding="utf-8") as source:
            cls.tenant = json.load(source)["tenant"]
        status, answer = cls.sandbox.token_answer("platform-owner", cls.sandbox.ready["graph"] + "/.default")
        assert status == 200, answer
        cls.headers = {"Authorization": "Bearer " + answer["access_token"], "Content-Type": "application/json"}
        cls.environment = {**os.environ, "ROLESCOPE_CONFIG_DIR": os.path.join(cls.folder, "config"), "REQUESTS_CA_BUNDLE": cls.sandbox.ready["ca"]}

        cls.certified = cls.application("certified")
        cls.add("certified", cls.certified, "--make-certificate")
        pem = cls.cli("principal", "certificate", "certified")["pem"]
        der = "".join(line for line in pem.splitlines() if not line.startswith("-----"))
        cls.graph("PATCH", f"/applications/{cls.certified['id']}",
                  {"keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": der, "displayName": "test"}]})

        federated = cls.sandbox.ready["federatedToken"]
        cls.token_file = os.path.join(cls.folder, "token")
        with open(federated["file"], encoding="utf-8") as source, open(cls.token_file, "w", encoding="utf-8") as target:
            target.write(source.read())
        cls.workload = cls.application("workload")
        cls.graph("POST", f"/applications/{cls.workload['id']}/federatedIdentityCredentials",
                  {"name": "workload", "issuer": federated["issuer"], "subject": federated["subject"], "audiences": ["api://AzureADTokenExchange"]})
        cls.add("workload", cls.workload, "--federated-token-file", cls.token_file)

    @classmethod
    def graph(cls, verb, path, body):
        status, _, answer = cls.sandbox.ask(f"{cls.sandbox.ready['graph']}/v1.0{path}", verb, cls.headers, json.dumps(body))
        assert 200 <= status < 300, (status, answer)
        return json.loads(answer) if answer else None

    @classmethod
    def application(cls, name):
        made = cls.graph("POST", "/applications", {"displayName": name})
        cls.graph("POST", "/servicePrincipals", {"appId": made["appId"]})
        return made

    @classmethod
    def cli(cls, *arguments):
        done = subprocess.run([CLI, *arguments, "--json"], env=cls.environment, capture_output=True, check=False, timeout=900)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @classmethod
    def add(cls, name, application, *more):
        cls.cli("principal", "add", "--name", name, "--cloud", cls.sandbox.ready["cloud"], "--tenant", cls.tenant, "--client-id",
                application["appId"], *more)

    def run_exec(self, *arguments, **more):
        return subprocess.run([CLI, "exec", *arguments], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              timeout=900, **more)

    def signs_in(self, principal, application, credential, *options, before=()):
        """Runs an application below exec, and returns the AZURE_ and IDENTITY_ variables that it had."""
        done = self.run_exec(principal, *options, "--", *before, PYTHON, "-c", SIGN_IN, credential)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        said = json.loads(done.stdout)
        payload = said["token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        self.assertEqual(claims["appid"], application["appId"])
        return {name: value for name, value in said["environment"].items() if name.startswith(("AZURE_", "IDENTITY_"))}

    def test_a_certificate_is_handed_over_in_memory(self):
        given = self.signs_in("certified", self.certified, "EnvironmentCredential", "--token-credentials", "exact")
        path = given.pop("AZURE_CLIENT_CERTIFICATE_PATH")
        self.assertRegex(path, r"\A/proc/\d+/fd/\d+\Z")
        self.assertEqual(given, {"AZURE_TENANT_ID": self.tenant, "AZURE_CLIENT_ID": self.certified["appId"],
                                 "AZURE_AUTHORITY_HOST": self.sandbox.ready["authorityHost"], "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential"})

    def test_what_the_command_starts_reads_the_certificate_too(self):
        # Python's subprocess closes every descriptor in what it starts.
        starts = (PYTHON, "-c", "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)")
        self.signs_in("certified", self.certified, "EnvironmentCredential", before=starts)

    def test_the_certificate_cannot_be_changed_and_no_other_user_reads_it(self):
        script = 'f=$AZURE_CLIENT_CERTIFICATE_PATH; stat -Lc %a $f; grep -c "BEGIN PRIVATE KEY" $f; (echo x >$f) 2>/dev/null && echo written; ' \
                 'setpriv --reuid nobody --regid nogroup --clear-groups cat $f 2>/dev/null && echo read; exit 0'
        done = self.run_exec("certified", "--", "sh", "-c", script)
        self.assertEqual(done.stdout.split(), [b"400", b"1"], done.stderr)

    def test_a_certificate_stays_here_in_mode_endpoint(self):
        given = self.signs_in("certified", self.certified, "ManagedIdentityCredential", "--mode", "endpoint")
        self.assertEqual(set(given), {"IDENTITY_ENDPOINT", "IDENTITY_HEADER"})
        done = self.run_exec("certified", "--mode", "endpoint", "--", "sh", "-c", "ls -l /proc/$$/fd")
        self.assertNotIn(b"memfd", done.stdout)

    def test_the_key_stands_nowhere(self):
        key = self.run_exec("certified", "--", "sh", "-c", "cat $AZURE_CLIENT_CERTIFICATE_PATH").stdout.decode()
        self.assertIn("PRIVATE KEY", key)
        part = key.partition("PRIVATE KEY-----\n")[2].split("\n")[5]
        self.assertEqual(len(part), 64)
        with scanner.ProcessScanner(part) as scan:
            for mode in ("environment", "endpoint"):
                done = self.run_exec("certified", "--mode", mode, "--", "sleep", "1")
                lines = [line for line in done.stderr.decode().splitlines() if not line.startswith("note: the cloud ")]
                self.assertEqual(lines, [])
        self.assertGreater(scan.rounds, 20)
        self.assertEqual(scan.found, set())
        home = os.environ["HOME"]
        self.assertEqual(scanner.files_with(part, self.folder, home, os.environ.get("XDG_RUNTIME_DIR", home)), [])

    def test_a_federated_token_is_named_by_its_file(self):
        # Debian's release has it in this credential; later ones have a WorkloadIdentityCredential of its own.
        given = self.signs_in("workload", self.workload, "ManagedIdentityCredential", "--token-credentials", "exact")
        self.assertEqual(given, {"AZURE_TENANT_ID": self.tenant, "AZURE_CLIENT_ID": self.workload["appId"],
                                 "AZURE_FEDERATED_TOKEN_FILE": self.token_file, "AZURE_AUTHORITY_HOST": self.sandbox.ready["authorityHost"],
                                 "AZURE_TOKEN_CREDENTIALS": "WorkloadIdentityCredential"})

    def test_a_federated_token_stays_here_in_mode_endpoint(self):
        given = self.signs_in("workload", self.workload, "ManagedIdentityCredential", "--mode", "endpoint")
        self.assertEqual(set(given), {"IDENTITY_ENDPOINT", "IDENTITY_HEADER"})

    def test_a_federated_token_that_is_gone_is_said_before_the_command_starts(self):
        os.rename(self.token_file, self.token_file + ".away")
        self.addCleanup(os.rename, self.token_file + ".away", self.token_file)
        done = self.run_exec("workload", "--mode", "endpoint", "--", "echo", "ran")
        self.assertEqual((done.returncode, done.stdout), (3, b""))
        self.assertIn(self.token_file.encode(), done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
