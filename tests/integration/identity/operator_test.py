"""Operators of several tenants, tenants by ID and by domain, and refresh tokens that a crash left behind; with real parts.

usage: operator_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain, and strace.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
import running  # pylint: disable=wrong-import-position

CLI, SANDBOX = sys.argv[1:3]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OTHER = {"id": "bbbbcccc-0000-4ccc-8111-dddd2222eeee", "name": "Fabrikam", "domains": ["fabrikam.example", "fabrikam.onmicrosoft.example"]}


class OperatorTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        scenario = json.loads(subprocess.run([SANDBOX, "--print-scenario"], stdout=subprocess.PIPE, check=True).stdout)
        scenario.setdefault("settings", {})["replicationSeconds"] = {"signIn": 0, "resourceManager": 0}
        scenario["settings"]["signIn"] = {"deviceCodeInterval": 1}
        scenario["tenants"].append(OTHER)
        scenario["users"].append({"name": "Fay Fabrikam", "userPrincipalName": "fay@fabrikam.example", "tenant": OTHER["id"],
                                  "objectId": "9f3c0000-1111-4222-8333-000000000001"})
        path = os.path.join(folder.name, "scenario.json")
        with open(path, "w", encoding="utf-8") as target:
            json.dump(scenario, target)
        cls.sandbox = running.Sandbox(SANDBOX, "--scenario", path)
        cls.addClassCleanup(cls.sandbox.stop)
        cls.cloud = cls.sandbox.ready["cloud"]
        cls.home = scenario["tenants"][0]

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.config = folder.name

    def environment(self):
        return {**os.environ, "ROLESCOPE_CONFIG_DIR": self.config}

    def run_cli(self, *arguments):
        return subprocess.run([CLI, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=90, check=False, text=True,
                              env=self.environment())

    def ok(self, *arguments, code=0):
        answer = self.run_cli(*arguments, "--json")
        self.assertEqual(answer.returncode, code, (arguments, answer.stdout, answer.stderr))
        return json.loads(answer.stdout)

    def sign_in(self, tenant_of, tenant, before=()):
        """By device code, as the person of TENANT_OF; what came of it."""
        user = next(one for one in self.sandbox.ready["users"] if one["tenant"] == tenant_of["id"])
        with open(user["file"], encoding="utf-8") as source:
            password = json.load(source)["password"]
        process = subprocess.Popen([*before, CLI, "operator", "sign-in", "--cloud", self.cloud, "--json", "--device-code", "--tenant", tenant],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment())
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        try:
            shown = process.stderr.readline()
            page, code = re.search(r"https://\S+", shown).group(0), re.search(r"\b[A-Z0-9]{8,10}\b", shown).group(0)
            status, _, body = self.sandbox.ask(page, "POST", FORM, urllib.parse.urlencode(
                {"code": code, "username": user["userPrincipalName"], "password": password}))
            self.assertEqual(status, 200, body)
            out, err = process.communicate(timeout=60)
        finally:
            watchdog.cancel()
            process.kill()
        return process.returncode, out, err

    def signed_in(self, tenant_of, tenant):
        code, out, err = self.sign_in(tenant_of, tenant)
        self.assertEqual(code, 0, (out, err))
        return json.loads(out)["operator"]

    def register(self, name, tenant, code=0):
        return self.ok("register", "--name", name, "--tenant", tenant, "--cloud", self.cloud, code=code)

    def test_each_tenant_has_its_operator(self):
        first = self.signed_in(self.home, self.home["domains"][0])
        second = self.signed_in(OTHER, OTHER["id"])
        self.assertEqual((first["tenantId"], second["tenantId"]), (self.home["id"], OTHER["id"]))
        listed = self.ok("operator", "list")["operators"]
        self.assertEqual([one["tenantId"] for one in listed], [OTHER["id"], self.home["id"]])  # the newest first
        # By whose rights is told by the tenant, in whichever form; each of these comes into being in its own.
        for name, tenant, owner in (("a", self.home["id"], first), ("b", self.home["domains"][0], first), ("c", OTHER["id"], second),
                                    ("d", OTHER["domains"][0], second), ("e", OTHER["domains"][1].upper(), second)):
            self.register(name, tenant)
            claims = self.ok("token", name, "--claims")["claims"]
            self.assertEqual(claims["tid"], owner["tenantId"], (name, tenant))
        # Signing out of one, named by a domain though it was kept by its ID, leaves the other.
        self.assertEqual(self.ok("operator", "sign-out", "--tenant", "Fabrikam.example")["signedOut"], 1)
        refused = self.register("f", OTHER["id"], code=3)["error"]
        self.assertEqual(refused["code"], "NoOperator")
        self.assertIn(self.home["id"], refused["message"])
        self.register("g", self.home["id"])
        self.assertEqual(self.ok("operator", "sign-out", "--tenant", OTHER["id"], code=3)["error"]["code"], "NoOperator")
        self.assertEqual(self.ok("operator", "repair")["orphans"], [])
        self.assertEqual(self.ok("operator", "sign-out", "--all")["signedOut"], 1)

    def test_signing_in_again_by_the_other_form_replaces(self):
        first = self.signed_in(self.home, self.home["domains"][0])
        again = self.signed_in(self.home, self.home["id"])
        self.assertEqual(again["id"], first["id"])
        self.assertEqual(len(self.ok("operator", "list")["operators"]), 1)
        self.register("by-domain", self.home["domains"][0])
        self.ok("operator", "sign-out", "--all")

    def test_a_domain_that_nobody_has_is_no_sign_in(self):
        self.signed_in(self.home, self.home["id"])
        self.assertEqual(self.register("x", "nobody.example", code=3)["error"]["code"], "NoOperator")
        self.ok("operator", "sign-out", "--all")

    def test_a_token_that_a_crash_left_behind_is_found_and_removed(self):
        """Killed between the keychain and the list: at its second rename, which is that of the list with the new sign-in."""
        code, _, _ = self.sign_in(self.home, self.home["id"], before=(
            "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat", "-e", "inject=renameat:signal=SIGKILL:when=2"))
        self.assertIn(code, (-9, 137))
        listed = self.run_cli("operator", "list")
        self.assertEqual(listed.returncode, 0)
        self.assertIn("warning: the keychain has a refresh token that no sign-in names", listed.stderr)
        orphans = self.ok("operator", "repair", code=1)["orphans"]
        self.assertEqual([one["elsewhere"] for one in orphans], [False])
        kept = self.signed_in(self.home, self.home["id"])
        self.assertEqual(len(self.ok("operator", "repair", code=1)["orphans"]), 1)
        self.assertEqual(self.ok("operator", "repair", "remove")["removed"], 1)
        self.assertEqual(self.ok("operator", "repair")["orphans"], [])
        self.register("after-repair", self.home["id"])  # the sign-in's own token is still there
        # Where the list itself is gone, its tokens are another's, and only asked for are they named and removed.
        os.remove(os.path.join(self.config, "operators.json"))
        self.assertEqual(self.ok("operator", "repair")["orphans"], [])
        left = self.ok("operator", "repair", "--elsewhere", code=1)["orphans"]
        self.assertEqual([one["elsewhere"] for one in left if one["key"].endswith(kept["id"])], [True])
        self.assertGreaterEqual(self.ok("operator", "repair", "remove", "--elsewhere")["removed"], 1)
        self.assertEqual(self.ok("operator", "repair", "--elsewhere")["orphans"], [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
