"""Tests that need root, for a user who has sudo: such a test runs once more, alone, as root."""
import functools
import os
import subprocess
import sys

AS_ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "as-root.sh")


def by_root(arguments, prefix=()):
    """Decorates a test function. `arguments`: those of this program, which then takes the test's name as its last one; `prefix`: what the
    program needs around it, such as a session with a keychain."""
    def decorate(test):
        if os.geteuid() == 0:
            return test

        @functools.wraps(test)
        def again(self):
            name = ".".join(self.id().split(".")[-2:])
            done = subprocess.run([AS_ROOT, *prefix, sys.executable, os.path.abspath(sys.argv[0]), *arguments, name], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=280)
            self.assertEqual(done.returncode, 0, done.stdout.decode(errors="replace"))
            self.assertIn(b"Ran 1 test", done.stdout)
        return again
    return decorate
