"""rolescope-cli with a real keychain and the sandbox, as a script uses it.

usage: cli_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain.
"""
import concurrent.futures
import json
import os
import resource
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
import running  # pylint: disable=wrong-import-position

CLI, SANDBOX = sys.argv[1:3]
CLIENT = "00001111-aaaa-2222-bbbb-3333cccc4444"
ERROR_KEYS = {"kind", "code", "message", "cause", "nextStep", "requestId"}


class Answer:
    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()

    @property
    def json(self):
        return json.loads(self.out)


class CliTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.sandbox = running.Sandbox(SANDBOX)
        cls.addClassCleanup(cls.sandbox.stop)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.config = os.path.join(cls.folder, "config")
        cls.prod, cls.test, cls.dev = (cls.sandbox.account(name) for name in ("contosoprod", "contosotest", "contosodev"))
        for name in ("orders-service", "reporting", "platform-owner", "invoice-uploader", "nightly-backup", "storage-admin", "partner-feed"):
            added = cls.add(name, name)
            assert added.code == 0, added.err

    @classmethod
    def run_cli(cls, *arguments, stdin=b"", environment=None, **more):
        return Answer(subprocess.run([CLI, *arguments], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False,
                                     env={**os.environ, "ROLESCOPE_CONFIG_DIR": cls.config, **(environment or {})}, **more))

    @classmethod
    def add(cls, name, source, *more):
        return cls.run_cli("principal", "add", "--name", name, "--environment", "production", "--cloud", cls.sandbox.ready["cloud"],
                           "--from", cls.sandbox.principal(source)["file"], *more)

    @classmethod
    def add_secret(cls, name, secret, config=None):
        return cls.run_cli("principal", "add", "--name", name, "--tenant", "contoso.com", "--client-id", CLIENT, "--secret-stdin", stdin=secret,
                           environment={"ROLESCOPE_CONFIG_DIR": config or cls.config})

    @classmethod
    def password(cls, name):
        with open(cls.sandbox.principal(name)["file"], encoding="utf-8") as source:
            return json.load(source)["password"]

    def failure(self, answer, kind, code=3):
        self.assertEqual(answer.code, code, answer.err)
        error = answer.json["error"]
        self.assertEqual(set(error), ERROR_KEYS)
        self.assertEqual(error["kind"], kind)
        self.assertTrue(error["message"])
        self.assertIn("error: ", answer.err)
        return error

    # principal

    def test_adding_names_the_clouds_authority_and_keeps_the_secret_out(self):
        answer = self.add("Kept", "orders-service", "--json")
        self.assertEqual(answer.code, 0, answer.err)
        self.assertIn(self.sandbox.ready["authorityHost"], answer.err)
        self.assertEqual(answer.json["principal"]["name"], "Kept")
        secret = self.password("orders-service")
        index = os.path.join(self.config, "principals.json")
        with open(index, encoding="utf-8") as source:
            self.assertNotIn(secret, source.read() + answer.out + answer.err)
        self.assertEqual(stat.S_IMODE(os.stat(index).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.config).st_mode), 0o700)

    def test_a_name_is_taken_once_in_any_case(self):
        with open(os.path.join(self.config, "principals.json"), "rb") as source:
            before = source.read()
        error = self.failure(self.add("Orders-Service", "reporting", "--json"), "conflict")
        self.assertEqual(error["code"], "NameTaken")
        with open(os.path.join(self.config, "principals.json"), "rb") as source:
            self.assertEqual(source.read(), before)

    def test_the_secrets_id_is_refused_before_it_is_stored(self):
        error = self.failure(self.add("ci", "ci-pipeline", "--json"), "invalidInput")
        self.assertEqual(error["code"], "CredentialLint")

    def add_text(self, text, *more):
        return self.run_cli("principal", "add", "--name", "pasted", "--from", "-", "--json", *more, stdin=text.encode())

    def test_an_empty_secret_takes_nothing_from_the_next_line(self):
        ids = f"AZURE_TENANT_ID=contoso.com\nAZURE_CLIENT_ID={CLIENT}\n"
        for text in (ids + "AZURE_CLIENT_SECRET=\nDB_PASSWORD=database-password-of-production\n",
                     ids + "AZURE_CLIENT_SECRET=\n\n# database-password-of-production\n",
                     "AZURE_CLIENT_SECRET=\r\n" + ids.replace("\n", "\r\n") + "PASSWORD=database-password-of-production\r\n"):
            answer = self.add_text(text)
            self.failure(answer, "invalidInput")
            self.assertIn("AZURE_CLIENT_SECRET is empty", answer.json["error"]["message"])
            self.assertNotIn("database-password", answer.out + answer.err)

    def test_no_refusal_repeats_a_secret_that_is_in_the_wrong_place(self):
        secret = "Zq78Q~FAKE~not_a-real.secret~0000abcdefg"
        names = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST")
        good = {"AZURE_TENANT_ID": "contoso.com", "AZURE_CLIENT_ID": CLIENT}
        for name in names:
            answer = self.add_text("".join(f"{key}={value}\n" for key, value in {**good, name: secret}.items()))
            self.failure(answer, answer.json["error"]["kind"])
            self.assertNotIn(secret, answer.out + answer.err, name)

    def test_two_bare_guids_are_not_guessed(self):
        answer = self.add_text(f"{CLIENT}\tZq78Q~FAKE~not_a-real.secret~0000abcdefg\taaaabbbb-0000-cccc-1111-dddd2222eeee\n")
        self.failure(answer, "invalidInput")
        self.assertIn("clientId=", answer.json["error"]["nextStep"])

    def test_a_reference_is_not_stored_as_a_secret(self):
        answer = self.add_text(f"AZURE_TENANT_ID=contoso.com\nAZURE_CLIENT_ID={CLIENT}\nAZURE_CLIENT_SECRET=${{ORDERS}}\n")
        self.failure(answer, "invalidInput")
        self.assertIn("reference", answer.json["error"]["message"])

    def test_one_line_end_of_a_typed_secret_is_dropped(self):
        secret = "abc8Q~" + "x" * 34
        self.assertEqual(self.add_secret("typed", secret.encode() + b"\n").code, 0)
        shown = self.run_cli("export", "typed", "--format", "shell", "--reveal").out
        self.assertIn(f"AZURE_CLIENT_SECRET='{secret}'\n", shown)
        self.assertNotIn("AZURE_AUTHORITY_HOST", shown)
        self.assertEqual(self.run_cli("principal", "remove", "typed").code, 0)

    def test_a_client_of_two_environments_is_warned_of(self):
        def add(name, environment):
            return self.run_cli("principal", "add", "--name", name, "--environment", environment, "--tenant", "contoso.com", "--client-id",
                                "5f0c1d9e-7a52-4c1b-8f0e-2d9a6b3c4e71", "--secret-stdin", stdin=b"abc8Q~" + b"y" * 34)

        for name, environment, warned in (("both-a", "test", False), ("both-b", "Test", False), ("both-c", "live", True)):
            self.addCleanup(self.run_cli, "principal", "remove", name)
            added = add(name, environment)
            self.assertEqual(added.code, 0, added.err)
            self.assertEqual("same client ID" in added.err, warned, added.err)
        self.assertIn("both-a", added.err)
        self.assertIn("both-b", added.err)

    def test_renaming_and_removing(self):
        self.assertEqual(self.add("first", "reporting").code, 0)
        self.failure(self.run_cli("principal", "rename", "first", "ORDERS-service", "--json"), "conflict")
        self.assertEqual(self.run_cli("principal", "rename", "first", "second", "--json").json, {"renamed": "first", "name": "second"})
        self.failure(self.run_cli("principal", "show", "first", "--json"), "notFound")
        self.assertEqual(self.run_cli("token", "second").code, 0)
        self.assertEqual(self.run_cli("principal", "remove", "second", "--json").json, {"removed": "second"})
        self.failure(self.run_cli("token", "second", "--json"), "notFound")
        self.assertEqual(self.run_cli("principal", "repair").code, 0)

    def test_two_programs_at_once_lose_nothing(self):
        config = os.path.join(self.folder, "together")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            done = list(pool.map(lambda n: self.add_secret(f"together-{n}", b"abc8Q~" + b"%034d" % n, config).code, range(8)))
        self.assertEqual(done, [0] * 8)
        listed = self.run_cli("principal", "list", "--json", environment={"ROLESCOPE_CONFIG_DIR": config})
        self.assertEqual(sorted(one["name"] for one in listed.json["principals"]), [f"together-{n}" for n in range(8)])
        self.assertEqual(listed.err, "")

    def test_of_two_programs_that_want_one_name_one_gets_it(self):
        config = os.path.join(self.folder, "race")
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            done = sorted(pool.map(lambda n: self.add_secret("same", b"abc8Q~" + b"%034d" % n, config).code, range(4)))
        self.assertEqual(done, [0, 3, 3, 3])
        self.assertEqual(self.run_cli("principal", "repair", environment={"ROLESCOPE_CONFIG_DIR": config}).code, 0)

    def test_a_lost_index_is_restored_from_the_keychain(self):
        config = os.path.join(self.folder, "lost")
        here = {"ROLESCOPE_CONFIG_DIR": config}
        self.assertEqual(self.add_secret("lost", b"abc8Q~" + b"y" * 34, config).code, 0)
        index = os.path.join(config, "principals.json")
        with open(index, encoding="utf-8") as source:
            document = json.load(source)
        document["principals"] = []
        with open(index, "w", encoding="utf-8") as target:
            json.dump(document, target)
        listed = self.run_cli("principal", "list", environment=here)
        self.assertEqual(listed.code, 0)
        self.assertIn("principal repair", listed.out)
        found = self.run_cli("principal", "repair", "--json", environment=here)
        self.assertEqual((found.code, found.json), (1, {"orphans": [{"side": "keychain", "name": "lost"}]}))
        self.assertEqual(self.run_cli("principal", "repair", "restore", environment=here).code, 0)
        self.assertIn("y" * 34, self.run_cli("export", "lost", "--format", "shell", "--reveal", environment=here).out)
        self.assertEqual(self.run_cli("principal", "repair", environment=here).code, 0)

    def test_restoring_forgets_no_principal_whose_secret_is_elsewhere(self):
        config = os.path.join(self.folder, "elsewhere")
        here = {"ROLESCOPE_CONFIG_DIR": config}
        self.assertEqual(self.add_secret("elsewhere", b"abc8Q~" + b"z" * 34, config).code, 0)
        index = os.path.join(config, "principals.json")
        with open(index, encoding="utf-8") as source:
            document = json.load(source)
        document["id"] = "0" * 8 + document["id"][8:]
        with open(index, "w", encoding="utf-8") as target:
            json.dump(document, target)
        self.assertEqual(self.run_cli("principal", "repair", environment=here).code, 1)
        self.assertIn("kept", self.run_cli("principal", "repair", "restore", environment=here).err)
        self.assertEqual([one["name"] for one in self.run_cli("principal", "list", "--json", environment=here).json["principals"]], ["elsewhere"])

    def test_names_cannot_disturb_the_list(self):
        for name in ("per%3cent", "two\nlines"):
            self.assertEqual(self.add_secret(name, b"abc8Q~" + b"z" * 34).code, 0)
        listed = self.run_cli("principal", "list")
        self.assertEqual(len(listed.out.splitlines()), len(self.run_cli("principal", "list", "--json").json["principals"]))
        self.assertIn("  per%3cent ", listed.out)
        for name in ("per%3cent", "two\nlines"):
            self.assertEqual(self.run_cli("principal", "remove", name).code, 0)

    def test_a_long_secret_fits(self):
        self.assertEqual(self.add_secret("long", b"z" * 47 * 1024).code, 0)
        self.assertEqual(self.run_cli("principal", "remove", "long").code, 0)

    def test_without_a_keychain_each_command_says_so(self):
        nowhere = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=" + os.path.join(self.folder, "no-bus")}
        for command in (["token", "orders-service"], ["export", "orders-service", "--format", "shell"], ["principal", "remove", "orders-service"],
                        ["containers", "orders-service", "--account", self.prod], ["check", "orders-service", "--account", self.prod]):
            with self.subTest(command):
                error = self.failure(self.run_cli(*command, "--json", environment=nowhere), "keychainAbsent")
                self.assertTrue(error["nextStep"])
        self.assertEqual(self.run_cli("principal", "list", environment=nowhere).code, 0)
        self.assertEqual(self.run_cli("principal", "show", "orders-service").code, 0)

    # token

    def test_a_token_tells_its_claims_and_not_itself(self):
        answer = self.run_cli("token", "orders-service", "--claims", "--json")
        self.assertEqual(answer.code, 0, answer.err)
        known = self.sandbox.principal("orders-service")
        self.assertEqual(answer.json["claims"]["appid"], known["clientId"])
        self.assertEqual(answer.json["claims"]["oid"], known["objectId"])
        self.assertEqual(answer.json["claims"]["tid"], known["tenant"])
        self.assertNotIn("token", answer.json)
        self.assertGreater(answer.json["expiresIn"], 60)
        for text in (answer.out, self.run_cli("token", "orders-service").out):
            self.assertNotIn("eyJ", text)

    def test_a_revealed_token_stands_alone_and_is_accepted(self):
        answer = self.run_cli("token", "orders-service", "--reveal")
        token = answer.out.removesuffix("\n")
        self.assertEqual(token.count("."), 2)
        status, _, _ = self.sandbox.ask(self.prod + "/?comp=list", headers={"Authorization": "Bearer " + token, "x-ms-version": running.VERSION})
        self.assertEqual(status, 200)

    def test_each_resource_has_its_scope(self):
        ready = self.sandbox.ready
        for resource_name, scope in (("storage", running.STORAGE), ("arm", ready["resourceManager"] + "/.default"), ("graph", ready["graph"] + "/.default"),
                                     (running.STORAGE, running.STORAGE)):
            answer = self.run_cli("token", "orders-service", "--resource", resource_name, "--json")
            self.assertEqual((answer.code, answer.json.get("scope")), (0, scope), answer.err)

    def test_an_expired_secret_is_explained(self):
        error = self.failure(self.run_cli("token", "nightly-backup", "--json"), "unauthenticated")
        self.assertEqual(error["code"], "AADSTS7000222")
        self.assertTrue(error["cause"] and error["nextStep"] and error["requestId"])

    # containers, blobs

    def test_containers_are_the_accounts(self):
        answer = self.run_cli("containers", "storage-admin", "--account", self.prod, "--json")
        self.assertEqual(answer.code, 0, answer.err)
        self.assertEqual(set(answer.json), {"account", "containers", "complete"})
        self.assertTrue(answer.json["complete"])
        names = [one["name"] for one in answer.json["containers"]]
        self.assertIn("invoices", names)
        plain = self.run_cli("containers", "storage-admin", "--account", self.prod + "/")
        self.assertEqual([line.split()[-1] for line in plain.out.splitlines()], names)

    def test_blobs_flat_by_folder_and_limited(self):
        def blobs(*more):
            answer = self.run_cli("blobs", "storage-admin", "--account", self.prod, "--container", "invoices", "--json", *more)
            self.assertEqual(answer.code, 0, answer.err)
            return answer.json
        every = blobs()
        self.assertEqual((every["account"], every["container"], every["prefix"], every["complete"]), (self.prod, "invoices", "", True))
        names = [one["name"] for one in every["blobs"]]
        self.assertGreater(len(names), 10)
        for one in every["blobs"]:
            self.assertIsInstance(one["size"], int)
            self.assertTrue(one["lastModified"].endswith("Z"))
        top = blobs("--delimiter", "/")
        folders = [one["name"] for one in top["blobs"] if one.get("prefix")]
        self.assertEqual(sorted(folders), sorted({name.split("/")[0] + "/" for name in names if "/" in name}))
        below = blobs("--prefix", folders[0])
        self.assertEqual([one["name"] for one in below["blobs"]], [name for name in names if name.startswith(folders[0])])
        few = blobs("--limit", "3")
        self.assertEqual(([one["name"] for one in few["blobs"]], few["complete"]), (names[:3], False))

    def test_a_refused_listing_is_one_error_document(self):
        error = self.failure(self.run_cli("blobs", "platform-owner", "--account", self.prod, "--container", "invoices", "--json"), "forbidden")
        self.assertEqual(error["code"], "AuthorizationPermissionMismatch")
        self.assertTrue(error["requestId"])
        self.failure(self.run_cli("blobs", "storage-admin", "--account", self.prod, "--container", "no-such", "--json"), "notFound")

    def test_account_urls_that_cannot_be_meant(self):
        for url in ("", "https://", "http://contosoprod.blob.core.windows.net", "https://contosoprod.blob.core.windows.net.",
                    "https://contosoprod.blob.core.windows.net/invoices", "https://contosoprod.dfs.core.windows.net",
                    "https://mark3r@contosoprod.blob.core.windows.net", self.prod + "/?sv=x&sig=mark3r", "file:///etc/passwd", "not an account",
                    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=mark3r;"):
            with self.subTest(url):
                answer = self.run_cli("containers", "storage-admin", "--account", url, "--json")
                error = self.failure(answer, "invalidInput")
                self.assertTrue(error["nextStep"])
                self.assertNotIn("mark3r", answer.out + answer.err)

    def test_a_host_that_does_not_answer(self):
        closed = socket.socket()
        closed.bind(("127.0.0.1", 0))
        url = f"https://localhost:{closed.getsockname()[1]}"
        self.failure(self.run_cli("containers", "storage-admin", "--account", url, "--json"), "network")
        closed.close()

    def test_a_token_stays_with_the_clouds_storage(self):
        for url in ("https://contosoprod.blob.core.invalid", "https://contosoprod.blob.core.windows.net.example.com",
                    "https://contosoprod.blob.core.windows.net"):
            with self.subTest(url):
                error = self.failure(self.run_cli("containers", "storage-admin", "--account", url, "--json"), "invalidInput")
                self.assertIn("token would be sent", error["message"])

    # check

    def test_a_reader_is_denied_what_writes(self):
        answer = self.run_cli("check", "reporting", "--account", self.prod, "--json")
        self.assertEqual(answer.code, 1, answer.err)
        report = answer.json
        self.assertLessEqual({"principal", "account", "startedAt", "cells", "summary"}, set(report))
        cells = {(one["container"], one["operation"]): one for one in report["cells"]}
        self.assertEqual(cells["invoices", "blob.read"]["observed"], "allowed")
        denied = cells["invoices", "blob.write"]
        self.assertEqual(denied["observed"], "denied")
        self.assertLessEqual({"method", "status", "code", "requestId", "at"}, set(denied["evidence"]))
        self.assertEqual(denied["evidence"]["status"], 403)
        self.assertEqual(denied["finding"]["id"], "missing-role")
        for one in report["cells"]:
            self.assertIn(one["observed"], {"allowed", "denied", "undecided", "skipped"})

    def test_one_container_only(self):
        answer = self.run_cli("check", "invoice-uploader", "--account", self.prod, "--container", "invoices", "--json")
        self.assertEqual(answer.code, 1)
        self.assertEqual({one["container"] for one in answer.json["cells"]}, {None, "invoices"})
        cells = {(one["container"], one["operation"]): one["observed"] for one in answer.json["cells"]}
        self.assertEqual((cells[None, "container.list"], cells["invoices", "blob.write"]), ("denied", "allowed"))

    def test_a_firewall_leaves_it_undecided(self):
        answer = self.run_cli("check", "orders-service", "--account", self.dev, "--json")
        self.assertEqual(answer.code, 4)
        self.assertEqual({one["observed"] for one in answer.json["cells"]} - {"skipped"}, {"undecided"})

    def test_a_check_without_a_token_failed(self):
        self.failure(self.run_cli("check", "nightly-backup", "--account", self.prod, "--json"), "unauthenticated")

    def test_the_table_reads_as_the_document(self):
        path = os.path.join(self.folder, "report.json")
        answer = self.run_cli("check", "reporting", "--account", self.prod, "--container", "invoices", "--format", "json", "--output", path)
        self.assertEqual((answer.code, answer.out), (1, ""))
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with open(path, encoding="utf-8") as source:
            observed = [one["observed"] for one in json.load(source)["cells"]]
        table = self.run_cli("check", "reporting", "--account", self.prod, "--container", "invoices")
        rows = "".join(line for line in table.out.splitlines() if line.startswith(("(account)", "invoices")))
        self.assertEqual((rows.count("✔"), rows.count("✖")), (observed.count("allowed"), observed.count("denied")))
        self.assertIn("Needs: Microsoft.Storage/", table.out)
        self.assertNotIn("\x1b", table.out + table.err)

    # export

    def test_an_exported_file_gives_a_shell_the_credential(self):
        path = os.path.join(self.folder, "orders.sh")
        with open(path, "w", encoding="utf-8") as target:
            target.write("old")
        os.chmod(path, 0o644)
        answer = self.run_cli("export", "orders-service", "--format", "shell", "--output", path, preexec_fn=lambda: os.umask(0))
        self.assertEqual(answer.code, 0, answer.err)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertNotIn(self.password("orders-service"), answer.out + answer.err)
        read = subprocess.run(["sh", "-c", '. "$1"; printf "%s %s" "$AZURE_CLIENT_SECRET" "$AZURE_AUTHORITY_HOST"', "sh", path], stdout=subprocess.PIPE,
                              timeout=10, check=True).stdout.decode()
        self.assertEqual(read, f"{self.password('orders-service')} {self.sandbox.ready['authorityHost']}")

    def test_the_text_is_masked_unless_revealed(self):
        secret = self.password("orders-service")
        for more in ([], ["--json"]):
            masked = self.run_cli("export", "orders-service", "--format", "systemd-envfile", *more)
            self.assertEqual(masked.code, 0)
            self.assertNotIn(secret, masked.out + masked.err)
            self.assertIn("AZURE_CLIENT_SECRET", masked.out)
        shown = self.run_cli("export", "orders-service", "--format", "systemd-envfile", "--reveal")
        self.assertIn(secret, shown.out)
        self.assertNotIn(secret, shown.err)

    def test_targets_that_are_no_files_are_left_alone(self):
        folder = tempfile.mkdtemp(dir=self.folder)
        real = os.path.join(folder, "real")
        with open(real, "w", encoding="utf-8") as target:
            target.write("old")
        os.symlink(real, os.path.join(folder, "link"))
        os.mkfifo(os.path.join(folder, "fifo"))
        os.mkdir(os.path.join(folder, "folder"))
        before = sorted(os.listdir(folder))
        for name in ("link", "fifo", "folder", "absent/file", "real/file"):
            with self.subTest(name):
                answer = self.run_cli("export", "orders-service", "--format", "shell", "--json", "--output", os.path.join(folder, name))
                self.assertEqual(answer.code, 3)
                self.assertIn(answer.json["error"]["kind"], ("invalidInput", "file"))
        self.assertEqual(sorted(os.listdir(folder)), before)
        with open(real, encoding="utf-8") as source:
            self.assertEqual(source.read(), "old")

    def test_a_full_disk_keeps_the_old_file(self):
        path = os.path.join(self.folder, "full.sh")
        with open(path, "w", encoding="utf-8") as target:
            target.write("old")

        def little_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))
        self.failure(self.run_cli("export", "orders-service", "--format", "shell", "--json", "--output", path, preexec_fn=little_room), "file")
        with open(path, encoding="utf-8") as source:
            self.assertEqual(source.read(), "old")
        self.assertEqual([name for name in os.listdir(self.folder) if name.endswith(".part")], [])

    # output

    def test_output_that_cannot_be_written_is_a_failure(self):
        for command in (["--help"], ["--version"], ["check", "--help"], ["principal", "list"], ["principal", "list", "--json"], ["roles", "list"]):
            with self.subTest(" ".join(command)), open("/dev/full", "wb") as full:
                done = subprocess.run([CLI, *command], stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False,
                                      env={**os.environ, "ROLESCOPE_CONFIG_DIR": self.config})
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn(b"could not be written", done.stderr)

    def test_a_reader_that_has_gone_ends_it_quietly(self):
        for command in (["--help"], ["principal", "list"], ["roles", "list", "--json"]):
            with self.subTest(" ".join(command)):
                reader, writer = os.pipe()
                os.close(reader)
                done = subprocess.run([CLI, *command], stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False,
                                      env={**os.environ, "ROLESCOPE_CONFIG_DIR": self.config})
                os.close(writer)
                self.assertNotEqual(done.returncode, 0)
                self.assertEqual(done.stderr, b"")

    def test_a_name_that_is_not_utf8_is_refused(self):
        folder = os.path.join(self.folder, "bytes").encode()
        os.mkdir(folder)
        done = self.run_cli("export", "orders-service", "--format", "shell", "--output", folder + b"/caf\xe9.sh")
        self.assertEqual(done.code, 2)
        self.assertIn("UTF-8", done.err)
        self.assertEqual(os.listdir(folder), [])
        done = self.run_cli("principal", "list", environment={"ROLESCOPE_CONFIG_DIR": os.fsdecode(folder + b"/\xff")})
        self.assertEqual(done.code, 2)
        self.assertIn("ROLESCOPE_CONFIG_DIR", done.err)
        self.assertEqual(os.listdir(folder), [])

    # cancel

    def test_signals_end_it_at_once(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            account = f"https://localhost:{silent.getsockname()[1]}"
            for number in (signal.SIGINT, signal.SIGTERM):
                for command in (["check", "orders-service"], ["containers", "orders-service"]):
                    with self.subTest(f"{command[0]} {number.name}"):
                        process = subprocess.Popen([CLI, *command, "--account", account, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                                   env={**os.environ, "ROLESCOPE_CONFIG_DIR": self.config})
                        silent.settimeout(20)
                        connection, _ = silent.accept()
                        started = time.monotonic()
                        process.send_signal(number)
                        out, _ = process.communicate(timeout=20)
                        connection.close()
                        self.assertEqual(process.returncode, 128 + number)
                        self.assertLess(time.monotonic() - started, 1.0)
                        self.assertEqual(out, b"")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
