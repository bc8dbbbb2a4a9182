"""A headless Chromium by the WebDriver protocol, as far as a sign-in page needs it."""
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.folder = tempfile.mkdtemp()
        self.driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env={**os.environ, "TMPDIR": self.folder})
        self.base = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 20
        while True:
            try:
                self._call("GET", "/status")
                break
            except OSError:
                assert time.monotonic() < end and self.driver.poll() is None, "chromedriver does not answer"
                time.sleep(0.1)
        # The sandbox's authority is its own; what is tested here is the way there and back.
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={self.folder}/profile"]}
        made = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True, "goog:chromeOptions": options}}})
        self.session = f"/session/{made['sessionId']}"

    def _call(self, verb, path, body=None):
        request = urllib.request.Request(self.base + path, method=verb, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error

    def open(self, url):
        self._call("POST", self.session + "/url", {"url": url})

    def _find(self, css):
        end = time.monotonic() + 20
        while True:
            try:
                return self._call("POST", self.session + "/element", {"using": "css selector", "value": css})[ELEMENT]
            except AssertionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def type(self, css, text):
        self._call("POST", f"{self.session}/element/{self._find(css)}/value", {"text": text})

    def click(self, css):
        self._call("POST", f"{self.session}/element/{self._find(css)}/click", {})

    def text(self):
        return self._call("GET", f"{self.session}/element/{self._find('body')}/text")

    def url(self):
        return self._call("GET", self.session + "/url")

    def close(self):
        try:
            self._call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(10)
            shutil.rmtree(self.folder, ignore_errors=True)
