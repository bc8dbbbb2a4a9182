from azure.identity import EnvironmentCredential
from azure.storage.blob import BlobServiceClient

# The variables and nothing else: no other identity of this machine can take their place.
service = BlobServiceClient("{account}", credential=EnvironmentCredential())
for container in service.list_containers():
    print(container.name)
