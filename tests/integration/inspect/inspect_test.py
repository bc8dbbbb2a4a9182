"""`inspect` and `convert --repair` of credentials, with the sandbox: whether what a file holds works, and where its secret is sent.

usage: inspect_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX"""
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
import running  # pylint: disable=wrong-import-position

CLI, SANDBOX = sys.argv[1:3]


class InspectTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.sandbox = running.Sandbox(SANDBOX)
        cls.addClassCleanup(cls.sandbox.stop)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        with open(cls.sandbox.principal("orders-service")["file"], encoding="utf-8") as source:
            cls.credential = json.load(source)

    def file(self, secret=None, more=""):
        path = os.path.join(self.folder, self.id() + ".env")
        with open(path, "w", encoding="utf-8") as target:
            target.write(f"AZURE_TENANT_ID={self.credential['tenant']}\nAZURE_CLIENT_ID={self.credential['appId']}\n"
                         f"AZURE_CLIENT_SECRET={secret or self.credential['password']}\n{more}")
        return path

    def inspect(self, path, *more):
        done = subprocess.run([CLI, "inspect", "--json", *more, path], capture_output=True, check=False, timeout=60,
                              env={**os.environ, "ROLESCOPE_CONFIG_DIR": os.path.join(self.folder, "config")})
        self.assertNotIn(self.credential["password"].encode(), done.stdout + done.stderr)
        return done.returncode, json.loads(done.stdout)["credential"]

    def test_what_works_works(self):
        code, credential = self.inspect(self.file(), "--cloud", self.sandbox.ready["cloud"])
        self.assertEqual((code, credential["works"], credential["error"]), (0, True, None))

    def test_what_is_refused_is_said_with_the_reason(self):
        code, credential = self.inspect(self.file("abc8Q~" + "x" * 34), "--cloud", self.sandbox.ready["cloud"])
        self.assertEqual((code, credential["works"], credential["error"]["code"]), (1, False, "AADSTS7000215"))

    def test_offline_asks_nobody(self):
        code, credential = self.inspect(self.file("abc8Q~" + "x" * 34), "--offline")
        self.assertEqual((code, credential["works"], credential["error"], credential["cloud"]), (0, None, None, None))

    def test_a_files_own_authority_gets_no_secret(self):
        seen = []

        class Listener(http.server.BaseHTTPRequestHandler):
            def handle(self):
                seen.append(self.client_address)

        server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        code, credential = self.inspect(self.file(more=f"AZURE_AUTHORITY_HOST=https://127.0.0.1:{server.server_port}\n"))
        self.assertEqual((code, credential["works"], credential["error"]["kind"]), (4, None, "notFound"))
        self.assertEqual(seen, [])

    def test_who_cannot_be_asked_leaves_it_undecided(self):
        with open(self.sandbox.ready["cloud"], encoding="utf-8") as source:
            cloud = json.load(source)
        cloud["authorityHost"] = "https://127.0.0.1:9"
        path = os.path.join(self.folder, "dead.json")
        with open(path, "w", encoding="utf-8") as target:
            json.dump(cloud, target)
        code, credential = self.inspect(self.file(), "--cloud", path)
        self.assertEqual((code, credential["works"]), (4, None))
        self.assertTrue(credential["error"])

    def test_a_certificates_file_is_read_and_what_is_wrong_with_it_said(self):
        path = os.path.join(self.folder, "certificate.env")
        with open(path, "w", encoding="utf-8") as target:
            target.write(f"AZURE_TENANT_ID={self.credential['tenant']}\nAZURE_CLIENT_ID={self.credential['appId']}\n"
                         f"AZURE_CLIENT_CERTIFICATE_PATH={self.folder}/none.pem\n")
        self.assertEqual(self.inspect(path, "--cloud", self.sandbox.ready["cloud"])[1]["error"]["kind"], "notFound")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=stranger", "-days", "2", "-keyout",
                        self.folder + "/none.pem", "-out", self.folder + "/cert"], check=True, capture_output=True)
        with open(self.folder + "/none.pem", "a", encoding="utf-8") as target, open(self.folder + "/cert", encoding="utf-8") as source:
            target.write(source.read())
        code, credential = self.inspect(path, "--cloud", self.sandbox.ready["cloud"])
        self.assertEqual((code, credential["works"]), (1, False), credential)
        self.assertRegex(credential["error"]["code"], "AADSTS7000(27|21)")

    def test_a_folder_of_envdir(self):
        folder = os.path.join(self.folder, "env")
        os.makedirs(folder)
        for name, value in (("AZURE_TENANT_ID", self.credential["tenant"]), ("AZURE_CLIENT_ID", self.credential["appId"]),
                            ("AZURE_CLIENT_SECRET", self.credential["password"])):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as target:
                target.write(value + "\n")
        code, credential = self.inspect(folder, "--cloud", self.sandbox.ready["cloud"])
        self.assertEqual((code, credential["works"]), (0, True))
        target = os.path.join(self.folder, "from-folder.env")
        subprocess.run([CLI, "convert", "--to", "systemd-envfile", "--output", target, folder], check=True, capture_output=True, timeout=60)
        with open(target, encoding="utf-8") as source:
            self.assertIn(f'AZURE_CLIENT_SECRET="{self.credential["password"]}"', source.read())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
