#!/usr/bin/env python3
"""Saving an environment file, on real file systems: owner-only from the start, old or new and never half, not through links.
usage: saving_test.py ROLESCOPE-CLI [TEST]. Three tests need root, for mounts and to trace a protected program: a user runs them by sudo."""
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
import privileged  # pylint: disable=wrong-import-position

CLI = os.path.abspath(sys.argv.pop(1))
by_root = privileged.by_root([CLI])
OLD = b"AZURE_CLIENT_SECRET=\"old-0ld-marker\"\n"
NEW = b'{"AZURE_CLIENT_SECRET":"new-mark3r"}'
WRITTEN = b'AZURE_CLIENT_SECRET="new-mark3r"\n'


def convert(target, source=NEW, to="systemd-envfile", before=None, prefix=()):
    return subprocess.run([*prefix, CLI, "convert", "--from", "json", "--to", to, "--output", str(target), "-"], input=source,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before, timeout=60)


def content(path):
    with open(path, "rb") as file:
        return file.read()


class Saving(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory()
        self.addCleanup(self.holder.cleanup)
        self.folder = os.path.realpath(self.holder.name)
        self.target = os.path.join(self.folder, "app.env")

    def old(self, mode=0o644):
        with open(self.target, "wb") as file:
            file.write(OLD)
        os.chmod(self.target, mode)

    def test_is_owner_only_even_under_umask_0_and_over_a_readable_file(self):
        self.old()
        done = convert(self.target, before=lambda: os.umask(0))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(content(self.target), WRITTEN)
        self.assertEqual(stat.S_IMODE(os.stat(self.target).st_mode), 0o600)

    @by_root
    def test_creates_with_0600_at_once(self):
        trace = os.path.join(self.folder, "trace")
        convert(self.target, before=lambda: os.umask(0), prefix=("strace", "-f", "-y", "-e", "trace=openat,open,creat", "-o", trace))
        created = [line for line in content(trace).decode().splitlines() if "O_CREAT" in line and self.folder in line]
        self.assertTrue(created)
        for line in created:
            self.assertRegex(line, r"O_EXCL.*, 0600\)")

    def test_a_folder_is_0700_with_0600_files(self):
        target = os.path.join(self.folder, "env")
        for source in (NEW, b'{"AZURE_CLIENT_SECRET":"second"}'):  # made, then exchanged
            done = convert(target, source, to="envdir", before=lambda: os.umask(0))
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(stat.S_IMODE(os.stat(target).st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(os.stat(target + "/AZURE_CLIENT_SECRET").st_mode), 0o600)
        self.assertEqual(content(target + "/AZURE_CLIENT_SECRET"), b"second\n")
        self.assertEqual(os.listdir(self.folder), ["env"])

    def test_a_folder_with_something_else_in_it_stays(self):
        target = os.path.join(self.folder, "env")
        os.mkdir(target)
        with open(target + "/PATH", "w") as file:
            file.write("/bin\n")
        self.assertEqual(convert(target, to="envdir").returncode, 3)
        self.assertEqual(os.listdir(target), ["PATH"])

    def test_links_fifos_and_folders_are_refused_and_nothing_is_touched(self):
        elsewhere = os.path.join(self.folder, "elsewhere")
        os.mkdir(elsewhere)
        with open(elsewhere + "/victim", "wb") as file:
            file.write(b"victim")
        os.symlink(elsewhere + "/victim", self.folder + "/link")
        os.symlink(elsewhere, self.folder + "/way")
        os.mkfifo(self.folder + "/fifo")
        before = sorted(os.listdir(self.folder))
        for target in ("link", "fifo", "elsewhere", "way/app.env"):
            done = convert(os.path.join(self.folder, target))
            self.assertEqual(done.returncode, 3, target)
            self.assertNotIn(b"mark3r", done.stderr + done.stdout)
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        self.assertEqual(os.listdir(elsewhere), ["victim"])
        self.assertEqual(content(elsewhere + "/victim"), b"victim")

    @by_root
    def test_killed_at_any_call_there_is_the_old_or_the_new_file(self):
        calls = ("openat", "fchmod", "write", "fsync", "close", "renameat")
        seen = set()
        for call in calls:
            for number in range(1, 200):
                self.old()
                trace = os.path.join(self.folder, "trace")
                done = convert(self.target, prefix=("strace", "-f", "-P", self.folder, "-P", self.target, "-o", trace, "-e",
                                                    "trace=" + call, "-e", "inject=%s:signal=KILL:when=%d" % (call, number)))
                now = content(self.target)
                self.assertIn(now, (OLD, WRITTEN), call)
                seen.add(now)
                if done.returncode == 0:
                    break
        self.assertEqual(seen, {OLD, WRITTEN})

    def test_a_file_size_limit_keeps_the_old_file(self):
        self.old()

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))
        done = convert(self.target, before=limit)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(content(self.target), OLD)
        self.assertEqual(os.listdir(self.folder), ["app.env"])

    @by_root
    def test_a_full_disk_and_a_read_only_one_keep_the_old_file(self):
        script = ("mount -t tmpfs -o size=64k tmpfs %(f)s && cp /dev/stdin %(f)s/app.env && "
                  "(cat /dev/zero >%(f)s/fill 2>/dev/null; true) && "
                  "printf '%%s' '{\"A\":\"'$(head -c 30000 /dev/zero | tr '\\0' x)'\"}' | %(c)s convert --from json --to shell --output %(f)s/app.env -; "
                  "echo full=$?; ls -A %(f)s; rm %(f)s/fill; mount -o remount,ro %(f)s; "
                  "echo '{\"A\":\"x\"}' | %(c)s convert --from json --to shell --output %(f)s/app.env -; echo ro=$?; cat %(f)s/app.env"
                  % {"f": self.folder, "c": CLI})
        done = subprocess.run(["unshare", "-m", "sh", "-c", script], input=OLD, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        out = done.stdout.decode()
        self.assertIn("full=3\napp.env\nfill\n", out)
        self.assertIn("ro=3\n" + OLD.decode(), out)

    def test_warns_inside_a_git_work_tree_until_it_is_ignored(self):
        subprocess.run(["git", "init", "-q", self.folder], check=True)
        self.assertIn(b"git work tree that does not ignore it", convert(self.target).stderr)
        with open(self.folder + "/.gitignore", "w") as file:
            file.write("app.env\n")
        self.assertNotIn(b"git work tree", convert(self.target).stderr)

    def test_warns_with_a_masked_difference_over_an_existing_file(self):
        with open(self.target, "wb") as file:
            file.write(OLD + b'DATABASE="d-mark3r"\n')
        said = convert(self.target, b'{"AZURE_CLIENT_SECRET":"new-mark3r","AZURE_TENANT_ID":"t-mark3r"}').stderr.decode()
        self.assertIn("- DATABASE=", said)
        self.assertIn("+ AZURE_TENANT_ID=", said)
        self.assertIn("~ AZURE_CLIENT_SECRET", said)
        self.assertIsNone(re.search("mark3r|marker", said))

    def test_warns_in_a_folder_where_everybody_may_write(self):
        os.chmod(self.folder, 0o777)
        self.assertIn(b"Everybody may write", convert(self.target).stderr)

    def test_no_refusal_quotes_the_value(self):
        for to, value in (("docker", "mark3r\\nx"), ("crontab", "mark3r "), ("uwsgi", "mark3r@(x)"), ("supervisord", "\\\"mark3r"),
                          ("python-dotenv", "${mark3r}"), ("cmd", "mark3r\\n"), ("shell", "mark3r\\u0000"), ("gh-dotenv", "mark3r\\n\\\\")):
            done = convert(self.target, ('{"A":"%s"}' % value).encode(), to=to)
            self.assertEqual(done.returncode, 3, to)
            self.assertNotIn(b"mark3r", done.stdout + done.stderr)
        self.assertEqual(os.listdir(self.folder), [])


unittest.main()
