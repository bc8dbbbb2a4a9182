"""`inspect` on what is no environment file: a clear answer each, in bounded time and memory, and nothing of it shown.

usage: hostile_test.py ROLESCOPE-CLI"""
import os
import resource
import socket
import subprocess
import sys
import tempfile
import unittest

CLI = sys.argv[1]
TEXT = "AZURE_CLIENT_ID=the-client\nAZURE_CLIENT_SECRET=mark3r8Q~x\n"


def limits():
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name

    def file(self, content):
        path = os.path.join(self.folder, self.id().rsplit(".", 1)[-1])
        with open(path, "wb") as target:
            target.write(content)
        return path

    def inspect(self, path, code, words, command=()):
        done = subprocess.run([*command, CLI, "inspect", "--offline", path], stdin=subprocess.DEVNULL, capture_output=True, timeout=240,
                              check=False, preexec_fn=limits, env={**os.environ, "ROLESCOPE_CONFIG_DIR": self.folder + "/config"})
        said = (done.stdout + done.stderr).decode()
        self.assertEqual(done.returncode, code, said[-500:])
        self.assertIn(words, said)
        self.assertNotIn("mark3r", said)

    def test_a_line_of_ten_million_bytes(self):
        self.inspect(self.file(b"A=mark3r" + b"x" * 10_000_000 + b"\n"), 3, "larger than 4 MiB")

    def test_two_million_lines(self):
        self.inspect(self.file(b"A=\n" * 1_000_000), 3, "more than 10,000 lines")

    def test_ten_thousand_open_quotes(self):
        self.inspect(self.file(b'A="\n' * 10_000), 1, "stands more than once")

    def test_a_crowded_line(self):
        for line in (b"A=" + b"$x" * 2_000_000, b"export " * 590_000 + b"A=b"):
            self.inspect(self.file(line + b"\n"), 0, "credential: there is none", command=("prlimit", "--cpu=20"))

    def test_variables_that_multiply(self):
        for line in (b'A="$A$A"\n', b"A=${A}${A}\n", b"A=${A:-x}${A:-x}\n", b'export A="${A}${A}"\n'):
            self.inspect(self.file(b"A=mark3r\n" + line * 30), 3, "Write the value out", command=("prlimit", "--as=1500000000"))

    def test_thousands_of_short_lines(self):
        text = b"".join(b"A%d=x\n" % i for i in range(6_000))
        self.inspect(self.file(text), 0, "credential: there is none", command=("prlimit", "--as=1500000000"))

    def test_zero_bytes(self):
        self.inspect(self.file(b"A=mark3r\0y\nB=z\n"), 1, "a zero byte")

    def test_utf_16(self):
        for encoding, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b""), ("utf-16-be", b"")):
            self.inspect(self.file(mark + TEXT.encode(encoding)), 1, "It is UTF-16")

    def test_latin_1(self):
        self.inspect(self.file("A=mark3rä\nB=x\n".encode("latin-1")), 1, "not valid UTF-8")

    def test_a_binary(self):
        self.inspect("/bin/true", 1, "a zero byte")

    def test_yaml_that_multiplies(self):
        lines = b"".join(b"  B%d: &b%d [*b%d,*b%d]\n" % (i, i, i - 1, i - 1) for i in range(1, 40))
        self.inspect(self.file(b"kind: Secret\ndata:\n  B0: &b0 x\n" + lines), 0, "refuses the file")

    def test_what_is_no_file(self):
        fifo = os.path.join(self.folder, "fifo")
        os.mkfifo(fifo)
        with socket.socket(socket.AF_UNIX) as here:
            here.bind(os.path.join(self.folder, "socket"))
        os.symlink("loop", os.path.join(self.folder, "loop"))
        for path in (fifo, os.path.join(self.folder, "socket"), os.path.join(self.folder, "loop"), "/dev/zero", "/dev/null", "/dev/tty"):
            self.inspect(path, 3, "is no regular file")
        self.inspect(os.path.join(self.folder, "none"), 3, "There is no file")

    def test_no_permission(self):
        path = self.file(TEXT.encode())
        os.chmod(path, 0)
        os.chmod(self.folder, 0o755)
        nobody = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"] if os.getuid() == 0 else []
        copy = os.path.join(self.folder, "rolescope-cli")
        subprocess.run(["cp", CLI, copy], check=True)
        done = subprocess.run([*nobody, copy, "inspect", "--offline", path], capture_output=True, check=False, timeout=60,
                              env={**os.environ, "ROLESCOPE_CONFIG_DIR": "/nowhere"})
        self.assertEqual(done.returncode, 3, done)
        self.assertIn(b"Permission denied", done.stderr)

    def test_a_link_to_a_file_is_read(self):
        link = os.path.join(self.folder, "link")
        os.symlink(self.file(b"A=x\n"), link)
        self.inspect(link, 0, "reads it as meant")

    def test_a_folder_without_files(self):
        self.inspect("/proc/self/task", 0, "envdir")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
