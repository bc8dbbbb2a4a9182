"""A company in which each reason for a difference between roles and observation occurs once."""
import json

TENANT = "5c1f8a52-3d8e-4f0e-9a01-000000000001"
MAIN = "5c1f8a52-3d8e-4f0e-9a01-000000000011"
BRICKS = "5c1f8a52-3d8e-4f0e-9a01-000000000012"
BLOB_DATA = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
DELAY = 25  # seconds until the late role reaches the data


def guid(number):
    return f"5c1f8a52-3d8e-4f0e-9a01-{number:012d}"


def client(number):
    return f"c11e0000-3d8e-4f0e-9a01-{number:012d}"


NAMES = ["reader", "contributor", "late", "owner", "narrow", "conditional", "denied", "member", "lister", "bricks", "mistaken", "walled",
         "nobody", "tester"]


def principals():
    return [{"name": name, "environment": "test" if name == "tester" else "production", "tenant": TENANT, "clientId": client(100 + index),
             "objectId": guid(100 + index), "secrets": [{"id": guid(200 + index)}],
             "blockedAccounts": ["proofprod"] if name == "walled" else []} for index, name in enumerate(NAMES)]


def container(name):
    return {"name": name, "blobs": [{"name": "in/a.txt", "text": "a"}]}


def company():
    assignments = []

    def assign(who, role, scope, **more):
        assignments.append({"id": guid(1000 + len(assignments)), "principal": who, "role": role, "scope": scope, **more})

    for who in NAMES:
        if who not in ("nobody", "bricks", "tester"):
            assign(who, "Reader", "resourceGroup:rg-proof")
    assign("reader", "Storage Blob Data Reader", "account:proofprod")
    assign("contributor", "Storage Blob Data Contributor", "account:proofprod")
    assign("late", "Storage Blob Data Reader", "account:proofprod", effectiveAfterSeconds=DELAY)
    assign("owner", "Owner", "resourceGroup:rg-proof")
    assign("narrow", "Storage Blob Data Contributor", "container:proofprod/invoices")
    assign("conditional", "Storage Blob Data Contributor", "account:proofprod", condition=(
        f"((!(ActionMatches{{'{BLOB_DATA}/write'}})) OR (@Resource[{BLOB_DATA}:path] StringLike 'in/*'))"))
    assign("denied", "Storage Blob Data Contributor", "account:proofprod")
    assign("readers", "Storage Blob Data Reader", "account:proofprod")
    assign("bricks", "Reader", f"/subscriptions/{BRICKS}")
    assign("bricks", "Storage Blob Data Reader", f"/subscriptions/{BRICKS}")
    assign("mistaken client", "Storage Blob Data Reader", "account:proofprod")
    assign("walled", "Storage Blob Data Reader", "account:proofprod")
    for account in ("proofbusy", "proofstuck"):
        assign("reader", "Storage Blob Data Reader", f"account:{account}")
    assign("tester", "Storage Blob Data Contributor", "account:prooftest")
    return {
        "tenants": [{"id": TENANT, "name": "Proof", "domains": ["proof.example"]}],
        "subscriptions": [{"id": MAIN, "name": "main", "tenant": TENANT}, {"id": BRICKS, "name": "bricks", "tenant": TENANT, "databricks": True}],
        "resourceGroups": [{"name": "rg-proof", "subscription": MAIN}, {"name": "rg-test", "subscription": MAIN}, {"name": "rg-bricks", "subscription": BRICKS}],
        "accounts": [
            {"name": "proofprod", "resourceGroup": "rg-proof", "environment": "production", "containers": [container("invoices"), container("orders")]},
            {"name": "prooftest", "resourceGroup": "rg-test", "environment": "test", "containers": [container("fixtures")]},
            {"name": "prooflake", "resourceGroup": "rg-proof", "environment": "production", "hierarchicalNamespace": True,
             "acl": {"lister": {"lake": {"/": "r-x"}}}, "containers": [container("lake")]},
            {"name": "proofbusy", "resourceGroup": "rg-proof", "environment": "production", "throttleEvery": 4, "containers": [container("queue")]},
            {"name": "proofstuck", "resourceGroup": "rg-proof", "environment": "production", "throttleEvery": 1, "containers": [container("queue")]},
            {"name": "proofbricks", "resourceGroup": "rg-bricks", "environment": "test", "containers": [container("tables")]}],
        "principals": principals(),
        # A group by the client ID of "mistaken": whom a role for the application's ID reaches, that is nobody.
        "groups": [{"id": guid(300), "name": "readers", "members": ["member"]},
                   {"id": client(100 + NAMES.index("mistaken")), "name": "mistaken client", "members": []}],
        "roleAssignments": assignments,
        "denyAssignments": [{"id": guid(400), "name": "locked by a deployment stack", "scope": "account:proofprod",
                             "dataActions": [f"{BLOB_DATA}/delete"], "principals": ["denied"]}],
    }


def write(path, **settings):
    with open(path, "w", encoding="utf-8") as target:
        json.dump({**company(), "settings": settings}, target)
