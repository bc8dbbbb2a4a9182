#!/usr/bin/python3
"""A rotation that is killed by kill -9 at one system call after the other: each file that it replaces or removes, and its messages to the
keychain and over the network. Whatever is left goes on from there, and all the while a client in the background must get a token with what
it has just read, both with what is kept in the keychain and with what stands in the exported file; of secrets and of certificates.

usage: killed_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain, strace, and Debian's azure-identity."""
import json
import os
import sys
import threading
import time
import unittest
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sandbox"))
import company  # pylint: disable=wrong-import-position

STORAGE = "https://storage.azure.com/.default"
# Which calls, and at which of them by number; the counts are of each thread.
MOMENTS = [("rename,renameat,renameat2", 1, 1), ("unlink,unlinkat", 1, 1), ("sendmsg", 1, 5), ("write,sendto,writev", 10, 20)]
STEPS = {"begun", "stored", "current", "exported", "confirmed", "removed"}


class Client(threading.Thread):
    """Signs in again and again; each refusal is kept."""

    def __init__(self, *ways):
        super().__init__(daemon=True)
        self.ways = ways
        self.ending = threading.Event()
        self.refused = []
        self.count = self.again = 0

    def run(self):
        while not self.ending.is_set():
            for way in self.ways:
                try:
                    self.once(way)
                    self.count += 1
                except Exception as error:  # pylint: disable=broad-except
                    self.refused.append((time.monotonic(), way.__name__, repr(error)[:300]))
                    self.ending.wait(0.2)

    def once(self, way):
        """Who read the old one just before it went is refused by it, and reads anew."""
        try:
            way()
        except Exception:  # pylint: disable=broad-except
            self.again += 1
            way()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *unused):
        self.ending.set()
        self.join()


class KilledTest(company.CompanyTest):
    CLI, SANDBOX = sys.argv[1:3]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        os.environ["REQUESTS_CA_BUNDLE"] = cls.sandbox.ready["ca"]

    def step_of(self, name):
        identifier = self.ok("principal", "show", name)["principal"]["id"]
        try:
            with open(os.path.join(self.config, f"rotation-{identifier}.json"), encoding="utf-8") as source:
                return json.load(source)["step"]
        except FileNotFoundError:
            return None

    def by_the_keychain(self, name):
        def keychain():
            answer = self.run_cli("token", name, "--json")
            assert answer.returncode == 0, answer.stdout + answer.stderr
        return keychain

    def kill_at_each_moment(self, name, file):
        """The steps at which it was killed."""
        killed = set()
        count = 0
        for calls, number, stride in MOMENTS:
            while True:
                with self.subTest(calls=calls, number=number):
                    done = self.run_cli("rotate", name, "--remove-old", "--as", "admin",
                                        before=("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}",
                                                "-e", f"inject={calls}:signal=SIGKILL:when={number}"))
                    if done.returncode == 0:
                        break
                    self.assertIn(done.returncode, (-9, 137), (done.stdout, done.stderr))
                    killed.add(self.step_of(name))
                    count += 1
                    # Without --resume: whether there is one to go on with is the program's to know.
                    self.assertEqual(self.ok("rotate", name, "--remove-old", "--as", "admin")["step"], "removed")
                    self.assertIsNone(self.step_of(name))
                number += stride
            self.assertTrue(os.path.exists(file))
        print(f"{name}: killed {count} times, at {sorted(map(str, killed))}", file=sys.stderr)
        return killed

    def finish(self, name, kind, client):
        self.assertEqual(client.refused, [])
        self.assertGreater(client.count, 20)
        self.assertLess(client.again, client.count / 5)
        self.assertTrue(self.signs_in(name))
        # What was cut off in the middle of being written goes with the next write of the same file, once it is ten seconds old.
        time.sleep(11)
        self.assertEqual(self.ok("rotate", name, "--remove-old", "--as", "admin")["step"], "removed")
        self.assertEqual([one for one in os.listdir(self.folder) if one.endswith(".part")], [])
        self.assertEqual([one for one in os.listdir(self.config) if one.startswith("rotation-") or one.endswith(".part")], [])
        plan = self.ok("retire", name, "--as", "admin", code=1)
        self.assertEqual(len([one for one in plan["wouldRemove"] if one.startswith(kind)]), 1, plan)
        self.assertEqual(self.ok("principal", "repair")["orphans"], [])

    def test_of_a_secret(self):
        principal = self.register("secretive")["principal"]
        path = os.path.join(self.folder, "secretive.env")
        self.ok("export", "secretive", "--format", "shell", "--output", path)

        def file():
            with open(path, encoding="utf-8") as source:
                secret = next(line.split("=", 1)[1].strip().strip("\"'") for line in source if "AZURE_CLIENT_SECRET=" in line)
            form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": principal["clientId"], "client_secret": secret,
                                           "scope": STORAGE})
            status, _, body = self.sandbox.ask(f"{self.sandbox.ready['authorityHost']}/{self.tenant}/oauth2/v2.0/token", "POST",
                                               {"Content-Type": "application/x-www-form-urlencoded"}, form)
            assert status == 200, body

        with Client(self.by_the_keychain("secretive"), file) as client:
            killed = self.kill_at_each_moment("secretive", path)
            time.sleep(1.2)
        self.assertLessEqual(STEPS, killed)
        self.finish("secretive", "client secret", client)

    def test_of_a_certificate(self):
        from azure.identity import CertificateCredential  # pylint: disable=import-outside-toplevel
        principal = self.register("certified", "--make-certificate", "--lifetime", "90d")["principal"]
        path = os.path.join(self.folder, "certified.pem")
        self.ok("export", "certified", "--format", "shell", "--output", path + ".env", "--certificate-file", path)

        def file():
            with CertificateCredential(self.tenant, principal["clientId"], path, authority=self.sandbox.ready["authorityHost"],
                                       instance_discovery=False) as credential:
                credential.get_token(STORAGE)

        with Client(self.by_the_keychain("certified"), file) as client:
            killed = self.kill_at_each_moment("certified", path)
            time.sleep(1.2)
        self.assertLessEqual(STEPS, killed)
        self.finish("certified", "certificate", client)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
