#!/usr/bin/python3
"""Three answers to each of some hundred generated questions: what the sandbox does with a real request (in front of Azurite), what
`rolescope-cli simulate` computes, and what a judge says that knows the documents only. Where two differ, the reason is one of those
named here, or the test fails.
usage: rights_test.py FOLDER-OF-THE-PROGRAMS BUILT-IN-ROLES"""
import collections
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
from generated import BLOBS, CUSTOM, LAKE, SUBSCRIPTION_OF, BRICKS, TAGS, Company, resource_id
from judge import Judge
from running import Sandbox

PROGRAMS, BUILT_IN = sys.argv[1], sys.argv[2]
EVERYBODY = "00000000-0000-0000-0000-000000000000"
REPLACING = "open: what replacing a blob needs of the ACLs is not documented; the sandbox refuses"
TIER = "open: what setting the tier needs of the ACLs is not documented; the sandbox refuses"
TAGGED = "writing with tags: the sandbox asks for tags/write too, the table of permissions does not"
COUNT, SEED = 300, 20261125


def roles():
    with open(BUILT_IN, encoding="utf-8") as source:
        known = {one["roleName"]: one for one in json.load(source)["roles"]}
    return known | {one["roleName"]: one for one in CUSTOM}


class Files:
    """The company's rights as az and Resource Manager print them."""

    def __init__(self, company, definitions, folder):
        self.company, self.folder = company, folder
        identifier = {name: one.get("id", one["name"] if "name" in one else "") for name, one in definitions.items()}
        self.write("definitions", CUSTOM)
        self.write("assignments", [self.assignment(one, identifier[one["role"]]) for one in company.assignments])
        self.write("deny", {"value": [{"id": one["id"], "properties": self.deny(one)} for one in company.denies]})

    def write(self, name, value):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as target:
            json.dump(value, target)

    def assignment(self, one, role):
        scope = one["scope"] if one["scope"].startswith("/") else resource_id(one["scope"])
        kind = "Group" if one["principal"].startswith("g") else "ServicePrincipal"
        return {"id": f"{scope}/providers/Microsoft.Authorization/roleAssignments/{one['id']}", "name": one["id"], "scope": scope,
                "roleDefinitionId": f"/providers/Microsoft.Authorization/roleDefinitions/{role}", "principalId": self.company.ids[one["principal"]],
                "principalType": kind, "condition": one.get("condition"), "conditionVersion": "2.0" if "condition" in one else None}

    def deny(self, one):
        def who(names):
            return [{"id": EVERYBODY, "type": "SystemDefined"} if name == "*" else {"id": self.company.ids[name], "type": "Group"} for name in names]
        return {"denyAssignmentName": one["name"], "scope": resource_id(one["scope"]), "principals": who(one["principals"]),
                "excludePrincipals": who(one.get("exceptPrincipals", [])), "doNotApplyToChildScopes": one["doNotApplyToChildScopes"],
                "permissions": [{"dataActions": one["dataActions"], "notDataActions": one["notDataActions"]}]}

    def request(self, name, operation, number):
        tag = f"{BLOBS}/tags:%s<$key_case_sensitive$>"
        tags = {} if operation.account == LAKE else TAGS.get(operation.blob, {})
        resource = {f"{BLOBS}:path": operation.blob} if operation.blob else {}
        request = {tag % key: value for key, value in (operation.tags or {}).items()}
        if operation.prefix is not None:
            request[f"{BLOBS}:prefix"] = operation.prefix
        actions, data = operation.needs
        context = {"hierarchicalNamespace": operation.account == LAKE, "blobExists": operation.exists,
                   "subscriptionContainsDatabricks": SUBSCRIPTION_OF[operation.account] == BRICKS}
        if operation.account == LAKE:
            told = self.company.acl_of(name, operation.container)
            paths = {"/", "a", "b", "new", operation.blob} if operation.blob else {"/", "a", "b", "new"}
            context["acl"] = {path: told.get(path, "---") for path in paths}
        self.write(f"request{number}", {
            "principalId": self.company.ids[name], "groupIds": [one["id"] for one in self.company.groups if name in one["members"]],
            "operation": operation.name, "permissions": [[one] for one in actions], "isDataAction": data, "scope": operation.scope,
            "managementGroups": [], "context": context,
            "attributes": {"resource": resource | {tag % key: value for key, value in tags.items()}, "request": request, "principal": {},
                           "environment": {"UtcNow": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "isPrivateLink": False}}})

    def simulate(self, number):
        path = lambda name: os.path.join(self.folder, name)
        done = subprocess.run([os.path.join(PROGRAMS, "rolescope-cli"), "simulate", "--assignments", path("assignments"), "--definitions",
                               path("definitions"), "--deny", path("deny"), "--request", path(f"request{number}")],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
        answer = json.loads(done.stdout)
        assert done.returncode == {"allow": 0, "deny": 1, "indeterminate": 4}[answer["decision"]], done
        return {"indeterminate": "open"}.get(answer["decision"], answer["decision"]), answer["because"]


class Asking:
    """Real requests of the sandbox's blob endpoint."""

    def __init__(self, sandbox):
        self.sandbox, self.bearers = sandbox, {}

    def __call__(self, name, operation):
        if name not in self.bearers:
            self.bearers[name] = self.sandbox.bearer(name)
        headers, verb, body, path = dict(self.bearers[name]), "GET", None, f"/{operation.container}/{operation.blob}"
        if operation.name == "List Blobs":
            path = f"/{operation.container}?restype=container&comp=list" + (f"&prefix={operation.prefix}" if operation.prefix is not None else "")
        elif operation.name == "List Containers":
            path = "/?comp=list"
        elif operation.name == "Get Blob Tags":
            path += "?comp=tags"
        elif operation.name == "Set Blob Tier":
            verb, path = "PUT", path + "?comp=tier"
            headers["x-ms-access-tier"] = "Cool"
        elif operation.name == "Delete Blob":
            verb = "DELETE"
        elif operation.name == "Put Blob":
            verb, body = "PUT", b"x"
            headers["x-ms-blob-type"] = "BlockBlob"
            if operation.tags:
                headers["x-ms-tags"] = "&".join(f"{key}={value}" for key, value in operation.tags.items())
        status, answered, _ = self.sandbox.ask(self.sandbox.account(operation.account) + path, verb, headers, body)
        if status == 403:
            assert answered["x-ms-error-code"] == "AuthorizationPermissionMismatch", answered["x-ms-error-code"]
            return "deny"
        assert status in (200, 201, 202) or (operation.name == "Delete Blob" and status == 404), (operation.name, status)
        return "allow"


def explained(observed, simulated, judged, operation):
    """Why three answers are as they are; None where they agree, an empty text where nobody knows."""
    if observed == simulated == judged:
        return None
    if (observed, simulated, judged) == ("deny", "open", "open"):
        return REPLACING if operation.name == "Put Blob" else TIER if operation.name == "Set Blob Tier" else ""
    if (observed, simulated, judged) == ("deny", "allow", "allow") and operation.tags:
        return TAGGED
    # What certainly lacks the way through the directories is denied, before the rest is asked.
    if (observed, simulated, judged) == ("deny", "deny", "open"):
        return REPLACING if operation.name == "Put Blob" else ""
    return ""


class Rights(unittest.TestCase):
    def test_agree(self):
        company, definitions = Company(COUNT, SEED), roles()
        judge = Judge(company, {name: one["permissions"] for name, one in definitions.items()})
        questions = [(one["name"], operation) for one in company.principals for operation in company.operations()]
        with tempfile.TemporaryDirectory() as folder:
            files = Files(company, definitions, folder)
            files.write("scenario", company.scenario())
            for number, (name, operation) in enumerate(questions):
                files.request(name, operation, number)
            with Sandbox(os.path.join(PROGRAMS, "rolescope-sandbox"), "--scenario", os.path.join(folder, "scenario")) as sandbox:
                ask = Asking(sandbox)
                observed = [ask(*one) for one in questions]
            with ThreadPoolExecutor(2) as pool:
                simulated = list(pool.map(files.simulate, range(len(questions))))
        reasons, decisions, wrong = collections.Counter(), collections.Counter(), []
        for (name, operation), seen, (computed, because) in zip(questions, observed, simulated):
            judged = judge.says(name, operation)
            decisions[(operation.name, judged)] += 1
            reason = explained(seen, computed, judged, operation)
            if reason == "":
                wrong.append(f"{name} {vars(operation)}: observed {seen}, simulated {computed} {because}, judged {judged}")
            elif reason:
                reasons[reason] += 1
        print(f"{len(questions)} questions; differences: {dict(reasons)}")
        for operation in sorted({one for one, _ in decisions}):
            print(f"  {operation}: " + ", ".join(f"{how} {decisions[(operation, how)]}" for how in ("allow", "deny", "open")))
            self.assertTrue(decisions[(operation, "allow")] and decisions[(operation, "deny")], f"{operation} is asked one way only")
        self.assertLess(sum(reasons.values()), len(questions) // 10)
        self.assertFalse(wrong, "\n" + "\n".join(wrong[:12]) + f"\n{len(wrong)} in all")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
