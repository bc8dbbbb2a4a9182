"""Whatever the command line writes: old or new and never half, for its owner only, and nothing else is touched. Each file that it makes
on full, read-only and limited disks, at places that are no files, killed at each system call, and by several programs at once.

usage: storing_test.py ROLESCOPE-CLI WITH-KEYRING [TEST]; needs a session with a keychain, and strace. Mounts, other people's files and tracing a
protected program need root: a user runs those tests by sudo."""
import concurrent.futures
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
import privileged  # pylint: disable=wrong-import-position

CLI, WITH_KEYRING = sys.argv[1:3]
by_root = privileged.by_root([CLI, WITH_KEYRING], prefix=[WITH_KEYRING])
SECRET = "abc8Q~" + "st0red-marker-" * 3
OLD = b"what was there\n"
CALLS = ("openat", "fchmod", "flock", "write", "fsync", "close", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "chmod", "unlink", "unlinkat", "rmdir")


class StoringTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(prefix="storing-")
        cls.addClassCleanup(holder.cleanup)
        cls.holder = os.path.realpath(holder.name)
        cls.config = os.path.join(cls.holder, "config")
        cls.environment = {**os.environ, "ROLESCOPE_CONFIG_DIR": cls.config}
        given = ("--tenant", "contoso.com", "--client-id", "00001111-aaaa-2222-bbbb-3333cccc4444")
        for name, more in (("orders", ["--secret-stdin"]), ("certified", ["--make-certificate"])):
            done = cls.run_cli("principal", "add", "--name", name, *given, *more, stdin=SECRET.encode())
            assert done.returncode == 0, done.stderr
        cls.count = 0

    @classmethod
    def run_cli(cls, *arguments, stdin=b"", prefix=(), before=None):
        return subprocess.run([*prefix, CLI, *arguments], input=stdin, capture_output=True, env=cls.environment, timeout=60, check=False, preexec_fn=before)

    def setUp(self):
        self.folder = tempfile.mkdtemp(dir=self.holder)
        self.target = os.path.join(self.folder, "target")

    WRITERS = {
        "export": lambda target: ["export", "orders", "--format", "shell", "--output", target],
        "certificate file": lambda target: ["export", "certified", "--format", "shell", "--certificate-file", target],
        "public certificate": lambda target: ["principal", "certificate", "certified", "--output", target],
        "calendar": lambda target: ["principal", "list", "--format", "ics", "--output", target],
        "unit": lambda target: ["unit", "gunicorn", "app", "--application", "a:b", "--directory", "/srv", "--user", "www-data", "--output", target],
    }

    def old(self, path=None):
        with open(path or self.target, "wb") as target:
            target.write(OLD)
        os.chmod(path or self.target, 0o644)

    @staticmethod
    def content(path):
        with open(path, "rb") as source:
            return source.read()

    def refused(self, done, what):
        self.assertEqual(done.returncode, 3, (what, done.stdout, done.stderr))
        self.assertIn(b"error: ", done.stderr)
        self.assertNotIn(SECRET.encode(), done.stdout + done.stderr)

    def test_each_file_is_the_owners_alone(self):
        for what, writer in self.WRITERS.items():
            with self.subTest(what):
                self.old()
                done = self.run_cli(*writer(self.target), before=lambda: os.umask(0))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotEqual(self.content(self.target), OLD)
                self.assertEqual(stat.S_IMODE(os.stat(self.target).st_mode), 0o600)
        self.assertEqual(os.listdir(self.folder), ["target"])
        for parent, _, names in os.walk(self.config):
            self.assertEqual(stat.S_IMODE(os.stat(parent).st_mode), 0o700, parent)
            for name in names:
                self.assertEqual(stat.S_IMODE(os.stat(os.path.join(parent, name)).st_mode) & 0o077, 0, name)

    def test_places_that_are_no_files_are_left_alone(self):
        victim = os.path.join(self.folder, "victim")
        self.old(victim)
        os.mkdir(os.path.join(self.folder, "folder"))
        os.mkfifo(os.path.join(self.folder, "fifo"))
        os.symlink(victim, os.path.join(self.folder, "link"))
        os.symlink(self.folder, os.path.join(self.folder, "way"))
        os.symlink("/nowhere", os.path.join(self.folder, "dangling"))
        before = sorted(os.listdir(self.folder))
        for what, writer in self.WRITERS.items():
            for place in ("folder", "fifo", "link", "dangling", "way/new", "missing/new", "victim/new", "."):
                if place == "way/new" and what in ("public certificate", "calendar"):
                    continue  # nothing secret: a way over a link is the user's own business
                with self.subTest(what, place=place):
                    self.refused(self.run_cli(*writer(os.path.join(self.folder, place))), (what, place))
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        self.assertEqual(self.content(victim), OLD)
        self.assertEqual(os.listdir(os.path.join(self.folder, "folder")), [])

    @by_root
    def test_no_room_keeps_the_old_file(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))
        for what, writer in self.WRITERS.items():
            with self.subTest(what):
                self.old()
                self.refused(self.run_cli(*writer(self.target), before=limit), what)
                self.assertEqual(self.content(self.target), OLD)
                self.assertEqual(os.listdir(self.folder), ["target"])
                for mount in (f"mount -t tmpfs -o size=16k tmpfs {self.folder} && printf 'what was there\\n' >{self.target} && "
                              f"{{ cat /dev/zero >{self.folder}/fill 2>/dev/null; true; }} && ",
                              f"mount --bind {self.folder} {self.folder} && mount -o remount,ro,bind {self.folder} && "):
                    done = self.run_cli(*writer(self.target), prefix=["unshare", "-m", "sh", "-c", mount + '{ "$@"; code=$?; cat ' + self.target
                                                                     + f"; ls -A {self.folder} | grep -v fill; exit $code; }}", "sh"])
                    self.refused(done, what)
                    self.assertTrue(done.stdout.endswith(OLD + b"target\n"), done.stdout)

    @by_root
    def test_no_room_keeps_the_index(self):
        index = os.path.join(self.config, "principals.json")
        before = self.content(index)
        done = self.run_cli("principal", "rename", "orders", "other", prefix=[
            "unshare", "-m", "sh", "-c", f"mount --bind {self.config} {self.config} && mount -o remount,ro,bind {self.config} && exec \"$@\"", "sh"])
        self.refused(done, "read-only")

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
        self.refused(self.run_cli("principal", "rename", "orders", "other", before=limit), "limit")
        self.assertEqual(self.content(index), before)

    def killed(self, arguments, folder, check):
        """The command, killed at each of its calls that concern the folder. Which those are, a run without kills tells."""
        trace = os.path.join(self.holder, "trace")
        calls = ",".join(CALLS)
        done = self.run_cli(*arguments(), prefix=["strace", "-f", "-y", "-o", trace, "-e", "trace=" + calls])
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(trace, encoding="utf-8", errors="replace") as source:
            lines = [line.split(None, 1) for line in source]
        main, counts, wanted = lines[0][0], {}, []
        for pid, line in lines:
            call = line.partition("(")[0]
            if pid == main and call in CALLS:
                counts[call] = counts.get(call, 0) + 1
                # A lock that was left empty is believed for half a minute: nothing is lost, but this test would wait.
                if folder in line and ".lock" not in line:
                    wanted.append((call, counts[call], line))
        self.assertTrue({"openat", "fsync", "write"} <= {call for call, _, _ in wanted}, wanted)
        kills = 0
        for call, number, line in wanted:
            done = self.run_cli(*arguments(), prefix=["strace", "-f", "-o", "/dev/null", "-e", "trace=" + call,
                                                      "-e", f"inject={call}:signal=KILL:when={number}"])
            check(line)
            kills += done.returncode == -signal.SIGKILL
        self.assertGreater(kills, len(wanted) // 2)

    @by_root
    def test_killed_at_any_call_a_file_is_old_or_new(self):
        self.run_cli(*self.WRITERS["export"](self.target))
        new = self.content(self.target)

        def arguments():
            self.old()
            return self.WRITERS["export"](self.target)

        def check(call):
            self.assertIn(self.content(self.target), (OLD, new), call)
            for name in os.listdir(self.folder):
                if name != "target":
                    self.assertRegex(name, r"^\.target\.[0-9a-z]+\.part$")
                    self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.folder, name)).st_mode), 0o600)
        self.killed(arguments, self.folder, check)
        self.cleaned(lambda: self.run_cli(*self.WRITERS["export"](self.target)), self.folder, ["target"])

    @by_root
    def test_killed_at_any_call_a_folder_is_old_or_new(self):
        export = ["export", "orders", "--format", "envdir", "--output", self.target]
        self.assertEqual(self.run_cli(*export).returncode, 0)  # so that the next one takes its place
        whole = sorted(os.listdir(self.target))

        def check(call):
            self.assertEqual(sorted(os.listdir(self.target)), whole, call)
            self.assertIn(SECRET.encode(), self.content(os.path.join(self.target, "AZURE_CLIENT_SECRET")), call)
            for name in os.listdir(self.folder):  # of a folder what was begun stays, for its owner only
                self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.folder, name)).st_mode), 0o700)
        self.killed(lambda: export, self.folder, check)

    @by_root
    def test_killed_at_any_call_the_index_is_old_or_new(self):
        dates = ["2031-01-01", "2032-02-02"]

        def arguments():
            dates.reverse()
            return ["principal", "expiry", "orders", dates[0]]

        def check(call):
            listed = json.loads(self.run_cli("principal", "list", "--json").stdout)["principals"]
            self.assertEqual(sorted(one["name"] for one in listed), ["certified", "orders"], call)
            self.assertIn(next(one for one in listed if one["name"] == "orders")["credentialExpiresAt"][:10], dates)
        self.killed(arguments, self.config, check)
        self.cleaned(lambda: self.run_cli(*arguments()), self.config, None)

    def cleaned(self, again, folder, expected):
        """What the kills left goes with a later write, once nobody can be writing it any more."""
        def left():
            return [name for name in os.listdir(folder) if name.endswith(".part")]
        name = next(iter(expected or ["principals.json"]))
        with open(os.path.join(folder, f".{name}.0abc9.part"), "wb"):
            pass
        for name in left():
            os.utime(os.path.join(folder, name), (time.time() - 700,) * 2)
        # A kill while the lock was made keeps others out for half a minute.
        for _ in range(6):
            done = again()
            if done.returncode == 0:
                break
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(left(), [])
        if expected:
            self.assertEqual(os.listdir(folder), expected)

    @by_root
    def test_what_others_left_is_left_alone(self):
        os.chmod(self.folder, 0o777)
        elsewhere = tempfile.mkdtemp(dir=self.holder)
        self.old(os.path.join(elsewhere, "precious"))
        names = [".target.part", ".target.UPPER.part", ".other.abc.part", ".target.abc.partial"]
        for name in names:
            self.old(os.path.join(self.folder, name))
        self.old(os.path.join(self.folder, ".target.theirs.part"))
        os.chown(os.path.join(self.folder, ".target.theirs.part"), 65534, 65534)
        os.symlink(elsewhere, os.path.join(self.folder, ".target.link.part"))
        for name in os.listdir(self.folder):
            os.utime(os.path.join(self.folder, name), (1, 1), follow_symlinks=False)
        before = sorted(os.listdir(self.folder))
        self.assertEqual(self.run_cli(*self.WRITERS["export"](self.target)).returncode, 0)
        self.assertEqual(sorted(os.listdir(self.folder)), sorted([*before, "target"]))
        self.assertEqual(os.listdir(elsewhere), ["precious"])

    def test_several_at_once_leave_one_whole_file(self):
        writers = list(self.WRITERS.values())[:4]
        expected = set()
        for writer in writers:
            self.assertEqual(self.run_cli(*writer(self.target)).returncode, 0)
            expected.add(self.content(self.target))
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            done = list(pool.map(lambda n: self.run_cli(*writers[n % 4](self.target)).returncode, range(16)))
        self.assertEqual(done, [0] * 16)
        self.assertTrue(any(self.content(self.target)[:20] == one[:20] for one in expected))
        self.assertEqual(os.listdir(self.folder), ["target"])

    def test_several_at_once_lose_no_change(self):
        names = [f"together{n}" for n in range(6)]
        given = ("--tenant", "contoso.com", "--client-id", "00001111-aaaa-2222-bbbb-3333cccc4444", "--secret-stdin")
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            done = list(pool.map(lambda name: self.run_cli("principal", "add", "--name", name, *given, stdin=SECRET.encode()).returncode, names))
            done += list(pool.map(lambda n: self.run_cli("principal", "expiry", names[n], f"2031-01-0{n + 1}").returncode, range(6)))
            listed = json.loads(self.run_cli("principal", "list", "--json").stdout)["principals"]
            ends = {one["name"]: one.get("credentialExpiresAt", "")[:10] for one in listed}
            done += list(pool.map(lambda name: self.run_cli("principal", "remove", name).returncode, names))
        self.assertEqual(done, [0] * 18)
        self.assertEqual({name: ends.get(name) for name in names}, {name: f"2031-01-0{n + 1}" for n, name in enumerate(names)})
        self.assertEqual(self.run_cli("principal", "repair").returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
