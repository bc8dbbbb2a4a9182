using Azure.Identity;
using Azure.Storage.Blobs;

// Reads AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; on Azure the same line takes the managed identity.
var service = new BlobServiceClient(new Uri("{account}"), new DefaultAzureCredential());
await foreach (var container in service.GetBlobContainersAsync())
{
    Console.WriteLine(container.Name);
}
