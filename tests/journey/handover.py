"""Hand over: the file masked on the screen and whole on disk, read by the programs here, a foreign file looked at, and what needs no file."""
import os
import stat
import subprocess

from driving import application, find, labels, open_tab, press, shot, showing, type_into, wait, wait_for_label, walk


def text_named(name):
    return wait(name, lambda: next(n for n in walk(application()) if n.name == name and showing(n)))


def content(node):
    return node.queryText().getText(0, -1)


def save_as(target):
    press("push button", "Save …")
    type_into("text", "File name:", target)
    press("push button", "Save")


def read_by_shell(path):
    read = subprocess.run(["sh", "-c", "set -a; . \"$1\"; printf %s \"$AZURE_CLIENT_SECRET\"", "sh", path], capture_output=True, check=True)
    return read.stdout.decode()


def travel(work, secret, known, authority):
    open_tab("Hand-over")
    text = text_named("Environment file")
    wait("the mask", lambda: "********" in content(text))
    assert secret not in content(text)
    press("push button", "Verify")
    wait_for_label("Read back exactly")
    shot("6-handover")
    target = os.path.join(work, "orders.env")
    save_as(target)
    wait_for_label("readable by its owner only")
    assert stat.S_IMODE(os.stat(target).st_mode) == 0o600, oct(os.stat(target).st_mode)
    assert read_by_shell(target) == secret, "the exported secret is another one"

    # Over another file: what would be lost is said, without values, and no is an answer.
    with open(target, "w", encoding="utf-8") as old:
        old.write("DATABASE=mine\n")
    save_as(target)
    wait_for_label("- DATABASE")
    shot("6-warnings")
    press("push button", "Do not save")
    with open(target, encoding="utf-8") as old:
        assert old.read() == "DATABASE=mine\n"

    inspect(work)
    tries(work, secret, known, authority)

    # Beside the file: the code that uses it, and the command lines that need none.
    open_tab("Code")
    code = find("text", "Code")
    wait("the snippet", lambda: "DefaultAzureCredential" in content(code))
    shot("6-code")
    open_tab("Without a file")
    wait("the exec line", lambda: any("--mode endpoint -- " in text for text in labels()))
    shot("6-exec")


def tries(work, secret, known, authority):
    """Whether a foreign file's credential works: nothing goes to a host that is not one of Azure's before it is agreed to."""
    folder = os.path.join(work, "their-env")
    os.mkdir(folder)
    for name, value in (("AZURE_TENANT_ID", known["tenant"]), ("AZURE_CLIENT_ID", known["clientId"]), ("AZURE_CLIENT_SECRET", secret),
                        ("AZURE_AUTHORITY_HOST", authority)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(value + "\n")
    press("push button", "Inspect a file …")
    press("push button", "Cancel")
    press("push button", "Open a folder …")
    type_into("text", "Directory:", folder)
    press("push button", "Choose")
    wait_for_label("Credential: complete")
    press("push button", "Does it work?")
    wait_for_label(f"The file names the authority {authority}")
    shot("6-trial-asks")
    press("push button", "Send it to", begins=True)
    wait_for_label("It works")
    shot("6-trial")
    press("push button", "Close")
    wait("the dialog to close", lambda: not any("their-env" in label for label in labels()))


def inspect(work):
    """Somebody else's file, as an editor on Windows leaves it."""
    foreign = os.path.join(work, "their.env")
    with open(foreign, "wb") as theirs:
        theirs.write(b"\xef\xbb\xbfAZURE_TENANT_ID=00001111-aaaa-2222-bbbb-3333cccc4444\r\n"
                     b"AZURE_CLIENT_ID=55556666-dddd-7777-eeee-8888ffff9999\r\nAZURE_CLIENT_SECRET='their~secret'\r\n")
    press("push button", "Inspect a file …")
    type_into("text", "File name:", foreign)
    press("push button", "Open")
    wait_for_label("byte order mark")
    text = text_named("Repaired text")
    wait("the mask", lambda: "********" in content(text))
    assert "their~secret" not in content(text)
    shot("6-inspect")
    press("push button", "Close")
    wait("the dialog to close", lambda: not any(label.endswith("their.env") for label in labels()))
