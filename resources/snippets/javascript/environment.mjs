import { EnvironmentCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";

// The variables and nothing else: no other identity of this machine can take their place.
const service = new BlobServiceClient("{account}", new EnvironmentCredential());
for await (const container of service.listContainers()) {
  console.log(container.name);
}
