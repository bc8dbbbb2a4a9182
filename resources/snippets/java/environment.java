import com.azure.identity.EnvironmentCredentialBuilder;
import com.azure.storage.blob.BlobServiceClientBuilder;

public class ListContainers {
    public static void main(String[] args) {
        // The variables and nothing else: no other identity of this machine can take their place.
        var service = new BlobServiceClientBuilder()
                .endpoint("{account}")
                .credential(new EnvironmentCredentialBuilder().build())
                .buildClient();
        service.listBlobContainers().forEach(container -> System.out.println(container.getName()));
    }
}
