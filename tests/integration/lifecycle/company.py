"""The sandbox's company with an administrator who may register and assign, and rolescope-cli with a configuration of its own."""
import json
import os
import subprocess
import tempfile
import unittest

import running


class CompanyTest(unittest.TestCase):
    """Subclasses name the programs in CLI and SANDBOX."""
    maxDiff = None
    CLI = SANDBOX = ""
    REPLICATION = {"signIn": 1, "resourceManager": 1}

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.config = os.path.join(cls.folder, "config")
        scenario = json.loads(subprocess.run([cls.SANDBOX, "--print-scenario"], stdout=subprocess.PIPE, check=True).stdout)
        admin = next(one for one in scenario["principals"] if one["name"] == "platform-owner")
        admin["graphPermissions"] = ["Application.ReadWrite.All"]
        cls.tenant = admin["tenant"]
        cls.subscription = "/subscriptions/" + next(one["id"] for one in scenario["subscriptions"] if one["tenant"] == cls.tenant)
        scenario["roleAssignments"].append({"id": "5e48960c-3505-51de-a6d6-ccf88cd00aaa", "principal": "platform-owner", "role": "Owner",
                                            "scope": cls.subscription})
        scenario.setdefault("settings", {})["replicationSeconds"] = cls.REPLICATION
        cls.change(scenario)
        path = os.path.join(cls.folder, "scenario.json")
        with open(path, "w", encoding="utf-8") as target:
            json.dump(scenario, target)
        cls.sandbox = running.Sandbox(cls.SANDBOX, "--scenario", path)
        cls.addClassCleanup(cls.sandbox.stop)
        cls.cloud = cls.sandbox.ready["cloud"]
        cls.account = next(one for one in cls.sandbox.ready["accounts"] if one["name"] == "contosoprod")
        added = cls.run_cli("principal", "add", "--name", "admin", "--cloud", cls.cloud, "--from", cls.sandbox.principal("platform-owner")["file"])
        assert added.returncode == 0, added.stderr

    @classmethod
    def change(cls, scenario):
        """What else the tests need of the company."""

    @classmethod
    def environment(cls):
        return {**os.environ, "ROLESCOPE_CONFIG_DIR": cls.config}

    @classmethod
    def run_cli(cls, *arguments, before=()):
        return subprocess.run([*before, cls.CLI, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False,
                              env=cls.environment())

    def ok(self, *arguments, code=0):
        answer = self.run_cli(*arguments, "--json")
        self.assertEqual(answer.returncode, code, (arguments, answer.stdout, answer.stderr))
        return json.loads(answer.stdout)

    def failure(self, *arguments):
        return self.ok(*arguments, code=3)["error"]

    def register(self, name, *more):
        return self.ok("register", "--name", name, "--environment", "production", "--tenant", self.tenant, "--cloud", self.cloud, "--as", "admin", *more)

    def signs_in(self, name):
        return self.run_cli("token", name, "--json").returncode == 0
