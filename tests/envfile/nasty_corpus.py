#!/usr/bin/env python3
"""Adds values of our own to the shared corpus: random ones from nasty pieces, Unicode, lengths at the readers' limits, quotes and
backslashes at the edges, injections, and paths of certificates. The random ones come from a seed that is always the same and from one of its
own in each run, which is printed; NASTY_SEED=… takes that one instead, so that a failure can be repeated. usage: nasty_corpus.py CORPUS > MERGED"""
import base64
import json
import os
import random
import sys
import time

PIECES = ["a", "Z9", "'", '"', "`", "\\", "$", "${X}", "$X", "$(id)", "%", "%%", "%h", "#", " #", ";", " ;", " ", "\t", "=", "!", "^", "&",
          "@(", "{", "}", "~", "\n", "\r", "\\n", "\\r", "\\x41", "---\n", "export ", "\u00e9", "\U0001f511", "\u2028", "\u00a0", "\ufeff",
          "\u2019", "\u200b", "\ufffe", "\x7f", "\x01", "\x1c", "\x85"]
FOLDERS = ["etc", "ssl private", "it's", "100%", "%h", "a[1]", "C:\\keys", "$HOME", "\u00e9t\u00e9", "#1", "a;b", "~", '"q"', "back\\slash"]
EDGES = ["'", '"', "`", "\\", "\\\\", "''", '""', "\\'", '\\"', "$", "%", "#", ";", "!"]


def values():
    for left in EDGES:
        yield "edge-left", left + "mid"
        yield "edge-right", "mid" + left
        yield "edge-both", left + "m d" + left
    for reader, at in (("cron", 998 - 22), ("s6", 4094), ("cmd", 8191 - 26), ("gh", 48 * 1024), ("scanner", 65535 - 20)):
        for length in (at - 1, at, at + 1):
            yield "length-" + reader, "k" * length
    for text in ("x\nAZURE_AUTHORITY_HOST=https://attacker.example", "x'\nexport AZURE_AUTHORITY_HOST='y", 'x"\nAZURE_AUTHORITY_HOST="y',
                 "x`\nAZURE_AUTHORITY_HOST=`y", "x\"\nEnvironment=\"AZURE_AUTHORITY_HOST=y", '","AZURE_AUTHORITY_HOST":"y',
                 "x\r\nset AZURE_AUTHORITY_HOST=y", "';$env:AZURE_AUTHORITY_HOST='y", "'; set -gx AZURE_AUTHORITY_HOST y; '",
                 'x",AZURE_AUTHORITY_HOST="y', "%(ENV_PATH)s", "@(exec://id)", "$(cat /etc/passwd)", "\\'; id; '", '"]\nimport os\nx=["'):
        yield "injection", text
    seeds = [int(os.environ["NASTY_SEED"])] if "NASTY_SEED" in os.environ else [20261125, int(time.time())]
    print("random values of the seeds %s; NASTY_SEED=%d repeats the last" % (seeds, seeds[-1]), file=sys.stderr)
    for seed in seeds:
        chance = random.Random(seed)
        for _ in range(40 // len(seeds)):
            yield "random", "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 9)))
        for _ in range(10 // len(seeds)):
            yield "path", "".join("/" + chance.choice(FOLDERS) for _ in range(chance.randint(1, 4))) + ".pem"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        corpus = json.load(file)
    for number, (kind, text) in enumerate(values()):
        corpus["cases"].append({"name": "own-%03d-%s" % (number, kind), "value_base64": base64.b64encode(text.encode()).decode(),
                                "variable": "AZURE_CLIENT_CERTIFICATE_PATH" if kind == "path" else "AZURE_CLIENT_SECRET"})
    json.dump(corpus, sys.stdout)


main()
