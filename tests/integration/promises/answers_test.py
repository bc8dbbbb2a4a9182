"""Answers that are too big, too deep, too slow, cut off or malformed: an error in time, within bounds, and nothing else happens.

usage: answers_test.py ROLESCOPE-CLI; needs a session with a keychain."""
import gzip
import json
import sys
import unittest

import hostile
from hostilecase import SECRETS, HostileCase, directory, grant, signs_in

SECONDS, MEGABYTES = 25, 400
HEAD = b'<?xml version="1.0" encoding="utf-8"?>'
TYPES = [b"Content-Type: application/xml"]


def listing(inner=b"", marker=b"", head=HEAD):
    return head + b'<EnumerationResults ServiceEndpoint="https://x/"><Containers>' + inner + b"</Containers><NextMarker>" + marker + b"</NextMarker></EnumerationResults>"


def row(name, more=b""):
    return b"<Container><Name" + more + b">" + name + b"</Name><Properties/></Container>"


def xml(body, headers=()):
    return hostile.reply(200, body, TYPES + list(headers))


def endless(beginning, piece, limit=1 << 30):
    """Sends pieces until nobody listens; at most so many bytes."""
    def answer(_, connection):
        connection.sendall(beginning)
        for _ in range(limit // len(piece)):
            connection.sendall(piece)
    return answer


def cut(answer, at):
    def send(_, connection):
        connection.sendall(answer[:at])
    return send


def steady(answer):
    return lambda asked, connection: answer() if callable(answer) else answer


class Markers:
    """A list that never ends: by the same marker, by two in turn, or by ever new ones."""

    def __init__(self, kind):
        self.kind, self.count = kind, 0

    def __call__(self, asked, connection):
        self.count += 1
        marker = {"same": b"again", "cycle": b"AB"[self.count % 2:][:1], "new": b"%d" % self.count}[self.kind]
        return xml(listing(b"", marker))


# What is the matter: the answer to a request for containers. Not among them is a head without an end: Qt sets no bound to it, so that
# it ends with the 30 seconds in which there must be an answer, after 900 MB on this kind of connection.
REFUSED = {
    "a DOCTYPE": steady(xml(listing(head=HEAD + b"<!DOCTYPE EnumerationResults>"))),
    "a bomb of entities": steady(xml(listing(row(b"&l9;"), head=HEAD + b'<!DOCTYPE b [<!ENTITY l0 "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10)) + b"]>"))),
    "an external entity": steady(xml(listing(row(b"&x;"), head=HEAD + b'<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/hostname">]>'))),
    "an unknown entity": steady(xml(listing(row(b"&x;")))),
    "200 000 levels": steady(lambda: xml(listing(b"<a>" * 200_000 + b"</a>" * 200_000))),
    "100 000 attributes": steady(lambda: xml(listing(row(b"x", b"".join(b' a%d="b"' % n for n in range(100_000)))))),
    "a name of 50 MB": steady(lambda: xml(listing(row(b"x" * 50_000_000)))),
    "a name without an end": endless(b"HTTP/1.1 200 OK\r\n\r\n" + HEAD + b"<EnumerationResults><Containers><Container><Name>", b"x" * 65536),
    "a tag without an end": endless(b"HTTP/1.1 200 OK\r\n\r\n" + HEAD + b"<EnumerationResults ", b"x" * 65536),
    "a comment without an end": endless(b"HTTP/1.1 200 OK\r\n\r\n" + HEAD + b"<EnumerationResults><!-- ", b"x" * 65536),
    "rows without an end": endless(b"HTTP/1.1 200 OK\r\n\r\n" + HEAD + b"<EnumerationResults><Containers>", row(b"x" * 60) * 500),
    "no UTF-8": steady(xml(listing(row(b"a\xff\xfeb\xc3")))),
    "a control character": steady(xml(listing(row(b"a\x00b")))),
    "another document": steady(xml(HEAD + b"<html><body>hello</body></html>")),
    "no XML at all": steady(xml(b"\x89PNG\r\n\x1a\n" * 100)),
    "nothing": steady(xml(b"")),
    "a bomb of gzip": steady(lambda: xml(gzip.compress(b"\0" * 300_000_000, 9), [b"Content-Encoding: gzip"])),
    "an end in the middle": cut(xml(listing(row(b"x"))), 150),
    "an end after the head": cut(xml(listing(row(b"x"))), 70),
    "XML that is cut off": steady(xml(listing(row(b"x"))[:-10])),
    "more than was said": steady(hostile.reply(200, listing(row(b"x")), TYPES + [b"Content-Length: 20"])),
    "less than was said": lambda asked, connection: connection.sendall(hostile.reply(200, listing(), TYPES + [b"Content-Length: 99999"])),
    "another protocol": steady(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "the same marker again": Markers("same"),
    "markers in a circle": Markers("cycle"),
    "ever new markers": Markers("new"),
}
# Here it is enough that it ends, whichever way.
ENDED = {
    "a negative length": lambda asked, connection: connection.sendall(hostile.reply(200, listing(), TYPES + [b"Content-Length: -1"])),
    "a length of 2^63": lambda asked, connection: connection.sendall(hostile.reply(200, listing(), TYPES + [b"Content-Length: 9223372036854775808"])),
    "a length that is no number": lambda asked, connection: connection.sendall(hostile.reply(200, listing(), TYPES + [b"Content-Length: many"])),
    "two lengths": lambda asked, connection: connection.sendall(hostile.reply(200, listing(), TYPES + [b"Content-Length: 5", b"Content-Length: 500"])),
    "a bad chunk": lambda asked, connection: connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + listing()),
    "a huge chunk": lambda asked, connection: connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" + listing()),
}
DEEP = b'{"value":' + b"[" * 200_000 + b"]" * 200_000 + b"}"


class AnswersTest(HostileCase):
    def bounded(self, done):
        self.assertIn(done.code, (0, 3, 4), done.said[-500:])
        self.assertLess(done.seconds, SECONDS)
        self.assertLess(done.megabytes, MEGABYTES)
        for secret in SECRETS:
            self.assertNotIn(secret, done.said)

    def list(self, answer):
        server = self.server(signs_in(answer))
        done = self.run_cli("containers", self.principal(server), "--account", server.url, "--json", seconds=SECONDS + 5)
        self.bounded(done)
        return done

    def test_a_bad_listing_is_refused(self):
        def check(what):
            done = self.list(REFUSED[what])
            self.assertEqual(done.code, 3, (what, done.said[:300]))
            self.assertTrue(json.loads(done.out)["error"]["message"])
        self.each([(what,) for what in REFUSED], check)

    def test_a_strange_one_ends(self):
        self.each([(what,) for what in ENDED], lambda what: self.list(ENDED[what]))

    def test_what_is_only_unusual_is_read(self):
        for body in (b"\xef\xbb\xbf" + listing(row(b"plain")), listing(b"\r\n\t" + row(b"plain") + b"<!-- a note -->"), listing(row(b"pl&#x61;in"))):
            done = self.list(steady(xml(body)))
            self.assertEqual((done.code, [one["name"] for one in json.loads(done.out)["containers"]]), (0, ["plain"]), done.said)

    def test_an_external_entity_is_not_fetched(self):
        wire = self.server(steady(b""), None)
        self.list(steady(xml(listing(row(b"&x;"), head=HEAD + b'<!DOCTYPE b [<!ENTITY x SYSTEM "%s/x">]>' % wire.url.encode()))))
        self.list(steady(xml(HEAD + b'<!DOCTYPE b PUBLIC "-//x" "%s/x">' % wire.url.encode() + listing())))
        self.assertEqual(wire.connections, 0)

    def test_a_bad_error_says_what_it_can(self):
        error = b"<Error><Code>AuthorizationFailure</Code><Message>no</Message></Error>"
        for body in (HEAD + b"<!DOCTYPE e [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" + error.replace(b"no", b"&x;"), b"<a>" * 100_000,
                     HEAD + error[:-20], error.replace(b"no", b"x" * 20_000_000), b"\xff\xfe" + error.decode().encode("utf-16-le")):
            done = self.list(steady(hostile.reply(403, body, TYPES)))
            self.assertEqual(done.code, 3, done.said[:300])
            self.assertLess(len(done.err), 4000)

    def test_bad_json_is_refused(self):
        page = b'{"value": [{"id": "x"}], "nextLink": "%s"}'
        bodies = {"deep": steady(hostile.reply(200, DEEP)), "endless": endless(b'HTTP/1.1 200 OK\r\n\r\n{"value":["', b"x" * 65536),
                  "same": lambda asked, _: hostile.reply(200, page % asked.target.encode()),
                  "no object": steady(hostile.reply(200, b"[1, 2]")), "no UTF-8": steady(hostile.reply(200, b'{"value": ["\xff"')),
                  "value": steady(hostile.reply(200, b'{"value": {"a": 1}}')), "huge number": steady(hostile.reply(200, b'{"value": 1e999999}'))}

        def check(what, behind):
            server = self.server(signs_in(behind(bodies[what])))
            name = self.principal(server)
            done = self.run_cli("assignments", "list", name, "--as", name, "--json", seconds=SECONDS + 5)
            self.bounded(done)
            self.assertEqual(done.code, 3, (what, done.said[:300]))
        self.each([(what, behind) for what in bodies for behind in (directory, lambda answer: answer)], check)

    def test_a_bad_token_is_refused(self):
        good = b'{"access_token": "a.b.c", "token_type": "Bearer", "expires_in": 3600}'
        bodies = {"portal": steady(hostile.reply(200, b"<!DOCTYPE html><html>Sign in to the Wi-Fi</html>", [b"Content-Type: text/html"])),
                  "deep": steady(hostile.reply(200, DEEP)), "long": steady(hostile.reply(200, good + b" " * 3_000_000)),
                  "endless": endless(b"HTTP/1.1 200 OK\r\n\r\n", b" " * 65536),
                  "line": steady(hostile.reply(200, good.replace(b"a.b.c", b"a\\r\\nX: y"))), "kind": steady(hostile.reply(200, good.replace(b"Bearer", b"mac"))),
                  "life": steady(hostile.reply(200, good.replace(b"3600", b"-1"))), "gzip": steady(hostile.reply(200, gzip.compress(good), [b"Content-Encoding: gzip"])),
                  "cut": cut(hostile.reply(200, good), 70)}

        def check(what):
            done = self.run_cli("token", self.principal(self.server(bodies[what])), "--json", seconds=SECONDS + 5)
            self.bounded(done)
            self.assertEqual(done.code, 3, (what, done.said))
            if what == "portal":
                self.assertIn("web page instead of a token", done.error["message"])
        self.each([(what,) for what in bodies], check)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
