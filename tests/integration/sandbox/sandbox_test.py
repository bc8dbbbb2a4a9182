#!/usr/bin/python3
"""The real sandbox with the real Azurite, from outside: who gets what, and how it ends."""
import copy
import datetime
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import uuid
import xml.etree.ElementTree as ElementTree

from running import Sandbox, alive, descendants, read_line, wait_until_gone

PROGRAM, PLAN = sys.argv[1], sys.argv[2]
FORBIDDEN, FIREWALL = "AuthorizationPermissionMismatch", "AuthorizationFailure"


def scenario():
    return json.loads(subprocess.run([PROGRAM, "--print-scenario"], stdout=subprocess.PIPE, check=True, timeout=20).stdout)


def run(*arguments, **environment):
    return subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False,
                          env={**os.environ, **environment})


class Serving(unittest.TestCase):
    """What it answers; all tests share one sandbox."""

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox(PROGRAM)
        cls.addClassCleanup(cls.sandbox.stop)

    def test_is_ready_within_ten_seconds(self):
        self.assertLess(self.sandbox.seconds, 10)
        self.assertEqual(self.sandbox.ready["pid"], self.sandbox.process.pid)

    def test_keeps_its_files_to_its_owner(self):
        state = self.sandbox.ready["stateDir"]
        for folder, _, files in os.walk(state):
            if os.path.basename(folder) == "azurite":
                continue
            self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700, folder)
            for name in files:
                self.assertEqual(stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode), 0o600, name)

    def test_hands_out_every_form_of_a_credential(self):
        for principal in self.sandbox.ready["principals"]:
            folder = os.path.dirname(principal["file"])
            self.assertEqual(sorted(os.listdir(folder)), ["lines.txt", "rbac.json", "sdk-auth.json", "systemd.env"])
            with open(os.path.join(folder, "sdk-auth.json"), encoding="utf-8") as source:
                self.assertEqual(json.load(source)["clientId"], principal["clientId"])

    def test_signs_in_each_principal_as_its_note_says(self):
        expected = {"ci-pipeline": 7000215, "nightly-backup": 7000222}
        for principal in self.sandbox.ready["principals"]:
            status, answer = self.sandbox.token_answer(principal["name"])
            with self.subTest(principal["name"]):
                self.assertEqual(answer.get("error_codes", [None])[0], expected.get(principal["name"]))
                self.assertEqual(status, 401 if principal["name"] in expected else 200)
                self.assertEqual(principal["signsIn"], status == 200)

    def test_opens_the_doors_that_the_roles_open(self):
        table = [  # principal, account, path, status, code
            ("orders-service", "contosoprod", "/?comp=list", 200, None),
            ("orders-service", "contosotest", "/?comp=list", 403, FORBIDDEN),
            ("orders-service", "contosodev", "/?comp=list", 403, FIREWALL),
            ("reporting", "contosoprod", "/invoices?restype=container&comp=list", 200, None),
            ("platform-owner", "contosoprod", "/?comp=list", 200, None),
            ("platform-owner", "contosoprod", "/invoices/README.md", 403, FORBIDDEN),
            ("invoice-uploader", "contosoprod", "/?comp=list", 403, FORBIDDEN),
            ("invoice-uploader", "contosoprod", "/invoices?restype=container&comp=list", 200, None),
            ("invoice-uploader", "contosoprod", "/orders?restype=container&comp=list", 403, FORBIDDEN),
            ("invoice-uploader", "contosoprod", "/no-such-container/x", 403, FORBIDDEN),
            ("partner-feed", "contosotest", "/?comp=list", 403, FIREWALL),
            ("developer", "contosodev", "/?comp=list", 403, FIREWALL),
            ("storage-admin", "contosotest", "/no-such-container/x", 404, "ContainerNotFound"),
        ]
        for name, account, path, status, code in table:
            with self.subTest(f"{name} {account}{path}"):
                got, headers, body = self.sandbox.blob(name, account, path)
                self.assertEqual((got, headers["x-ms-error-code"]), (status, code))
                if code:
                    self.assertIn(f"<Code>{code}</Code>".encode(), body)
                self.assertEqual("x-ms-version" in headers, code != FIREWALL)

    def test_writes_only_where_a_role_writes(self):
        put = {"x-ms-blob-type": "BlockBlob"}
        path = "/invoices/" + str(uuid.uuid4())
        self.assertEqual(self.sandbox.blob("reporting", "contosoprod", path, "PUT", put, b"x")[0], 403)
        self.assertEqual(self.sandbox.blob("orders-service", "contosoprod", path, "HEAD")[0], 404)
        self.assertEqual(self.sandbox.blob("orders-service", "contosoprod", path, "PUT", put, b"x")[0], 201)
        self.assertEqual(self.sandbox.blob("reporting", "contosoprod", path)[2], b"x")
        self.assertEqual(self.sandbox.blob("reporting", "contosoprod", path, "DELETE")[0], 403)
        self.assertEqual(self.sandbox.blob("orders-service", "contosoprod", path, "DELETE")[0], 202)

    def test_lists_and_serves_every_blob_by_its_name(self):
        expected = {one["name"]: one.get("text") for one in next(
            container for container in scenario()["accounts"][0]["containers"] if container["name"] == "documents")["blobs"]}
        _, headers, body = self.sandbox.blob("orders-service", "contosoprod", "/documents?restype=container&comp=list")
        self.assertEqual(body[:3], b"\xef\xbb\xbf")
        root = ElementTree.fromstring(body.decode("utf-8-sig"))
        self.assertEqual(root.get("ServiceEndpoint"), self.sandbox.account("contosoprod") + "/")
        self.assertNotIn(b"127.0.0.1", body)
        names = {name.text for name in root.iter("Name")}
        self.assertEqual(names, set(expected))
        for name, text in expected.items():
            status, _, content = self.sandbox.blob("reporting", "contosoprod", "/documents/" + urllib.parse.quote(name))
            self.assertEqual((status, content), (200, text.encode()), name)

    def test_passes_requests_through_as_they_are(self):
        blob = lambda *rest, **more: self.sandbox.blob("orders-service", "contosoprod", *rest, **more)
        path = "/backups/weekly/database.bak"
        status, head, body = blob(path, "HEAD")
        self.assertEqual((status, head["Content-Length"], body), (200, "1048576", b""))
        _, _, whole = blob(path)
        status, headers, part = blob(path, headers={"Range": "bytes=1000-1999"})
        self.assertEqual((status, part, headers["Content-Range"]), (206, whole[1000:2000], "bytes 1000-1999/1048576"))
        self.assertEqual(blob(path, headers={"If-None-Match": head["ETag"]})[0], 304)
        self.assertEqual(blob(path, headers={"If-Match": '"0x1"'})[0], 412)
        content = os.urandom(20 << 20)
        put = {"x-ms-blob-type": "BlockBlob", "Transfer-Encoding": "chunked"}
        pieces = (content[at:at + 100_001] for at in range(0, len(content), 100_001))
        self.assertEqual(blob("/backups/chunked", "PUT", put, pieces, chunked=True)[0], 201)
        self.assertEqual(blob("/backups/chunked")[2], content)
        self.assertEqual(blob("/backups/chunked", "DELETE")[0], 202)

    def test_resource_manager_answers_by_role(self):
        arm = self.sandbox.bearer("orders-service", "https://management.azure.com/.default")
        url = self.sandbox.ready["resourceManager"]
        status, _, body = self.sandbox.ask(url + "/subscriptions?api-version=2022-12-01", headers=arm)
        subscriptions = json.loads(body)["value"]
        self.assertEqual((status, len(subscriptions)), (200, 1))
        path = f"{url}{subscriptions[0]['id']}/providers/Microsoft.Storage/storageAccounts?api-version=2023-05-01"
        accounts = json.loads(self.sandbox.ask(path, headers=arm)[2])["value"]
        self.assertEqual([one["properties"]["primaryEndpoints"]["blob"] for one in accounts], [self.sandbox.account("contosoprod") + "/"])
        other = self.sandbox.bearer("partner-feed", "https://management.azure.com/.default")
        self.assertEqual(self.sandbox.ask(path, headers=other)[0], 403)
        self.assertEqual(self.sandbox.ask(path)[0], 401)

    def test_survives_what_is_no_request(self):
        port = urllib.parse.urlsplit(self.sandbox.account("contosoprod")).port
        for bytes_sent in [b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" + b"\xff" * 100]:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
                plain.sendall(bytes_sent)
        for bytes_sent in [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nA: " + b"a" * 100_000, b"PUT / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n"]:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
                with self.sandbox.tls.wrap_socket(plain, server_hostname="localhost") as secure:
                    secure.sendall(bytes_sent)
                    self.assertRegex(secure.recv(100), rb"^HTTP/1.1 4(00|13|31) ")
        self.assertEqual(self.sandbox.blob("orders-service", "contosoprod", "/?comp=list")[0], 200)


class Forwarding(unittest.TestCase):
    """Azurite carries out what was judged, and nothing else."""

    @classmethod
    def setUpClass(cls):
        everything = scenario()
        everything["roleDefinitions"] = [
            cls.role(1, "Deleting versions", "deleteBlobVersion/action"), cls.role(2, "Reading tags", "tags/read"),
            cls.role(3, "Deleting for good", "permanentDelete/action")]
        for number, (principal, role) in enumerate([("orders-service", "Deleting versions"), ("reporting", "Reading tags"),
                                                    ("platform-owner", "Deleting for good")]):
            everything["roleAssignments"].append({"id": f"11111111-2222-3333-4444-66666666666{number}", "principal": principal,
                                                  "role": role, "scope": "account:contosotest"})
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(everything, file)
            file.flush()
            cls.sandbox = Sandbox(PROGRAM, "--scenario", file.name)
        cls.addClassCleanup(cls.sandbox.stop)

    @staticmethod
    def role(number, name, suffix):
        guid = f"11111111-2222-3333-4444-77777777777{number}"
        action = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/" + suffix
        return {"id": "/providers/Microsoft.Authorization/roleDefinitions/" + guid, "name": guid,
                "type": "Microsoft.Authorization/roleDefinitions",
                "properties": {"roleName": name, "type": "CustomRole", "description": "", "assignableScopes": ["/"],
                               "permissions": [{"actions": [], "notActions": [], "dataActions": [action], "notDataActions": []}]}}

    def ask(self, principal, account, path, *rest):
        status, headers, body = self.sandbox.blob(principal, account, path, *rest)
        return status, headers["x-ms-error-code"], body

    def content(self, account, path):
        return self.ask("storage-admin", account, path)[::2]

    def test_no_header_changes_the_verb(self):
        names = ["X-HTTP-Method", "x-http-method", "X-HTTP-Method-Override", "X-Method-Override"]
        for name in names:
            for verb, value in [("GET", "DELETE"), ("OPTIONS", "DELETE"), ("OPTIONS", "GET"), ("HEAD", "DELETE")]:
                for path in ["/invoices/README.md", "/invoices?restype=container"]:
                    with self.subTest(name=name, verb=verb, value=value, path=path):
                        for principal in ("reporting", "platform-owner"):
                            self.assertEqual(self.ask(principal, "contosoprod", path, verb, {name: value})[0], 400)
        self.assertEqual(self.content("contosoprod", "/invoices/README.md")[0], 200)

    def test_reading_tags_reads_no_blob(self):
        path = "/fixtures/case-01/input.txt"
        status, text = self.content("contosotest", path)
        self.assertEqual(status, 200)
        for query in ["#&comp=tags", "a&" * 1001 + "comp=tags", "c%6Fmp=tags", "comp=tags&comp=", "comp[]=tags", "COMP=tags"]:
            with self.subTest(query[:40]):
                _, _, body = self.ask("reporting", "contosotest", f"{path}?{query}")
                self.assertNotIn(text, body)
        self.assertEqual(self.ask("reporting", "contosotest", path + "?comp=tags", "HEAD")[0], 405)
        self.assertEqual(self.ask("reporting", "contosotest", path)[0], 403)
        self.assertIn(b"<TagSet", self.ask("reporting", "contosotest", path + "?" + "a&" * 1001 + "comp=tags")[2])

    def test_deleting_a_version_deletes_no_blob(self):
        path = "/fixtures/case-01/input.txt"
        version = "2000-01-01T00:00:00.0000000Z"
        tries = [("orders-service", f"versionid={version}", (404, "BlobNotFound")),
                 ("orders-service", "versionid=", (400, "InvalidQueryParameterValue")),
                 ("orders-service", "versionId=now", (400, "InvalidQueryParameterValue")),
                 ("platform-owner", f"versionid={version}&deletetype=permanent", (404, "BlobNotFound")),
                 ("platform-owner", f"snapshot={version}&deletetype=Permanent", (409, "PermanentDeleteIsOff")),
                 ("platform-owner", "deletetype=permanent", (400, "InvalidQueryParameterValue"))]
        for principal, query, expected in tries:
            with self.subTest(query):
                self.assertEqual(self.ask(principal, "contosotest", f"{path}?{query}", "DELETE")[:2], expected)
        self.assertEqual(self.content("contosotest", path)[0], 200)

    def test_copies_only_what_may_be_read(self):
        origin = self.sandbox.account("contosoprod")
        for source in ["/invoices/../orders/README.md", "/invoices/%2e%2e/orders/README.md", "/invoices/..%5Corders/README.md",
                       "/invoices/.%2E%2Forders/README.md", "/orders/README.md"]:
            with self.subTest(source):
                headers = {"x-ms-copy-source": origin + source, "x-ms-requires-sync": "true"}
                self.assertEqual(self.ask("invoice-uploader", "contosoprod", "/invoices/copied", "PUT", headers, b"")[:2],
                                 (403, "CannotVerifyCopySource"))
        headers = {"x-ms-copy-source": origin + "/invoices/README.md"}
        self.assertEqual(self.ask("invoice-uploader", "contosoprod", "/invoices/copied", "PUT", headers, b"")[0], 202)
        self.assertEqual(self.content("contosoprod", "/invoices/copied"), self.content("contosoprod", "/invoices/README.md"))

    def test_keeps_unusual_names(self):
        for name in ["a b", "ü/😀", "100%", "a+b", "what?", "#1", "%2e%2e", "a&comp=tags", "[x]", "..a", "a..", ":@!$'()*,;="]:
            with self.subTest(name):
                path = "/invoices/" + urllib.parse.quote(name, safe="")
                put = {"x-ms-blob-type": "BlockBlob"}
                self.assertEqual(self.ask("invoice-uploader", "contosoprod", path, "PUT", put, name.encode())[0], 201)
                self.assertEqual(self.content("contosoprod", path), (200, name.encode()))
                listed = self.ask("invoice-uploader", "contosoprod",
                                  "/invoices?restype=container&comp=list&prefix=" + urllib.parse.quote(name, safe=""))[2]
                names = [one.text for one in ElementTree.fromstring(listed.decode("utf-8-sig")).iter("Name")]
                self.assertEqual(names, [name])
                self.assertEqual(self.ask("invoice-uploader", "contosoprod", path, "DELETE")[0], 202)


class Probes(unittest.TestCase):
    """Each default probe of the plan, by a principal that may do everything, gets an answer that means allowed."""

    def test_every_default_probe_gets_the_documented_answer(self):
        if not os.path.exists(PLAN):
            self.skipTest("the folder with the probe plan is not beside the checkout")
        with open(PLAN, encoding="utf-8") as source:
            probes = [one for one in json.load(source)["probes"] if one["enabledByDefault"] and "host" not in one["request"]]
        self.assertGreater(len(probes), 15)
        everything = scenario()
        everything["roleDefinitions"] = [{
            "id": "/providers/Microsoft.Authorization/roleDefinitions/11111111-2222-3333-4444-555555555555",
            "name": "11111111-2222-3333-4444-555555555555", "type": "Microsoft.Authorization/roleDefinitions",
            "properties": {"roleName": "Everything", "type": "CustomRole", "description": "", "assignableScopes": ["/"],
                           "permissions": [{"actions": ["*"], "notActions": [], "dataActions": ["*"], "notDataActions": []}]}}]
        everything["roleAssignments"].append({"id": "11111111-2222-3333-4444-555555555556", "principal": "storage-admin",
                                              "role": "Everything", "scope": "account:contosotest"})
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(everything, file)
            file.flush()
            with Sandbox(PROGRAM, "--scenario", file.name) as sandbox:
                for probe in probes:
                    with self.subTest(probe["id"]):
                        self.ask(sandbox, probe)

    def ask(self, sandbox, probe):
        now = datetime.datetime.now(datetime.timezone.utc)
        spelled = "%Y-%m-%dT%H:%M:%SZ"
        name = f"probe-{uuid.uuid4()}"

        def filled(text):
            for key, value in {"{container}": "fixtures", "{random}": name, "{blob}": "case-01/input.txt", "[&prefix={prefix}]": "",
                               "<random uuid>": str(uuid.uuid4()), "{uuid}": str(uuid.uuid4()), "{now}": now.strftime(spelled),
                               "{now+5min}": (now + datetime.timedelta(minutes=5)).strftime(spelled)}.items():
                text = text.replace(key, value)
            return text

        request = probe["request"]
        headers = {key: filled(value) for key, value in request.get("headers", {}).items()}
        body = b"x" * int(headers.pop("Content-Length", 0)) or filled(request.get("body") or "").encode() or None
        status, answer, _ = sandbox.blob("storage-admin", "contosotest", filled(request["url"]), request["verb"], headers, body)
        got = f"{status} {answer['x-ms-error-code']}" if answer["x-ms-error-code"] else str(status)
        self.assertIn(got, probe["allowedWhen"])


class Ending(unittest.TestCase):
    """However it ends, no process and no temporary folder stays."""

    def assertAllGone(self, pids, state=None):
        self.assertEqual(wait_until_gone(pids), [])
        if state:
            self.assertFalse(os.path.exists(state), state)

    def test_ends_cleanly_on_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number):
                sandbox = Sandbox(PROGRAM)
                below = descendants(sandbox.process.pid)
                self.assertTrue(below)
                sandbox.process.send_signal(number)
                code, out, err = sandbox.stop()
                self.assertEqual((code, out, err), (0, b"", b""))
                self.assertAllGone(below, sandbox.ready["stateDir"])

    def test_leaves_no_azurite_when_it_is_killed(self):
        sandbox = Sandbox(PROGRAM)
        below = descendants(sandbox.process.pid)
        sandbox.process.kill()
        sandbox.process.communicate(timeout=10)
        self.assertAllGone(below)
        shutil.rmtree(sandbox.ready["stateDir"])

    def test_ends_with_its_parent(self):
        starter = ("import subprocess, sys, time\n"
                   "subprocess.Popen([sys.argv[1], '--with-parent'], stdin=subprocess.DEVNULL)\n"
                   "time.sleep(60)\n")
        parent = subprocess.Popen([sys.executable, "-c", starter, PROGRAM], stdout=subprocess.PIPE)
        ready = json.loads(read_line(parent.stdout, 30))
        pids = [ready["pid"], *descendants(ready["pid"])]
        parent.kill()
        parent.wait()
        parent.stdout.close()
        self.assertAllGone(pids, ready["stateDir"])

    def test_ends_when_its_standard_input_closes(self):
        sandbox = Sandbox(PROGRAM, "--with-parent", stdin=subprocess.PIPE)
        pids = [sandbox.process.pid, *descendants(sandbox.process.pid)]
        sandbox.process.stdin.close()
        self.assertEqual(sandbox.process.wait(timeout=10), 0)
        sandbox.process.stdout.close()
        sandbox.process.stderr.close()
        self.assertAllGone(pids, sandbox.ready["stateDir"])

    def test_stays_with_a_background_shells_input(self):
        with Sandbox(PROGRAM, "--with-parent") as sandbox:
            time.sleep(1)
            self.assertIsNone(sandbox.process.poll())

    def test_fails_when_azurite_dies(self):
        sandbox = Sandbox(PROGRAM)
        for pid in descendants(sandbox.process.pid):
            os.kill(pid, signal.SIGKILL)
        self.assertEqual(sandbox.process.wait(timeout=10), 3)
        self.assertIn(b"Azurite", sandbox.process.stderr.read())
        self.assertFalse(os.path.exists(sandbox.ready["stateDir"]))
        sandbox.process.stdout.close()
        sandbox.process.stderr.close()


class Keeping(unittest.TestCase):
    """With --state, blobs, addresses and changes stay."""

    def setUp(self):
        self.state = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.state, ignore_errors=True)

    def test_keeps_blobs_and_addresses(self):
        with Sandbox(PROGRAM, "--state", self.state) as first:
            self.assertEqual(first.blob("orders-service", "contosoprod", "/invoices/kept", "PUT", {"x-ms-blob-type": "BlockBlob"}, b"x")[0], 201)
            self.assertEqual(first.blob("orders-service", "contosoprod", "/invoices/README.md", "DELETE")[0], 202)
        with Sandbox(PROGRAM, "--state", self.state) as again:
            self.assertEqual(again.ready["accounts"], first.ready["accounts"])
            self.assertEqual(again.blob("orders-service", "contosoprod", "/invoices/kept")[2], b"x")
            self.assertEqual(again.blob("orders-service", "contosoprod", "/invoices/README.md")[0], 404)

    def test_is_whole_again_after_a_crash(self):
        with Sandbox(PROGRAM, "--state", self.state) as first:
            below = descendants(first.process.pid)
            for pid in [first.process.pid, *below]:
                os.kill(pid, signal.SIGKILL)
        self.assertEqual(wait_until_gone(below), [])
        with Sandbox(PROGRAM, "--state", self.state) as again:
            self.assertEqual(again.blob("orders-service", "contosoprod", "/invoices/README.md")[0], 200)


class Refusing(unittest.TestCase):
    """What it does not start with, it names."""

    def assertRefused(self, result, code, *words):
        self.assertEqual((result.returncode, result.stdout), (code, b""), result.stderr)
        for word in words:
            self.assertIn(word, result.stderr.decode())

    def test_wrong_use(self):
        for arguments in (["--nonsense"], ["something"], ["--port-base", "x"], ["--port-base", "0"], ["--port-base", "70000"], ["--state"]):
            with self.subTest(arguments):
                self.assertEqual(run(*arguments).returncode, 2)

    def test_no_azurite(self):
        self.assertRefused(run(ROLESCOPE_AZURITE="/nonexistent"), 3, "Azurite", "/nonexistent", "installer/run")

    def test_no_node(self):
        self.assertRefused(run(PATH="/nonexistent"), 3, "Node.js", "nodejs")

    def test_port_taken(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.assertRefused(run("--port-base", str(port)), 3, "taken", str(port))

    def test_bad_scenario(self):
        wrong = copy.deepcopy(scenario())
        wrong["roleAssignments"][0]["role"] = "Emperor"
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(wrong, file)
            file.flush()
            self.assertRefused(run("--scenario", file.name), 3, "roleAssignments[0].role")
        self.assertRefused(run("--scenario", "/nonexistent.json"), 3, "/nonexistent.json")

    def test_state_that_is_no_folder(self):
        with tempfile.NamedTemporaryFile() as file:
            self.assertRefused(run("--state", file.name), 3, file.name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
