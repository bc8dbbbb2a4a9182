#!/usr/bin/python3
"""Lets platform-owner of the company on standard input do what a rotation's operator must, and nobody wait for replicas."""
import json
import sys

company = json.load(sys.stdin)
next(one for one in company["principals"] if one["name"] == "platform-owner")["graphPermissions"] = ["Application.ReadWrite.All"]
company.setdefault("settings", {})["replicationSeconds"] = {"signIn": 0, "resourceManager": 0}
json.dump(company, sys.stdout)
