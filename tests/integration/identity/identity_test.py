"""Certificates, federated tokens, the operator's sign-ins and the ends of credentials, with real parts.

usage: identity_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain.
"""
import base64
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import browser  # pylint: disable=wrong-import-position
import running  # pylint: disable=wrong-import-position

CLI, SANDBOX = sys.argv[1:3]
AZ_CLIENT = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PASSPHRASE = "open sesame-0a1b"


class IdentityTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.config = os.path.join(cls.folder, "config")
        scenario = json.loads(subprocess.run([SANDBOX, "--print-scenario"], stdout=subprocess.PIPE, check=True).stdout)
        scenario.setdefault("settings", {})["replicationSeconds"] = {"signIn": 0, "resourceManager": 0}
        path = os.path.join(cls.folder, "scenario.json")
        with open(path, "w", encoding="utf-8") as target:
            json.dump(scenario, target)
        cls.sandbox = running.Sandbox(SANDBOX, "--scenario", path)
        cls.addClassCleanup(cls.sandbox.stop)
        cls.cloud = cls.sandbox.ready["cloud"]
        cls.authority = cls.sandbox.ready["authorityHost"]
        cls.user = cls.sandbox.ready["users"][0]
        cls.tenant = cls.user["tenant"]
        with open(cls.user["file"], encoding="utf-8") as source:
            cls.password = json.load(source)["password"]
        cls.graph_token = cls.user_token(cls.sandbox.ready["graph"])

    @classmethod
    def user_token(cls, resource):
        form = urllib.parse.urlencode({"grant_type": "password", "client_id": AZ_CLIENT, "username": cls.user["userPrincipalName"],
                                       "password": cls.password, "scope": resource + "/.default"})
        status, _, body = cls.sandbox.ask(f"{cls.authority}/{cls.tenant}/oauth2/v2.0/token", "POST", FORM, form)
        assert status == 200, body
        return json.loads(body)["access_token"]

    @classmethod
    def graph(cls, verb, path, body=None):
        status, _, answer = cls.sandbox.ask(f"{cls.sandbox.ready['graph']}/v1.0{path}", verb,
                                            {"Authorization": "Bearer " + cls.graph_token, "Content-Type": "application/json"},
                                            None if body is None else json.dumps(body))
        assert 200 <= status < 300, (status, answer)
        return json.loads(answer) if answer else None

    def application(self):
        made = self.graph("POST", "/applications", {"displayName": self.id()})
        self.graph("POST", "/servicePrincipals", {"appId": made["appId"]})
        return made

    def register(self, application, pem):
        der = "".join(line for line in pem.splitlines() if not line.startswith("-----"))
        self.graph("PATCH", f"/applications/{application['id']}",
                   {"keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": der, "displayName": "test"}]})

    @classmethod
    def run_cli(cls, *arguments, stdin=b""):
        return subprocess.run([CLI, *arguments], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100, check=False,
                              env={**os.environ, "ROLESCOPE_CONFIG_DIR": cls.config})

    def ok(self, *arguments, code=0, stdin=b""):
        answer = self.run_cli(*arguments, "--json", stdin=stdin)
        self.assertEqual(answer.returncode, code, (arguments, answer.stdout, answer.stderr))
        return json.loads(answer.stdout)

    def failure(self, *arguments, stdin=b""):
        return self.ok(*arguments, code=3, stdin=stdin)["error"]

    def add(self, name, client, *more, stdin=b""):
        return self.ok("principal", "add", "--name", name, "--cloud", self.cloud, "--tenant", self.tenant, "--client-id", client, *more,
                       stdin=stdin)

    def config_text(self):
        text = b""
        for root, _, files in os.walk(self.config):
            for name in files:
                with open(os.path.join(root, name), "rb") as source:
                    text += source.read()
        return text

    def openssl(self, *arguments):
        return subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as source:
            return source.read()

    # certificates

    def test_a_certificate_made_here_signs_in_once_it_is_registered(self):
        application = self.application()
        added = self.add("made", application["appId"], "--make-certificate", "--days", "20")["principal"]
        self.assertEqual(added["credential"], "certificate")
        self.assertEqual(self.failure("token", "made")["code"], "AADSTS700027")
        shown = self.ok("principal", "certificate", "made")
        self.assertEqual(shown["thumbprint"], added["credentialThumbprint"])
        self.assertNotIn("PRIVATE", shown["pem"])
        self.register(application, shown["pem"])
        claims = self.ok("token", "made", "--claims")["claims"]
        self.assertEqual(claims["appid"], application["appId"])
        self.assertNotIn(b"PRIVATE", self.config_text())
        self.assertEqual([one["name"] for one in self.ok("principal", "list", "--expiring", "30d", code=1)["principals"]].count("made"), 1)
        self.ok("principal", "remove", "made")

    def test_a_certificates_file_does_not_stay_where_its_variables_are_refused(self):
        self.add("kept", self.application()["appId"], "--make-certificate")
        before = self.ok("principal", "show", "kept")

        def refused(pem, output, form="cmd"):
            answer = self.run_cli("export", "kept", "--format", form, "--certificate-file", self.path(pem), "--output", output)
            self.assertEqual(answer.returncode, 3, answer)
            self.assertNotIn(b"PRIVATE", answer.stdout + answer.stderr)
            self.assertFalse(os.path.exists(output))
            return answer.stderr.decode()

        # The format cannot carry the path.
        self.assertIn("AZURE_CLIENT_CERTIFICATE_PATH", refused("wh!at.pem", self.path("kept.cmd")))
        self.assertFalse(os.path.exists(self.path("wh!at.pem")))
        # The place is not there: found out too late, and taken back.
        self.assertIn("was removed again", refused("kept.pem", self.path("no/such/folder/kept.env"), "shell"))
        self.assertFalse(os.path.exists(self.path("kept.pem")))
        self.assertEqual(self.ok("principal", "show", "kept"), before)
        # What stood there is gone all the same, which is said.
        with open(self.path("kept.pem"), "w", encoding="utf-8") as target:
            target.write("older\n")
        self.assertIn("has been replaced all the same", refused("kept.pem", self.path("no/such/folder/kept.env"), "shell"))
        # Through somebody's symbolic link nothing is written, nor both into one file.
        os.symlink(self.path("elsewhere.pem"), self.path("link.pem"))
        self.assertIn("link.pem", refused("link.pem", self.path("kept.env"), "shell"))
        self.assertFalse(os.path.exists(self.path("elsewhere.pem")))
        self.assertIn("same file", refused("one", self.path("one"), "shell"))

    def test_an_exported_certificate_is_taken_by_azure_identity(self):
        application = self.application()
        self.add("exported", application["appId"], "--make-certificate")
        self.register(application, self.ok("principal", "certificate", "exported")["pem"])
        self.assertEqual(self.failure("export", "exported", "--format", "shell")["code"], "NoCertificateFile")
        for more in ((), ("--protect-key",)):
            self.ok("export", "exported", "--format", "shell", "--certificate-file", self.path("app.pem"), *more, "--output", self.path("app.env"))
            for name in ("app.pem", "app.env"):
                self.assertEqual(stat.S_IMODE(os.stat(self.path(name)).st_mode), 0o600)
            self.assertEqual("BEGIN ENCRYPTED PRIVATE KEY" in self.read("app.pem"), bool(more))
            program = ("import os; from azure.identity import CertificateCredential as C; e = os.environ\n"
                       "p = e.get('AZURE_CLIENT_CERTIFICATE_PASSWORD')\n"
                       "c = C(e['AZURE_TENANT_ID'], e['AZURE_CLIENT_ID'], e['AZURE_CLIENT_CERTIFICATE_PATH'], password=p,\n"
                       "      authority=e['AZURE_AUTHORITY_HOST'], instance_discovery=False)\n"
                       "print(c.get_token('https://storage.azure.com/.default').token)")
            done = subprocess.run(["sh", "-c", 'set -a; . ./app.env; exec /usr/bin/python3 -c "$0"', program], cwd=self.folder,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                                  env={**os.environ, "REQUESTS_CA_BUNDLE": self.sandbox.ready["ca"]})
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            payload = done.stdout.split(b".")[1]
            self.assertEqual(json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))["appid"], application["appId"])
        self.ok("principal", "remove", "exported")

    def test_a_locked_pkcs12_is_imported_and_its_passphrase_stays_secret(self):
        application = self.application()
        self.openssl("req", "-x509", "-newkey", "rsa:3072", "-noenc", "-keyout", "k.pem", "-out", "c.pem", "-days", "9", "-subj", "/CN=imported")
        self.openssl("pkcs12", "-export", "-inkey", "k.pem", "-in", "c.pem", "-passout", "pass:" + PASSPHRASE, "-out", "locked.pfx")
        self.register(application, self.read("c.pem"))
        given = ("--name", "pfx", "--cloud", self.cloud, "--tenant", self.tenant, "--client-id", application["appId"],
                 "--certificate", self.path("locked.pfx"))
        self.assertEqual(self.failure("principal", "add", *given)["code"], "PassphraseNeeded")
        self.assertEqual(self.failure("principal", "add", *given, "--passphrase-stdin", stdin=b"wrong")["code"], "WrongPassphrase")
        self.assertEqual(self.run_cli("principal", "add", *given, "--passphrase", PASSPHRASE).returncode, 2)
        answer = self.run_cli("principal", "add", *given, "--passphrase-stdin", stdin=PASSPHRASE.encode() + b"\n")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertNotIn(PASSPHRASE.encode(), answer.stdout + answer.stderr + self.config_text())
        self.ok("token", "pfx")
        self.ok("principal", "remove", "pfx")

    # federated tokens

    def test_a_federated_token_is_read_at_each_use(self):
        federated = self.sandbox.ready["federatedToken"]
        application = self.application()
        self.graph("POST", f"/applications/{application['id']}/federatedIdentityCredentials",
                   {"name": "workload", "issuer": federated["issuer"], "subject": federated["subject"], "audiences": ["api://AzureADTokenExchange"]})
        file = self.path("token")
        with open(federated["file"], encoding="utf-8") as source, open(file, "w", encoding="utf-8") as target:
            target.write(source.read())
        self.add("workload", application["appId"], "--federated-token-file", file)
        self.ok("token", "workload")
        shown = self.ok("export", "workload", "--format", "shell", "--reveal")["text"]
        self.assertIn(f"AZURE_FEDERATED_TOKEN_FILE='{file}'", shown)
        with open(file, "w", encoding="utf-8") as target:
            target.write("no token")
        self.assertEqual(self.failure("token", "workload")["code"], "NoFederatedToken")
        os.remove(file)
        self.assertEqual(self.failure("token", "workload")["kind"], "notFound")
        self.ok("principal", "remove", "workload")

    def test_a_federated_token_of_nobody_known_is_explained(self):
        federated = self.sandbox.ready["federatedToken"]
        application = self.application()
        self.graph("POST", f"/applications/{application['id']}/federatedIdentityCredentials",
                   {"name": "workload", "issuer": federated["issuer"], "subject": "somebody:else", "audiences": ["api://AzureADTokenExchange"]})
        self.add("stranger", application["appId"], "--federated-token-file", federated["file"])
        error = self.failure("token", "stranger")
        self.assertEqual(error["kind"], "unauthenticated")
        self.assertEqual(error["code"], "AADSTS700213")
        self.assertIn(federated["subject"], error["message"])
        self.ok("principal", "remove", "stranger")

    # the operator

    def sign_in(self, *options):
        """The running sign-in, and what it shows, line by line."""
        process = subprocess.Popen([CLI, "operator", "sign-in", "--cloud", self.cloud, "--json", *options], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env={**os.environ, "ROLESCOPE_CONFIG_DIR": self.config})
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        self.addCleanup(watchdog.cancel)
        return process

    def kept(self, process, code=0):
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, code, (out, err))
        return json.loads(out)

    def form(self, page, fields):
        return self.sandbox.ask(page, "POST", FORM, urllib.parse.urlencode(fields))

    def test_a_device_code_signs_in_and_the_token_is_in_the_keychain_only(self):
        process = self.sign_in("--device-code", "--tenant", self.tenant)
        shown = process.stderr.readline()
        page = re.search(r"https://\S+", shown).group(0)
        code = re.search(r"\b[A-Z0-9]{8,10}\b", shown).group(0)
        status, _, body = self.form(page, {"code": code, "username": self.user["userPrincipalName"], "password": self.password})
        self.assertEqual(status, 200, body)
        who = self.kept(process)["operator"]
        self.assertEqual((who["way"], who["tenantId"], who["objectId"]), ("deviceCode", self.tenant, self.user["objectId"]))
        self.assertEqual(who["username"], self.user["userPrincipalName"])
        listed = self.ok("operator", "list")["operators"]
        self.assertEqual([one["id"] for one in listed], [who["id"]])
        with open(os.path.join(self.config, "operators.json"), encoding="utf-8") as source:
            self.assertNotIn("token", source.read().lower())
        # A person's rights at work: the refresh token is redeemed for Graph.
        application = self.application()
        made = self.graph("POST", f"/applications/{application['id']}/addPassword",
                          {"passwordCredential": {"displayName": "x", "endDateTime": "2031-05-06T07:08:09Z"}})
        self.add("expiring", application["appId"], "--secret-stdin", stdin=made["secretText"].encode())
        for _ in range(2): # the second time with the rotated refresh token
            known = self.ok("principal", "expiry", "expiring", "--from-graph")["principal"]
            self.assertEqual(known["credentialExpiresAt"], made["endDateTime"][:19] + "Z")
        self.assertEqual(self.ok("operator", "sign-out", "--tenant", self.tenant)["signedOut"], 1)
        self.assertEqual(self.failure("principal", "expiry", "expiring", "--from-graph")["code"], "NoOperator")
        self.ok("principal", "remove", "expiring")

    def test_declining_a_device_code_ends_the_wait(self):
        process = self.sign_in("--device-code", "--tenant", self.tenant)
        shown = process.stderr.readline()
        page, code = re.search(r"https://\S+", shown).group(0), re.search(r"\b[A-Z0-9]{8,10}\b", shown).group(0)
        self.form(page, {"code": code, "username": self.user["userPrincipalName"], "password": self.password, "decline": "1"})
        self.assertEqual(self.kept(process, 3)["error"]["kind"], "forbidden")
        self.assertEqual(self.ok("operator", "list")["operators"], [])

    def test_a_real_browser_signs_in(self):
        process = self.sign_in("--browser", "--no-open")
        address = re.search(r"http://localhost:\S+", process.stderr.readline()).group(0)
        window = browser.Browser()
        self.addCleanup(window.close)
        window.open(address)
        self.assertTrue(window.url().startswith(self.authority), window.url())
        self.assertIn("code_challenge_method=S256", window.url())
        window.type("#username", self.user["userPrincipalName"])
        window.type("#password", self.password)
        window.click("#submit")
        who = self.kept(process)["operator"]
        self.assertEqual((who["way"], who["tenantId"]), ("browser", self.tenant))
        self.assertIn("Rolescope has the answer", window.text())
        self.assertEqual(self.ok("operator", "sign-out", "--all")["signedOut"], 1)

    def test_declining_in_the_browser_is_told(self):
        process = self.sign_in("--browser", "--no-open", "--tenant", self.tenant)
        address = re.search(r"http://localhost:\S+", process.stderr.readline()).group(0)
        window = browser.Browser()
        self.addCleanup(window.close)
        window.open(address)
        window.click("#decline")
        error = self.kept(process, 3)["error"]
        self.assertEqual(error["kind"], "forbidden")
        self.assertEqual(self.ok("operator", "list")["operators"], [])

    def test_ctrl_c_closes_the_port(self):
        process = self.sign_in("--browser", "--no-open")
        port = int(re.search(r"http://localhost:(\d+)", process.stderr.readline()).group(1))
        process.terminate()
        process.communicate(timeout=10)
        with open("/proc/net/tcp", encoding="utf-8") as source:
            listening = [line for line in source if f":{port:04X} " in line.split("rem")[0] and " 0A " in line]
        self.assertEqual(listening, [])

    def test_an_az_that_is_not_signed_in_is_told_in_its_words(self):
        empty = self.path("no-az-session")
        os.makedirs(empty, exist_ok=True)
        answer = subprocess.run([CLI, "operator", "sign-in", "--az", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=90,
                                check=False, env={**os.environ, "ROLESCOPE_CONFIG_DIR": self.config, "AZURE_CONFIG_DIR": empty})
        error = json.loads(answer.stdout)["error"]
        self.assertEqual(answer.returncode, 3)
        self.assertEqual(error["code"], "AzSession")
        self.assertIn("az login", error["message"])

    # ends

    def test_the_calendar_has_the_ends_that_are_known(self):
        self.add("calendar", self.user["objectId"], "--secret-stdin", "--expires", "2099-03-01", stdin=b"abc8Q~" + b"x" * 34)
        self.assertEqual(self.ok("principal", "list", "--expiring", "30d")["principals"], [])
        file = self.path("ends.ics")
        self.assertEqual(self.run_cli("principal", "list", "--format", "ics", "--output", file).returncode, 0)
        with open(file, "rb") as source:
            text = source.read().replace(b"\r\n ", b"")
        self.assertIn(b"\r\nDTSTART;VALUE=DATE:20990301\r\n", text)
        self.assertIn(b"SUMMARY:The secret of calendar expires", text)
        tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400))
        self.ok("principal", "expiry", "calendar", tomorrow)
        self.assertEqual([one["name"] for one in self.ok("principal", "list", "--expiring", "2w", code=1)["principals"]], ["calendar"])
        self.assertEqual(self.run_cli("principal", "list", "--expiring", "soon").returncode, 2)
        self.ok("principal", "expiry", "calendar", "--unknown")
        self.assertNotIn("credentialExpiresAt", self.ok("principal", "show", "calendar")["principal"])
        self.ok("principal", "remove", "calendar")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
