"""All that the blob service tells of an account's data, in a form that compares equal only when nothing changed: service
properties, containers (metadata, leases, ETags, Last-Modified, access policies), blobs with metadata, tags, snapshots, deleted and
uncommitted ones, each blob's headers and content hash, and its blocks, committed or not.
"""
import hashlib
import json
import urllib.parse
import xml.etree.ElementTree as ElementTree

import requests

VERSION = "2021-12-02"
# What differs from request to request though nothing changed.
PASSING = {"date", "x-ms-request-id", "x-ms-client-request-id", "server", "connection", "keep-alive", "x-ms-version"}


def open_session(ready):
    session = requests.Session()
    session.verify, session.trust_env = ready["ca"], False
    return session


def token(session, ready, principal):
    with open(principal["file"], encoding="utf-8") as source:
        credential = json.load(source)
    answer = session.post(
        f"{ready['authorityHost']}/{credential['tenant']}/oauth2/v2.0/token",
        data={"grant_type": "client_credentials", "client_id": credential["appId"],
              "client_secret": credential["password"], "scope": "https://storage.azure.com/.default"},
        timeout=20)
    answer.raise_for_status()
    return answer.json()["access_token"]


def lasting(headers):
    return {name.lower(): value for name, value in headers.items() if name.lower() not in PASSING}


class Account:
    def __init__(self, session, url, bearer):
        self.session, self.url = session, url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {bearer}", "x-ms-version": VERSION, "Accept-Encoding": "identity"}

    def ask(self, path, verb="GET", accept=(200,)):
        answer = self.session.request(verb, self.url + path, headers=self.headers, timeout=30)
        if answer.status_code not in accept:
            raise SystemExit(f"{verb} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    def listing(self, path, tag):
        items, marker = [], ""
        while True:
            page = self.ask(path + (f"&marker={urllib.parse.quote(marker, safe='')}" if marker else ""))
            root = ElementTree.fromstring(page.content.decode("utf-8-sig"))
            items += root.iter(tag)
            marker = root.findtext("NextMarker") or ""
            if not marker:
                return items

    def snapshot(self):
        found = {"service": self.ask("/?restype=service&comp=properties").text, "containers": {}}
        for container in self.listing("/?comp=list&include=metadata", "Container"):
            name = container.findtext("Name")
            at = "/" + urllib.parse.quote(name)
            found["containers"][name] = {
                "listed": ElementTree.tostring(container, encoding="unicode"),
                "properties": lasting(self.ask(f"{at}?restype=container", "HEAD").headers),
                "acl": self.ask(f"{at}?restype=container&comp=acl").text,
                "blobs": self.blobs(at),
            }
        return found

    def blobs(self, container):
        include = "metadata,snapshots,uncommittedblobs,deleted,tags"
        found = []
        for blob in self.listing(f"{container}?restype=container&comp=list&include={include}", "Blob"):
            entry = {"listed": ElementTree.tostring(blob, encoding="unicode")}
            path = container + "/" + urllib.parse.quote(blob.findtext("Name"), safe="/")
            head = self.ask(path, "HEAD", accept=(200, 404))
            entry["headers"] = lasting(head.headers)
            if head.status_code == 200:
                entry["content"] = hashlib.sha256(self.ask(path).content).hexdigest()
            if blob.findtext("Properties/BlobType") == "BlockBlob":
                entry["blocks"] = self.ask(f"{path}?comp=blocklist&blocklisttype=all", accept=(200, 404)).text
            found.append(entry)
        return found
