package main

import (
	"context"
	"fmt"
	"log"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob"
)

func main() {
	// The variables and nothing else: no other identity of this machine can take their place.
	credential, err := azidentity.NewEnvironmentCredential(nil)
	if err != nil {
		log.Fatal(err)
	}
	client, err := azblob.NewClient("{account}", credential, nil)
	if err != nil {
		log.Fatal(err)
	}
	for pager := client.NewListContainersPager(nil); pager.More(); {
		page, err := pager.NextPage(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		for _, container := range page.ContainerItems {
			fmt.Println(*container.Name)
		}
	}
}
