"""A principal's life in the window: a certificate made here, its public half saved, ends in a calendar, a blob previewed and downloaded."""
import os
import subprocess

from driving import choose, choose_from_menu, click, find, press, shot, type_into, wait_for_label


def save_as(path):
    type_into("text", "File name:", path)
    press("push button", "Save")


def preview(work):
    """Begins on the Storage page, in a container, with README.md shown; leaves it there."""
    click(find("table cell", "README.md"))
    press("push button", "Preview")
    find("text", "The blob's text")
    shot("4-preview")
    path = os.path.join(work, "downloaded.md")
    press("push button", "Download …")
    save_as(path)
    wait_for_label("readable by you only")
    with open(path, "rb") as source:
        assert source.read(), "nothing was downloaded"


def travel(work, known):
    """Begins with a principal selected; \\a known is one of the sandbox's, as the index has it."""
    certificate(work, known)
    ends(work)


def certificate(work, known):
    press("push button", "Add a service principal")
    type_into("text", "Name", "batch-job")
    type_into("text", "Tenant", known["tenant"])
    type_into("text", "Client ID", "77770000-aaaa-2222-bbbb-3333cccc4444")
    choose(find("combo box", "a client secret"), 2)
    wait_for_label("The application must know the certificate")
    shot("9-add-certificate")
    press("push button", "Save")
    find("table cell", "batch-job")
    wait_for_label("certificate expires in 1")
    path = os.path.join(work, "batch.pem")
    choose_from_menu("Life cycle", "s")
    save_as(path)
    wait_for_label("without its key")
    read = subprocess.run(["openssl", "x509", "-in", path, "-noout", "-subject"], capture_output=True, check=True)
    assert b"batch-job" in read.stdout, read.stdout
    with open(path, encoding="ascii") as source:
        assert "PRIVATE" not in source.read(), "the key is in the public file"


def ends(work):
    press("push button", "Expiry …")
    wait_for_label("When do credentials end?")
    find("table cell", "nightly-backup")
    shot("9-expiry")
    path = os.path.join(work, "ends.ics")
    press("push button", "Save calendar file …")
    save_as(path)
    wait_for_label(f"Saved to {path}")
    with open(path, encoding="utf-8") as source:
        text = source.read()
    assert "batch-job" in text and "BEGIN:VALARM" in text, text
    # Entered, a row leads to its principal.
    click(find("table cell", "batch-job"))
    subprocess.run(["xdotool", "key", "Return"], check=True)
    find("page tab", "Access")
