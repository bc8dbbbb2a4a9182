#include <azure/identity.hpp>
#include <azure/storage/blobs.hpp>

#include <iostream>
#include <memory>

int main()
{
    // The variables and nothing else: no other identity of this machine can take their place.
    auto credential = std::make_shared<Azure::Identity::EnvironmentCredential>();
    Azure::Storage::Blobs::BlobServiceClient service("{account}", credential);
    for (auto page = service.ListBlobContainers(); page.HasPage(); page.MoveToNextPage()) {
        for (const auto &container : page.BlobContainers)
            std::cout << container.Name << '\n';
    }
}
