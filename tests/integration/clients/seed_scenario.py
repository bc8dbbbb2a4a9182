#!/usr/bin/python3
"""The seed scenario, inside the namespace of in-azure-namespace.sh: a service with nothing but its environment file lists its
containers and blobs through an unmodified DefaultAzureCredential, and a service that must not is refused for the right reason.

usage: seed_scenario.py [ENVIRONMENT-FILE ACCOUNT]   without arguments: the sandbox's own files, each with what it must lead to"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

with open(os.environ["SANDBOX_READY"], encoding="utf-8") as source:
    READY = json.load(source)
with open(os.path.join(READY["stateDir"], "scenario.json"), encoding="utf-8") as source:
    SCENARIO = json.load(source)


def walk(environment_file, account, *options):
    url = next(one["url"] for one in READY["accounts"] if one["name"] == account)
    if not url.endswith(".blob.core.windows.net"):
        raise SystemExit(f"not Azure's own name: {url}")
    return subprocess.run([sys.executable, os.path.join(HERE, "with-environment-file.py"), environment_file, sys.executable,
                           os.path.join(HERE, "list.py"), url, *options],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)


def must_list(environment_file, account):
    result = walk(environment_file, account)
    if result.returncode != 0:
        raise SystemExit(f"{environment_file}: {result.stderr.decode()[-3000:]}")
    found = json.loads(result.stdout)
    expected = next(one for one in SCENARIO["accounts"] if one["name"] == account)
    if sorted(found) != sorted(container["name"] for container in expected["containers"]):
        raise SystemExit(f"other containers than the scenario's: {sorted(found)}")
    for container in expected["containers"]:
        plain = {blob["name"] for blob in container["blobs"] if "{" not in blob["name"]}
        if not plain <= set(found[container["name"]]):
            raise SystemExit(f"missing in {container['name']}: {plain - set(found[container['name']])}")
    print(f"{account}: {len(found)} containers, {sum(map(len, found.values()))} blobs, through DefaultAzureCredential")


def must_fail(environment_file, account, because):
    result = walk(environment_file, account, "--once")
    if result.returncode == 0 or because not in result.stderr.decode():
        raise SystemExit(f"{environment_file}: expected a failure by {because}, got {result.returncode}: {result.stderr.decode()[-2000:]}")
    print(f"{account}: refused by {because}")


def own_file(principal):
    return os.path.join(READY["stateDir"], "principals", principal, "systemd.env")


if len(sys.argv) == 3:
    must_list(sys.argv[1], sys.argv[2])
else:
    must_list(own_file("orders-service"), "contosoprod")
    must_fail(own_file("orders-service"), "contosotest", "AuthorizationPermissionMismatch")
    must_fail(own_file("partner-feed"), "contosotest", "AuthorizationFailure")
    must_fail(own_file("nightly-backup"), "contosoprod", "AADSTS7000222")
    must_fail(own_file("ci-pipeline"), "contosotest", "AADSTS7000215")
