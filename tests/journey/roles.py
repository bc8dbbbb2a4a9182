"""The Roles page: read by the principal itself, then by an operator who signs in by device code, assigns and removes."""
import json
import os
import ssl
import subprocess
import time
import urllib.parse
import urllib.request

from driving import application, choose, choose_from_menu, click, find, labels, open_tab, press, shot, type_into, wait, wait_for_label, walk

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
    search()
    live()
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
    wait("the dialog to close", lambda: not any("az role assignment create" in one for one in labels()))
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


def search():
    """Who may delete a blob?"""
    open_tab("Find a role")
    choose(find("combo box", "Who may …"), 3)
    find("table cell", "Storage Blob Data Contributor")
    shot("9-find-role")
    open_tab("Chosen")


def close():
    press("push button", "Close")
    wait("the dialog to close", lambda: not any(n.name == "Close" and n.getRoleName() == "push button" for n in walk(application(), cells=False)))
    time.sleep(0.5)  # a click that comes too early belongs to the dialog still


def live():
    """By the operator's rights: registered with a certificate, which is rotated, and retired."""
    name = "certified-batch"
    press("push button", "Register …")
    type_into("text", "Name", name)
    choose(find("combo box", "a client secret"), 1)
    press("push button", "Register")
    find("table cell", name, seconds=90)
    wait_for_label("certificate expires in")
    choose_from_menu("Life cycle", "r")
    wait_for_label("A new key and certificate are made here")
    shot("9-rotate")
    press("push button", "Begin")
    wait("the new certificate to be in use", lambda: any("The new certificate is in use" in one for one in labels()), 90)
    type_into("text", "Name of the principal whose old certificate is removed", name)
    shot("9-rotated")
    press("push button", "Remove the old certificate")
    wait("the old certificate to go", lambda: any("the old one is removed" in one for one in labels()), 60)
    assert not any("secret" in one for one in labels() if "certificate" in one), labels()
    close()
    assert not any("ot ended" in one for one in labels()), "the rotation is ended, and its notice stays"
    choose_from_menu("Life cycle", "t")
    type_into("text", "Name of the principal to retire", name)
    shot("9-retire")
    press("push button", "Retire")
    wait("it to be retired", lambda: any("is retired. Until" in one for one in labels()), 60)
    close()
    click(find("table cell", "orders-service"))
    open_tab("Roles")


def sign_out():
    press("push button", "Operator…")
    press("push button", "Sign out")
    wait_for_label("Signed out here.")
    press("push button", "Close")
