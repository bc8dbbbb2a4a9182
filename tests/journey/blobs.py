"""A blob's life in the Storage page: looked at, written, replaced and deleted, each time asked before."""
import os
import time

from driving import click, find, labels, press, shot, type_into, wait, wait_for_label


def choose_file(path):
    press("push button", "Upload …")
    type_into("text", "File name:", path)
    press("push button", "Open")


def travel(work):
    """Begins on the Storage page, in a container, with README.md chosen; leaves it there."""
    press("check box", "Properties")
    find("table cell", "BlockBlob")
    shot("4-properties")
    press("check box", "Properties")
    write(work)
    delete()


def write(work):
    path = os.path.join(work, "to-upload.txt")
    with open(path, "w", encoding="utf-8") as target:
        target.write("a line\n" * 1000)
    choose_file(path)
    wait_for_label("This changes data in the cloud")
    shot("4-upload")
    press("push button", "Upload")
    wait_for_label("Uploaded to invoices/to-upload.txt")

    choose_file(path)
    press("push button", "Upload")
    wait_for_label("There is a blob “to-upload.txt” already")
    type_into("text", "Name of the blob to replace", "to-upload.txt")
    shot("4-replace")
    press("push button", "Replace")
    wait("the second upload", lambda: sum("Uploaded to invoices/to-upload.txt" in one for one in labels()) == 2)


def select(name):
    """Until it is: while the list is read again after a change, what was chosen before is chosen again."""
    def selected():
        click(find("table cell", name))
        time.sleep(0.5)
        return any(f"Name: {name}" in one for one in labels())
    wait(f"{name} to be selected", selected)


def delete():
    select("to-upload.txt")
    press("push button", "Delete …")
    type_into("text", "Name of the blob to delete", "to-upload.txt")
    shot("4-delete")
    press("push button", "Delete")
    wait_for_label("Deleted invoices/to-upload.txt")
    shot("4-deleted")
    select("README.md")
