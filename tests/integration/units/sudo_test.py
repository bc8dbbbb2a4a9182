"""`unit certificate --encrypt --sudo` as the user nobody, with a keychain of its own: what reaches sudo, and what a refusal leaves. In sudo's
place stands a program that notes its arguments and its standard input, since a test must not change who may become root here.

usage: sudo_test.py ROLESCOPE-CLI WITH-KEYRING; needs root, to become nobody"""
import os
import shutil
import subprocess
import sys
import tempfile

CLI, WITH_KEYRING = sys.argv[1:3]
TENANT, CLIENT = "aaaabbbb-0000-cccc-1111-dddd2222eeee", "00001111-aaaa-2222-bbbb-3333cccc4444"
SUDO = """#!/bin/sh
printf '%s\\n' "$@" >"$NOTED/arguments"
env >"$NOTED/environment"
cat >"$NOTED/input"
test -z "$REFUSE" || { echo "sudo: a password is required" >&2; exit 1; }
"""
INSIDE = """"$0" principal add --name batch --tenant {tenant} --client-id {client} --make-certificate >/dev/null || exit 90
"$0" unit certificate batch --encrypt --sudo --credential /etc/credstore.encrypted/batch.pem --output "$NOTED/batch.conf"
"""


def run(folder, refuse):
    noted = os.path.join(folder, "refused" if refuse else "taken")
    os.mkdir(noted, 0o777)
    os.chmod(noted, 0o777)
    environment = {"PATH": folder + "/bin:" + os.environ["PATH"], "NOTED": noted, "REFUSE": refuse, "LC_ALL": "C.UTF-8", "TMPDIR": noted,
                   "ROLESCOPE_CONFIG_DIR": noted + "/config"}
    done = subprocess.run(["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", folder + "/bin/with-keyring", "sh", "-c",
                           INSIDE.format(tenant=TENANT, client=CLIENT), folder + "/bin/rolescope-cli"], env=environment, cwd=noted,
                          capture_output=True, check=False, timeout=100)
    return done, noted


def read(*names):
    with open(os.path.join(*names), encoding="utf-8") as source:
        return source.read()


def main():
    assert os.getuid() == 0, "this test becomes the user nobody, and needs root for it"
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        os.mkdir(folder + "/bin")
        for program in (CLI, WITH_KEYRING):  # the checkout may lie where nobody may look
            shutil.copy(program, folder + "/bin/" + os.path.basename(program))
        with open(folder + "/bin/sudo", "w", encoding="utf-8") as sudo:
            sudo.write(SUDO)
        os.chmod(folder + "/bin/sudo", 0o755)

        done, noted = run(folder, "")
        assert done.returncode == 0, done
        assert read(noted, "arguments").split() == ["--", "systemd-creds", "encrypt", "--name=azure-client-certificate.pem", "-",
                                                    "/etc/credstore.encrypted/batch.pem"], read(noted, "arguments")
        assert read(noted, "input").count("PRIVATE KEY") == 2 and "BEGIN CERTIFICATE" in read(noted, "input")
        assert "PRIVATE KEY" not in read(noted, "environment")
        assert "LoadCredentialEncrypted=azure-client-certificate.pem:/etc/credstore.encrypted/batch.pem" in read(noted, "batch.conf")
        assert b"PRIVATE KEY" not in done.stdout + done.stderr

        done, noted = run(folder, "yes")
        assert done.returncode == 3, done
        assert b"a password is required" in done.stderr, done.stderr
        assert not os.path.exists(noted + "/batch.conf")
    print("sudo was given the command, the certificate on its standard input only, and its refusal was passed on")


main()
