using Azure.Identity;
using Azure.Storage.Blobs;

// The variables and nothing else: no other identity of this machine can take their place.
var service = new BlobServiceClient(new Uri("{account}"), new EnvironmentCredential());
await foreach (var container in service.GetBlobContainersAsync())
{
    Console.WriteLine(container.Name);
}
