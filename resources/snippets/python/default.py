from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient

# Reads AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; on Azure the same line takes the managed identity.
service = BlobServiceClient("{account}", credential=DefaultAzureCredential())
for container in service.list_containers():
    print(container.name)
