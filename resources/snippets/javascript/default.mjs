import { DefaultAzureCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";

// Reads AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; on Azure the same line takes the managed identity.
const service = new BlobServiceClient("{account}", new DefaultAzureCredential());
for await (const container of service.listContainers()) {
  console.log(container.name);
}
