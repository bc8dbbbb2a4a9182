"""Files as people, editors and other tools write them: what `inspect` says that a consumer reads must be what that program really reads,
byte for byte, and the text that `convert --repair` writes must be read as meant.

usage: foreign_test.py ROLESCOPE-CLI SHARED-ENVFILE-FOLDER"""
import functools
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import types

CLI, SHARED = sys.argv[1:3]
if not os.path.isdir(SHARED):
    print("skipped: the shared folder is not there")
    sys.exit(77)
NODE_MODULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "envfile", "node_modules")
# Debian's node has no --env-file: that of npm goes first.
os.environ["PATH"] = os.path.join(os.path.abspath(NODE_MODULES), ".bin") + ":" + os.environ["PATH"]

spec = importlib.util.spec_from_file_location("verifier", os.path.join(SHARED, "verify-with-consumers.py"))
verifier = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verifier)

BOM = b"\xef\xbb\xbf"
NAMES = ["AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID"]
PLAIN = b"AZURE_CLIENT_ID=the-client\nAZURE_CLIENT_SECRET=a8Q~b.c_d-e\nAZURE_TENANT_ID=the-tenant\n"


def around(line):
    return b"AZURE_CLIENT_ID=the-client\n" + line + b"\nAZURE_TENANT_ID=the-tenant\n"


def secret(value):
    return around(b"AZURE_CLIENT_SECRET=" + value)


FOREIGN = {
    "plain": PLAIN,
    "byte order mark": BOM + PLAIN,
    "crlf": PLAIN.replace(b"\n", b"\r\n"),
    "mark and crlf": BOM + PLAIN.replace(b"\n", b"\r\n"),
    "no line end at the end": PLAIN[:-1],
    "export on one line": around(b"export AZURE_CLIENT_SECRET=a8Q~b"),
    "export on every line": b"".join(b"export " + line + b"\n" for line in PLAIN.splitlines()),
    "twice": around(b"AZURE_CLIENT_SECRET=old\nAZURE_CLIENT_SECRET=new"),
    "blank at the end": secret(b"a8Q~b "),
    "tab at the end": secret(b"a8Q~b\t"),
    "blank after equals": secret(b" a8Q~b"),
    "blanks around equals": around(b"AZURE_CLIENT_SECRET = a8Q~b"),
    "indented": around(b"  AZURE_CLIENT_SECRET=a8Q~b"),
    "double quotes": secret(b'"a8Q~b"'),
    "single quotes": secret(b"'a8Q~b'"),
    "quotes with crlf": secret(b'"a8Q~b"').replace(b"\n", b"\r\n"),
    "quoted blank at the end": secret(b'"a8Q~b "'),
    "one quote": secret(b"a'b"),
    "quote inside quotes": secret(b"'it'\\''s'"),
    "dollar name": secret(b"pa$HOME"),
    "dollar dollar": secret(b"pa$$word"),
    "dollar and digit": secret(b"a$1b"),
    "dollar at the end": secret(b"a8Q$"),
    "dollar in double quotes": secret(b'"pa$word"'),
    "dollar in single quotes": secret(b"'pa$word'"),
    "dollar with braces": secret(b"a${NO_SUCH}b"),
    "escaped dollar": secret(b'"a\\$b"'),
    "hash inside": secret(b"a#b"),
    "hash after a blank": secret(b"a8Q~b # the new one"),
    "quoted and a comment": secret(b'"a8Q~b" # the new one'),
    "comment line": around(b"# AZURE_CLIENT_SECRET=old\nAZURE_CLIENT_SECRET=new"),
    "semicolon comment": around(b"; old\nAZURE_CLIENT_SECRET=new"),
    "empty lines": PLAIN.replace(b"\n", b"\n\n"),
    "backslash": secret(b"a\\b"),
    "backslash at the end": secret(b"ab\\"),
    "backslash n in double quotes": secret(b'"a\\nb"'),
    "backslash n": secret(b"a\\nb"),
    "line feed in double quotes": secret(b'"a\nb"'),
    "backtick": secret(b"`ab`"),
    "empty": secret(b""),
    "empty quotes": secret(b'""'),
    "equals inside": secret(b"a=b=="),
    "yaml style": around(b"AZURE_CLIENT_SECRET: a8Q~b"),
    "dash in a name": around(b"AZURE-CLIENT-SECRET=a8Q~b\nAZURE_CLIENT_SECRET=x"),
    "name without a value": around(b"AZURE_CLIENT_SECRET"),
    "two words": secret(b"a b"),
    "unicode": secret("pässwört🔑".encode()),
    "no-break space at the end": secret("a8Q~b\u00a0".encode()),
    "zero-width space": secret("a8Q\u200b~b".encode()),
    "unterminated double quote": secret(b'"a8Q~b'),
    "unterminated single quote": secret(b"'a8Q~b"),
    "parentheses": secret(b"a(b)c"),
    "percent": secret(b"a%b%%c%h"),
    "exclamation": secret(b"a!b!!"),
    "form feed": secret(b"a\x0cb"),
}

# What is meant, where one can say; convert --repair must get it across.
MEANT = {"plain": b"a8Q~b.c_d-e", "byte order mark": b"a8Q~b.c_d-e", "crlf": b"a8Q~b.c_d-e", "mark and crlf": b"a8Q~b.c_d-e",
         "export on one line": b"a8Q~b", "export on every line": b"a8Q~b.c_d-e", "twice": b"new", "quotes with crlf": b"a8Q~b",
         "double quotes": b"a8Q~b", "single quotes": b"a8Q~b", "blank at the end": b"a8Q~b", "quoted and a comment": b"a8Q~b",
         "zero-width space": b"a8Q~b", "hash inside": b"a#b", "no line end at the end": b"a8Q~b.c_d-e"}

CONSUMERS = {"libsystemd-shared load_env_file", "python-dotenv", "node-dotenv", "node --env-file", "podman remote client (recording engine)",
             "docker CLI (recording engine)", "gh secret set -f", "dash", "bash", "dash set -a", "direnv", "docker compose config", "kubectl --from-env-file"}


def consumers(context):
    """(consumer, format) of those that are here; their absence is named, and a failure for those that installer/test brings."""
    for consumer in verifier.CONSUMERS:
        if consumer.id not in CONSUMERS and not consumer.id.startswith("gh"):
            continue
        try:
            version = consumer.find(context)
        except verifier.Missing as missing:
            print(f"not asked: {consumer.id} ({missing})")
            if not consumer.id.startswith(("docker", "kubectl")):
                raise SystemExit("installer/test installs it") from None
            continue
        print(f"asked: {consumer.id} ({version})")
        yield consumer, consumer.formats[0]


@functools.lru_cache(maxsize=None)
def said_of(path, form=None):
    """{format: what inspect says}, of one consumer or of all who read such lines."""
    done = subprocess.run([CLI, "inspect", "--offline", "--reveal", "--json", *(["--as", form] if form else []), path], capture_output=True,
                          check=False, timeout=60)
    if done.returncode not in (0, 1):
        raise SystemExit(f"inspect {path}: {done.returncode} {done.stderr.decode()}")
    return {one["format"]: one for one in json.loads(done.stdout)["consumers"]}


def ours(path, form):
    return said_of(path).get(form) or said_of(path, form)[form]


def tolerated(consumer, said, real):
    """Our refusal where the program still reads something: bash and direnv run what stands before a syntax error and lose the rest; podman
    is looser than docker, with which it shares a format, and takes a mark for a part of the first name, which is said as a remark."""
    if consumer.id.startswith("podman"):
        return bool(said["refusal"]) or any("Podman" in one["text"] for one in said["remarks"])
    return consumer.id in ("bash", "direnv") and said["refusal"] and b"AZURE_TENANT_ID" not in real


def differences(said, real, baseline):
    if isinstance(real, Exception):
        uncertain = any(not one["certain"] for one in said["variables"])
        return [] if said["refusal"] or uncertain else [f"it refuses the file: {real}"]
    if said["refusal"]:
        return [f"it reads the file; we say: {said['refusal']}"]
    found = []
    for one in said["variables"]:
        name = one["name"].encode()
        if name not in real:
            found.append(f"{one['name']} is not there" if one["certain"] else "")
        elif one["certain"] and real[name] != one["value"].encode():
            found.append(f"{one['name']} is {real[name]!r}, and not {one['value']!r}")
    names = {one["name"].encode() for one in said["variables"]}
    # a name that depends on the program's version stands for another one there
    if any(not one["certain"] and one["name"].encode() not in real for one in said["variables"]):
        return [one for one in found if one]
    found += [f"{name!r} is there too, {real[name]!r}" for name in real if name not in names | baseline | verifier.NOISE]
    return [one for one in found if one]


def check_readers(context, folder):
    wrong, compared = [], 0
    paths = {name: os.path.join(folder, f"{number}.env") for number, name in enumerate(FOREIGN)}
    for name, path in paths.items():
        with open(path, "wb") as target:
            target.write(FOREIGN[name])
    for consumer, form in consumers(context):
        baseline = set(consumer.baseline(context))
        real = consumer.read_all(list(paths.values()), context)
        for name, path in paths.items():
            compared += 1
            said = ours(path, form)
            if isinstance(real[path], Exception) or not tolerated(consumer, said, real[path]):
                wrong += [f"{consumer.id}, {name}: {one}" for one in differences(said, real[path], baseline)]
    return wrong, compared


def check_repairs(context, folder):
    """The repaired text, by the real consumers."""
    wrong, repaired = [], 0
    for consumer, form in consumers(context):
        paths = {}
        for number, name in enumerate(MEANT):
            source, target = os.path.join(folder, "source"), os.path.join(folder, f"{form}-{number}.repaired")
            with open(source, "wb") as file:
                file.write(FOREIGN[name])
            done = subprocess.run([CLI, "convert", "--repair", "--to", form, "--output", target, source], capture_output=True, check=False, timeout=60)
            if done.returncode != 0:
                wrong.append(f"{form}, {name}: not repaired: {done.stderr.decode()}")
            else:
                paths[name] = target
        real = consumer.read_all(list(paths.values()), context)
        for name, path in paths.items():
            repaired += 1
            read = real[path]
            want = {b"AZURE_CLIENT_ID": b"the-client", b"AZURE_CLIENT_SECRET": MEANT[name], b"AZURE_TENANT_ID": b"the-tenant"}
            if isinstance(read, Exception) or any(read.get(one) != value for one, value in want.items()):
                wrong.append(f"{consumer.id}, {name}, repaired: {read if isinstance(read, Exception) else read.get(b'AZURE_CLIENT_SECRET')!r}")
    return wrong, repaired


def check_folders(folder):
    """envdir and its kin on folders that others wrote."""
    wrong = []
    files = {"PLAIN": b"value\n", "NO_END": b"value", "BLANKS": b"value \t\n", "CRLF": b"value\r\n", "TWO_LINES": b"first\nsecond\n", "NUL": b"a\0b\n",
             "EMPTY": b"", "ONLY_END": b"\n", "MARK": BOM + b"value\n", "LONG": b"x" * 5000 + b"\n"}
    path = os.path.join(folder, "folder")
    os.makedirs(path)
    for name, content in files.items():
        with open(os.path.join(path, name), "wb") as target:
            target.write(content)
    for program, form in ((["envdir", path], "envdir"), (["chpst", "-e", path], "envdir"), (["s6-envdir", path], "s6-envdir")):
        real = verifier.split0(verifier.run(program + ["env", "-0"], env=verifier.clean_env(EMPTY="from above")).stdout)
        baseline = set(verifier.clean_env()) | {"EMPTY"}
        wrong += [f"{program[0]}: {one}" for one in differences(ours(path, form), real, {name.encode() for name in baseline} | {b"_"})]
        if b"EMPTY" in real:
            wrong.append(f"{program[0]} no longer removes the variable of an empty file")
    return wrong


def main():
    with tempfile.TemporaryDirectory() as folder:
        context = types.SimpleNamespace(work=folder, names=NAMES, args=types.SimpleNamespace(node_modules=NODE_MODULES, systemd_usr=None))
        wrong, compared = check_readers(context, folder)
        more, repaired = check_repairs(context, folder)
        wrong += more + check_folders(folder)
    print(f"{compared} readings compared, {repaired} repaired files read, {len(wrong)} differences")
    if wrong:
        raise SystemExit("\n".join(wrong))


main()
