"""Certificates as people have them, good and bad, by the command line; and assertions under clocks that disagree. Real parts: openssl makes
the files, the sandbox checks what is signed with them.

usage: certificates_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
import running  # pylint: disable=wrong-import-position

CLI, SANDBOX = sys.argv[1:3]
SESAME = "open sesame-0a1b"
CLIENT = "55554444-cccc-3333-bbbb-2222aaaa1111"


def administrators_scenario(folder, **settings):
    """The path of the sandbox's own company, whose platform-owner may register."""
    scenario = json.loads(subprocess.run([SANDBOX, "--print-scenario"], stdout=subprocess.PIPE, check=True).stdout)
    next(one for one in scenario["principals"] if one["name"] == "platform-owner")["graphPermissions"] = ["Application.ReadWrite.All"]
    scenario.setdefault("settings", {}).update({"replicationSeconds": {"signIn": 0, "resourceManager": 0}, **settings})
    path = os.path.join(folder, "scenario.json")
    with open(path, "w", encoding="utf-8") as target:
        json.dump(scenario, target)
    return path


class CliTest(unittest.TestCase):
    maxDiff = None

    def new_folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name

    def run_cli(self, *arguments, stdin=b""):
        return subprocess.run([CLI, *arguments], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False,
                              env={**os.environ, "ROLESCOPE_CONFIG_DIR": self.config})

    def ok(self, *arguments, code=0, stdin=b""):
        answer = self.run_cli(*arguments, "--json", stdin=stdin)
        self.assertEqual(answer.returncode, code, (arguments, answer.stdout, answer.stderr))
        return json.loads(answer.stdout)

    def graph(self, sandbox, verb, path, body):
        status, answer = sandbox.token_answer("platform-owner", sandbox.ready["graph"] + "/.default")
        self.assertEqual(status, 200, answer)
        status, _, answer = sandbox.ask(f"{sandbox.ready['graph']}/v1.0{path}", verb,
                                        {"Authorization": "Bearer " + answer["access_token"], "Content-Type": "application/json"}, json.dumps(body))
        self.assertIn(status, (200, 201, 204), answer)
        return json.loads(answer) if answer else None


class FilesTest(CliTest):
    """Each file under its name: how it is made, and what comes of it."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.make("req -x509 -newkey rsa:2048 -noenc -keyout key.pem -out cert.pem -days 30 -subj /CN=good")
        cls.make("req -x509 -newkey rsa:2048 -noenc -keyout other.pem -out othercert.pem -days 30 -subj /CN=other")
        cls.make("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout eckey.pem -out eccert.pem -days 30 -subj /CN=ec")
        cls.make("req -x509 -newkey rsa:8192 -noenc -keyout hugekey.pem -out hugecert.pem -days 30 -subj /CN=huge")
        cls.make("req -x509 -newkey rsa:4096 -noenc -keyout bigkey.pem -out bigcert.pem -days 30 -subj /CN=big")
        # In its time a year ago, and in a year from now: openssl ca sets both ends.
        for name, start, end in (("expired", "20200101000000Z", "20210101000000Z"), ("early", "20990101000000Z", "20991231000000Z")):
            cls.make(f"req -new -key key.pem -out {name}.csr -subj /CN={name}")
            for file, text in (("index.txt", ""), ("serial", "01\n"), ("ca.cnf", "[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\nserial=serial\n"
                               "new_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n")):
                cls.write(file, text.encode())
            cls.make(f"ca -batch -config ca.cnf -selfsign -keyfile key.pem -in {name}.csr -out {name}.pem -notext -startdate {start} -enddate {end}")
        # A leaf with the authorities above it.
        cls.make("req -x509 -newkey rsa:2048 -noenc -keyout rootkey.pem -out root.pem -days 30 -subj /CN=root")
        cls.make("req -new -newkey rsa:2048 -noenc -keyout leafkey.pem -out leaf.csr -subj /CN=leaf")
        cls.make("x509 -req -in leaf.csr -CA root.pem -CAkey rootkey.pem -CAcreateserial -out leaf.pem -days 20")
        cls.make(f"pkcs8 -topk8 -in key.pem -out locked.pem -v2 aes-256-cbc -passout pass:{SESAME.replace(' ', '_')}")
        cls.make("pkcs12 -export -inkey key.pem -in cert.pem -out open.pfx -passout pass:")
        cls.make(f"pkcs12 -export -inkey key.pem -in cert.pem -out locked.pfx -passout pass:{SESAME.replace(' ', '_')}")
        cls.make(f"pkcs12 -export -legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-RC2-40 -inkey key.pem -in cert.pem -out rc2.pfx "
                 f"-passout pass:{SESAME.replace(' ', '_')}")
        cls.make("pkcs12 -export -inkey leafkey.pem -in leaf.pem -certfile root.pem -out chain.pfx -passout pass:")
        cls.make("x509 -in cert.pem -outform DER -out cert.der")
        cls.make("pkey -in key.pem -outform DER -out key.der")

    @classmethod
    def make(cls, arguments):
        subprocess.run(["openssl", *arguments.split()], cwd=cls.folder, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    @classmethod
    def write(cls, name, content):
        with open(os.path.join(cls.folder, name), "wb") as target:
            target.write(content)

    @classmethod
    def read(cls, *names):
        content = b""
        for name in names:
            with open(os.path.join(cls.folder, name), "rb") as source:
                content += source.read()
        return content

    def setUp(self):
        self.config = self.new_folder()

    def add(self, content, passphrase=None):
        """What became of it; the passphrase goes in by standard input."""
        self.write("given", content)
        more = () if passphrase is None else ("--passphrase-stdin",)
        answer = self.run_cli("principal", "add", "--name", "given", "--tenant", "contoso.example", "--client-id", CLIENT, "--certificate",
                              os.path.join(self.folder, "given"), *more, "--json", stdin=(passphrase or "").encode())
        self.assertIn(answer.returncode, (0, 3), answer)
        for secret in (b"PRIVATE KEY", (passphrase or "never said").encode()):
            self.assertNotIn(secret, answer.stdout + answer.stderr)
        self.assertEqual(os.path.exists(os.path.join(self.config, "principals.json")), answer.returncode == 0)
        return json.loads(answer.stdout)

    def test_what_works(self):
        good = self.read("key.pem", "cert.pem")
        sesame = SESAME.replace(" ", "_")
        for name, content, passphrase, subject in (
                ("key, then certificate", good, None, "CN=good"),
                ("certificate, then key", self.read("cert.pem", "key.pem"), None, "CN=good"),
                ("CRLF", good.replace(b"\n", b"\r\n"), None, "CN=good"),
                ("a byte order mark", b"\xef\xbb\xbf" + good, None, "CN=good"),
                ("no line feed at the end", good.rstrip(b"\n"), None, "CN=good"),
                ("encrypted PKCS#8", self.read("locked.pem", "cert.pem"), sesame, "CN=good"),
                ("PKCS#12", self.read("locked.pfx"), sesame, "CN=good"),
                ("PKCS#12 without passphrase", self.read("open.pfx"), None, "CN=good"),
                ("4096 bits", self.read("bigkey.pem", "bigcert.pem"), None, "CN=big"),
                ("a chain, the leaf first", self.read("leafkey.pem", "leaf.pem", "root.pem"), None, "CN=leaf"),
                ("a chain, the root first", self.read("root.pem", "leaf.pem", "leafkey.pem"), None, "CN=leaf"),
                ("a chain in PKCS#12", self.read("chain.pfx"), None, "CN=leaf")):
            with self.subTest(name):
                self.assertEqual(self.add(content, passphrase)["principal"]["credential"], "certificate")
                self.assertEqual(self.ok("principal", "certificate", "given")["subject"], subject)
                self.ok("principal", "remove", "given")
                os.remove(os.path.join(self.config, "principals.json"))

    def test_what_does_not(self):
        good = self.read("key.pem", "cert.pem")
        lines = self.read("cert.pem").splitlines(True)
        damaged = self.read("key.pem") + b"".join([lines[0], lines[1][::-1], *lines[2:]])
        for name, content, passphrase, code, says in (
                ("nothing", b"", None, "NoCertificateFile", "neither PEM nor PKCS#12"),
                ("something else", b"hello\n", None, "NoCertificateFile", "neither PEM nor PKCS#12"),
                ("cut off", good[:-40], None, "NoCertificateFile", "cut off or damaged"),
                ("a damaged certificate", damaged, None, "NoCertificateFile", "damaged"),
                ("UTF-16, as PowerShell redirects", b"\xff\xfe" + good.decode().encode("utf-16-le"), None, "NoCertificateFile", "UTF-16"),
                ("a certificate in DER", self.read("cert.der"), None, "NoPrivateKey", "DER form"),
                ("a key in DER", self.read("key.der"), None, "NoCertificate", "DER form"),
                ("no key", self.read("cert.pem"), None, "NoPrivateKey", "no private key"),
                ("no certificate", self.read("key.pem"), None, "NoCertificate", "no certificate"),
                ("another's key", self.read("other.pem", "cert.pem"), None, "KeyMismatch", "does not belong"),
                ("an EC key", self.read("eckey.pem", "eccert.pem"), None, "KeyNotRsa", "no RSA key"),
                ("8192 bits", self.read("hugekey.pem", "hugecert.pem"), None, "KeySize", "8192 bits"),
                ("expired", self.read("key.pem", "expired.pem"), None, "CertificateExpired", "2021-01-01"),
                ("not yet valid", self.read("key.pem", "early.pem"), None, "CertificateNotYetValid", "2099-01-01"),
                ("locked, no passphrase", self.read("locked.pem", "cert.pem"), None, "PassphraseNeeded", "passphrase"),
                ("locked, a wrong passphrase", self.read("locked.pem", "cert.pem"), "wrong-0c2d", "WrongPassphrase", "does not open"),
                ("PKCS#12, no passphrase", self.read("locked.pfx"), None, "PassphraseNeeded", "passphrase"),
                ("PKCS#12, a wrong passphrase", self.read("locked.pfx"), "wrong-0c2d", "WrongPassphrase", "does not open"),
                ("PKCS#12 in RC2", self.read("rc2.pfx"), SESAME.replace(" ", "_"), "LegacyPkcs12", "RC2")):
            with self.subTest(name):
                error = self.add(content, passphrase)["error"]
                self.assertEqual(error["code"], code)
                self.assertIn(says, error["message"])
                self.assertTrue(error["nextStep"])


class ClocksTest(CliTest):
    """The sandbox's clock goes wrong; for the client that is no other than if its own did."""

    def under(self, seconds):
        """(the answer of token for a principal with a certificate, that for one with a secret)"""
        folder = self.new_folder()
        self.config = os.path.join(folder, "config")
        with running.Sandbox(SANDBOX, "--scenario", administrators_scenario(folder, clockAheadSeconds=seconds)) as sandbox:
            with open(sandbox.principal("platform-owner")["file"], encoding="utf-8") as source:
                tenant = json.load(source)["tenant"]
            application = self.graph(sandbox, "POST", "/applications", {"displayName": "clocks"})
            self.graph(sandbox, "POST", "/servicePrincipals", {"appId": application["appId"]})
            self.ok("principal", "add", "--name", "certified", "--cloud", sandbox.ready["cloud"], "--tenant", tenant, "--client-id",
                    application["appId"], "--make-certificate")
            pem = self.ok("principal", "certificate", "certified")["pem"]
            der = "".join(line for line in pem.splitlines() if not line.startswith("-----"))
            self.graph(sandbox, "PATCH", "/applications/" + application["id"],
                       {"keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": der, "displayName": "x"}]})
            self.ok("principal", "add", "--name", "secretive", "--cloud", sandbox.ready["cloud"], "--from",
                    sandbox.principal("orders-service")["file"])
            return self.run_cli("token", "certified", "--json"), self.run_cli("token", "secretive", "--json")

    def test_clocks_are_named(self):
        """Ten minutes ahead are too early. An assertion lasts ten minutes and five are tolerated, so behind it takes more."""
        for seconds, says in ((-600, "is 10 minutes ahead of Entra ID's"), (1200, "is 20 minutes behind Entra ID's")):
            with self.subTest(seconds=seconds):
                certified, secretive = self.under(seconds)
                self.assertEqual(certified.returncode, 3, certified)
                error = json.loads(certified.stdout)["error"]
                self.assertEqual((error["kind"], error["code"]), ("unauthenticated", "AADSTS700024"))
                self.assertIn(says, error["message"])
                here, there = re.search(r"\(here (\S+Z), there (\S+Z)\)", error["message"]).groups()
                self.assertEqual(here < there, seconds > 0)
                self.assertIn("timedatectl", error["nextStep"])
                self.assertEqual(secretive.returncode, 0, secretive.stderr)  # a secret knows no time

    def test_what_is_tolerated(self):
        for seconds in (240, -240, 600):
            with self.subTest(seconds=seconds):
                certified, _ = self.under(seconds)
                self.assertEqual(certified.returncode, 0, certified.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
