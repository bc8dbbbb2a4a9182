import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobServiceClientBuilder;

public class ListContainers {
    public static void main(String[] args) {
        // Reads AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; on Azure the same line takes the managed identity.
        var service = new BlobServiceClientBuilder()
                .endpoint("{account}")
                .credential(new DefaultAzureCredentialBuilder().build())
                .buildClient();
        service.listBlobContainers().forEach(container -> System.out.println(container.getName()));
    }
}
