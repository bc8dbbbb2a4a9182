"""Servers that repeat what they were sent, in every place of an answer: what comes back must not be shown, logged or kept.

usage: echo_test.py ROLESCOPE-CLI ROLESCOPE-SANDBOX; needs a session with a keychain."""
import base64
import json
import os
import re
import subprocess
import sys
import unittest
import urllib.parse

import company  # first: it says where the others are
import hostile  # pylint: disable=wrong-import-order
import scanner  # pylint: disable=wrong-import-order

CLI, SANDBOX = sys.argv[1:3]
PUBLIC = "00001111-aaaa-2222-bbbb-3333cccc4444"
TOKEN = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "RS256"}, {"aud": "x"})) + ".c2lnbmVk"


def secrets_of(asked):
    """What a request carried that is nobody else's business, as it was meant."""
    form = dict(urllib.parse.parse_qsl(asked.body.decode("latin-1"))) if asked.headers.get("content-type", "").endswith("form-urlencoded") else {}
    found = [value for name, value in form.items() if name in ("client_secret", "client_assertion", "refresh_token", "code", "code_verifier", "device_code")]
    return found + [asked.headers.get("authorization", "").removeprefix("Bearer ")] * ("authorization" in asked.headers)


class EchoTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.at = company.Company(SANDBOX)
        cls.addClassCleanup(cls.at.close)
        cls.authority = hostile.Authority(cls.at.path("shots"))
        cls.sent = set()

    def server(self, answer):
        def remembering(asked, connection):
            self.sent.update(secrets_of(asked))
            return answer(asked, connection)
        server = hostile.Server(remembering, self.authority.issue("good"))
        self.addCleanup(server.__exit__)
        return server

    def run_cli(self, *arguments, stdin=b""):
        done = subprocess.run([CLI, *arguments], input=stdin, capture_output=True, env=self.at.environment, cwd=self.at.path("work"), check=False,
                              timeout=100)
        return done.returncode, done.stdout + done.stderr

    def cloud(self, name, server):
        return self.at.cloud_file(name, authorityHost=server.url, resourceManager=server.url, graph=server.url,
                                  caCertificates=[self.authority.file])

    def add(self, name, cloud, *more, stdin=b""):
        code, said = self.run_cli("principal", "add", "--name", name, "--cloud", cloud, "--tenant", "contoso.com", "--client-id", PUBLIC, *more, stdin=stdin)
        self.assertEqual(code, 0, said)

    def clean(self, said, what):
        self.assertTrue(self.sent)
        for one in self.sent:
            self.assertFalse(scanner.holds(said, one), (what, said[-2000:]))
        self.assertEqual(scanner.files_with(list(self.sent), self.at.config, self.at.path("tmp"), self.at.path("work"), os.environ["HOME"]), [], what)

    @staticmethod
    def echoes(asked):
        """The same request in the places of an answer where its parts could be repeated."""
        text = asked.raw.decode("latin-1")
        decoded = " ".join(secrets_of(asked))
        line = re.sub(r"\s+", " ", text + " " + decoded)
        error = {"error": "invalid_client", "error_description": f"AADSTS7000215: no: {text} {decoded}\r\nTrace ID: {decoded}", "error_codes": [7000215],
                 "trace_id": decoded, "correlation_id": decoded}
        service = {"error": {"code": "AuthorizationFailed", "message": text + decoded, "details": [{"code": decoded, "message": decoded}]}}
        xml = f"<?xml version='1.0'?><Error><Code>AuthenticationFailed</Code><Message>{line}</Message><AuthenticationErrorDetail>{line}</AuthenticationErrorDetail></Error>"
        headers = [b"x-ms-request-id: " + decoded.encode(), b"x-ms-error-code: " + decoded.encode(), b"WWW-Authenticate: Bearer error=\"" + decoded.encode() + b"\""]
        yield "oauth", hostile.reply(401, json.dumps(error).encode(), [b"Content-Type: application/json"])
        yield "oauth with 200", hostile.reply(200, json.dumps(error).encode(), [b"Content-Type: application/json"])
        yield "slashes", hostile.reply(400, json.dumps(error).replace("/", "\\/").encode(), [b"Content-Type: application/json"])
        yield "service", hostile.reply(403, json.dumps(service).encode(), [b"Content-Type: application/json"])
        yield "xml", hostile.reply(403, xml.encode(), [b"Content-Type: application/xml"])
        yield "code", hostile.reply(400, json.dumps({"error": decoded, "error_description": decoded}).encode())
        yield "headers", hostile.reply(403, b"", headers)
        yield "reason", hostile.reply(418, b"", reason=line[:3000].encode("latin-1"))
        yield "page", hostile.reply(200, b"<!DOCTYPE html><p>" + text.encode("latin-1"), [b"Content-Type: text/html"])
        yield "redirect", hostile.reply(302, b"", [b"Location: https://elsewhere.example/?" + urllib.parse.quote(decoded).encode()])
        yield "host", hostile.reply(302, b"", [b"Location: https://" + re.sub("[^A-Za-z0-9]", "", decoded)[:60].encode() + b".example/"])
        yield "no http", decoded.encode() + b"\r\n\r\n" + text.encode("latin-1")

    COUNT = 12

    def echo(self, number):
        return lambda asked, connection: list(self.echoes(asked))[number][1]

    def test_the_token_endpoint(self):
        secret = company.new_secret()
        for number in range(self.COUNT):
            with self.subTest(number=number):
                server = self.server(self.echo(number))
                name = f"echo{number}"
                self.add(name, self.cloud(name, server), "--secret-stdin", stdin=secret.encode())
                code, said = self.run_cli("token", name)
                self.assertEqual(code, 3, said)
                self.clean(said, "secret")
                if number == 0:
                    self.clean(self.run_cli("exec", name, "--mode", "endpoint", "--", "true")[1], "exec")
        self.add("certified", self.cloud("certified", self.server(self.echo(0))), "--make-certificate")
        code, said = self.run_cli("token", "certified", "--json")
        self.assertEqual(code, 3)
        self.clean(said, "assertion")
        held = f"AZURE_TENANT_ID=contoso.com\nAZURE_CLIENT_ID={PUBLIC}\nAZURE_CLIENT_SECRET={secret}\n"
        code, said = self.run_cli("inspect", "-", "--cloud", self.cloud("inspected", self.server(self.echo(0))), stdin=held.encode())
        self.assertIn(b"AADSTS7000215", said)
        self.clean(said, "inspect")

    def services(self, number):
        """A good authority, behind it services that repeat."""
        def answer(asked, connection):
            if asked.path.endswith("/oauth2/v2.0/token"):
                return hostile.reply(200, json.dumps({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}).encode())
            return list(self.echoes(asked))[number][1]
        return self.server(answer)

    def test_the_services(self):
        for number in range(self.COUNT):
            with self.subTest(number=number):
                server = self.services(number)
                name = f"service{number}"
                self.add(name, self.cloud(name, server), "--secret-stdin", stdin=company.new_secret().encode())
                for command in (["containers", name, "--account", server.url], ["blobs", name, "--account", server.url, "--container", "c"],
                                ["assignments", "list", name, "--as", name], ["principal", "expiry", name, "--from-graph"],
                                ["check", name, "--account", server.url, "--container", "c", "--json"]):
                    _, said = self.run_cli(*command)
                    self.clean(said, command)

    def test_the_device_code(self):
        for number in range(self.COUNT):
            with self.subTest(number=number):
                def answer(asked, connection, n=number):
                    if asked.path.endswith("/devicecode"):
                        return hostile.reply(200, json.dumps({"device_code": company.new_secret() * 2, "user_code": "ABCDEFGH", "interval": 1, "expires_in": 4,
                                                              "verification_uri": "https://localhost/device", "message": "enter ABCDEFGH"}).encode())
                    return list(self.echoes(asked))[n][1]
                code, said = self.run_cli("operator", "sign-in", "--device-code", "--tenant", "contoso.com", "--cloud",
                                          self.cloud(f"device{number}", self.server(answer)))
                self.assertEqual(code, 3, said)
                self.clean(said, "device code")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
