"""What the roles promise beside what the sandbox does, and what follows from it.

usage: proof_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain.
"""
import csv
import io
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
import company  # pylint: disable=wrong-import-position
import running  # pylint: disable=wrong-import-position

CLI, SANDBOX = sys.argv[1:3]


class Answer:
    def __init__(self, done):
        self.code = done.returncode
        self.bytes = done.stdout
        self.err = done.stderr.decode()

    @property
    def out(self):
        return self.bytes.decode()

    @property
    def json(self):
        return json.loads(self.bytes)


class ProofTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.config = os.path.join(cls.folder, "config")
        company.write(cls.path("company.json"))
        cls.sandbox = running.Sandbox(SANDBOX, "--scenario", cls.path("company.json"))
        cls.addClassCleanup(cls.sandbox.stop)
        cls.urls = {one["name"]: one["url"] for one in cls.sandbox.ready["accounts"]}
        for name in company.NAMES:
            cls.add(name, name)

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def file(cls, name, text):
        with open(cls.path(name), "w", encoding="utf-8") as target:
            target.write(text)
        return cls.path(name)

    @classmethod
    def run_cli(cls, *arguments, environment=None):
        return Answer(subprocess.run([CLI, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=90, check=False,
                                     env={**os.environ, "ROLESCOPE_CONFIG_DIR": cls.config, **(environment or {})}))

    @classmethod
    def add(cls, name, source):
        added = cls.run_cli("principal", "add", "--name", name, "--environment", cls.sandbox.principal(source)["environment"],
                            "--cloud", cls.sandbox.ready["cloud"], "--from", cls.sandbox.principal(source)["file"])
        assert added.code == 0, added.err

    def check(self, name, account="proofprod", *more, code=None):
        answer = self.run_cli("check", name, "--account", self.urls[account], *more)
        if code is not None:
            self.assertEqual(answer.code, code, answer.err + answer.bytes.decode(errors="replace")[:2000])
        return answer

    def cells(self, name, account="proofprod", *more, predict="self"):
        answer = self.check(name, account, "--json", "--predict", predict, *more)
        self.assertIn(answer.code, (0, 1, 4), answer.err)
        return {(one["container"], one["operation"]): one for one in answer.json["cells"]}, answer.json

    def found(self, cell, observed, predicted, finding):
        self.assertEqual((cell["observed"], cell["predicted"], (cell["finding"] or {}).get("id")), (observed, predicted, finding), json.dumps(cell, indent=1))
        self.assertTrue(cell["finding"]["cause"])
        self.assertTrue(cell["finding"]["nextStep"])
        self.assertIn(cell["finding"]["confidence"], ("certain", "likely", "possible"))
        return cell["finding"]

    # contract

    KEPT = "rules:\n  - account: true\n    mustNot: [container.create]\n  - containers: ['*']\n    must: [blob.list, blob.read]\n    mustNot: [blob.write, 'blob.delete*']\n"

    def test_a_kept_contract_is_zero_though_much_is_denied(self):
        answer = self.check("reader", "proofprod", "--contract", self.file("kept.yaml", self.KEPT), "--json", code=0)
        contract = answer.json["contract"]
        self.assertEqual((contract["kept"], contract["broken"], contract["open"]), (11, 0, 0))

    def test_a_broken_contract_says_what_where_and_how_to_mend_it(self):
        path = self.file("broken.yaml", self.KEPT)
        answer = self.check("contributor", "proofprod", "--contract", path, "--predict", "self", "--json", code=1)
        broken = {(one["container"], one["operation"]): one for one in answer.json["contract"]["clauses"] if one["state"] == "broken"}
        self.assertEqual(set(broken), {(None, "container.create"), ("invoices", "blob.write"), ("invoices", "blob.delete"),
                                       ("orders", "blob.write"), ("orders", "blob.delete")})
        self.assertEqual(broken["invoices", "blob.write"]["line"], 4)
        remedies = answer.json["contract"]["remedies"]
        self.assertEqual({one["id"] for one in remedies}, {"narrow-assignment"})
        self.assertTrue(any("az role assignment delete --ids" in one["command"] for one in remedies))

    def test_what_must_be_gets_the_smallest_role(self):
        path = self.file("must.yaml", "rules:\n  - containers: [orders]\n    must: [blob.read, blob.list]\n")
        answer = self.check("narrow", "proofprod", "--contract", path, "--predict", "self", "--json", code=1)
        remedy = answer.json["contract"]["remedies"][0]
        self.assertEqual(remedy["id"], "assign-role")
        self.assertIn("--role 'Storage Blob Data Reader'", remedy["command"])
        self.assertIn("/containers/orders", remedy["command"])
        self.assertIn(self.sandbox.principal("narrow")["objectId"], remedy["command"])

    def test_an_open_contract_is_four(self):
        path = self.file("open.yaml", "rules:\n  - containers: ['no-such-*']\n    must: [blob.read]\n")
        self.check("reader", "proofprod", "--contract", path, "--json", code=4)

    def test_a_bad_contract_is_refused_before_anything_is_asked(self):
        for text, place in (("rules:\n  - containers: [a]\n    must: [blob.reed]\n", "Line 3"), ("rules: [", "Line"), ("roules: []\n", "rules")):
            answer = self.check("reader", "proofprod", "--contract", self.file("bad.yaml", text), "--json", code=3)
            self.assertIn(place, answer.json["error"]["message"] + answer.json["error"]["nextStep"])
        self.assertEqual(self.check("reader", "proofprod", "--contract", self.path("absent.yaml"), "--json", code=3).json["error"]["kind"], "notFound")

    def test_junit_for_ci(self):
        path = self.file("junit.yaml", self.KEPT)
        out = self.path("junit.xml")
        answer = self.check("contributor", "proofprod", "--contract", path, "--format", "junit", "--output", out, "--json", code=1)
        suite = xml.etree.ElementTree.parse(out).getroot().find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("skipped")), ("11", "5", "0"))
        names = {case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None}
        self.assertIn("contributor: invoices must not blob.write", names)
        self.assertEqual(answer.json["contract"]["broken"], 5)
        self.assertEqual(stat.S_IMODE(os.stat(out).st_mode), 0o600)

    def test_sarif_for_ci(self):
        path = self.file("sarif.yaml", self.KEPT)
        run = self.check("contributor", "proofprod", "--contract", path, "--format", "sarif", code=1).json["runs"][0]
        self.assertEqual({one["ruleId"] for one in run["results"]}, {"contract/must-not"})
        place = run["results"][0]["locations"][0]["physicalLocation"]
        self.assertTrue(place["artifactLocation"]["uri"].endswith("sarif.yaml"))
        self.assertEqual(place["region"]["startLine"], 2)
        self.assertEqual(self.check("reader", "proofprod", "--format", "sarif").code, 2)

    # reports

    def test_html_needs_nothing_else(self):
        page = self.check("reader", "proofprod", "--predict", "self", "--format", "html", code=1).out
        self.assertNotRegex(page, r"(?i)(src|href)\s*=|<script|<img|@import|url\(")
        self.assertIn("prefers-color-scheme: dark", page)
        for text in ("reader", self.urls["proofprod"], "AuthorizationPermissionMismatch", "the principal itself"):
            self.assertIn(text, page)
        self.assertRegex(page, r"request [0-9a-f-]{36}")
        self.secretless(page)

    def test_csv_has_a_row_for_each_cell(self):
        answer = self.check("reader", "proofprod", "--format", "csv", code=1)
        rows = list(csv.DictReader(io.StringIO(answer.bytes.decode("utf-8-sig"))))
        report = self.check("reader", "proofprod", "--json").json
        self.assertEqual(len(rows), len(report["cells"]))
        self.assertEqual([one["observed"] for one in rows], [one["observed"] for one in report["cells"]])
        self.secretless(answer.out)

    def test_pdf_is_one(self):
        out = self.path("report.pdf")
        self.check("reader", "proofprod", "--predict", "self", "--format", "pdf", "--output", out, code=1)
        with open(out, "rb") as source:
            content = source.read()
        self.assertTrue(content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF"))
        text = subprocess.run(["pdftotext", "-layout", out, "-"], stdout=subprocess.PIPE, check=True, timeout=30).stdout.decode()
        for part in ("Access of reader", "Evidence", "blob.write", "AuthorizationPermissionMismatch"):
            self.assertIn(part, text)
        self.secretless(text)

    def secretless(self, text):
        for one in self.sandbox.ready["principals"]:
            with open(one["file"], encoding="utf-8") as source:
                self.assertNotIn(json.load(source)["password"], text)
        self.assertNotRegex(text, r"eyJ[A-Za-z0-9_-]{10,}")

    def test_wrong_use(self):
        for more in (["--format", "xml"], ["--json", "--format", "html"], ["--wait", "5"], ["--contract", ""]):
            with self.subTest(more):
                self.assertEqual(self.check("reader", "proofprod", *more).code, 2)

    # what the roles promise, and why it differs

    def test_agreement_needs_no_finding(self):
        cells, report = self.cells("reader")
        read = cells["invoices", "blob.read"]
        self.assertEqual((read["observed"], read["predicted"], read["finding"]), ("allowed", "allowed", None))
        self.assertEqual(read["asked"], "allowed")
        self.assertEqual(read["because"][0]["role"], "Storage Blob Data Reader")
        self.assertEqual(report["predictedBy"], "the principal itself")
        differing = [one for one in report["cells"] if {one["observed"], one["predicted"]} == {"allowed", "denied"}]
        self.assertEqual(differing, [])

    def test_a_denied_cell_gets_the_smallest_role_as_a_command(self):
        cells, _ = self.cells("narrow")
        found = self.found(cells["orders", "blob.read"], "denied", "denied", "scope-too-narrow") if ("orders", "blob.read") in cells else None
        self.assertIsNotNone(found)
        self.assertIn("az role assignment create --assignee-object-id " + self.sandbox.principal("narrow")["objectId"], found["command"])
        self.assertIn("/containers/orders", found["command"])
        self.assertIn("also allow", found["nextStep"])

    def test_owner_has_no_data(self):
        cells, report = self.cells("owner")
        self.found(cells["invoices", "blob.read"], "denied", "denied", "role-without-data-actions")
        # The sandbox's accounts refuse keys, so that listing them would not help.
        self.assertNotIn("key-access", [one["id"] for one in report["notes"]])

    def test_a_condition_is_named(self):
        cells, _ = self.cells("conditional")
        self.found(cells["invoices", "blob.write"], "denied", "denied", "condition")
        self.assertEqual(cells["invoices", "blob.read"]["observed"], "allowed")

    def test_a_deny_assignment_is_named(self):
        cells, _ = self.cells("denied")
        self.found(cells["invoices", "blob.delete"], "denied", "denied", "deny-assignment")
        self.assertEqual(cells["invoices", "blob.write"]["observed"], "allowed")

    def test_a_role_for_the_client_id_is_named(self):
        cells, _ = self.cells("mistaken")
        # The sandbox knows groups and service principals only, so the client ID is a group's there, whose members ARM does not tell.
        found = self.found(cells["invoices", "blob.read"], "denied", "undecided", "wrong-object-id")
        self.assertIn(self.sandbox.principal("mistaken")["objectId"], found["command"])

    def test_databricks_is_named(self):
        cells, _ = self.cells("bricks", "proofbricks")
        self.found(cells["tables", "blob.read"], "denied", "denied", "databricks")

    def test_a_groups_role_counts_where_arm_says_so_and_is_open_where_a_file_does_not(self):
        cells, _ = self.cells("member")
        self.assertEqual((cells["invoices", "blob.read"]["observed"], cells["invoices", "blob.read"]["predicted"]), ("allowed", "allowed"))
        listed = self.arm("reader", "/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01")
        path = self.file("assignments.json", json.dumps({"roleAssignments": listed, "storageAccount": self.arm("reader", "?api-version=2023-01-01")}))
        cells, report = self.cells("nobody", "proofprod", "--container", "invoices", predict=path)
        self.assertEqual(report["predictedBy"], "the file " + path)
        self.found(cells["invoices", "blob.read"], "denied", "undecided", "group-membership-unknown")

    def test_an_acl_grants_more(self):
        cells, _ = self.cells("lister", "prooflake")
        listing = cells["lake", "blob.list"]
        self.assertEqual(listing["observed"], "allowed")
        self.assertNotEqual(listing["predicted"], "allowed")

    def test_a_firewall_is_told_from_the_roles(self):
        answer = self.check("walled", "proofprod", "--json", "--predict", "self", code=4)
        finding = answer.json["summary"]["finding"]
        self.assertEqual(finding["id"], "firewall")
        self.assertRegex(finding["cause"], r"The roles would allow [1-9]\d* of")
        self.assertIn(finding["confidence"], ("certain", "likely"))

    def test_a_busy_service_is_asked_again(self):
        cells, report = self.cells("reader", "proofbusy", "--container", "queue")
        undecided = [one["operation"] for one in report["cells"] if one["observed"] not in ("allowed", "denied")]
        self.assertEqual(undecided, [])
        self.assertEqual(cells["queue", "blob.read"]["observed"], "allowed")
        self.assertEqual(cells["queue", "blob.write"]["observed"], "denied")

    def test_a_service_that_stays_busy_decides_nothing(self):
        answer = self.check("reader", "proofstuck", "--container", "queue", "--json", "--predict", "self", code=4)
        read = next(one for one in answer.json["cells"] if (one["container"], one["operation"]) == ("queue", "blob.read"))
        self.assertEqual((read["observed"], read["predicted"], read["finding"]["id"]), ("undecided", "allowed", "throttled"), json.dumps(read, indent=1))

    def test_a_late_role_is_waited_for_and_measured(self):
        # The delay counts from the sandbox's start; a role that is effective already shows nothing. Resource Manager's lists come
        # in pages here: of the assignments the one that counts is not on the first.
        company.write(self.path("paged.json"), pageSize=2)
        with running.Sandbox(SANDBOX, "--scenario", self.path("paged.json")) as fresh:
            bearer = fresh.bearer("late", fresh.ready["resourceManager"] + "/.default")
            account = next(one for one in fresh.ready["accounts"] if one["name"] == "proofprod")["resourceId"]
            url = fresh.ready["resourceManager"] + account + "/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01"
            first = json.loads(fresh.ask(url, headers=bearer)[2])
            self.assertEqual((len(first["value"]), "nextLink" in first), (2, True), first)
            self.assertNotIn(fresh.principal("late")["objectId"], [one["properties"]["principalId"] for one in first["value"]])
            config = self.path("late-config")
            environment = {"ROLESCOPE_CONFIG_DIR": config}
            added = self.run_cli("principal", "add", "--name", "late", "--environment", "production", "--cloud", fresh.ready["cloud"], "--from",
                                 fresh.principal("late")["file"], environment=environment)
            self.assertEqual(added.code, 0, added.err)
            answer = self.run_cli("check", "late", "--account", fresh.account("proofprod"), "--container", "invoices", "--predict", "self", "--wait", "2",
                                  "--every", "1", "--json", environment=environment)
            self.assertIn("still refused", answer.err)
            cells = {(one["container"], one["operation"]): one for one in answer.json["cells"]}
            read = cells["invoices", "blob.read"]
            self.assertEqual((read["observed"], read["finding"]["id"]), ("allowed", "became-effective"), json.dumps(read, indent=1))
            measured = int(re.search(r"effective (\d+) seconds after it was assigned", read["finding"]["cause"]).group(1))
            self.assertTrue(company.DELAY - 1 <= measured <= company.DELAY + 15, measured)

    def test_without_the_right_to_read_roles_the_matrix_stands_alone(self):
        answer = self.check("nobody", "proofprod", "--json", "--predict", "self", code=1)
        self.assertEqual([one["id"] for one in answer.json["notes"]], ["not-predicted"])
        self.assertEqual({one["predicted"] for one in answer.json["cells"]}, {"unknown"})

    def arm(self, name, path):
        bearer = self.sandbox.bearer(name, self.sandbox.ready["resourceManager"] + "/.default")
        scope = next(one for one in self.sandbox.ready["accounts"] if one["name"] == "proofprod")["resourceId"]
        status, _, body = self.sandbox.ask(self.sandbox.ready["resourceManager"] + scope + path, headers=bearer)
        self.assertEqual(status, 200, body)
        return json.loads(body)

    # drift

    def test_the_next_check_says_what_changed(self):
        self.add("drifting", "reader")
        self.assertIsNone(self.check("drifting", "proofprod", "--json").json["drift"])
        second = self.check("drifting", "proofprod", "--json").json
        self.assertEqual(second["drift"]["changes"], [])
        folder = os.path.join(self.config, "checks")
        self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
        kept = None
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8") as source:
                text = source.read()
            self.assertEqual(stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode), 0o600)
            self.secretless(text)
            if json.loads(text)["principal"] == "drifting":
                kept = os.path.join(folder, name)
        with open(kept, encoding="utf-8") as source:
            before = json.load(source)
        next(one for one in before["cells"] if (one["container"], one["operation"]) == ("orders", "blob.read"))["observed"] = "denied"
        with open(kept, "w", encoding="utf-8") as target:
            json.dump(before, target)
        third = self.check("drifting", "proofprod")
        self.assertIn("orders blob.read: allowed, was denied", third.out)

    # isolation

    def test_environments_that_are_kept_apart(self):
        answer = self.run_cli("isolation", f"contributor={self.urls['proofprod']}", f"tester={self.urls['prooftest']}", "--json")
        self.assertEqual(answer.code, 0, answer.err)
        self.assertIs(answer.json["isolated"], True)
        pairs = {(one["principal"], one["account"]): one for one in answer.json["pairs"]}
        across = pairs["tester", self.urls["proofprod"]]
        self.assertEqual((across["wanted"], across["result"]), ("denied", "kept"))
        # Its containers, which it may not list, were tried all the same.
        self.assertEqual({one["container"] for one in across["report"]["cells"]}, {None, "invoices", "orders"})
        self.assertTrue(answer.json["startedAt"] and answer.json["finishedAt"])
        self.assertEqual(answer.json["warnings"], [])

    def test_a_principal_that_reaches_across_breaks_it(self):
        answer = self.run_cli("isolation", f"contributor={self.urls['proofprod']}", f"reader={self.urls['prooftest']}", "--json")
        self.assertEqual(answer.code, 1, answer.err)
        self.assertIs(answer.json["isolated"], False)
        results = {(one["principal"], one["account"]): one["result"] for one in answer.json["pairs"]}
        self.assertEqual(results["reader", self.urls["proofprod"]], "broken")
        self.assertEqual(results["reader", self.urls["prooftest"]], "open")  # nobody could list its containers

    def test_one_container_across_is_found(self):
        # "narrow" may not list, and has a role at a single container of the other environment.
        answer = self.run_cli("isolation", f"contributor={self.urls['proofprod']}", f"narrow={self.urls['prooftest']}", "--json")
        self.assertEqual(answer.code, 1)
        across = next(one for one in answer.json["pairs"] if one["principal"] == "narrow" and one["wanted"] == "denied")
        self.assertEqual(across["result"], "broken")
        self.assertIn("invoices", across["why"])

    def test_a_firewall_leaves_isolation_open(self):
        answer = self.run_cli("isolation", f"walled={self.urls['proofprod']}", f"tester={self.urls['prooftest']}", "--json")
        self.assertEqual(answer.code, 4, answer.err)
        self.assertIsNone(answer.json["isolated"])

    def test_one_client_id_in_two_environments_is_warned_of(self):
        self.add("twin", "contributor")
        answer = self.run_cli("isolation", f"contributor={self.urls['proofprod']}", f"twin={self.urls['prooftest']}", "--json")
        self.assertEqual([one["id"] for one in answer.json["warnings"]], ["shared-client-id"])
        self.assertIn("shared-client-id", answer.err)
        self.assertEqual(answer.code, 1)

    def test_isolation_needs_two_accounts(self):
        self.assertEqual(self.run_cli("isolation", f"contributor={self.urls['proofprod']}").code, 2)
        self.assertEqual(self.run_cli("isolation", "contributor", "tester").code, 2)
        self.assertEqual(self.run_cli("isolation", f"contributor={self.urls['proofprod']}", f"tester={self.urls['proofprod']}").code, 3)

    def test_the_isolation_report_is_dated(self):
        page = self.run_cli("isolation", f"contributor={self.urls['proofprod']}", f"tester={self.urls['prooftest']}", "--format", "html")
        self.assertEqual(page.code, 0)
        self.assertRegex(page.out, r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC")
        self.secretless(page.out)

    # roles

    def test_roles(self):
        listed = self.run_cli("roles", "list", "--search", "storage blob data", "--json")
        self.assertEqual(listed.code, 0)
        self.assertIn("Storage Blob Data Reader", [one["name"] for one in listed.json["roles"]])
        self.assertEqual(self.run_cli("roles", "list", "--search", "no-such-role").code, 1)
        shown = self.run_cli("roles", "show", "storage blob data reader", "--json").json
        self.assertEqual(shown["id"], "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1")
        self.assertIn(company.BLOB_DATA + "/read", shown["permissions"][0]["dataActions"])
        self.assertIn("has no dataActions", self.run_cli("roles", "show", "Owner").out)
        missing = self.run_cli("roles", "show", "Storage Blob Reader", "--json")
        self.assertEqual((missing.code, missing.json["error"]["kind"]), (3, "notFound"))
        self.assertIn("Storage Blob Data Reader", missing.json["error"]["nextStep"])
        allowed = self.run_cli("roles", "allow", company.BLOB_DATA + "/read", "--json").json
        names = [one["name"] for one in allowed["roles"]]
        self.assertIs(allowed["isDataAction"], True)
        self.assertIn("Storage Blob Data Reader", names)
        self.assertNotIn("Owner", names)
        self.assertIn("Owner", [one["name"] for one in self.run_cli("roles", "allow", "Microsoft.Storage/storageAccounts/listKeys/action", "--json").json["roles"]])
        self.assertEqual(self.run_cli("roles", "allow", "read").code, 3)

    def test_roles_tell_who_may_delete_a_blob_and_what_is_at_stake(self):
        operation = company.BLOB_DATA + "/delete"
        allowed = self.run_cli("roles", "allow", operation, "--json").json
        names = [one["name"] for one in allowed["roles"]]
        self.assertLess(names.index("Storage Blob Data Contributor"), names.index("Storage Blob Data Owner"))
        for one in ("Owner", "Contributor", "Storage Blob Data Reader"):
            self.assertNotIn(one, names)
        searched = self.run_cli("roles", "list", "--search", "contributor " + operation, "--json").json["roles"]
        self.assertIn("Storage Blob Data Contributor", [one["name"] for one in searched])
        self.assertLessEqual({one["name"] for one in searched}, set(names))
        owner = self.run_cli("roles", "show", "Owner", "--json").json
        self.assertEqual((owner["permissionCount"], owner["risk"], owner["reachesData"]), (1, "highest", False))
        self.assertIn("1 permission, risk highest", self.run_cli("roles", "show", "Owner").out)
        self.assertRegex(self.run_cli("roles", "list", "--search", "storage blob data reader").out, r"3 permissions +risk low +Storage Blob Data Reader")
        nobody = self.run_cli("roles", "allow", "Microsoft.Storage/no/such/read", "--json").json
        self.assertIsNone(nobody["isDataAction"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[3:])
