"""A small web application as the user's page has it: it lists the containers of $STORAGE_ACCOUNT_URL by DefaultAzureCredential."""
import json
import os

from azure.core.exceptions import AzureError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient


def app(environ, start_response):
    del environ
    try:
        with BlobServiceClient(os.environ["STORAGE_ACCOUNT_URL"], credential=DefaultAzureCredential(), retry_total=0) as service:
            names = [container.name for container in service.list_containers()]
        status, body = "200 OK", json.dumps(names)
    except AzureError as error:
        status, body = "502 Bad Gateway", str(error)
    start_response(status, [("Content-Type", "application/json")])
    return [body.encode()]
