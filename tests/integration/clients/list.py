#!/usr/bin/python3
"""What a service does with its environment file: sign in by DefaultAzureCredential and walk its storage account.

usage: list.py ACCOUNT-URL [--once]; --once: no retries, which the library makes even after a refused sign-in. Prints {container: [blob, ...]} as JSON."""
import json
import sys

from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient

OPTIONS = {"retry_total": 0} if "--once" in sys.argv else {}
with BlobServiceClient(sys.argv[1], credential=DefaultAzureCredential(), **OPTIONS) as service:
    found = {}
    for container in service.list_containers():
        client = service.get_container_client(container.name)
        found[container.name] = [blob.name for blob in client.list_blobs()]
json.dump(found, sys.stdout, ensure_ascii=False)
