#!/usr/bin/env python3
"""Runs the shared verifier, and says which consumers are missing that this machine could have.
usage: verify.py SHARED-ENVFILE-FOLDER EXPORT-FOLDER [OPTION of the verifier]...

Differences: supervisord gets all files at once as programs of one daemon (two seconds each otherwise), python-dotenv and gunicorn run in
forks of a Python that has them loaded, and so does systemd's library; dotenv and node's own reader read all files in one node (the flag
--env-file itself is asked for every tenth), and a missing consumer is a failure unless Debian 12 and npm do not have it."""
import importlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time

# Not to be had from Debian 12 or npm; the docker client would bring an engine, and podman reads the same file.
NOT_TO_BE_HAD = {"pwsh", "cmd.exe", "docker compose config", "docker compose --env-file", "docker CLI (recording engine)"}


def load(shared):
    spec = importlib.util.spec_from_file_location("verifier", os.path.join(shared, "verify-with-consumers.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_all_at_once(verifier):
    def read_all(self, paths, ctx):
        folder = tempfile.mkdtemp(dir=ctx.work)
        conf = ("[supervisord]\nnodaemon=true\nuser=root\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile=%s/pid\n" % folder).encode()
        for number, path in enumerate(paths):
            out = "%s/o%d" % (folder, number)
            with open(path, "rb") as file:
                body = file.read()
            conf += ("[program:p%d]\ncommand=sh -c 'env -0 >%s.t && mv %s.t %s'\nautorestart=false\nstartsecs=0\n"
                     % (number, out, out, out)).encode() + body + b"\n"
        with open(folder + "/c.conf", "wb") as file:
            file.write(conf)
        daemon = subprocess.Popen([self.path, "-n", "-c", folder + "/c.conf"], env=verifier.clean_env(), cwd=folder,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        outs = ["%s/o%d" % (folder, number) for number in range(len(paths))]
        for _ in range(600):
            if daemon.poll() is not None or all(map(os.path.exists, outs)):
                break
            time.sleep(0.1)
        daemon.terminate()
        daemon.wait()
        read = {}
        for path, out in zip(paths, outs):
            if os.path.exists(out):
                with open(out, "rb") as file:
                    read[path] = verifier.split0(file.read())
                for name in (b"SUPERVISOR_ENABLED", b"SUPERVISOR_PROCESS_NAME", b"SUPERVISOR_GROUP_NAME"):
                    read[path].pop(name, None)
            else:
                read[path] = verifier.ConsumerError("supervisord did not start it")
        return read
    return read_all


def forked(verifier, work, reading, path):
    """What `reading` finds for one file in a process of its own, which has the modules loaded already: a new Python takes ten times as long."""
    folder = tempfile.mkdtemp(dir=work)
    child = os.fork()
    if child == 0:
        try:
            os.chdir(folder)
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(null, stream)
            os.environ.clear()
            os.environ.update(verifier.clean_env(HOME=folder))
            reading(path)
            with open("out.t", "wb") as file:
                file.write(b"".join(name + b"=" + value + b"\0" for name, value in os.environb.items()))
            os.rename("out.t", "out")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    try:
        with open(folder + "/out", "rb") as file:
            return verifier.split0(file.read())
    except OSError:
        return verifier.ConsumerError("it did not read the file")


def read_by_dotenv(path):
    import dotenv  # pylint: disable=import-outside-toplevel
    dotenv.load_dotenv(path)


def read_by_gunicorn(path):
    """As `gunicorn -c FILE --preload`; the application writes what it finds, and ends the process."""
    from gunicorn.app.wsgiapp import run  # pylint: disable=import-outside-toplevel
    with open("dumpapp.py", "w", encoding="utf-8") as file:
        file.write("import os\nopen('out.t','wb').write(b''.join(k+b'='+v+b'\\0' for k,v in os.environb.items()))\n"
                   "os.rename('out.t','out')\nos._exit(0)\n")
    sys.argv = ["gunicorn", "-c", path, "--preload", "-b", "unix:s", "--chdir", os.getcwd(), "dumpapp:app"]
    run()


def read_in_forks(verifier, reading, *modules):
    def read_all(self, paths, ctx):
        del self
        for module in modules:
            importlib.import_module(module)
        return {path: forked(verifier, ctx.work, reading, path) for path in paths}
    return read_all


def read_by_systemds_library(verifier):
    """load_env_file() in a fork each, as the verifier's own code calls it in a new Python each."""
    library = {}

    def find(self, ctx, first=verifier.SystemdLibrary.find):
        if not library:
            library["version"] = first(self, ctx)
            library["path"] = self.lib
        self.lib = library["path"]
        return library["version"]

    def read(self, path, ctx):
        def reading(path):
            sys.argv = ["", self.lib, path]
            with open("read.json", "w", encoding="ascii") as file:
                os.dup2(file.fileno(), 1)
                sys.stdout = os.fdopen(1, "w", closefd=False)
                exec(self.code(), {})  # pylint: disable=exec-used
                sys.stdout.flush()
            with open("read.json", encoding="ascii") as file:
                variables = verifier.b64map(file.read())
            os.environ.clear()
            os.environb.update(variables)
        done = forked(verifier, ctx.work, reading, path)
        if isinstance(done, Exception):
            raise done
        return done
    verifier.SystemdLibrary.find, verifier.SystemdLibrary.read = find, read


def read_by_nodes_own_reader(verifier):
    code = ("const b=s=>Buffer.from(s,'utf8').toString('base64');"
            "const read=p=>{for(const k of Object.keys(process.env))delete process.env[k];try{process.loadEnvFile(p)}catch(e){return null}"
            "const o={};for(const k of Object.keys(process.env))o[b(k)]=b(process.env[k]);return JSON.stringify(o)};"
            "process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0,'utf8')).map(read)));")

    def read_all(self, paths, ctx):
        if subprocess.run([self.path, "-e", "process.loadEnvFile('/dev/null')"], stderr=subprocess.DEVNULL, check=False).returncode:
            return verifier.Consumer.read_all(self, paths, ctx)  # before 20.12
        texts = json.loads(verifier.run([self.path, "-e", code], stdin=json.dumps(paths).encode()).stdout)
        read = {path: verifier.b64map(text) if text else verifier.ConsumerError("node did not read it") for path, text in zip(paths, texts)}
        for path in paths[::10]:
            read[path] = verifier.Consumer.read_all(self, [path], ctx)[path]
        return read
    return read_all


def read_by_one_node(verifier):
    code = ("const dotenv=require('dotenv'),b=s=>Buffer.from(s,'utf8').toString('base64');"
            "const read=p=>{const env={},done=dotenv.config({path:p,quiet:true,processEnv:env});if(done.error)return null;"
            "const o={};for(const k of Object.keys(env))o[b(k)]=b(env[k]);return JSON.stringify(o)};"
            "process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0,'utf8')).map(read)));")

    def read_all(self, paths, ctx):
        del ctx
        done = verifier.run([self.path, "-e", code], env=self.env, cwd=os.getcwd(), stdin=json.dumps(paths).encode())
        texts = json.loads(done.stdout)
        return {path: verifier.b64map(text) if text else verifier.ConsumerError("dotenv did not read it") for path, text in zip(paths, texts)}
    return read_all


def vscode(verifier):
    """VS Code's debuggers, by their grammars in node (vscode_readers.js): the editor itself needs a display and a network."""
    here = os.path.dirname(os.path.abspath(__file__))

    class VsCode(verifier.Consumer):
        id, formats = "VS Code's debuggers (their grammars, in node)", ("vscode-envfile",)

        def find(self, ctx):
            self.node = verifier.NodeDotenv()
            return "with " + self.node.find(ctx)

        def read_all(self, paths, ctx):
            done = verifier.run([self.node.path, os.path.join(here, "vscode_readers.js")], env=self.node.env, stdin=json.dumps(paths).encode())
            texts = json.loads(done.stdout)
            return {path: verifier.b64map(text) if text else verifier.ConsumerError("they read it differently") for path, text in zip(paths, texts)}
    return VsCode()


def main():
    shared, export = sys.argv[1:3]
    verifier = load(shared)
    verifier.Supervisord.read_all = read_all_at_once(verifier)
    verifier.PythonDotenv.read_all = read_in_forks(verifier, read_by_dotenv, "dotenv")
    verifier.NodeDotenv.read_all = read_by_one_node(verifier)
    verifier.NodeEnvFile.read_all = read_by_nodes_own_reader(verifier)
    read_by_systemds_library(verifier)
    verifier.Gunicorn.read_all = read_in_forks(verifier, read_by_gunicorn, "gunicorn.app.wsgiapp", "gunicorn.workers.sync")
    verifier.CONSUMERS[:] = [one for one in verifier.CONSUMERS if "vscode-envfile" not in one.formats] + [vscode(verifier)]
    here = os.path.dirname(os.path.abspath(__file__))
    # Debian's node has no --env-file: that of npm goes first.
    os.environ["PATH"] = os.path.join(here, "node_modules", ".bin") + ":" + os.environ["PATH"]
    with tempfile.NamedTemporaryFile() as report:
        sys.argv = ["verify-with-consumers.py", export, "--formats", os.path.join(shared, "formats.json"), "--report", report.name,
                    "--node-modules", os.path.join(here, "node_modules")] + sys.argv[3:]
        try:
            verifier.main()
        except SystemExit as end:
            status = end.code or 0
        missing = {one["consumer"]: one["why"] for one in json.load(report)["missing"]}
    for name in sorted(missing):
        print("not asked: %s (%s)" % (name, missing[name]))
    needed = set(missing) - NOT_TO_BE_HAD
    if status == 3 and not needed:
        status = 0
    sys.exit(status)


main()
