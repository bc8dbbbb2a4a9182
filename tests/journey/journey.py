"""The desktop's main job, driven through the accessibility bus as a screen reader would.

usage: journey.py FOLDER-OF-THE-PROGRAMS COLOR-SCHEME SCREENSHOT-PREFIX
"""
import glob
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

PROGRAMS, SCHEME, os.environ["SCREENSHOTS"] = sys.argv[1:4]

import accessproof  # noqa: E402
import blobs  # noqa: E402
import handover  # noqa: E402
import lifecycle  # noqa: E402
import roles  # noqa: E402
from driving import (application, choose, click, find, open_tab, press, shot, type_into,  # noqa: E402
                     wait, wait_for_label, walk)


def sandbox_principal(work):
    """One of the principals that the desktop took over from the sandbox, as its index has it."""
    with open(os.path.join(work, "config", "principals.json"), encoding="utf-8") as source:
        principals = json.load(source)["principals"]
    return next(one for one in principals if one["name"] == "orders-service")


def checks(work):
    return glob.glob(os.path.join(work, "config", "checks", "*.json"))


def main():
    work = tempfile.mkdtemp()
    os.environ["ROLESCOPE_CONFIG_DIR"] = os.path.join(work, "config")
    desktop = subprocess.Popen([f"{PROGRAMS}/rolescope", "--color-scheme", SCHEME])
    try:
        travel(desktop, work)
    finally:
        if desktop.poll() is None:
            desktop.kill()
    print("the journey ended well")


def travel(desktop, work):
    wait("the window", application)
    # First start: three doors; through the third.
    find("push button", "Practise", begins=True)
    shot("1-welcome")
    press("push button", "Practise", begins=True)
    find("table cell", "orders-service", seconds=60)
    wait_for_label("Ended: the credential of nightly-backup.")
    shot("1-ended")
    press("push button", "Hide the notice of ending credentials")

    # Paste what az printed, say which cloud, save.
    known = sandbox_principal(work)
    folder = os.path.dirname(known["cloud"])
    with open(known["cloud"], encoding="utf-8") as source:
        authority = json.load(source)["authorityHost"]
    with open(os.path.join(folder, "principals", "orders-service", "rbac.json"), encoding="utf-8") as source:
        pasted = source.read()
    secret = json.loads(pasted)["password"]
    press("push button", "Add a service principal")
    type_into("text", "Paste a credential", "{\n  \"appId\": \"half")
    wait_for_label("line 2")
    type_into("text", "Paste a credential", pasted)
    type_into("text", "Name", "pasted-orders")
    type_into("password text", "Secret", "99990000-aaaa-2222-bbbb-3333cccc4444")
    wait_for_label("secret's ID")
    shot("2-lint")
    type_into("text", "Paste a credential", pasted)
    clouds = next(node for node in walk(application()) if node.getRoleName() == "combo box" and any("AzureChina" in i.name for i in walk(node, hidden=True)))
    type_into("text", "Environment", "production")
    choose(clouds, 3)
    wait_for_label(f"the secret will be sent to {authority}")
    press("push button", "Save")
    find("table cell", "pasted-orders")

    # Token and claims.
    press("push button", "Get token")
    wait_for_label("token valid for")
    press("check box", "Claims")
    find("table cell", "https://storage.azure.com")
    shot("3-claims")
    press("check box", "Claims")

    # Browse.
    url = known["accounts"][0]
    open_tab("Storage")
    type_into("text", "Storage account", url)
    press("push button", "Browse")
    click(find("list item", "invoices"))
    find("table cell", "README.md")
    shot("4-storage")
    lifecycle.preview(work)
    blobs.travel(work)

    # Check access.
    open_tab("Access")
    type_into("text", "Storage account", url)
    press("push button", "Check access")
    wait_for_label("0 undecided")
    accessproof.travel(work, secret, isolation=SCHEME == "light")

    handover.travel(work, secret, known, authority)

    open_tab("Activity")
    find("table cell", "AuthorizationPermissionMismatch")
    shot("7-activity")
    assert not any(secret in node.name for node in walk(application(), hidden=True)), "the secret stands in the window"

    # Nothing on disk but what was asked for.
    for path in filter(os.path.isfile, glob.glob(os.path.join(work, "config", "**"), recursive=True)):
        with open(path, "rb") as source:
            assert secret.encode() not in source.read(), path

    # Removed: its checks go with it.
    assert checks(work), "no check was kept"
    press("push button", "Remove …")
    type_into("text", "Name of the principal to remove", "pasted-orders")
    press("push button", "Remove")
    wait("the principal and its checks to go", lambda: not checks(work))

    lifecycle.travel(work, known)
    click(find("table cell", "orders-service"))
    roles.travel(folder)

    desktop.send_signal(signal.SIGTERM)
    assert desktop.wait(15) == 0, desktop.returncode
    wait("the sandbox to end", lambda: not os.path.exists(folder), 15)


main()
