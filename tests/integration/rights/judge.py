"""What the documents make of a generated company's rights, written for this alone: it shares no line with the product."""
from generated import BLOBS, BRICKS, LAKE, SUBSCRIPTION_OF, resource_id


def covers(patterns, action):
    def one(pattern, text):
        head, *rest = pattern.lower().split("*")
        if not text.startswith(head):
            return False
        at = len(head)
        for part in rest[:-1]:
            at = text.find(part, at)
            if at < 0:
                return False
            at += len(part)
        return at == len(text) if not rest else text.endswith(rest[-1]) and len(text) - len(rest[-1]) >= at
    return any(one(pattern, action.lower()) for pattern in patterns or [])


def grants(permissions, action, data):
    yes, no = ("dataActions", "notDataActions") if data else ("actions", "notActions")
    return any(covers(one.get(yes), action) and not covers(one.get(no), action) for one in permissions)


def inside(outer, inner):
    outer, inner = outer.lower(), inner.lower()
    return inner == outer or inner.startswith(outer + "/")


class Judge:
    def __init__(self, company, roles):
        self.company, self.roles = company, roles
        self.groups = {one["name"]: set(one["members"]) for one in company.groups}

    def identities(self, name):
        return {name} | {group for group, members in self.groups.items() if name in members}

    def denied(self, name, action, data, operation):
        for deny in self.company.denies:
            at = resource_id(deny["scope"])
            here = at.lower() == operation.scope.lower() if deny["doNotApplyToChildScopes"] else inside(at, operation.scope)
            meant = "*" in deny["principals"] or self.identities(name) & set(deny["principals"])
            if here and meant and not self.identities(name) & set(deny.get("exceptPrincipals", [])) and grants([deny], action, data):
                return True
        return False

    def by_role(self, name, action, data, operation):
        if self.denied(name, action, data, operation):
            return False
        for one in self.company.assignments:
            scope = one["scope"] if one["scope"].startswith("/") else resource_id(one["scope"])
            if one["principal"] not in self.identities(name) or not inside(scope, operation.scope):
                continue
            if not grants(self.roles[one["role"]], action, data):
                continue
            if data and scope.count("/") == 2 and SUBSCRIPTION_OF[operation.account] == BRICKS:
                continue  # a workspace of Databricks is in that subscription
            meaning = self.company.meanings.get(one["id"])
            if meaning is None or not data or meaning(action, operation):
                return True
        return False

    def by_roles(self, name, operation):
        actions, data = operation.needs
        for action in actions:
            if self.by_role(name, action, data, operation) and not (action.endswith("/add/action") and operation.name == "Put Blob" and operation.exists):
                return True
        if operation.account == LAKE and data:
            return self.by_role(name, f"{BLOBS}/runAsSuperUser/action", True, operation)
        return False

    def by_list(self, name, operation):
        """True, False, or None where the documents do not say."""
        entries = self.company.acl_of(name, operation.container)
        has = lambda path, rights: all(right in entries.get(path, "---") for right in rights)
        if operation.name == "Get Blob Tags":
            return False
        if operation.name == "List Blobs":
            folder = (operation.prefix or "/").rstrip("/") or "/"
            return has(folder, "rx") and (folder == "/" or has("/", "x"))
        way = has("/", "x")
        parent = operation.blob.split("/")[0]
        if operation.name == "Get Blob":
            return way and has(parent, "x") and has(operation.blob, "r")
        if operation.name == "Delete Blob":
            return way and has(parent, "wx")
        if operation.name == "Put Blob" and not operation.exists:
            return way and has(parent, "wx")
        return None

    def says(self, name, operation):
        """allow, deny or open."""
        actions, data = operation.needs
        if self.by_roles(name, operation):
            return "allow"
        if operation.account != LAKE or not data or all(self.denied(name, action, data, operation) for action in actions):
            return "deny"
        return {True: "allow", False: "deny", None: "open"}[self.by_list(name, operation)]
