#!/usr/bin/python3
"""Inside the namespace of in-azure-namespace.sh and a session with a keychain: the snippets that the program shows, run as they are by
unmodified SDKs (Python from Debian, JavaScript from npm), started by rolescope-cli exec in both of its modes.

usage: sdk_test.py ROLESCOPE-CLI"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
CLI = sys.argv[1]
URL = "https://contosoprod.blob.core.windows.net"
MANAGED = {"python": ("EnvironmentCredential", "ManagedIdentityCredential"), "javascript": ("EnvironmentCredential", "ManagedIdentityCredential")}
FILES = {"python": ("list.py", ["/usr/bin/python3"]), "javascript": ("list.mjs", ["node"])}

with open(os.environ["SANDBOX_READY"], encoding="utf-8") as source:
    READY = json.load(source)


class SdkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        os.symlink(os.path.join(HERE, "javascript", "node_modules"), os.path.join(cls.folder, "node_modules"))
        # Node brings authorities of its own; the system's are named to it as an administrator would.
        cls.environment = {**os.environ, "ROLESCOPE_CONFIG_DIR": os.path.join(cls.folder, "config"), "NODE_EXTRA_CA_CERTS": READY["ca"]}
        pasted = next(one for one in READY["principals"] if one["name"] == "orders-service")["file"]
        cls.cli("principal", "add", "--name", "orders", "--environment", "production", "--from", pasted)
        cls.expected = sorted(one["name"] for one in json.loads(cls.cli("containers", "orders", "--account", URL, "--json"))["containers"])
        assert cls.expected

    @classmethod
    def cli(cls, *arguments):
        return subprocess.run([CLI, *arguments], env=cls.environment, stdout=subprocess.PIPE, check=True, timeout=60).stdout.decode()

    def run_snippet(self, language, code, *options):
        name, command = FILES[language]
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as target:
            target.write(code)
        done = subprocess.run([CLI, "exec", "orders", *options, "--", *command, path], env=self.environment, capture_output=True, timeout=120, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def must_list(self, language, code, *options):
        status, out, err = self.run_snippet(language, code, *options)
        self.assertEqual(status, 0, err[-3000:])
        self.assertEqual(sorted(out.split()), self.expected)

    def snippet(self, language, credential):
        return self.cli("snippet", language, "--account", URL, "--credential", credential)

    def test_both_credentials_read_the_variables(self):
        for language in FILES:
            for credential in ("default", "environment"):
                with self.subTest(language=language, credential=credential):
                    self.must_list(language, self.snippet(language, credential))

    def test_the_same_program_lives_by_the_endpoint(self):
        for language in FILES:
            with self.subTest(language=language):
                self.must_list(language, self.snippet(language, "default"), "--mode", "endpoint")

    def test_managed_identity_credential_takes_the_endpoint_for_app_service(self):
        for language, (old, new) in MANAGED.items():
            with self.subTest(language=language):
                code = self.snippet(language, "environment")
                self.assertIn(old, code)
                self.must_list(language, code.replace(old, new), "--mode", "endpoint")

    def test_the_endpoint_leaves_nothing_for_environment_credential(self):
        for language in FILES:
            with self.subTest(language=language):
                status, out, _ = self.run_snippet(language, self.snippet(language, "environment"), "--mode", "endpoint")
                self.assertNotEqual(status, 0)
                self.assertEqual(out, "")

    def test_a_resource_that_is_not_allowed_is_named(self):
        for language, (old, new) in MANAGED.items():
            with self.subTest(language=language):
                code = self.snippet(language, "environment").replace(old, new)
                status, out, err = self.run_snippet(language, code, "--mode", "endpoint", "--resource", "arm")
                self.assertNotEqual(status, 0)
                self.assertEqual(out, "")
                self.assertIn("Tokens for this resource are not handed out here", err)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
