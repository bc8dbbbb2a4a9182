#!/usr/bin/python3
"""Runs a command with exactly the variables of a systemd environment file, as a unit with EnvironmentFile= would get them.

usage: with-environment-file.py FILE COMMAND [ARGUMENT...]

Reads the forms that the exporter writes (see systemd.exec(5), EnvironmentFile=): NAME=value, and double quotes in which a
backslash makes the next ", \\, ` or $ literal. Any other line is an error, so that nothing is silently left out."""
import os
import re
import sys

LINE = re.compile(r'([A-Za-z_][A-Za-z0-9_]*)=(?:"((?:[^"\\]|\\["\\`$])*)"|([^\s"\'\\]*))')


def variables(path):
    with open(path, encoding="utf-8") as source:
        for number, line in enumerate(source.read().split("\n"), 1):
            if not line.strip() or line.lstrip()[0] in "#;":
                continue
            match = LINE.fullmatch(line)
            if not match:
                raise SystemExit(f"{path}, line {number}: not an assignment that this reads")
            name, quoted, plain = match.groups()
            yield name, plain if quoted is None else re.sub(r'\\(["\\`$])', r"\1", quoted)


environment = {name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "MSI_", "IDENTITY_"))}
environment.update(variables(sys.argv[1]))
os.execvpe(sys.argv[2], sys.argv[2:], environment)
