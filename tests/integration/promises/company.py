"""A running sandbox whose secrets are nobody else's, a folder of one's own for each place where files could appear, and the programs
started in it with their logs at their fullest: what the tests of the promises have in common."""
import base64
import json
import os
import secrets
import subprocess
import sys
import tempfile
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "exec"), os.path.join(HERE, "..", "sandbox")]
import running  # pylint: disable=wrong-import-position

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def new_secret():
    """As Entra ID's, but with characters that look different once they are encoded."""
    return secrets.token_hex(2)[:3] + "8Q~" + secrets.token_urlsafe(40)[:30] + "/+=%"


class Company:
    def __init__(self, sandbox):
        self.holder = tempfile.TemporaryDirectory(prefix="promises-")
        self.folder = os.path.realpath(self.holder.name)
        for name in ("tmp", "work", "shots"):
            os.mkdir(self.path(name))
        self.config = self.path("config")
        self.secrets = {}
        self.sandbox = running.Sandbox(sandbox, "--scenario", self.scenario(sandbox))
        os.unlink(self.path("scenario.json"))
        self.cloud = self.sandbox.ready["cloud"]
        self.account = next(one for one in self.sandbox.ready["accounts"] if one["name"] == "contosoprod")
        self.environment = {**os.environ, "ROLESCOPE_CONFIG_DIR": self.config, "TMPDIR": self.path("tmp"), "QT_LOGGING_RULES": "*=true",
                            "G_MESSAGES_DEBUG": "all", "QT_DEBUG_PLUGINS": "1", "SSLKEYLOGFILE": self.path("work", "tls-keys")}

    def close(self):
        self.sandbox.stop()
        self.holder.cleanup()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def scenario(self, sandbox):
        scenario = json.loads(subprocess.run([sandbox, "--print-scenario"], stdout=subprocess.PIPE, check=True).stdout)
        for one in scenario["principals"]:
            if one["name"] in ("orders-service", "platform-owner"):
                self.secrets[one["name"]] = new_secret()
                one["secrets"] = [{"id": str(uuid.uuid4()), "value": self.secrets[one["name"]]}]
        admin = next(one for one in scenario["principals"] if one["name"] == "platform-owner")
        admin["graphPermissions"] = ["Application.ReadWrite.All"]
        self.tenant = admin["tenant"]
        subscription = next(one["id"] for one in scenario["subscriptions"] if one["tenant"] == self.tenant)
        scenario["roleAssignments"].append({"id": "5e48960c-3505-51de-a6d6-ccf88cd00bbb", "principal": "platform-owner", "role": "Owner",
                                            "scope": "/subscriptions/" + subscription})
        self.secrets["person"] = scenario["users"][0]["password"] = new_secret()
        scenario.setdefault("settings", {})["replicationSeconds"] = {"signIn": 0, "resourceManager": 0}
        with open(self.path("scenario.json"), "w", encoding="utf-8") as target:
            json.dump(scenario, target)
        return target.name

    def cloud_file(self, name, **changes):
        """The sandbox's cloud with other endpoints."""
        with open(self.cloud, encoding="utf-8") as source:
            cloud = {**json.load(source), "caCertificates": [self.sandbox.ready["ca"]], "name": name}
        for key, value in changes.items():
            cloud[key] = cloud[key] + value if key == "caCertificates" else value
        with open(self.path(name + ".json"), "w", encoding="utf-8") as target:
            json.dump(cloud, target)
        return target.name

    def kept_secrets(self):
        """What is in the keychain now: secrets, private keys, refresh tokens."""
        listed = subprocess.run(["secret-tool", "search", "--all", "--unlock", "server", "rolescope"], capture_output=True, check=False)
        found = set()
        for line in listed.stdout.splitlines():
            if line.startswith(b"secret = "):
                value = base64.b64decode(line.removeprefix(b"secret = "), validate=True)
                if value.startswith(b"{"):
                    value = base64.b64decode(json.loads(value)["secret"])
                found |= self.pieces(value.decode())
        return found

    @staticmethod
    def pieces(value):
        """Of a private key its lines, since each could be copied without the others; the certificate is public."""
        if "PRIVATE KEY" not in value:
            return {value}
        key = value.split("PRIVATE KEY-----")[1]
        return {line for line in key.splitlines() if len(line) > 40}
