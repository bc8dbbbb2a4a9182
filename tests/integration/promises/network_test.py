"""Servers that ask to wait, and what stands between: how often is asked, how long is waited, and who learns what.

usage: network_test.py ROLESCOPE-CLI; needs a session with a keychain."""
import datetime
import email.utils
import json
import socket
import sys
import time
import unittest

import hostile
from hostilecase import SECRETS, HostileCase, directory, grant, signs_in

LIST = b'<?xml version="1.0"?><EnumerationResults><Containers/><NextMarker/></EnumerationResults>'


def http_date(seconds):
    return email.utils.format_datetime(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds), usegmt=True)


class Busy:
    """Asks to wait, some times, and then answers; remembers when it was asked."""

    def __init__(self, status, header=None, times=1, then=hostile.reply(200, LIST)):
        self.status, self.header, self.times, self.then, self.at = status, header, times, then, []

    def __call__(self, asked, connection):
        self.at.append(time.monotonic())
        headers = [self.header().encode()] if self.header else []
        return hostile.reply(self.status, b"", headers) if len(self.at) <= self.times else self.then

    @property
    def pauses(self):
        return [later - earlier for earlier, later in zip(self.at, self.at[1:])]


class NetworkTest(HostileCase):
    def list(self, answer, **more):
        server = self.server(signs_in(answer))
        return self.run_cli("containers", self.principal(server), "--account", server.url, "--json", **more)

    # Retry-After

    def test_a_wait_that_is_asked_for_is_kept(self):
        def check(status, header, least, most):
            busy = Busy(status, header and (lambda: header if isinstance(header, str) else header()))
            done = self.list(busy)
            self.assertEqual(done.code, 0, done.said)
            self.assertEqual(len(busy.at), 2)
            self.assertGreaterEqual(busy.pauses[0], least)
            self.assertLess(busy.pauses[0], most)
        self.each([(429, "Retry-After: 2", 1.9, 6), (503, "Retry-After: 2", 1.9, 6), (503, lambda: "Retry-After: " + http_date(3), 1.5, 7),
                   (429, "x-ms-retry-after-ms: 1500", 1.4, 6), (429, "Retry-After: 0", 0, 4),
                   # What cannot be meant is not kept: the own, growing wait takes its place.
                   (503, None, 0.2, 6), (503, "Retry-After: -5", 0.2, 6), (503, "Retry-After: 99999999999999999999", 0.2, 6),
                   (503, "Retry-After: soon", 0.2, 6), (503, lambda: "Retry-After: " + http_date(-3600), 0.2, 6)], check)

    def test_it_gives_up_in_time(self):
        busy = Busy(503, None, times=99)
        done = self.list(busy, seconds=60)
        self.assertEqual((done.code, done.error["kind"]), (3, "throttled"), done.said)
        self.assertLess(len(busy.at), 7)
        # An hour would outlast the request's deadline: it is not begun.
        patient = Busy(429, lambda: "Retry-After: 3600", times=99)
        self.assertEqual(self.list(patient).code, 3)
        self.assertLess(len(patient.at), 7)

    def test_nothing_is_made_twice(self):
        def making(asked, connection, how):
            if asked.verb == "POST":
                return how(connection)
            return hostile.reply(200, b'{"value": []}', [b"Content-Type: application/json"])

        def check(what, how):
            server = self.server(signs_in(lambda asked, connection: making(asked, connection, how)))
            name = self.principal(server)
            cloud = self.path(name + ".json")
            done = self.run_cli("register", "--name", "made", "--tenant", "contoso.com", "--cloud", cloud, "--as", name, "--json", seconds=60)
            self.assertEqual(done.code, 3, done.said)
            posted = [one.path for one in server.asked if one.verb == "POST" and "oauth2" not in one.path]
            self.assertEqual(len(posted), 1, posted)
        self.each([("busy", lambda connection: hostile.reply(503, b"", [b"Retry-After: 1"])), ("failed", lambda connection: hostile.reply(500)),
                   ("gone without a word", lambda connection: None),
                   ("cut off", lambda connection: connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{"))], check)

    # what stands between

    def proxied(self, answer, **more):
        """A sign-in at a far host by way of a proxy that answers so; the host's own server stands behind it."""
        proxy = hostile.Server(answer)
        self.addCleanup(proxy.__exit__)
        name = self.principal(self.server(grant), url="https://login.far.example")
        done = self.run_cli("token", name, "--json", environment={"https_proxy": proxy.url, "http_proxy": proxy.url}, **more)
        for secret in SECRETS:
            self.assertNotIn(secret, proxy.bytes)
        self.assertTrue(all(one.verb == "CONNECT" for one in proxy.asked), [one.verb for one in proxy.asked])
        self.assertGreater(len(proxy.asked), 0)
        return done

    def test_a_proxy_that_refuses_is_named_and_learns_nothing(self):
        done = self.proxied(lambda *_: hostile.reply(407, b"<html>sign in</html>", [b'Proxy-Authenticate: Basic realm="x"', b"Connection: close"]))
        self.assertEqual((done.code, done.error["code"]), (3, "ProxyAuthenticationRequired"), done.said)
        done = self.proxied(lambda *_: hostile.reply(502, b"", [b"Connection: close"]))
        self.assertEqual(done.code, 3, done.said)
        self.assertIn("roxy", done.error["message"])

    def test_a_proxy_that_looks_inside_is_refused(self):
        def intercept(asked, connection):
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            context = hostile.ssl.SSLContext(hostile.ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.authority.issue("selfsigned"))
            with context.wrap_socket(connection, server_side=True) as inside:
                seen.append(inside.recv(65536))
        seen = []
        done = self.proxied(intercept)
        self.assertEqual((done.code, done.error["kind"]), (3, "tls"), done.said)
        self.assertEqual(b"".join(seen), b"")

    def test_a_proxy_that_is_not_there_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        name = self.principal(self.server(grant), url="https://login.far.example")
        done = self.run_cli("token", name, "--json", environment={"https_proxy": f"http://127.0.0.1:{port}"})
        self.assertEqual((done.code, done.error["code"]), (3, "ProxyFailed"), done.said)

    def test_this_machine_is_asked_without_a_proxy(self):
        proxy = self.server(lambda *_: hostile.reply(502), None)
        done = self.run_cli("token", self.principal(self.server(grant)), environment={"https_proxy": proxy.url, "http_proxy": proxy.url})
        self.assertEqual((done.code, proxy.connections), (0, 0), done.said)

    def test_a_sign_in_page_of_the_network_is_named(self):
        portal = hostile.reply(200, b"<!DOCTYPE html><html><body>Welcome to our Wi-Fi</body></html>", [b"Content-Type: text/html"])
        done = self.run_cli("token", self.principal(self.server(lambda *_: portal)), "--json")
        self.assertIn("web page", done.error["message"])
        self.assertIn("proxy", done.error["nextStep"])
        done = self.list(lambda *_: portal)
        self.assertEqual((done.code, done.error["code"]), (3, "ListingUnreadable"), done.said)
        server = self.server(signs_in(directory(lambda *_: portal)))
        name = self.principal(server)
        done = self.run_cli("assignments", "list", name, "--as", name, "--json")
        self.assertEqual((done.code, done.error["kind"]), (3, "badResponse"), done.said)

    def test_a_name_that_nobody_knows_is_named(self):
        name = self.principal(self.server(grant), url="https://login.nobody.invalid")
        done = self.run_cli("token", name, "--json")
        self.assertEqual(done.code, 3, done.said)
        self.assertIn(done.error["code"], ("HostNotFound", "NameNotResolved"), done.said)
        self.assertIn("login.nobody.invalid", done.error["message"])

    def test_a_clock_that_is_wrong_is_said(self):
        date = http_date(-3 * 3600)
        body = {"error": "invalid_client", "error_description": "AADSTS700024: Client assertion is not within its valid time range.", "error_codes": [700024]}
        server = self.server(lambda *_: hostile.reply(401, json.dumps(body).encode(), [b"Date: " + date.encode()]))
        with open(self.path("clock.json"), "w", encoding="utf-8") as target:
            json.dump({"name": "clock", "authorityHost": server.url, "caCertificates": self.authority.file}, target)
        done = self.run_cli("principal", "add", "--name", "clock", "--cloud", target.name, "--tenant", "contoso.com", "--client-id",
                            "00001111-aaaa-2222-bbbb-3333cccc4444", "--make-certificate")
        self.assertEqual(done.code, 0, done.said)
        done = self.run_cli("token", "clock", "--json")
        self.assertEqual((done.code, done.error["code"]), (3, "AADSTS700024"))
        self.assertIn("180 minutes ahead", done.error["message"])
        self.assertIn("clock", done.error["nextStep"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
