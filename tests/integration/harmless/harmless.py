"""Checks access to each account as a principal that may do everything there, and compares all of its data before and after.

usage: harmless.py FOLDER-OF-THE-PROGRAMS READY_JSON WORK_FOLDER
"""
import json
import subprocess
import sys

import inventory

# Without these allowed, the check would have proven nothing about them.
WRITING = {"container.write", "container.create", "container.deleteAny", "blob.write", "blob.add", "blob.delete",
           "blob.deleteVersion", "blob.tags.write", "blob.tier"}


def run(*command, accept=(0,)):
    done = subprocess.run(command, stdout=subprocess.PIPE, timeout=300, check=False)
    if done.returncode not in accept:
        raise SystemExit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout.decode()[:2000]}")
    return done.stdout.decode()


def differences(before, after, path=""):
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from differences(before.get(key), after.get(key), f"{path}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after)):
            yield from differences(one, other, f"{path}/{index}")
    elif before != after:
        yield f"{path}: {str(before)[:300]} -> {str(after)[:300]}"


def main():
    programs, ready_file = sys.argv[1], sys.argv[2]
    cli = f"{programs}/rolescope-cli"
    with open(ready_file, encoding="utf-8") as source:
        ready = json.load(source)
    session = inventory.open_session(ready)
    compared = 0
    for principal in ready["principals"]:
        if not principal.get("mayDoEverythingIn"):
            continue
        run(cli, "principal", "add", "--name", principal["name"], "--environment", principal["environment"],
            "--cloud", ready["cloud"], "--from", principal["file"])
        bearer = inventory.token(session, ready, principal)
        for name in principal["mayDoEverythingIn"]:
            url = next(account["url"] for account in ready["accounts"] if account["name"] == name)
            account = inventory.Account(session, url, bearer)
            before = account.snapshot()
            report = json.loads(run(cli, "check", principal["name"], "--account", url, "--json", accept=(0, 1, 4)))
            after = account.snapshot()

            changed = list(differences(before, after))
            if changed:
                raise SystemExit("the check changed data:\n" + "\n".join(changed))
            allowed = {cell["operation"] for cell in report["cells"] if cell["observed"] == "allowed"}
            if WRITING - allowed:
                raise SystemExit(f"{name}: not allowed, so nothing is proven about: {sorted(WRITING - allowed)}")
            blobs = sum(len(container["blobs"]) for container in before["containers"].values())
            if blobs == 0:
                raise SystemExit(f"{name} has no blobs to compare")
            print(f"{name}: {len(report['cells'])} probes, {len(before['containers'])} containers and {blobs} blobs unchanged")
            compared += 1
    if compared == 0:
        raise SystemExit("no principal of the scenario may do everything in an account: nothing was compared")


main()
