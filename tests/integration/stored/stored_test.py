"""Stored files that somebody damaged, or changed to lead a secret elsewhere; with the real programs, keychain and sandbox.

usage: stored_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain.
"""
import copy
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
import running  # pylint: disable=wrong-import-position

CLI, SANDBOX = sys.argv[1:3]
CLIENT = "00001111-aaaa-2222-bbbb-3333cccc4444"
SECRET = "mark3r8Q~" + "x" * 31


def read(path):
    with open(path, "rb") as source:
        return source.read()


def write(path, value):
    with open(path, "wb") as target:
        target.write(value if isinstance(value, bytes) else json.dumps(value).encode())


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.config = os.path.join(self.folder, "config")
        self.index = os.path.join(self.config, "principals.json")
        self.operators = os.path.join(self.config, "operators.json")

    def run_cli(self, *arguments, stdin=b""):
        return subprocess.run([CLI, *arguments], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False,
                              env={**os.environ, "ROLESCOPE_CONFIG_DIR": self.config})

    def done(self, *arguments, code=0, stdin=b""):
        answer = self.run_cli(*arguments, stdin=stdin)
        self.assertEqual(answer.returncode, code, (arguments, answer.stdout, answer.stderr))
        return answer

    def add(self, name, *more, secret=SECRET, tenant="contoso.com", client=CLIENT):
        return self.done("principal", "add", "--name", name, "--tenant", tenant, "--client-id", client, "--secret-stdin", *more, stdin=secret.encode())


class DamagedFiles(Case):
    def refused(self, path, value, commands, named):
        """Each of the commands refuses, names the file and what is wrong with it, and leaves it."""
        write(path, value)
        before = read(path)
        for command in commands:
            with self.subTest(named=named, command=command):
                answer = self.run_cli(*command, "--json", stdin=SECRET.encode())
                self.assertEqual(answer.returncode, 3, answer.stdout + answer.stderr)
                error = json.loads(answer.stdout)["error"]
                self.assertIn(path, error["message"])
                self.assertIn(named, error["message"])
                self.assertTrue(error["nextStep"])
                self.assertNotIn(SECRET.encode(), answer.stdout + answer.stderr)
                self.assertEqual(read(path), before)

    def test_the_index(self):
        self.add("a")
        self.add("b", client="99999999-aaaa-2222-bbbb-3333cccc4444")
        whole = json.loads(read(self.index))
        add = ("principal", "add", "--name", "new", "--tenant", "contoso.com", "--client-id", CLIENT, "--secret-stdin")
        quick = [("principal", "list"), add]
        every = quick + [("principal", "rename", "a", "c"), ("principal", "remove", "a"), ("principal", "repair"), ("principal", "expiry", "a", "2027-01-01"),
                         ("token", "a"), ("export", "a", "--format", "shell", "--output", os.path.join(self.folder, "out"))]

        def changed(change):
            document = copy.deepcopy(whole)
            change(document)
            return document

        def member(name, value):
            return changed(lambda d: d["principals"][1].__setitem__(name, value))

        self.refused(self.index, member("cloud", {}), every, "principals[1].cloud")
        self.refused(self.index, read(self.index)[:200], every, "byte")
        for value in (2, "1", None, {}, [1], 0, 1.5, True):
            self.refused(self.index, changed(lambda d, v=value: d.__setitem__("version", v)), quick, "version")
        self.refused(self.index, changed(lambda d: d.pop("version")), quick, "version")
        for name in ("id", "name", "cloud", "tenant", "clientId", "credential", "keychainKey", "addedAt", "environment"):
            for value in (7, None, [], {}):
                self.refused(self.index, member(name, value), quick, f"principals[1].{name}")
        for name in ("accounts", "exports"):
            for value in ("x", None, {}, [1], [None]):
                self.refused(self.index, member(name, value), quick, f"principals[1].{name}")
        for name in ("id", "name", "keychainKey"):
            self.refused(self.index, member(name, whole["principals"][0][name]), quick, f"principals[1].{name}")
        for value, named in ((b"", "empty"), (b"[]", "object"), (b"\x00" * 100, "byte"), (b"{" * 100000, "byte"),
                             (json.dumps(whole).encode() + b" " * (17 << 20), "larger"),
                             (b'{"version":1,"id":"i","principals":[],"principals":[]}', "principals")):
            self.refused(self.index, value, quick, named)
        write(self.index, whole)
        self.done("export", "a", "--format", "shell", "--reveal")

    def test_the_sign_ins(self):
        os.mkdir(self.config)
        one = {"id": "x", "way": "az", "cloud": "AzurePublic", "tenant": "contoso.com"}
        commands = [("operator", "list"), ("operator", "sign-out", "--all"), ("operator", "client-id", CLIENT), ("operator", "repair")]

        def listed(*operators, **more):
            return {"version": 1, "id": "i", "operators": list(operators), **more}

        for value in (2, "1", None, {}):
            self.refused(self.operators, {**listed(), "version": value}, commands, "version")
        for name in ("id", "way", "cloud", "tenant", "tenantId", "username", "objectId", "clientId", "signedInAt"):
            for value in (7, None, [], {}):
                self.refused(self.operators, listed({**one, name: value}), commands, f"operators[0].{name}")
        self.refused(self.operators, listed(one, one), commands, "operators[1].id")
        self.refused(self.operators, {**listed(), "operators": {}}, commands, "operators")
        self.refused(self.operators, b'{"version":1,', commands, "byte")
        self.refused(self.operators, listed(later="x" * (5 << 20)), commands, "larger")

    def test_what_is_not_known_survives(self):
        self.add("a")
        document = json.loads(read(self.index))
        document["future"] = {"deep": [1, None, {"x": 2}]}
        document["principals"][0]["colour"] = ["red"]
        document["principals"][0]["exports"] = [{"path": "/nowhere/a.env", "format": "systemd", "owner": {"uid": 7}}]
        write(self.index, document)
        self.done("principal", "rename", "a", "b")
        self.add("c")
        self.done("export", "b", "--format", "shell", "--output", os.path.join(self.folder, "out.json"))
        now = json.loads(read(self.index))
        kept = next(one for one in now["principals"] if one["name"] == "b")
        self.assertEqual(now["future"], document["future"])
        self.assertEqual(kept["colour"], ["red"])
        self.assertEqual(next(one for one in kept["exports"] if one["path"] == "/nowhere/a.env")["owner"], {"uid": 7})


class LedElsewhere(Case):
    """Somebody else may write to the index, to a cloud file, or to the keychain."""

    @classmethod
    def setUpClass(cls):
        cls.sandbox = running.Sandbox(SANDBOX)
        cls.addClassCleanup(cls.sandbox.stop)
        cls.evil = running.Sandbox(SANDBOX)
        cls.addClassCleanup(cls.evil.stop)
        cls.account = cls.sandbox.account("contosoprod")

    def commands(self, name):
        yield "token", name
        yield "exec", name, "--", "sh", "-c", "echo $AZURE_CLIENT_SECRET"
        yield "exec", name, "--mode", "endpoint", "--", "true"
        yield "export", name, "--format", "shell", "--reveal"
        yield "export", name, "--format", "shell", "--output", os.path.join(self.folder, "out.json")
        yield "containers", name, "--account", self.account
        yield "blobs", name, "--account", self.account, "--container", "invoices"
        yield "check", name, "--account", self.account
        yield "assignments", "list", name, "--as", name

    def kept(self, name="orders-service", sandbox=None):
        sandbox = sandbox or self.sandbox
        self.done("principal", "add", "--name", name, "--cloud", sandbox.ready["cloud"], "--from", sandbox.principal(name)["file"])
        with open(sandbox.principal(name)["file"], encoding="utf-8") as source:
            return json.load(source)["password"]

    def refuses(self, name, secret, words):
        for command in self.commands(name):
            with self.subTest(command):
                answer = self.run_cli(*command)
                self.assertEqual(answer.returncode, 3, answer.stdout + answer.stderr)
                said = (answer.stdout + answer.stderr).decode()
                self.assertNotIn(secret, said)
                for word in words:
                    self.assertIn(word, said)
                self.assertFalse(os.path.exists(os.path.join(self.folder, "out.json")))

    def test_the_index_names_another_cloud(self):
        secret = self.kept()
        self.done("token", "orders-service")
        document = json.loads(read(self.index))
        document["principals"][0]["cloud"] = self.evil.ready["cloud"]
        write(self.index, document)
        self.refuses("orders-service", secret, ["stored for “orders-service”", self.sandbox.ready["authorityHost"], self.evil.ready["authorityHost"]])

    def test_a_second_principal_has_the_same_key(self):
        secret = self.kept()
        document = json.loads(read(self.index))
        document["principals"].append({**document["principals"][0], "id": "other", "name": "other", "cloud": self.evil.ready["cloud"]})
        write(self.index, document)
        self.refuses("other", secret, ["principals[1].keychainKey"])
        self.assertEqual(json.loads(read(self.index)), document)

    def test_the_cloud_file_names_another_authority(self):
        own = os.path.join(self.folder, "cloud.json")
        cloud = json.loads(read(self.sandbox.ready["cloud"]))
        cloud["caCertificates"] = [self.sandbox.ready["ca"], self.evil.ready["ca"]]
        write(own, cloud)
        self.done("principal", "add", "--name", "orders-service", "--cloud", own, "--from", self.sandbox.principal("orders-service")["file"])
        self.done("token", "orders-service")
        cloud["authorityHost"] = self.evil.ready["authorityHost"]
        write(own, cloud)
        with open(self.sandbox.principal("orders-service")["file"], encoding="utf-8") as source:
            secret = json.load(source)["password"]
        self.refuses("orders-service", secret, [self.sandbox.ready["authorityHost"], self.evil.ready["authorityHost"]])

    def test_the_keys_of_two_principals_are_exchanged(self):
        secret = self.kept()
        other = self.kept("platform-owner")
        document = json.loads(read(self.index))
        first, second = document["principals"]
        first["keychainKey"], second["keychainKey"] = second["keychainKey"], first["keychainKey"]
        write(self.index, document)
        self.refuses("orders-service", secret, ["“platform-owner”"])
        self.refuses("platform-owner", other, ["“orders-service”"])

    def test_another_tenant_or_client(self):
        secret = self.kept()
        whole = json.loads(read(self.index))
        for name, value in (("tenant", "evil.example"), ("clientId", CLIENT)):
            document = copy.deepcopy(whole)
            document["principals"][0][name] = value
            write(self.index, document)
            self.refuses("orders-service", secret, [value])

    def test_each_command_names_the_foreign_cloud(self):
        self.kept("storage-admin")
        self.kept("platform-owner")
        commands = [("token", "storage-admin"), ("exec", "storage-admin", "--", "true"), ("exec", "storage-admin", "--mode", "endpoint", "--", "true"),
                    ("export", "storage-admin", "--format", "shell", "--reveal"), ("containers", "storage-admin", "--account", self.account),
                    ("blobs", "storage-admin", "--account", self.account, "--container", "invoices"), ("check", "storage-admin", "--account", self.account),
                    ("isolation", f"storage-admin={self.account}", f"platform-owner={self.sandbox.account('contosotest')}"),
                    ("assignments", "list", "storage-admin", "--as", "platform-owner"),
                    ("assign", "storage-admin", "--role", "Reader", "--scope", "/subscriptions/none", "--as", "platform-owner"),
                    ("rotate", "storage-admin", "--as", "platform-owner"), ("retire", "storage-admin", "--as", "platform-owner"),
                    ("register", "--name", "new", "--tenant", "contoso.com", "--cloud", self.sandbox.ready["cloud"], "--as", "platform-owner"),
                    ("principal", "expiry", "storage-admin", "--from-graph"),
                    ("inspect", self.sandbox.principal("storage-admin")["file"].replace("rbac.json", "systemd.env"), "--cloud", self.sandbox.ready["cloud"])]
        line = re.compile(re.escape(self.sandbox.ready["cloud"]) + ".*" + re.escape(self.sandbox.ready["authorityHost"]))
        for command in commands:
            for json_too in ([], ["--json"]):
                if json_too and command[0] == "exec":
                    continue
                with self.subTest(command, json=json_too):
                    answer = self.run_cli(*command, *json_too)
                    if answer.returncode == 2:
                        self.fail(answer.stderr)
                    self.assertEqual(len(line.findall(answer.stderr.decode())), 1, answer.stderr)

    def test_a_damaged_check_is_reported(self):
        self.kept("storage-admin")
        self.run_cli("check", "storage-admin", "--account", self.account)
        checks = os.path.join(self.config, "checks")
        name = next(one for one in os.listdir(checks) if one.endswith(".json"))
        for number in (1, 2):
            write(os.path.join(checks, name), b'{"cells": 3}')
            answer = self.run_cli("check", "storage-admin", "--account", self.account, "--json")
            self.assertIn(os.path.join(checks, name), answer.stderr.decode())
            self.assertIn("moved", answer.stderr.decode())
            self.assertEqual(len([one for one in os.listdir(checks) if "damaged" in one]), number)


class SandboxState(Case):
    def start(self):
        return subprocess.run([SANDBOX, "--state", self.state], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=120, check=False)

    def test_it_replaces_nothing_that_is_damaged(self):
        self.state = os.path.join(self.folder, "state")
        with running.Sandbox(SANDBOX, "--state", self.state) as sandbox:
            process = sandbox.process
        self.assertEqual(process.returncode, 0)
        blobs = os.path.join(self.state, "azurite", "__azurite_db_blob__.json")
        extents = os.path.join(self.state, "azurite", "__azurite_db_blob_extent__.json")
        stored = os.path.join(self.state, "azurite", "__blobstorage__")
        extent = os.path.join(stored, sorted(os.listdir(stored))[0])
        ports = os.path.join(self.state, "ports.json")
        for path in (blobs, extents, ports, extent):
            whole = read(path)
            for damaged in (whole[:len(whole) // 2], b"", None):
                if path == ports and damaged is None:
                    continue  # the first run has none either
                with self.subTest(path=path, damaged=damaged is None or len(damaged)):
                    if damaged is None:
                        os.remove(path)
                    else:
                        write(path, damaged)
                    answer = self.start()
                    self.assertEqual(answer.returncode, 3, answer.stderr)
                    self.assertIn(path, answer.stderr.decode())
                    self.assertEqual(read(path) if os.path.exists(path) else None, damaged)
            write(path, whole)
        # The same blobs again, once all is whole.
        with running.Sandbox(SANDBOX, "--state", self.state) as sandbox:
            status, _, _ = sandbox.ask(sandbox.account("contosoprod") + "/?comp=list", headers=sandbox.bearer("storage-admin"))
            self.assertEqual(status, 200)
            sandbox.process.send_signal(signal.SIGKILL)  # no clean end: a damaged database is still not replaced
            sandbox.process.wait()
        running.wait_until_gone([])
        write(blobs, b'{"collections"')
        answer = self.start()
        self.assertEqual(answer.returncode, 3, answer.stderr)
        self.assertEqual(read(blobs), b'{"collections"')


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=1)
