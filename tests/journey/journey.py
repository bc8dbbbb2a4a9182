"""The desktop's main job, driven through the accessibility bus as a screen reader would.

usage: journey.py FOLDER-OF-THE-PROGRAMS COLOR-SCHEME SCREENSHOT-PREFIX
"""
import glob
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time

import pyatspi

PROGRAMS, SCHEME, SHOTS = sys.argv[1:4]
PATIENCE = 30


def wait(what, condition, seconds=PATIENCE):
    end = time.time() + seconds
    while time.time() < end:
        try:
            found = condition()
            if found:
                return found
        except Exception:  # the tree changes while it is walked
            pass
        time.sleep(0.1)
    shot("failed")
    raise SystemExit(f"waited in vain for {what}")


def shot(name):
    subprocess.run(["import", "-window", "root", f"{SHOTS}-{name}.png"], check=False)


def application():
    for one in pyatspi.Registry.getDesktop(0):
        if one is not None and one.name == "rolescope":
            return one
    return None


def walk(node):
    yield node
    for child in node:
        if child is not None:
            yield from walk(child)


def showing(node):
    return node.getState().contains(pyatspi.STATE_SHOWING)


def find(role, name=None, seconds=PATIENCE, begins=False):
    def look():
        for node in walk(application()):
            named = name is None or (node.name.startswith(name) if begins else node.name == name)
            if node.getRoleName() == role and named and showing(node):
                return node
        return None
    return wait(f"{role} “{name}”", look, seconds)


def press(role, name, begins=False):
    node = find(role, name, begins=begins)
    wait(f"{name} to be enabled", lambda: node.getState().contains(pyatspi.STATE_ENABLED))
    action = node.queryAction()
    names = [action.getName(index) for index in range(action.nActions)]
    # A button with a menu also offers to show that.
    action.doAction(next((index for index, one in enumerate(names) if one in ("Press", "Toggle")), 0))


def type_into(role, name, text):
    find(role, name).queryEditableText().setTextContents(text)


def click(node, *modifiers):
    """With the mouse, where there is no action: cells, list items."""
    area = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
    scale = int(os.environ["QT_SCALE_FACTOR"])  # Qt 6.4 tells extents in its own pixels, not the screen's
    x, y = scale * (area.x + area.width // 2), scale * (area.y + area.height // 2)
    keys = [word for key in modifiers for word in ("keydown", key)]
    release = [word for key in modifiers for word in ("keyup", key)]
    subprocess.run(["xdotool", "mousemove", str(x), str(y), *keys, "click", "1", *release], check=True)


def open_tab(name):
    click(find("page tab", name))


def labels():
    return [node.name for node in walk(application()) if node.getRoleName() == "label" and showing(node)]


def wait_for_label(text):
    return wait(f"the words “{text}”", lambda: next((one for one in labels() if text in one), None))


def choose(combo, position):
    click(combo)
    time.sleep(0.5)
    subprocess.run(["xdotool", "key", "Home"] + ["Down"] * position + ["Return"], check=True)


def choose_from_menu(button, key):
    click(find("push button", button))
    time.sleep(0.5)
    subprocess.run(["xdotool", "key", key.lower()], check=True)


def sandbox_principal(work):
    """One of the principals that the desktop took over from the sandbox, as its index has it."""
    with open(os.path.join(work, "config", "principals.json"), encoding="utf-8") as source:
        principals = json.load(source)["principals"]
    return next(one for one in principals if one["name"] == "orders-service")


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
    clouds = next(node for node in walk(application()) if node.getRoleName() == "combo box" and any("AzureChina" in i.name for i in walk(node)))
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

    # Check access, and why.
    open_tab("Access")
    type_into("text", "Storage account", url)
    press("push button", "Check access")
    wait_for_label("0 undecided")
    click(find("table cell", "invoices, tag blob: denied", begins=True))
    wait_for_label("AuthorizationPermissionMismatch")
    wait_for_label("Observed: denied")
    wait_for_label("Computed: denied")
    wait_for_label("as read by the principal itself")
    wait_for_label("Asked: ")
    wait_for_label("az role assignment create --assignee-object-id")
    shot("5-access")

    # The smallest fix for two cells at once, and what grants an allowed one.
    open_tab("Smallest fix")
    click(find("table cell", "orders, tags blob: denied", begins=True), "ctrl")
    wait_for_label("the 2 denied of 2 chosen cells")
    find("table cell", "allows nothing else in the matrix")
    shot("5-fix")
    click(find("table cell", "orders, write blob: allowed", begins=True))
    wait_for_label("az role assignment delete --ids")

    # Save the report.
    for form in ("HTML", "CSV", "JSON"):
        choose_from_menu("Save report", form[0])
        report = os.path.join(work, f"report.{form.lower()}")
        type_into("text", "File name:", report)
        press("push button", "Save")
        wait_for_label(f"Saved to {report}")
        with open(report, encoding="utf-8") as source:
            text = source.read()
        assert "AuthorizationPermissionMismatch" in text and secret not in text, text

    # Hand over: masked on the screen, whole in the file, for its owner only.
    open_tab("Hand-over")
    text = wait("the masked text", lambda: next(n for n in walk(application()) if n.name == "Environment file" and showing(n)))
    wait("the mask", lambda: "********" in text.queryText().getText(0, -1))
    assert secret not in text.queryText().getText(0, -1)
    shot("6-handover")
    press("push button", "Save …")
    target = os.path.join(work, "orders.env")
    type_into("text", "File name:", target)
    press("push button", "Save")
    wait("the file", lambda: os.path.exists(target))
    assert stat.S_IMODE(os.stat(target).st_mode) == 0o600, oct(os.stat(target).st_mode)
    read = subprocess.run(["sh", "-c", "set -a; . \"$1\"; printf %s \"$AZURE_CLIENT_SECRET\"", "sh", target], capture_output=True, check=True)
    assert read.stdout.decode() == secret, "the exported secret is another one"

    open_tab("Activity")
    find("table cell", "AuthorizationPermissionMismatch")
    shot("7-activity")
    assert not any(secret in node.name for node in walk(application())), "the secret stands in the window"

    # Nothing on disk but what was asked for.
    for path in glob.glob(os.path.join(work, "config", "*")):
        with open(path, "rb") as source:
            assert secret.encode() not in source.read(), path

    desktop.send_signal(signal.SIGTERM)
    assert desktop.wait(15) == 0, desktop.returncode
    wait("the sandbox to end", lambda: not os.path.exists(folder), 15)


main()
