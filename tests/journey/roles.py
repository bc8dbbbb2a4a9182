"""The Roles page: read by the principal itself, then by an operator who signs in by device code, assigns and removes."""
import json
import os
import ssl
import subprocess
import time
import urllib.parse
import urllib.request

from driving import application, click, find, labels, open_tab, press, shot, type_into, wait, wait_for_label, walk

ROLE = "Storage Queue Data Reader"


def travel(folder):
    """Begins with orders-service selected; \\a folder is the sandbox's."""
    open_tab("Roles")
    press("push button", "Read roles")
    wait_for_label("only the storage accounts were searched")
    wait_for_label("sign in as operator")
    shot("9-roles-by-itself")
    sign_in(folder)
    assign()
    remove()
    sign_out()


def sign_in(folder):
    press("push button", "Operator…")
    click(find("combo box", "browser"))
    time.sleep(0.5)
    subprocess.run(["xdotool", "key", "Home", "Down", "Return"], check=True)
    press("push button", "Sign in")
    page = wait_for_label("in any browser and enter:").split(" ")[1]
    shot("9-device-code")
    press("push button", "Cancel sign-in")
    wait_for_label("was cancelled")
    press("push button", "Sign in")
    wait_for_label("in any browser and enter:")
    code = wait("the code", lambda: next((one for one in labels() if len(one) == 9 and one.isalnum() and one.isupper()), None))
    enter(folder, page, code)
    wait_for_label("is signed in.")
    shot("9-operator")
    press("push button", "Close")


def enter(folder, page, code):
    with open(os.path.join(folder, "users", "operator.json"), encoding="utf-8") as source:
        user = json.load(source)
    form = urllib.parse.urlencode({"code": code, "username": user["userPrincipalName"], "password": user["password"]})
    context = ssl.create_default_context(cafile=os.path.join(folder, "ca.pem"))
    with urllib.request.urlopen(page, form.encode(), timeout=30, context=context) as answer:
        assert b'id="done"' in answer.read(), "the code was refused"


def assign():
    find("table cell", "Storage Blob Data", begins=True)
    press("push button", "Assign a role…")
    type_into("text", "Role", ROLE)
    wait_for_label("az role assignment create")
    shot("9-assign")
    press("push button", "Assign")
    click(find("table cell", ROLE))
    wait_for_label("az role assignment delete")
    shot("9-assigned")


def remove():
    press("push button", "Remove…")
    wait_for_label("Write the role's name")
    shot("9-remove")
    subprocess.run(["xdotool", "type", ROLE], check=True)
    press("push button", "Remove")
    wait("the assignment to go", lambda: all(n.name != ROLE for n in walk(application()) if n.getRoleName() == "table cell"))


def sign_out():
    press("push button", "Operator…")
    press("push button", "Sign out")
    wait_for_label("Signed out here.")
    press("push button", "Close")
