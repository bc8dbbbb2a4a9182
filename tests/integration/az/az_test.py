#!/usr/bin/python3
"""az against the sandbox, inside the namespace of in-azure-namespace.sh and a session with a keychain.

usage: az_test.py ROLESCOPE-CLI"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
CLI = sys.argv[1]

with open(os.environ["SANDBOX_READY"], encoding="utf-8") as source:
    READY = json.load(source)


def content(path):
    with open(path, encoding="utf-8") as opened:
        return json.load(opened)


class Az:
    """az with a folder of its own, so that no session is shared or left behind."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.plain = {**os.environ, "AZURE_CONFIG_DIR": self.folder.name, "AZURE_CORE_COLLECT_TELEMETRY": "no",
                      "AZURE_CORE_ONLY_SHOW_ERRORS": "true"}
        self.mended = {**self.plain, "PYTHONPATH": os.path.join(HERE, "debian")}

    def run(self, *arguments, fails=False, mended=None):
        """Only what Debian's packages cannot do by themselves, the commands about roles, gets help from outside."""
        if mended is None:
            mended = arguments[0] == "role" or "--role" in arguments
        result = subprocess.run(["az", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=self.mended if mended else self.plain, timeout=180, check=False, text=True)
        if (result.returncode != 0) != fails:
            shown = ["…" if before in ("-p", "--password") else one for before, one in zip(("", *arguments), arguments)]
            raise AssertionError(f"az {' '.join(shown)}: {result.returncode}\n{result.stderr[-2000:]}")
        return result.stderr if fails else json.loads(result.stdout or "null")

    def login(self, credential):
        return self.run("login", "--service-principal", "-u", credential["appId"], "-p", credential["password"], "--tenant",
                        credential["tenant"])


def cli(*arguments, environment=None):
    return subprocess.run([CLI, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False, text=True,
                          env=environment)


class UsersPage(unittest.TestCase):
    """The tests run in the order of their names; each goes on from what the one before it made."""

    @classmethod
    def setUpClass(cls):
        cls.az = Az()
        cls.addClassCleanup(cls.az.folder.cleanup)
        owner = next(one for one in READY["principals"] if one["name"] == "platform-owner")
        cls.ownersFile = owner["file"]
        cls.owner = content(owner["file"])
        account = next(one for one in READY["accounts"] if one["name"] == "contosoprod")
        cls.account = account["resourceId"]
        cls.scope = cls.account.split("/providers/")[0]
        cls.config = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.config.cleanup)
        os.environ["ROLESCOPE_CONFIG_DIR"] = cls.config.name

    def another(self):
        az = Az()
        self.addCleanup(az.folder.cleanup)
        return az

    def test_1_signs_in(self):
        self.assertEqual([one["state"] for one in self.az.login(self.owner)], ["Enabled"])
        error = self.az.run("login", "--service-principal", "-u", self.owner["appId"], "-p", "wrong", "--tenant", self.owner["tenant"],
                            fails=True)
        self.assertIn("AADSTS7000215", error)
        self.az.login(self.owner)

    def test_1_why_debian_needs_help_with_roles(self):
        """Once this fails, Debian has mended its packages, and debian/sitecustomize.py can go."""
        alone = self.az.run("role", "definition", "list", "--scope", self.scope, mended=False, fails=True)
        self.assertIn("object has no attribute 'config'", alone)

    def test_2_creates_a_principal_without_a_role(self):
        made = self.az.run("ad", "sp", "create-for-rbac", "--name", "roleless")
        self.assertEqual(sorted(made), ["appId", "displayName", "password", "tenant"])
        self.az.run("ad", "app", "delete", "--id", made["appId"])

    def test_2_creates_a_principal_with_a_role(self):
        type(self).made = self.az.run("ad", "sp", "create-for-rbac", "--name", "made-by-az", "--role", "Storage Blob Data Reader",
                                      "--scopes", self.scope)
        self.assertEqual(sorted(self.made), ["appId", "displayName", "password", "tenant"])
        found = self.az.run("ad", "sp", "list", "--display-name", "made-by-az")
        self.assertEqual([one["appId"] for one in found], [self.made["appId"]])
        type(self).object_id = self.az.run("ad", "sp", "show", "--id", self.made["appId"])["id"]

    def test_3_looks_roles_up(self):
        names = self.az.run("role", "definition", "list", "--scope", self.scope, "--query",
                            "[?contains(roleName, 'Storage Blob Data')].roleName")
        self.assertEqual(sorted(names), ["Storage Blob Data Contributor", "Storage Blob Data Owner", "Storage Blob Data Reader"])

    def test_4_what_az_made_appears_in_rolescope(self):
        pasted = os.path.join(self.config.name, "pasted.json")
        with open(os.open(pasted, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
            json.dump(self.made, out)
        added = cli("principal", "add", "--name", "made-by-az", "--environment", "production", "--from", pasted)
        self.assertEqual(added.returncode, 0, added.stderr)
        listed = cli("containers", "made-by-az", "--account", "https://contosoprod.blob.core.windows.net")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn("invoices", listed.stdout)

    def test_4_what_rolescope_predicts_by_the_eyes_of_az(self):
        checked = cli("check", "made-by-az", "--account", "https://contosoprod.blob.core.windows.net", "--container", "invoices",
                      "--predict", "az", "--json",
                      environment={**self.az.mended, "ROLESCOPE_CONFIG_DIR": self.config.name})
        self.assertEqual(checked.returncode, 1, checked.stderr)  # a reader may not do everything
        report = json.loads(checked.stdout)
        self.assertIn("az", report["predictedBy"])
        cells = {(one["container"], one["operation"]): one for one in report["cells"]}
        for operation, both in (("blob.list", "allowed"), ("blob.read", "allowed"), ("blob.write", "denied"), ("blob.delete", "denied")):
            cell = cells["invoices", operation]
            self.assertEqual((operation, cell["observed"], cell["predicted"]), (operation, both, both))
        reader = cells["invoices", "blob.read"]["because"][0]
        self.assertEqual((reader["role"], reader["scope"]), ("Storage Blob Data Reader", self.scope))

    def test_4_what_rolescope_assigns_az_lists(self):
        added = cli("principal", "add", "--name", "owner", "--from", self.ownersFile)
        self.assertEqual(added.returncode, 0, added.stderr)
        assigned = cli("assign", "made-by-az", "--as", "owner", "--role", "Storage Queue Data Reader", "--scope", self.account)
        self.assertEqual(assigned.returncode, 0, assigned.stderr)
        listed = self.az.run("role", "assignment", "list", "--assignee", self.made["appId"], "--scope", self.account)
        self.assertEqual([one["roleDefinitionName"] for one in listed], ["Storage Queue Data Reader"])
        ours = cli("assignments", "list", "made-by-az", "--as", "owner", "--json")
        self.assertEqual(ours.returncode, 0, ours.stderr)
        self.assertIn(listed[0]["id"].lower(), ours.stdout.lower())
        self.assertEqual(len(json.loads(ours.stdout)["unread"]), 1)  # the owner of a group may not list the subscription's
        self.az.run("role", "assignment", "delete", "--ids", listed[0]["id"])

    def test_5_assigns_lists_and_removes(self):
        assign = ("--assignee", self.made["appId"], "--role", "Storage Blob Data Contributor", "--scope", self.account)
        first = self.az.run("role", "assignment", "create", *assign)
        self.assertEqual((first["principalId"], first["scope"]), (self.object_id, self.account))
        self.assertEqual(self.az.run("role", "assignment", "create", *assign)["id"], first["id"])  # a repeat changes nothing
        listed = self.az.run("role", "assignment", "list", "--assignee", self.made["appId"], "--scope", self.account, "--include-inherited")
        self.assertEqual(sorted(one["roleDefinitionName"] for one in listed),
                         ["Storage Blob Data Contributor", "Storage Blob Data Reader"])
        self.az.run("role", "assignment", "delete", *assign)
        left = self.az.run("role", "assignment", "list", "--assignee", self.made["appId"], "--scope", self.account)
        self.assertEqual(left, [])

    def test_6_the_session_of_az_is_the_operators(self):
        """A person signs in to az; Rolescope gets its tokens from there, and keeps none."""
        person = content(READY["users"][0]["file"])
        other = self.another()
        other.run("login", "-u", person["userPrincipalName"], "-p", person["password"])
        environment = {**other.plain, "ROLESCOPE_CONFIG_DIR": self.config.name}
        kept = cli("operator", "sign-in", "--az", "--json", environment=environment)
        self.assertEqual(kept.returncode, 0, kept.stderr)
        who = json.loads(kept.stdout)["operator"]
        self.assertEqual((who["way"], who["tenantId"], who["username"]), ("az", self.owner["tenant"], person["userPrincipalName"]))
        made = cli("register", "--name", "by-the-session-of-az", "--tenant", self.owner["tenant"], "--role", "Storage Blob Data Reader", "--scope",
                   self.account, "--json", environment=environment)
        self.assertEqual(made.returncode, 0, made.stderr)
        client = json.loads(made.stdout)["principal"]["clientId"]
        self.assertEqual([one["appId"] for one in self.az.run("ad", "sp", "list", "--display-name", "by-the-session-of-az")], [client])
        listed = cli("containers", "by-the-session-of-az", "--account", "https://contosoprod.blob.core.windows.net", environment=environment)
        self.assertIn("invoices", listed.stdout)
        gone = cli("retire", "by-the-session-of-az", "--confirm", "by-the-session-of-az", environment=environment)
        self.assertEqual(gone.returncode, 0, gone.stderr)
        self.assertEqual(cli("operator", "repair", environment=environment).returncode, 0)  # no token of it in the keychain
        other.run("logout")
        again = cli("register", "--name", "never", "--tenant", self.owner["tenant"], "--json", environment=environment)
        self.assertEqual(json.loads(again.stdout)["error"]["code"], "AzSession")
        out = cli("operator", "sign-out", "--all", "--json", environment=environment)
        self.assertEqual(json.loads(out.stdout)["signedOut"], 1)

    def test_6_lists_containers_by_role_only(self):
        other = self.another()
        other.login(self.made)
        listing = ("storage", "container", "list", "--auth-mode", "login", "--account-name")
        names = [one["name"] for one in other.run(*listing, "contosoprod")]
        self.assertIn("invoices", names)
        error = other.run(*listing, "contosotest", fails=True)
        self.assertIn("do not have the required permissions", error)
        self.assertIn("Insufficient privileges", other.run("ad", "sp", "list", fails=True))

    def test_7_renews_the_secret(self):
        renewed = self.az.run("ad", "app", "credential", "reset", "--id", self.made["appId"])
        self.assertNotEqual(renewed["password"], self.made["password"])
        other = self.another()
        other.login(renewed)
        gone = other.run("login", "--service-principal", "-u", self.made["appId"], "-p", self.made["password"], "--tenant",
                         self.made["tenant"], fails=True)
        self.assertIn("AADSTS7000215", gone)

    def test_8_a_certificate_signs_in(self):
        reset = self.az.run("ad", "app", "credential", "reset", "--id", self.made["appId"], "--create-cert")
        self.addCleanup(os.remove, reset["fileWithCertAndPrivateKey"])
        other = self.another()
        other.login({**reset, "password": reset["fileWithCertAndPrivateKey"]})
        listing = ("storage", "container", "list", "--auth-mode", "login", "--account-name", "contosoprod")
        self.assertIn("invoices", [one["name"] for one in other.run(*listing)])

    def test_9_a_person_signs_in_and_cleans_up(self):
        person = content(READY["users"][0]["file"])
        other = self.another()
        other.run("login", "-u", person["userPrincipalName"], "-p", person["password"])
        self.assertEqual(other.run("ad", "signed-in-user", "show")["userPrincipalName"], person["userPrincipalName"])
        other.run("ad", "sp", "delete", "--id", self.made["appId"])
        other.run("ad", "app", "delete", "--id", self.made["appId"])
        self.assertEqual(other.run("ad", "sp", "list", "--display-name", "made-by-az"), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
