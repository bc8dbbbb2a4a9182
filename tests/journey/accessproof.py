"""The access proof on the desktop: three witnesses, the smallest fix, reports, contract, drift, isolation."""
import glob
import json
import os
import subprocess
import time

from driving import click, find, labels, open_tab, press, shot, type_into, wait, wait_for_label


def travel(work, secret, isolation):
    """Begins with a check of orders-service's account that has ended."""
    why()
    smallest_fix()
    for form in ("html", "pdf", "csv", "json"):
        save_report(work, secret, form)
    contract(work)
    drift(work)
    if isolation:
        prove_isolation(work, secret)


def why():
    click(find("table cell", "invoices, tag blob: denied"))
    wait_for_label("AuthorizationPermissionMismatch")
    wait_for_label("Observed: denied")
    wait_for_label("Computed: denied")
    wait_for_label("as read by the principal itself")
    wait_for_label("Asked: ")
    wait_for_label("az role assignment create --assignee-object-id")
    shot("5-access")


def smallest_fix():
    """For two cells at once, and what grants an allowed one."""
    open_tab("Smallest fix")
    click(find("table cell", "orders, tags blob: denied"), "ctrl")
    wait_for_label("the 2 denied of 2 chosen cells")
    find("table cell", "allows nothing else in the matrix")
    shot("5-fix")
    click(find("table cell", "orders, write blob: allowed"))
    wait_for_label("az role assignment delete --ids")


def choose_from_menu(button, key):
    click(find("push button", button))
    time.sleep(0.5)
    subprocess.run(["xdotool", "key", key], check=True)


def save_as(path, button="Save"):
    type_into("text", "File name:", path)
    press("push button", button)


def save_report(work, secret, form):
    choose_from_menu("Save report", form[0])
    path = os.path.join(work, f"report.{form}")
    save_as(path)
    wait_for_label(f"Saved to {path}")
    with open(path, "rb") as source:
        report = source.read()
    assert secret.encode() not in report, path
    if form == "pdf":
        assert report.startswith(b"%PDF-"), report[:20]
        text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=False).stdout if have("pdftotext") else None
        assert text is None or "AuthorizationPermissionMismatch" in text, text
    else:
        assert b"AuthorizationPermissionMismatch" in report, report


def have(program):
    return subprocess.run(["which", program], capture_output=True, check=False).returncode == 0


def contract(work):
    """Made of the matrix it is kept; asked for more than is there it is broken."""
    open_tab("Contract")
    press("push button", "Make from this matrix …")
    path = os.path.join(work, "contract.yaml")
    save_as(path)
    wait_for_label("contract.yaml: 84 kept, 0 broken, 0 open")
    find("table cell", "orders, write blob: allowed, contract kept")
    stricter = os.path.join(work, "stricter.yaml")
    with open(stricter, "w", encoding="utf-8") as target:
        target.write("rules:\n  - containers: [audit-log, orders]\n    must: [blob.read, blob.tags.read]\n    mustNot: [blob.delete]\n"
                     "  - containers: [nowhere]\n    must: [blob.read]\n")
    press("push button", "Open a contract")
    save_as(stricter, "Open")
    wait_for_label("stricter.yaml: 2 kept, 4 broken, 1 open")
    find("table cell", "audit-log, delete blob: allowed, contract broken")
    wait_for_label("The contract wants that it may")
    shot("5-contract")


def drift(work):
    """One outcome of the kept check is made another by hand: the next check tells it."""
    wait("the kept check", lambda: len(glob.glob(os.path.join(work, "config", "checks", "*.json"))) == 1)
    kept = glob.glob(os.path.join(work, "config", "checks", "*.json"))[0]
    with open(kept, encoding="utf-8") as source:
        report = json.load(source)
    cell = next(one for one in report["cells"] if one["container"] == "backups" and one["operation"] == "blob.write")
    assert cell["observed"] == "allowed", cell
    cell["observed"] = "denied"
    with open(kept, "w", encoding="utf-8") as target:
        json.dump(report, target)
    press("push button", "Check access")
    click(find("page tab", "Changes (1)"))
    wait_for_label("1 change")
    find("table cell", "write blobs")
    shot("5-drift")


def prove_isolation(work, secret):
    press("push button", "Isolation …")
    find("label", "Are the environments kept apart?")
    press("push button", "Prove isolation")
    wait("the verdict", lambda: next((one for one in labels() if "as wanted" in one), None), 60)
    click(find("table cell", "storage-admin at ", begins=True))
    shot("8-isolation")
    choose_from_menu("Save report", "h")
    path = os.path.join(work, "isolation.html")
    save_as(path)
    wait_for_label(f"Saved to {path}")
    with open(path, encoding="utf-8") as source:
        text = source.read()
    assert "orders-service" in text and secret not in text, text
    click(find("table cell", "pasted-orders"))
    find("page tab", "Access")
