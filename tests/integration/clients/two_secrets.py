#!/usr/bin/python3
"""Gives orders-service of the company on standard input two secrets that are both valid, as an application has while one rotates."""
import json
import secrets
import sys
import uuid

company = json.load(sys.stdin)
application = next(one for one in company["principals"] if one["name"] == "orders-service")
application["secrets"] = [{"id": str(uuid.uuid4()), "value": secrets.token_hex(2)[:3] + "8Q~" + secrets.token_urlsafe(40)[:34]} for _ in range(2)]
json.dump(company, sys.stdout)
