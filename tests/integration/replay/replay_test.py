"""The recordings of Entra ID, Graph and Resource Manager played against the program as it is: the built command line, a real keychain, TLS.
Each answer comes as it was recorded, and once more as it might come as well: names of headers in other letters, members in another order
and more of them, other time stamps. Each refusal must end the command with exit code 3 and the answer's own code; each success be used.

usage: replay_test.py ROLESCOPE-CLI RECORDINGS; needs a session with a keychain."""
import glob
import json
import os
import subprocess
import sys
import tempfile
import unittest

import replayserver

CLI, RECORDINGS = sys.argv[1:3]
TENANT, CLIENT = "11112222-aaaa-3333-bbbb-4444cccc5555", "55554444-cccc-3333-bbbb-2222aaaa1111"
SECRET = "abc8Q~" + "x" * 34
TOKEN = (200, {"Content-Type": "application/json"}, '{"token_type":"Bearer","expires_in":3599,"access_token":"e30.eyJvaWQiOiIwMjA3ZWU5Ni03NWI2LTQzZDgtYWY4Ny1mODcxOGZkZTBhY2MifQ.x"}')


def exchanges(name):
    with open(os.path.join(RECORDINGS, name + ".json"), encoding="utf-8") as source:
        return json.load(source)["exchanges"]


def names(group, prefix=""):
    return sorted(f"{group}/{os.path.basename(one)[:-5]}" for one in glob.glob(os.path.join(RECORDINGS, group, prefix + "*.json")))


def as_recorded(response):
    return response["status"], response["headers"], response["body"]


def otherwise(response):
    """The same answer in another dress."""
    def more(value):
        if isinstance(value, list):
            return [more(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {"zz added in 2031": {"ü🔑": [1, None, True]}, **{key: more(value[key]) for key in sorted(value, reverse=True)}}
    try:
        body = json.dumps(more(json.loads(response["body"])), indent=1)
    except ValueError:
        body = response["body"]
    return response["status"], {name.upper() if index % 2 else name.lower(): value for index, (name, value) in enumerate(response["headers"].items())}, body


DRESSES = (as_recorded, otherwise)


class ReplayTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.environment = {**os.environ, "ROLESCOPE_CONFIG_DIR": folder.name}
        cls.server = replayserver.ReplayServer()
        cls.addClassCleanup(cls.server.close)
        added = cls.run_cli("principal", "add", "--name", "one", "--cloud", cls.server.cloud, "--tenant", TENANT, "--client-id", CLIENT, "--secret-stdin",
                            stdin=SECRET.encode())
        assert added.returncode == 0, added.stderr

    @classmethod
    def run_cli(cls, *arguments, stdin=b""):
        return subprocess.run([CLI, *arguments], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False, env=cls.environment)

    def ask(self, answer, *arguments):
        """(exit code, JSON), with the secret and tokens nowhere in what is said."""
        self.server.answer = answer
        self.server.asked.clear()
        done = self.run_cli(*arguments, "--json")
        self.assertNotIn(SECRET.encode(), done.stdout + done.stderr)
        return done.returncode, json.loads(done.stdout)

    def test_each_answer_of_the_token_endpoint(self):
        for name in names("entra-token"):
            for dress in DRESSES:
                with self.subTest(name, dress=dress.__name__):
                    recorded = exchanges(name)[-1]["response"]
                    code, said = self.ask(lambda *_, recorded=recorded, dress=dress: dress(recorded), "token", "one")
                    number = name.split("/")[1].split("-")[1]
                    if "/ok-" in name:
                        self.assertEqual(code, 0, said)
                        self.assertGreater(said["expiresIn"], 0)
                        continue
                    self.assertEqual((code, said["error"]["code"], said["error"]["kind"]), (3, "AADSTS" + number, "unauthenticated"))
                    self.assertTrue(said["error"]["nextStep"], said)
                    self.assertNotIn("Trace ID", said["error"]["message"])

    def arm(self, dress, subscriptions, assignments):
        """Answers as Resource Manager where assignments are listed."""
        def answer(_, path, *__):
            if path.endswith("/oauth2/v2.0/token"):
                return TOKEN
            if path.startswith("/subscriptions?"):
                return dress(subscriptions)
            if "/providers/Microsoft.Authorization/roleAssignments?" in path:
                return dress(assignments)
            if "/providers/Microsoft.Authorization/roleDefinitions?" in path:
                return dress(exchanges("arm/roledefinitions-full-list-2023")[0]["response"])
            if "/providers/Microsoft.Storage/storageAccounts?" in path:
                return dress(exchanges("arm/storageaccounts-list-subscription")[0]["response"])
            return None
        return answer

    def test_each_list_of_assignments(self):
        subscriptions = exchanges("arm/subscriptions-list")[0]["response"]
        for name, step in (("arm/roleassignments-list-subscription", 0), ("arm/roleassignments-list-atscope", 0),
                           ("arm/flow-roleassignment-create-list-delete", 1), ("arm/flow-roleassignment-managementgroup", 1)):
            recorded = exchanges(name)[step]["response"]
            wanted = {one["id"] for one in json.loads(recorded["body"])["value"]}
            for dress in DRESSES:
                with self.subTest(name, dress=dress.__name__):
                    code, said = self.ask(self.arm(dress, subscriptions, recorded), "assignments", "list", "one", "--as", "one")
                    self.assertEqual(code, 0, said)
                    self.assertEqual({one["id"] for one in said["assignments"]}, wanted)

    def test_each_refusal_of_resource_manager(self):
        subscriptions = exchanges("arm/subscriptions-list")[0]["response"]
        played = 0
        for name in names("arm", "err-"):
            recorded = exchanges(name)[-1]["response"]
            if recorded["status"] == 403:
                continue  # who may not list the subscription's is shown what is to be seen at its accounts
            for dress in DRESSES:
                with self.subTest(name, dress=dress.__name__):
                    code, said = self.ask(self.arm(dress, subscriptions, recorded), "assignments", "list", "one", "--as", "one")
                    self.assertEqual((code, said["error"]["code"]), (3, json.loads(recorded["body"])["error"]["code"]), said)
                    self.assertTrue(said["error"]["message"])
                    played += 1
        self.assertGreater(played, 15)

    def test_a_forbidden_list_is_named(self):
        for name in names("arm", "err-403"):
            with self.subTest(name):
                code, said = self.ask(self.arm(as_recorded, exchanges("arm/subscriptions-list")[0]["response"], exchanges(name)[-1]["response"]),
                                      "assignments", "list", "one", "--as", "one")
                self.assertEqual((code, said["assignments"], said["unread"]), (0, [], ["AzureSDKTest"]))

    def test_each_refusal_of_graph(self):
        for name in names("graph", "err-"):
            recorded = exchanges(name)[-1]["response"]
            for dress in DRESSES:
                with self.subTest(name, dress=dress.__name__):
                    answer = lambda _, path, *__, recorded=recorded, dress=dress: TOKEN if path.endswith("/token") else dress(recorded)  # noqa: E731
                    code, said = self.ask(answer, "register", "--name", "another", "--tenant", TENANT, "--cloud", self.server.cloud, "--as", "one")
                    self.assertEqual((code, said["error"]["code"]), (3, json.loads(recorded["body"])["error"]["code"]), said)
                    self.assertEqual(self.run_cli("principal", "show", "another").returncode, 3)

    def test_the_registration_as_it_was_recorded(self):
        """What az asked in 2023, answered as then, makes a principal of ours."""
        flow = exchanges("graph/flow-create-app-secret-and-service-principal")
        for dress in DRESSES:
            with self.subTest(dress=dress.__name__):
                def answer(verb, path, _, body, dress=dress):
                    if path.endswith("/token"):
                        return TOKEN
                    for one in flow:
                        there = one["request"]["url"].split("graph.microsoft.com")[1].split("?")[0]
                        if (verb, path.split("?")[0]) == (one["request"]["method"], there):
                            return dress(one["response"])
                    return None
                name = "registered-" + dress.__name__
                code, said = self.ask(answer, "register", "--name", name, "--tenant", TENANT, "--cloud", self.server.cloud, "--as", "one")
                self.assertEqual(code, 0, said)
                self.assertEqual(said["principal"]["clientId"], json.loads(flow[2]["response"]["body"])["appId"])
                asked = [(verb, path.split("?")[0]) for verb, path in self.server.asked if not path.endswith("/token")]
                for one in flow[2:]:
                    self.assertIn((one["request"]["method"], one["request"]["url"].split("graph.microsoft.com")[1]), asked)
                self.run_cli("principal", "remove", name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
