"""Companies made by chance, always the same: principals with roles, groups, conditions, deny assignments and ACLs, and beside each
condition what it says in words of its own, so that a judge who has never seen the product can decide."""
import fnmatch
import random
import uuid

BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
TENANT, PLAIN, BRICKS = (str(uuid.uuid5(uuid.NAMESPACE_DNS, name)) for name in ("tenant", "plain", "bricks"))
FLAT, LAKE, BRICK = "flatdata", "lakedata", "brickdata"
GROUP_OF = {FLAT: "rgflat", LAKE: "rglake", BRICK: "rgbrick"}
SUBSCRIPTION_OF = {FLAT: PLAIN, LAKE: PLAIN, BRICK: BRICKS}
TAGS = {"a/one.txt": {"Project": "Cascade"}, "a/two.txt": {}, "b/one.txt": {"Project": "Baker"}}
ACL_WORDS = ["---", "--x", "r-x", "r--", "-wx", "rwx"]
CUSTOM = [
    {"name": str(uuid.uuid5(uuid.NAMESPACE_DNS, "adder")), "roleName": "Blob adder", "roleType": "CustomRole",
     "permissions": [{"actions": [], "dataActions": [f"{BLOBS}/add/action"]}], "assignableScopes": ["/"]},
    {"name": str(uuid.uuid5(uuid.NAMESPACE_DNS, "most")), "roleName": "All but deleting", "roleType": "CustomRole",
     "permissions": [{"actions": ["*/read"], "dataActions": [f"{CONTAINERS}/*"], "notDataActions": ["*/DELETE", f"{BLOBS}/runAsSuperUser/action"]},
                     {"actions": [], "dataActions": [f"{BLOBS}/tags/read"]}], "assignableScopes": ["/"]},
]
ROLES = ["Storage Blob Data Reader", "Storage Blob Data Contributor", "Storage Blob Data Owner", "Reader", "Owner", "Blob adder",
         "All but deleting"]


def resource_id(scope):
    kind, _, name = scope.partition(":")
    if kind == "subscription":
        return f"/subscriptions/{name}"
    if kind == "resourceGroup":
        account = next(one for one in GROUP_OF if GROUP_OF[one] == name)
        return f"/subscriptions/{SUBSCRIPTION_OF[account]}/resourceGroups/{name}"
    account, _, container = name.partition("/")
    return (f"{resource_id('resourceGroup:' + GROUP_OF[account])}/providers/Microsoft.Storage/storageAccounts/{account}"
            + (f"/blobServices/default/containers/{container}" if container else ""))


class Operation:
    """One request, what it needs, and what a condition can see of it."""

    def __init__(self, name, account, container=None, blob=None, tags=None, prefix=None):
        self.name, self.account, self.container, self.blob, self.tags, self.prefix = name, account, container, blob, tags, prefix
        self.exists = blob in TAGS

    @property
    def scope(self):
        return resource_id(f"container:{self.account}/{self.container}" if self.container else f"account:{self.account}")

    @property
    def needs(self):
        """Alternatives, and whether they are data actions."""
        write = [f"{BLOBS}/write", f"{BLOBS}/add/action"]
        return {"Get Blob": ([f"{BLOBS}/read"], True), "List Blobs": ([f"{BLOBS}/read"], True), "Put Blob": (write, True),
                "Get Blob Tags": ([f"{BLOBS}/tags/read"], True), "Set Blob Tier": ([f"{BLOBS}/write"], True),
                "Delete Blob": ([f"{BLOBS}/delete"], True), "List Containers": ([f"{CONTAINERS}/read"], False)}[self.name]

    @property
    def suboperation(self):
        if self.name == "Put Blob":
            return "Blob.Write.WithTagHeaders" if self.tags else None
        return {"List Blobs": "Blob.List", "Set Blob Tier": "Blob.Write.Tier"}.get(self.name)


def conditions(dice):
    """(text, its meaning for an action and an operation): True, False; a missing attribute is False."""
    path, container = f"@Resource[{BLOBS}:path]", f"@Resource[{CONTAINERS}:name]"
    tag = f"@%s[{BLOBS}/tags:Project<$key_case_sensitive$>]"
    wanted = dice.choice(["alpha", "beta"])
    folder = dice.choice(["a/", "b/", "new/"])
    flat = lambda one: one.account != LAKE
    listing = lambda one: one.suboperation == "Blob.List"
    terms = [
        (f"{container} StringEquals '{wanted}'", lambda one: one.container == wanted),
        (f"{container} StringNotEqualsIgnoreCase '{wanted.upper()}'", lambda one: one.container != wanted),
        (f"{path} StringLike '{folder}*.t?t'", lambda one: not listing(one) and fnmatch.fnmatchcase(one.blob, folder + "*.t?t")),
        (f"NOT {path} StringStartsWith '{folder}'", lambda one: not listing(one) and not one.blob.startswith(folder)),
        (tag % "Resource" + " ForAnyOfAnyValues:StringEquals {'Cascade', 'Baker'}",
         lambda one: flat(one) and not listing(one) and TAGS.get(one.blob, {}).get("Project") in ("Cascade", "Baker")),
        (tag % "Request" + " StringEqualsIgnoreCase 'CASCADE'",
         lambda one: flat(one) and (one.tags or {}).get("Project", "").lower() == "cascade"),
        (f"@Request[{BLOBS}:prefix] StringStartsWith '{folder}'", lambda one: (one.prefix or "").startswith(folder)),
        (f"Exists @Request[{BLOBS}:prefix]", lambda one: one.prefix is not None),
        ("@Environment[UtcNow] DateTimeGreaterThan '2001-01-01T00:00:00.0Z'", lambda one: True),
        ("@Environment[UtcNow] DateTimeLessThan '2001-01-01T00:00:00.0Z'", lambda one: False),
        ("@Environment[isPrivateLink] BoolEquals true", lambda one: False),
    ]
    (first, says), (second, says_too) = dice.sample(terms, 2)
    joint = dice.choice(["AND", "OR", None])
    text = first if joint is None else f"{first} {joint} ({second})"
    meaning = {None: says, "AND": lambda one: says(one) and says_too(one), "OR": lambda one: says(one) or says_too(one)}[joint]
    target, sub = dice.choice([("read", ""), ("read", " AND NOT SubOperationMatches{'Blob.List'}"), ("read", " AND SubOperationMatches{'Blob.List'}"),
                               ("write", ""), ("delete", ""), ("*", ""), ("write", " AND SubOperationMatches{'Blob.Write.WithTagHeaders'}")])

    def targeted(action, one):
        hit = target == "*" or action.lower() == f"{BLOBS}/{target}".lower()
        if "NOT Sub" in sub:
            return hit and one.suboperation != "Blob.List"
        return hit and (not sub or one.suboperation == sub.split("'")[1])

    return (f"( ( !(ActionMatches{{'{BLOBS}/{target}'}}{sub}) ) OR ( {text} ) )",
            lambda action, one: not targeted(action, one) or meaning(one))


class Company:
    """A scenario for the sandbox, and the same rights as az prints them."""

    def __init__(self, count, seed):
        dice = self.dice = random.Random(seed)
        guid = lambda: str(uuid.UUID(int=dice.getrandbits(128), version=4))
        self.principals = [{"name": f"p{i}", "tenant": TENANT, "clientId": guid(), "objectId": guid(), "secrets": [{"id": guid()}]}
                           for i in range(count)]
        names = [one["name"] for one in self.principals]
        self.groups = [{"id": guid(), "name": f"g{i}", "members": dice.sample(names, count // 4)} for i in range(4)]
        self.ids = {one["name"]: one["objectId"] for one in self.principals} | {one["name"]: one["id"] for one in self.groups}
        self.assignments, self.denies, self.acl, self.meanings = [], [], {}, {}
        for name in names:
            for _ in range(dice.choice([0, 1, 1, 2])):
                self.assign(guid(), name)
        for name in names + [one["name"] for one in self.groups]:
            if dice.random() < 0.5:
                self.acl[name] = {"alpha": {path: dice.choice(ACL_WORDS) for path in ("/", "a", "b", "new", *TAGS)}}
        for group in self.groups:
            self.assign(guid(), group["name"])
        for i in range(4):
            rest = {"exceptPrincipals": dice.sample(names, count // 3)} if i == 0 else {}
            self.denies.append({"id": guid(), "name": f"d{i}", "scope": dice.choice(["account:" + FLAT, f"container:{LAKE}/alpha"]),
                                "principals": ["*"] if i == 0 else [self.groups[i]["name"]],
                                "dataActions": dice.choice([[f"{BLOBS}/delete"], ["*/tags/*"], [f"{BLOBS}/*"]]) if i else [f"{BLOBS}/delete"],
                                "notDataActions": dice.choice([[], [f"{BLOBS}/read"]]), "doNotApplyToChildScopes": dice.random() < 0.3, **rest})

    def assign(self, identifier, name):
        dice = self.dice
        account = dice.choice([FLAT, FLAT, LAKE, BRICK])
        scope = dice.choice([f"/subscriptions/{SUBSCRIPTION_OF[account]}", f"resourceGroup:{GROUP_OF[account]}", f"account:{account}",
                             f"container:{account}/alpha", f"container:{account}/beta"])
        one = {"id": identifier, "principal": name, "role": dice.choice(ROLES), "scope": scope}
        if dice.random() < 0.5 and one["role"].startswith("Storage"):
            one["condition"], self.meanings[identifier] = conditions(dice)
        self.assignments.append(one)

    def acl_of(self, name, container):
        """What the ACLs give: an entry of one's own decides; without one those of the groups count together."""
        told = {}
        for who in [name] if name in self.acl else [one["name"] for one in self.groups if name in one["members"]]:
            for path, rights in self.acl.get(who, {}).get(container, {}).items():
                told[path] = "".join(max(pair) for pair in zip(rights, told.get(path, "---")))
        return told

    def scenario(self):
        blobs = [{"name": name, "text": name, **({"tags": tags} if tags else {})} for name, tags in TAGS.items()]
        plain = [{"name": name, "text": name} for name in TAGS]
        accounts = [{"name": name, "resourceGroup": GROUP_OF[name], "environment": "test",
                     "containers": [{"name": one, "blobs": plain if name == LAKE else blobs} for one in ("alpha", "beta")]} for name in GROUP_OF]
        accounts[1].update(hierarchicalNamespace=True, acl=self.acl)
        return {"tenants": [{"id": TENANT, "name": "Made", "domains": ["made.example"]}],
                "subscriptions": [{"id": PLAIN, "name": "plain", "tenant": TENANT}, {"id": BRICKS, "name": "bricks", "tenant": TENANT, "databricks": True}],
                "resourceGroups": [{"name": GROUP_OF[name], "subscription": SUBSCRIPTION_OF[name]} for name in GROUP_OF],
                "accounts": accounts, "principals": self.principals, "groups": self.groups, "roleDefinitions": CUSTOM,
                "roleAssignments": self.assignments, "denyAssignments": self.denies}

    def operations(self):
        """A few requests of one principal."""
        dice = self.dice
        account = dice.choice([FLAT, FLAT, LAKE, BRICK])
        container, blob = dice.choice(["alpha", "alpha", "beta"]), dice.choice(list(TAGS))
        tags = {"Project": dice.choice(["Cascade", "Alpine"])} if account != LAKE and dice.random() < 0.6 else None
        new = f"new/{dice.getrandbits(48):x}.txt"
        return [Operation("Get Blob", account, container, blob), Operation("List Blobs", account, container, prefix=dice.choice([None, "a/", "b/"])),
                dice.choice([Operation("Put Blob", account, container, new, tags=tags), Operation("Put Blob", account, container, blob, tags=tags)]),
                dice.choice([Operation("Set Blob Tier", account, container, blob), Operation("Get Blob Tags", account, container, blob),
                             Operation("Delete Blob", account, container, new), Operation("List Containers", account)])]
