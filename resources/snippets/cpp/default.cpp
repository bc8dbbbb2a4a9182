#include <azure/identity.hpp>
#include <azure/storage/blobs.hpp>

#include <iostream>
#include <memory>

int main()
{
    // Reads AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; on Azure the same line takes the managed identity.
    auto credential = std::make_shared<Azure::Identity::DefaultAzureCredential>();
    Azure::Storage::Blobs::BlobServiceClient service("{account}", credential);
    for (auto page = service.ListBlobContainers(); page.HasPage(); page.MoveToNextPage()) {
        for (const auto &container : page.BlobContainers)
            std::cout << container.Name << '\n';
    }
}
