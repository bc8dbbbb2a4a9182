#!/usr/bin/python3
"""Debian's rclone (1.60) against the sandbox, inside the namespace of in-azure-namespace.sh and a session with a keychain. It signs in as a
service principal by the JSON that az prints; once from a file, and once with what rolescope-cli exec hands over, without any file.

usage: rclone_test.py ROLESCOPE-CLI"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "exec"))
import scanner  # pylint: disable=wrong-import-position

CLI = sys.argv[1]
SHARED = ("--retries", "1", "--low-level-retries", "1")

with open(os.environ["SANDBOX_READY"], encoding="utf-8") as source:
    READY = json.load(source)
with open(os.path.join(READY["stateDir"], "scenario.json"), encoding="utf-8") as source:
    SCENARIO = json.load(source)

# What a person types who keeps the credential in the keychain: bash's printf is no process of its own, so that the secret is in no
# command line, and rclone reads the JSON from a pipe.
FROM_THE_KEYCHAIN = """
credential() { printf '{"appId":"%s","password":"%s","tenant":"%s"}' "$AZURE_CLIENT_ID" "$AZURE_CLIENT_SECRET" "$AZURE_TENANT_ID"; }
exec rclone --azureblob-service-principal-file <(credential) "$@"
"""


def principal(name):
    return next(one for one in READY["principals"] if one["name"] == name)["file"]


class RcloneTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_rclone(self, name, account, *arguments, code=0):
        """rclone as the principal NAME, its credential named by a variable, and nothing of the caller's configuration."""
        done = subprocess.run(["rclone", *SHARED, *arguments], capture_output=True, timeout=120, check=False, cwd=self.folder,
                              env={"PATH": os.environ["PATH"], "HOME": self.folder, "RCLONE_CONFIG": "/dev/null", "RCLONE_AZUREBLOB_ACCOUNT": account,
                                   "RCLONE_AZUREBLOB_SERVICE_PRINCIPAL_FILE": principal(name)})
        self.assertEqual(done.returncode != 0, code != 0, done.stderr.decode())
        return done.stdout.decode() if code == 0 else done.stderr.decode()

    def test_lists_containers_and_blobs(self):
        expected = next(one for one in SCENARIO["accounts"] if one["name"] == "contosoprod")["containers"]
        listed = self.run_rclone("orders-service", "contosoprod", "lsf", ":azureblob:")
        self.assertEqual(sorted(listed.split()), sorted(one["name"] + "/" for one in expected))
        plain = {blob["name"] for one in expected if one["name"] == "invoices" for blob in one["blobs"] if "{" not in blob["name"]}
        found = set(self.run_rclone("orders-service", "contosoprod", "lsf", "-R", "--files-only", ":azureblob:invoices").splitlines())
        self.assertTrue(found)
        self.assertLessEqual(plain, found)

    def test_copies_there_and_back(self):
        content = bytes(range(256)) * 40000  # 10 MB: more than one block
        for name in ("one.bin", "Grüße & 100 %.txt"):
            with open(os.path.join(self.folder, name), "wb") as target:
                target.write(content if name == "one.bin" else b"umlauts\n")
        self.run_rclone("orders-service", "contosoprod", "copy", "--include", "*.{bin,txt}", ".", ":azureblob:documents/from-rclone")
        back = os.path.join(self.folder, "back")
        self.run_rclone("orders-service", "contosoprod", "copy", ":azureblob:documents/from-rclone", back)
        self.assertEqual(sorted(os.listdir(back)), ["Grüße & 100 %.txt", "one.bin"])
        with open(os.path.join(back, "one.bin"), "rb") as source:
            self.assertEqual(source.read(), content)
        self.run_rclone("orders-service", "contosoprod", "purge", ":azureblob:documents/from-rclone")
        self.assertEqual(self.run_rclone("orders-service", "contosoprod", "lsf", "--include", "from-rclone/**", ":azureblob:documents"), "")

    def test_a_reader_reads_and_cannot_write(self):
        before = self.run_rclone("reporting", "contosoprod", "lsf", "-R", ":azureblob:documents")
        with open(os.path.join(self.folder, "refused.txt"), "wb") as target:
            target.write(b"no")
        error = self.run_rclone("reporting", "contosoprod", "copy", "refused.txt", ":azureblob:documents", code=1)
        self.assertIn("AuthorizationPermissionMismatch", error)
        self.assertEqual(self.run_rclone("reporting", "contosoprod", "lsf", "-R", ":azureblob:documents"), before)

    def test_who_has_no_role_is_refused(self):
        self.assertIn("AuthorizationPermissionMismatch", self.run_rclone("orders-service", "contosotest", "lsf", ":azureblob:", code=1))
        self.assertIn("AuthorizationFailure", self.run_rclone("partner-feed", "contosotest", "lsf", ":azureblob:", code=1))

    def test_a_secret_that_does_not_work_is_named(self):
        self.assertIn("AADSTS7000222", self.run_rclone("nightly-backup", "contosoprod", "lsf", ":azureblob:", code=1))
        self.assertIn("AADSTS7000215", self.run_rclone("ci-pipeline", "contosotest", "lsf", ":azureblob:", code=1))

    def test_lives_on_what_exec_hands_over(self):
        environment = {**os.environ, "ROLESCOPE_CONFIG_DIR": os.path.join(self.folder, "config"), "RCLONE_CONFIG": "/dev/null",
                       "RCLONE_AZUREBLOB_ACCOUNT": "contosoprod"}
        subprocess.run([CLI, "principal", "add", "--name", "orders", "--from", principal("orders-service")], check=True, env=environment,
                       stdout=subprocess.DEVNULL, timeout=60)
        with open(principal("orders-service"), encoding="utf-8") as source:
            secret = json.load(source)["password"]
        with scanner.ProcessScanner(secret) as seen:
            done = subprocess.run([CLI, "exec", "orders", "--", "bash", "-c", FROM_THE_KEYCHAIN, "rclone", *SHARED, "lsf", ":azureblob:"],
                                  capture_output=True, timeout=120, check=False, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertIn("invoices/", done.stdout.decode())
        self.assertGreater(seen.rounds, 3)
        self.assertEqual({what for _, what in seen.found}, {"environ"})  # the variable that exec sets, in no command line


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
