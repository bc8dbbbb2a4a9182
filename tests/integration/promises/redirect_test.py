"""Secrets go nowhere else: redirects and certificates that are wrong, by servers that remember every byte.

usage: redirect_test.py ROLESCOPE-CLI; needs a session with a keychain."""
import sys
import unittest

import hostile
from hostilecase import SECRETS, HostileCase, directory, grant, signs_in

STATUSES = (301, 302, 303, 307, 308)


def nothing(asked, _):
    return hostile.reply(200, b"{}")


class RedirectTest(HostileCase):
    def elsewhere(self, kind):
        """(the other server, its address as it would be redirected to)"""
        plain = kind == "scheme"
        server = self.server(nothing, None if plain else "good")
        host = "127.0.0.1" if kind == "host" else "localhost"
        return server, f"{'http' if plain else 'https'}://{host}:{server.port}/elsewhere"

    def redirecting(self, status, address, real=None):
        return lambda asked, connection: hostile.reply(status, b"", [b"Location: " + address.encode()])

    def untouched(self, other, done, code="RedirectRefused"):
        self.assertEqual((other.connections, other.bytes), (0, b""))
        self.assertEqual(done.code, 3, done.said)
        self.assertEqual(done.error["code"], code, done.said)
        for secret in SECRETS:
            self.assertNotIn(secret, done.said)

    def test_a_redirected_sign_in_takes_no_secret_along(self):
        def check(status, kind):
            other, address = self.elsewhere(kind)
            first = self.server(self.redirecting(status, address))
            done = self.run_cli("token", self.principal(first), "--json")
            self.assertEqual(len(first.asked), 1)
            self.assertIn(SECRETS[0], first.asked[0].body.replace(b"%7E", b"~"))  # it was sent where it was meant for
            self.untouched(other, done)
        self.each([(status, kind) for status in STATUSES for kind in ("port", "host", "scheme")], check)

    def test_a_redirected_request_takes_no_token_along(self):
        def check(status, kind):
            other, address = self.elsewhere(kind)
            first = self.server(signs_in(self.redirecting(status, address)))
            name = self.principal(first)
            self.untouched(other, self.run_cli("containers", name, "--account", first.url, "--json"))
            done = self.run_cli("assignments", "list", name, "--as", name, "--json")
            self.untouched(other, done)
            self.assertTrue(any(SECRETS[1] in one.raw for one in first.asked))
        self.each([(status, kind) for status in STATUSES for kind in ("port", "host", "scheme")], check)

    def test_no_probe_follows_a_redirect(self):
        def check(status):
            other, address = self.elsewhere("port")
            first = self.server(signs_in(self.redirecting(status, address)))
            done = self.run_cli("check", self.principal(first), "--account", first.url, "--container", "invoices", "--json")
            self.assertEqual(done.code, 4, done.said)
            self.assertEqual(other.connections, 0)
            self.assertGreater(len([one for one in first.asked if one.verb != "POST"]), 5)
        self.each([(302,), (307,)], check)

    def test_a_page_elsewhere_is_not_asked_for(self):
        other = self.server(nothing)
        first = self.server(signs_in(directory(lambda asked, _: hostile.reply(200, b'{"value": [], "nextLink": "%s/next"}' % other.url.encode()))))
        name = self.principal(first)
        done = self.run_cli("assignments", "list", name, "--as", name, "--json")
        self.assertEqual((done.code, done.error["kind"]), (3, "badResponse"), done.said)
        self.assertEqual(other.connections, 0)

    def test_who_cannot_prove_who_it_is_gets_nothing(self):
        def check(kind):
            bad = self.server(grant, kind)
            for done in (self.run_cli("token", self.principal(bad), "--json"),
                         self.run_cli("containers", self.principal(self.server(grant)), "--account", bad.url, "--json")):
                self.assertEqual((done.code, done.error["kind"]), (3, "tls"), done.said)
            self.assertGreaterEqual(bad.connections, 2)
            self.assertEqual(bad.bytes, b"")
        self.each([("selfsigned",), ("expired",), ("early",), ("wronghost",)], check)

    def test_without_tls_nothing_is_asked(self):
        plain = self.server(grant, None)
        done = self.run_cli("containers", self.principal(self.server(grant)), "--account", plain.url, "--json")
        self.assertEqual(done.code, 3, done.said)
        with self.assertRaises(AssertionError):
            self.principal(plain)
        self.assertEqual(plain.connections, 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
