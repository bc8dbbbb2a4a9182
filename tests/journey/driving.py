"""Drives the desktop through the accessibility bus, with mouse and keyboard where that has no action."""
import os
import subprocess
import time

import pyatspi

SHOTS = os.environ["SCREENSHOTS"]  # what their names begin with
PATIENCE = 30
CELLS = ("table cell", "list item")


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
    # Lightly packed: a big screen takes seconds otherwise.
    subprocess.run(["import", "-window", "root", "-quality", "10", f"{SHOTS}-{name}.png"], check=False)


def application():
    for one in pyatspi.Registry.getDesktop(0):
        if one is not None and one.name == "rolescope":
            return one
    return None


def walk(node, cells=True, hidden=False):
    """What shows at and below \a node; each property of it is a question over the bus, so as few as can be.
    \a cells says whether the cells of tables and lists are wanted, of which there may be thousands,
    \a hidden whether what does not show is wanted too."""
    yield node
    role = node.getRoleName()
    if role in CELLS or (not cells and role in ("table", "tree", "list")):
        return
    for child in node:
        if child is not None and (hidden or role == "application" or showing(child)):
            yield from walk(child, cells, hidden)


def showing(node):
    return node.getState().contains(pyatspi.STATE_SHOWING)


def find(role, name=None, seconds=PATIENCE, begins=False):
    def look():
        for node in walk(application(), role in CELLS):
            named = name is None or (node.name.startswith(name) if begins else node.name == name)
            if named and node.getRoleName() == role and showing(node):
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
    return [node.name for node in walk(application(), cells=False) if node.getRoleName() == "label" and showing(node)]


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
