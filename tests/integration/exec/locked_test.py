"""export and exec while the keychain is locked, or not there: nothing is written, nothing is run, and the reason is told.

usage: locked_test.py ROLESCOPE-CLI; needs a session with an unlocked keychain, which it locks."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

CLI = sys.argv[1]
SECRET = "mrk8Q~" + "k" * 34
OLD = b'AZURE_CLIENT_SECRET="the old one"\n'


class LockedTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.environment = {**os.environ, "ROLESCOPE_CONFIG_DIR": os.path.join(cls.folder, "config")}
        for name, more, stdin in (("orders", ["--secret-stdin"], SECRET), ("batch", ["--make-certificate"], "")):
            cls.cli("principal", "add", "--name", name, "--tenant", "aaaabbbb-0000-cccc-1111-dddd2222eeee", "--client-id",
                    "00001111-aaaa-2222-bbbb-3333cccc4444", *more, stdin=stdin)
        cls.file, cls.marker = os.path.join(cls.folder, "app.env"), os.path.join(cls.folder, "it ran")
        # While it is unlocked all of this works, so that what follows is the lock's doing.
        cls.cli("export", "orders", "--format", "systemd-envfile", "--output", cls.file)
        cls.cli("exec", "orders", "--", "touch", cls.marker)
        cls.cli("exec", "batch", "--", "touch", cls.marker)
        os.unlink(cls.marker)
        done = subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets",
                               "--method", "org.freedesktop.Secret.Service.Lock", "['/org/freedesktop/secrets/aliases/default']"],
                              capture_output=True, check=True, timeout=900)
        assert b"secrets" in done.stdout, done

    @classmethod
    def cli(cls, *arguments, stdin="", code=0, **more):
        done = subprocess.run([CLI, *arguments], input=stdin.encode(), env={**cls.environment, **more}, capture_output=True, check=False, timeout=900)
        assert done.returncode == code, (arguments, done)
        return done

    def setUp(self):
        with open(self.file, "wb") as target:
            target.write(OLD)

    def refused(self, kind, *arguments, **more):
        """Runs what needs the secret, and sees that nothing came of it."""
        before = sorted(os.listdir(self.folder))
        done = self.cli(*arguments, code=3, **more)
        if "--json" in arguments:
            self.assertEqual(json.loads(done.stdout)["error"]["kind"], kind)
        else:
            self.assertEqual(done.stdout, b"")
        self.assertNotIn(SECRET.encode(), done.stdout + done.stderr)
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        with open(self.file, "rb") as source:
            self.assertEqual(source.read(), OLD)
        return done.stderr.decode()

    def everything(self, kind, words, **more):
        for arguments in (["export", "orders", "--format", "systemd-envfile", "--output", self.file, "--json"],
                          ["export", "orders", "--format", "envdir", "--output", os.path.join(self.folder, "made"), "--json"],
                          ["export", "orders", "--format", "shell", "--reveal", "--json"],
                          ["export", "batch", "--format", "shell", "--certificate-file", os.path.join(self.folder, "made.pem"), "--json"]):
            self.refused(kind, *arguments, **more)
        for name in ("orders", "batch"):
            for mode in ("environment", "endpoint"):
                self.assertIn(words, self.refused(kind, "exec", name, "--mode", mode, "--", "touch", self.marker, **more))

    def test_locked(self):
        self.everything("keychainLocked", "locked")

    def test_absent(self):
        self.everything("keychainAbsent", "keychain", DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent/bus")

    def test_what_needs_no_secret_goes_on(self):
        self.assertIn(b"orders", self.cli("principal", "list").stdout)
        self.cli("convert", "--from", "systemd-envfile", "--to", "shell", self.file)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=2)
