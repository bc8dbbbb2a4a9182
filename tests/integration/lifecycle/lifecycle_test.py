"""From register to restore with a real keychain and the sandbox; an administrator among its principals does the work.

usage: lifecycle_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain.
"""
import json
import os
import subprocess
import sys
import time
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
import company  # pylint: disable=wrong-import-position
import forwarder  # pylint: disable=wrong-import-position

READER = "Storage Blob Data Reader"


CUSTOM = "Invoice reader (Contoso's own)"
GROUP = "/providers/Microsoft.Management/managementGroups/contoso-all"


class LifecycleTest(company.CompanyTest):
    CLI, SANDBOX = sys.argv[1:3]

    @classmethod
    def change(cls, scenario):
        scenario["managementGroups"] = [{"name": "contoso-all", "displayName": "All of Contoso", "tenant": cls.tenant,
                                         "subscriptions": [cls.subscription.rsplit("/", 1)[1]]}]
        scenario["roleAssignments"].append({"id": "5e48960c-3505-51de-a6d6-ccf88cd00aab", "principal": "platform-owner", "role": "Owner",
                                            "scope": GROUP})
        scenario["roleDefinitions"] = [{"name": "7c9a1f6e-1111-4222-8333-0a1b2c3d4e5f", "properties": {
            "roleName": CUSTOM, "type": "CustomRole", "description": "Lists and reads blobs", "assignableScopes": [cls.subscription],
            "permissions": [{"actions": ["Microsoft.Storage/storageAccounts/blobServices/containers/read"], "notActions": [],
                             "dataActions": ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"], "notDataActions": []}]}}]

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

    def test_assigns_at_each_level(self):
        """At a management group, a subscription, a resource group, an account and a container: listed, effective, removed."""
        self.register("levels")
        account = self.account["resourceId"]
        group = account.split("/providers/")[0]
        container = account + "/blobServices/default/containers/invoices"
        for scope in (GROUP, self.subscription, group, account, container):
            with self.subTest(scope=scope):
                made = self.ok("assign", "levels", "--role", READER, "--scope", scope, "--as", "admin")
                self.assertTrue(made["created"])
                self.assertIn(f"--scope {scope}", made["az"][0])
                self.assertTrue(made["assignment"]["id"].startswith(scope + "/providers/Microsoft.Authorization/roleAssignments/"))
                self.assertFalse(self.ok("assign", "levels", "--role", READER, "--scope", scope, "--as", "admin")["created"])
                listed = self.ok("assignments", "list", "levels", "--as", "admin")["assignments"]
                self.assertEqual([(one["role"], one["scope"]) for one in listed], [(READER, scope)])
                self.assertEqual(self.run_cli("blobs", "levels", "--account", self.account["url"], "--container", "invoices").returncode, 0)
                # Only the container's own does not reach the others.
                self.assertEqual(self.run_cli("blobs", "levels", "--account", self.account["url"], "--container", "orders").returncode,
                                 3 if scope == container else 0)
                self.ok("assignments", "remove", "levels", listed[0]["id"], "--as", "admin")
                self.assertEqual(self.run_cli("blobs", "levels", "--account", self.account["url"], "--container", "invoices").returncode, 3)

    def test_conditions_by_form(self):
        """Each form writes the text that Azure documents, and the data obeys it."""
        self.register("conditioned")
        blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"

        def lists(container, *more):
            return self.run_cli("blobs", "conditioned", "--account", self.account["url"], "--container", container, *more).returncode == 0

        for option, value, there in (
                ("--path-prefix", "2026/", f"@Resource[{blobs}:path] StringStartsWith '2026/'"),
                ("--tag", "project=blue", f"@Resource[{blobs}/tags:project<$key_case_sensitive$>] StringEquals 'blue'"),
                ("--in-container", "invoices", "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'invoices'")):
            with self.subTest(option=option):
                made = self.ok("assign", "conditioned", "--role", READER, "--scope", self.account["resourceId"], option, value, "--as", "admin")
                try:
                    condition = made["assignment"]["condition"]
                    self.assertIn(there, condition)
                    self.assertIn("--condition-version 2.0 --condition ", made["az"][0])
                    listed = self.ok("assignments", "list", "conditioned", "--as", "admin")["assignments"]
                    self.assertEqual([one["condition"] for one in listed], [condition])
                    observed = (lists("invoices"), lists("invoices", "--prefix", "2026/"), lists("orders"))
                    self.assertEqual(observed, {"--path-prefix": (False, True, False), "--tag": (True, True, True),
                                                "--in-container": (True, True, False)}[option])
                finally:
                    self.ok("assignments", "remove", "conditioned", made["assignment"]["id"], "--as", "admin")
        both = self.run_cli("assign", "conditioned", "--role", READER, "--scope", self.subscription, "--tag", "a=b", "--path-prefix", "c/", "--as", "admin")
        self.assertEqual(both.returncode, 2)

    def test_a_custom_role_is_named_everywhere(self):
        self.register("customised")
        made = self.ok("assign", "customised", "--role", CUSTOM.lower(), "--scope", self.account["resourceId"], "--as", "admin")
        self.assertEqual(made["assignment"]["role"], CUSTOM)
        self.assertEqual(self.run_cli("containers", "customised", "--account", self.account["url"]).returncode, 0)
        listed = self.ok("assignments", "list", "customised", "--as", "admin")["assignments"]
        self.assertEqual([one["role"] for one in listed], [CUSTOM])
        table = self.run_cli("assignments", "list", "customised", "--as", "admin").stdout.decode()
        self.assertIn(CUSTOM, table)
        removed = self.ok("assignments", "remove", "customised", listed[0]["id"], "--as", "admin")
        self.assertEqual(removed["removed"]["role"], CUSTOM)
        unknown = self.failure("assign", "customised", "--role", "Invoice readr", "--scope", self.account["resourceId"], "--as", "admin")
        self.assertEqual(unknown["code"], "RoleDefinitionDoesNotExist")

    def test_a_name_is_registered_once(self):
        self.register("once")
        self.assertEqual(self.ok("register", "--name", "once", "--tenant", self.tenant, "--cloud", self.cloud, "--as", "admin",
                                 code=3)["error"]["code"], "NameTaken")

    def test_one_without_rights_is_refused_and_leaves_nothing(self):
        self.register("humble")
        refused = self.ok("register", "--name", "never", "--tenant", self.tenant, "--cloud", self.cloud, "--as", "humble", code=3)
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
        self.assertEqual(len(waiting["remarks"]), 1)
        self.assertIn("No account of this principal is known here", waiting["remarks"][0])
        new = self.secret(path)
        self.assertNotEqual(old, new)
        self.assertTrue(self.secret_signs_in(principal, old) and self.secret_signs_in(principal, new))
        done = self.ok("rotate", "rotating", "--resume", "--remove-old", "--as", "admin")
        self.assertEqual(done["step"], "removed")
        time.sleep(1.2)
        self.assertFalse(self.secret_signs_in(principal, old))
        self.assertTrue(self.signs_in("rotating"))
        self.assertEqual(self.failure("rotate", "rotating", "--resume", "--as", "admin")["code"], "NoRotation")

    def test_who_signs_in_while_it_is_rotated_is_not_refused(self):
        """One program has read the old secret and is on its way to Entra ID; meanwhile another one rotates it, old one and all."""
        with open(self.cloud, encoding="utf-8") as source:
            cloud = json.load(source)
        slow = forwarder.Forwarder(int(cloud["authorityHost"].rsplit(":", 1)[1]))
        self.addCleanup(slow.close)
        cloud["authorityHost"] = f"https://localhost:{slow.port}"
        cloud["caCertificates"] = os.path.join(os.path.dirname(self.cloud), cloud["caCertificates"])
        path = os.path.join(self.folder, "slow-cloud.json")
        with open(path, "w", encoding="utf-8") as target:
            json.dump(cloud, target)
        self.ok("principal", "add", "--name", "slow-admin", "--cloud", path, "--from", self.sandbox.principal("platform-owner")["file"])
        self.ok("register", "--name", "raced", "--tenant", self.tenant, "--cloud", path, "--as", "slow-admin")
        slow.holding.set()
        process = subprocess.Popen([self.CLI, "token", "raced", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment())
        try:
            self.assertTrue(slow.held.wait(30))
            self.assertEqual(self.ok("rotate", "raced", "--remove-old", "--as", "slow-admin")["step"], "removed")
            time.sleep(1.5)  # until the old one is refused
            slow.released.set()
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
        self.assertEqual(process.returncode, 0, (out, err))

    def test_a_rotation_compares_access_with_the_last_check(self):
        """Rotated before anybody looked, after a look, and after a role less."""
        made = self.register("compared")
        scope = self.account["resourceId"]
        role = self.ok("assign", "compared", "--role", "Storage Blob Data Contributor", "--scope", scope, "--as", "admin")["assignment"]["id"]

        def remark():
            return " ".join(self.ok("rotate", "compared", "--remove-old", "--as", "admin")["remarks"])

        self.assertIn("No account of this principal is known here", remark())
        self.assertIn(self.run_cli("check", "compared", "--account", self.account["url"]).returncode, (1, 4))
        self.assertIn("Nothing changed since the check of ", remark())
        self.ok("assign", "compared", "--role", READER, "--scope", scope, "--as", "admin")
        self.ok("assignments", "remove", "compared", role, "--as", "admin")
        changed = remark()
        self.assertIn("blob.write: denied, was allowed", changed)
        self.assertNotIn("blob.read: ", changed)
        self.assertTrue(self.signs_in("compared"), made)

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
        self.assertEqual(self.failure("register", "--name", "keyless", "--tenant", self.tenant, "--cloud", self.cloud,
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
        plan = self.ok("retire", "retiring", "--as", "admin", code=1)["wouldRemove"]
        self.assertEqual(plan[0], f"role assignment at {self.account['resourceId']} (role “{READER}”)")
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
