"""The programs' memory, seen by another program of the same user: no core file, no debugger, no /proc/PID/mem. As root may do
everything, root becomes nobody for it. Each question is first asked of a program that is not protected, so that a "no" means something.

usage: hardening_test.py ROLESCOPE ROLESCOPE-CLI BUILD-TYPE"""
import json
import os
import pwd
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAMS = {"rolescope": sys.argv[1], "rolescope-cli": sys.argv[2]}
BUILD = sys.argv[3]
ROOT = os.getuid() == 0
NOBODY = pwd.getpwnam("nobody") if ROOT else pwd.getpwuid(os.getuid())
# Lets any program of the user look into it, where the kernel (Yama) would else let its parents only.
OPEN_TO_ALL = "import ctypes, time; ctypes.CDLL(None).prctl(0x59616d61, ctypes.c_ulong(-1), 0, 0, 0); open('ready', 'w').close(); time.sleep(60)"
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def become_nobody():
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, UNLIMITED if ROOT else (hard, hard))
    if ROOT:
        os.setgroups([])
        os.setgid(NOBODY.pw_gid)
        os.setuid(NOBODY.pw_uid)


def wait(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


class HardeningTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(prefix="hardening-")
        cls.addClassCleanup(holder.cleanup)
        cls.folder = holder.name
        os.chmod(cls.folder, 0o755)
        cls.home = os.path.join(cls.folder, "home")
        os.mkdir(cls.home, 0o700)
        if ROOT:
            os.chown(cls.home, NOBODY.pw_uid, NOBODY.pw_gid)
        for name, path in PROGRAMS.items():  # they may stand where nobody cannot look
            shutil.copy(path, os.path.join(cls.folder, name))
        cls.cloud = os.path.join(cls.folder, "cloud.json")
        with open(cls.cloud, "w", encoding="utf-8") as target:
            json.dump({"name": "nowhere", "authorityHost": "https://127.0.0.1:9"}, target)
        os.chmod(cls.cloud, 0o644)

    def start(self, command, **environment):
        process = subprocess.Popen(command, cwd=self.home, preexec_fn=become_nobody, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL,
                                   env={"PATH": os.environ["PATH"], "HOME": self.home, "XDG_RUNTIME_DIR": self.home, "QT_QPA_PLATFORM": "offscreen",
                                        "ROLESCOPE_CONFIG_DIR": self.home + "/config", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", **environment})
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def program(self, name, **environment):
        """Running, and past its beginning: it waits for a person."""
        arguments = ["operator", "sign-in", "--browser", "--no-open", "--cloud", self.cloud] if name == "rolescope-cli" else []
        process = self.start([os.path.join(self.folder, name), *arguments], **environment)
        # Both listen to signals through a pair of sockets once they are up.
        self.assertTrue(wait(lambda: self.catches(process.pid, signal.SIGTERM)), name)
        return process

    def unprotected(self):
        process = self.start(["/usr/bin/python3", "-c", OPEN_TO_ALL])
        ready = os.path.join(self.home, "ready")
        self.assertTrue(wait(lambda: os.path.exists(ready)))
        return process

    @staticmethod
    def catches(pid, number):
        with open(f"/proc/{pid}/status", encoding="utf-8") as source:
            caught = next(line for line in source if line.startswith("SigCgt"))
        return bool(int(caught.split()[1], 16) & 1 << (number - 1))

    @staticmethod
    def as_nobody(*command):
        return subprocess.run(command, capture_output=True, preexec_fn=become_nobody, check=False, timeout=60, env={"PATH": os.environ["PATH"]})

    def attach(self, process):
        """Whether a debugger of the same user gets hold of it."""
        tracer = subprocess.Popen(["strace", "-p", str(process.pid)], preexec_fn=become_nobody, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        first = tracer.stderr.readline()
        tracer.terminate()
        tracer.communicate()
        return b"attached" in first, first

    def reads(self, process):
        """Which of its secrets /proc tells the same user."""
        done = self.as_nobody("sh", "-c", f"for one in environ maps mem; do head -c 1 /proc/{process.pid}/$one >/dev/null 2>&1; echo $?; done; "
                                          f"ls /proc/{process.pid}/fd >/dev/null 2>&1; echo $?")
        environ, maps, _, descriptors = done.stdout.split()  # mem has nothing at address 0, for anybody
        return environ == b"0" or maps == b"0" or descriptors == b"0"

    def core(self, process):
        """Whether it leaves a core file when it crashes."""
        process.send_signal(signal.SIGSEGV)
        process.wait(30)
        self.assertEqual(process.returncode, -signal.SIGSEGV)
        found = [name for name in os.listdir(self.home) if name.startswith("core")]
        for name in found:
            os.unlink(os.path.join(self.home, name))
        return bool(found)

    def limit(self, process):
        with open(f"/proc/{process.pid}/limits", encoding="utf-8") as source:
            return next(line for line in source if line.startswith("Max core")).split()[4:6]

    def test_an_unprotected_program_shows_all_of_it(self):
        process = self.unprotected()
        self.assertTrue(self.attach(process)[0])
        self.assertTrue(self.reads(process))
        # Where a program takes the cores, that of the test's machine is not ours to look into; the limits are compared all the same.
        self.assertEqual(self.core(process), self.cores_are_files())

    def test_neither_program_can_be_looked_into(self):
        for name in PROGRAMS:
            with self.subTest(name):
                process = self.program(name)
                attached, said = self.attach(process)
                self.assertFalse(attached)
                self.assertIn(b"Operation not permitted", said)
                self.assertFalse(self.reads(process))
                self.assertEqual(self.limit(process), ["1", "1"])
                self.assertFalse(self.core(process))

    def test_the_switch_is_one_of_debug_builds(self):
        process = self.program("rolescope-cli", ROLESCOPE_DEBUGGABLE="1")
        self.assertEqual(self.attach(process)[0], BUILD == "Debug")
        self.assertEqual(self.core(process), BUILD == "Debug" and self.cores_are_files())

    @staticmethod
    def cores_are_files():
        with open("/proc/sys/kernel/core_pattern", encoding="utf-8") as source:
            return not source.read().startswith(("|", "/")) and (ROOT or resource.getrlimit(resource.RLIMIT_CORE)[1] != 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
