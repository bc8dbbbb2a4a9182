"""The check of the installed consumers (tst_consumercheck), as a unit of a real systemd service manager with a session bus: systemd itself
and every program that installer/test brings must read back what would be handed over.

usage: consumers_test.py TST_CONSUMERCHECK; needs root"""
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "units"))
import manager  # pylint: disable=wrong-import-position

CHECK = sys.argv[1]
MUST_ANSWER = ["systemd (your service manager)", "dash", "bash", "fish", "python-dotenv", "direnv", "envdir", "chpst", "s6-envdir", "gunicorn",
               "uWSGI", "supervisord"]
UNIT = """[Unit]
Requires=dbus.socket
After=dbus.socket
[Service]
Type=oneshot
Environment=DBUS_SESSION_BUS_ADDRESS=unix:path=/run/xdg/bus LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen
Environment="ROLESCOPE_MUST_ANSWER={must}"
ExecStart=/bin/sh -c '{check} everyProgramHereReadsItBack >{folder}/out 2>&1; echo $? >{folder}/code.t; mv {folder}/code.t {folder}/code'
"""


def main():
    # Not in /run, of which the manager has its own.
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        units, state = folder + "/units", folder + "/state"
        os.makedirs(units)
        os.makedirs(state)
        with open(units + "/check.service", "w", encoding="utf-8") as unit:
            unit.write(UNIT.format(must=",".join(MUST_ANSWER), check=CHECK, folder=folder))
        running = manager.Manager(units, state, "check.service", folder)
        end = time.monotonic() + 150
        try:
            while not os.path.exists(folder + "/code"):
                if running.process.poll() is not None or time.monotonic() > end:
                    raise SystemExit("the service manager did not run the check")
                time.sleep(0.2)
        finally:
            running.stop()
            if os.path.exists(folder + "/out"):
                subprocess.run(["cat", folder + "/out"], check=False)
        with open(folder + "/code", encoding="ascii") as code:
            assert code.read() == "0\n"
        with open(folder + "/out", encoding="utf-8") as out:
            text = out.read()
        for one in MUST_ANSWER:  # a format without its consumer would pass unseen
            assert f" {one}: 0 " in text, one


main()
