#!/usr/bin/python3
"""What rolescope-cli principal list --format ics writes, read by another's parser: Debian's python3-icalendar (RFC 5545).

usage: calendar_test.py ROLESCOPE-CLI; needs a session with a keychain."""
import datetime
import os
import subprocess
import sys
import tempfile
import unittest

import icalendar

CLI = sys.argv[1]
UTC = datetime.timezone.utc
TENANT, CLIENT = "11112222-aaaa-3333-bbbb-4444cccc5555", "55554444-cccc-3333-bbbb-2222aaaa1111"
SECRET = b"abc8Q~" + b"x" * 34
# Everything that the format gives a meaning to, and more octets than a line may have, wherever it is cut. Without a backslash before an n:
# python3-icalendar 4.0.3 takes its second half and the n for a line feed.
NAMES = ["orders", "a, b; c:d \\ e \"f\"", "Bücher-Größe-" + "ä" * 70, "x" + "🔑日本語" * 17]
ENDS = {NAMES[0]: "2099-03-01", NAMES[1]: "2031-12-31T23:30:00Z", NAMES[2]: "2032-01-01T00:10:00+02:00", NAMES[3]: "2028-02-29"}
DATES = [datetime.date(2099, 3, 1), datetime.date(2031, 12, 31), datetime.date(2031, 12, 31), datetime.date(2028, 2, 29)]


class CalendarTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        for name in NAMES:
            cls.run_cli("principal", "add", "--name", name, "--environment", "produc,tion", "--tenant", TENANT, "--client-id", CLIENT,
                        "--secret-stdin", "--expires", ENDS[name], stdin=SECRET)

    @classmethod
    def run_cli(cls, *arguments, stdin=b"", zone="UTC"):
        done = subprocess.run([CLI, *arguments], input=stdin, capture_output=True, timeout=60, check=False,
                              env={**os.environ, "ROLESCOPE_CONFIG_DIR": os.path.join(cls.folder, "config"), "TZ": zone})
        assert done.returncode == 0, (arguments, done.returncode, done.stderr.decode())
        return done.stdout

    def events(self, zone="UTC"):
        """By their summary."""
        calendar = icalendar.Calendar.from_ical(self.run_cli("principal", "list", "--format", "ics", zone=zone))
        self.assertEqual((calendar["VERSION"], calendar["METHOD"], calendar.errors), ("2.0", "PUBLISH", []))
        found = {str(one["SUMMARY"]): one for one in calendar.walk("VEVENT")}
        self.assertEqual(len(found), len(NAMES))
        return found

    def test_names_come_back_as_they_are(self):
        self.assertEqual(sorted(self.events()), sorted(f"The secret of {name} (produc,tion) expires" for name in NAMES))

    def test_a_day_is_the_day_in_utc_wherever_one_is(self):
        for zone in ("UTC", "Pacific/Kiritimati", "America/Los_Angeles"):
            with self.subTest(zone=zone):
                found = self.events(zone)
                for name, day in zip(NAMES, DATES):
                    one = found[f"The secret of {name} (produc,tion) expires"]
                    self.assertEqual((one.decoded("DTSTART"), one.decoded("DTEND")), (day, day + datetime.timedelta(1)))
                    stamp = one.decoded("DTSTAMP")
                    self.assertEqual(stamp.utcoffset(), datetime.timedelta(0))
                    self.assertLess(abs(datetime.datetime.now(UTC) - stamp), datetime.timedelta(minutes=5))

    def test_events_are_whole(self):
        ids = set()
        for one in self.events().values():
            self.assertEqual(one.errors, [])
            for needed in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "DESCRIPTION"):
                self.assertIn(needed, one)
            ids.add(str(one["UID"]))
            self.assertIn(CLIENT, one["DESCRIPTION"])
            self.assertIn("\n", one["DESCRIPTION"])
            self.assertNotIn("8Q~", one["DESCRIPTION"])
            alarms = one.walk("VALARM")
            self.assertEqual([alarm.decoded("TRIGGER") for alarm in alarms], [datetime.timedelta(days=-days) for days in (30, 7, 1)])
            self.assertEqual({str(alarm["DESCRIPTION"]) for alarm in alarms}, {str(one["SUMMARY"])})
        self.assertEqual(len(ids), len(NAMES))
        self.assertEqual(ids, {str(one["UID"]) for one in self.events().values()})  # the next file changes these, and adds none

    def test_lines_are_folded_between_characters(self):
        raw = self.run_cli("principal", "list", "--format", "ics")
        lines = raw.split(b"\r\n")
        self.assertEqual(lines.pop(), b"")
        self.assertTrue(any(line.startswith(b" ") for line in lines))
        for line in lines:
            self.assertLessEqual(len(line), 75)
            self.assertNotIn(b"\n", line)
            self.assertNotIn(b"\r", line)
            line.decode("utf-8")  # no character is cut

    def test_it_survives_being_written_again(self):
        raw = self.run_cli("principal", "list", "--format", "ics")
        again = icalendar.Calendar.from_ical(icalendar.Calendar.from_ical(raw).to_ical())
        self.assertEqual(sorted(str(one["SUMMARY"]) for one in again.walk("VEVENT")), sorted(self.events()))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
