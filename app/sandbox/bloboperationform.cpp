#include "sandbox/bloboperationform.h"

namespace Sandbox {

// clang-format off
#define CONDITIONS " If-Modified-Since If-Unmodified-Since If-Match If-None-Match x-ms-if-tags "
#define LEASE " x-ms-lease-id "
#define ENCRYPTION " x-ms-encryption-key x-ms-encryption-key-sha256 x-ms-encryption-algorithm x-ms-encryption-scope "
#define CONTENT " x-ms-blob-content-type x-ms-blob-content-encoding x-ms-blob-content-language x-ms-blob-content-md5" \
                " x-ms-blob-cache-control x-ms-blob-content-disposition "
#define CHECKSUMS " Content-MD5 x-ms-content-crc64 "
#define META " x-ms-meta-* "
#define SOURCE_CONDITIONS " x-ms-source-if-modified-since x-ms-source-if-unmodified-since x-ms-source-if-match" \
                          " x-ms-source-if-none-match "
#define SOURCE_PART " x-ms-source-range x-ms-source-content-md5 x-ms-source-content-crc64 "
#define SEQUENCE " x-ms-if-sequence-number-le x-ms-if-sequence-number-lt x-ms-if-sequence-number-eq "
#define WRITE LEASE ENCRYPTION CONDITIONS
#define APPEND " x-ms-blob-condition-maxsize x-ms-blob-condition-appendpos "

// Sources: Azure Storage REST reference, and Azurite 3.35 (generated/artifacts/specifications.js).
const QList<BlobOperationForm> &blobOperationForms()
{
    using Way = BlobOperationForm::Way;
    using Body = BlobOperationForm::Body;
    static const QList<BlobOperationForm> forms{
        {"Preflight Blob Request", "OPTIONS", "", "", "", "Access-Control-Request-Method Access-Control-Request-Headers"},

        {"List Containers", "GET", "comp=list", "prefix marker maxresults include", "", "",
         Body::None, Way::Azurite, "Service_ListContainersSegment"},
        {"Find Blobs by Tags", "GET", "comp=blobs", "where marker maxresults", "", "",
         Body::None, Way::Azurite, "Service_FilterBlobs"},
        {"Blob Batch", "POST", "comp=batch", "", "", "", Body::None, Way::Sandbox},
        {"Blob Batch", "POST", "restype=container&comp=batch", "", "", "", Body::None, Way::Sandbox},
        {"Get Account Information", "GET", "restype=account&comp=properties", "", "", "",
         Body::None, Way::Azurite, "Service_GetAccountInfo"},
        {"Get Account Information", "HEAD", "restype=account&comp=properties", "", "", "",
         Body::None, Way::Azurite, "Service_GetAccountInfoWithHead"},
        {"Set Blob Service Properties", "PUT", "restype=service&comp=properties", "", "", "",
         Body::Xml, Way::Azurite, "Service_SetProperties"},
        {"Get Blob Service Properties", "GET", "restype=service&comp=properties", "", "", "",
         Body::None, Way::Azurite, "Service_GetProperties"},
        {"Get Blob Service Stats", "GET", "restype=service&comp=stats", "", "", "",
         Body::None, Way::Azurite, "Service_GetStatistics"},
        {"Get User Delegation Key", "POST", "restype=service&comp=userdelegationkey", "", "", "",
         Body::Xml, Way::Sandbox},

        {"List Blobs", "GET", "restype=container&comp=list", "prefix delimiter marker maxresults include", "", "",
         Body::None, Way::Azurite, "Container_ListBlobFlatSegment Container_ListBlobHierarchySegment"},
        {"Find Blobs by Tags in Container", "GET", "restype=container&comp=blobs", "where marker maxresults", "", "",
         Body::None, Way::Azurite, "Container_FilterBlobs"},
        {"Set Container ACL", "PUT", "restype=container&comp=acl", "", "", "", Body::None, Way::Head},
        {"Get Container ACL", "GET HEAD", "restype=container&comp=acl", "", "", "", Body::None, Way::Head},
        {"Lease Container", "PUT", "restype=container&comp=lease", "", "x-ms-lease-action=acquire",
         "x-ms-lease-duration x-ms-proposed-lease-id If-Modified-Since If-Unmodified-Since",
         Body::None, Way::Azurite, "Container_AcquireLease"},
        {"Lease Container", "PUT", "restype=container&comp=lease", "", "x-ms-lease-action=release x-ms-lease-id",
         "If-Modified-Since If-Unmodified-Since", Body::None, Way::Azurite, "Container_ReleaseLease"},
        {"Lease Container", "PUT", "restype=container&comp=lease", "", "x-ms-lease-action=renew x-ms-lease-id",
         "If-Modified-Since If-Unmodified-Since", Body::None, Way::Azurite, "Container_RenewLease"},
        {"Lease Container", "PUT", "restype=container&comp=lease", "", "x-ms-lease-action=break",
         "x-ms-lease-break-period If-Modified-Since If-Unmodified-Since",
         Body::None, Way::Azurite, "Container_BreakLease"},
        {"Lease Container", "PUT", "restype=container&comp=lease", "",
         "x-ms-lease-action=change x-ms-lease-id x-ms-proposed-lease-id",
         "If-Modified-Since If-Unmodified-Since", Body::None, Way::Azurite, "Container_ChangeLease"},
        {"Restore Container", "PUT", "restype=container&comp=undelete", "", "", "", Body::None, Way::Sandbox},
        {"Rename Container", "PUT", "restype=container&comp=rename", "", "", "x-ms-source-container-name x-ms-source-lease-id",
         Body::None, Way::Sandbox},
        {"Set Container Metadata", "PUT", "restype=container&comp=metadata", "", "", META LEASE "If-Modified-Since",
         Body::None, Way::Azurite, "Container_SetMetadata"},
        {"Get Container Metadata", "GET HEAD", "restype=container&comp=metadata", "", "", LEASE, Body::None, Way::Head},
        {"Get Container Properties", "GET", "restype=container", "", "", LEASE,
         Body::None, Way::Azurite, "Container_GetProperties"},
        {"Get Container Properties", "HEAD", "restype=container", "", "", LEASE,
         Body::None, Way::Azurite, "Container_GetPropertiesWithHead"},
        {"Create Container", "PUT", "restype=container", "", "",
         META "x-ms-blob-public-access x-ms-default-encryption-scope x-ms-deny-encryption-scope-override",
         Body::None, Way::Azurite, "Container_Create"},
        {"Delete Container", "DELETE", "restype=container", "", "", LEASE "If-Modified-Since If-Unmodified-Since",
         Body::None, Way::Azurite, "Container_Delete"},

        {"Get Blob", "GET", "", "snapshot versionid", "",
         "Range x-ms-range x-ms-range-get-content-md5 x-ms-range-get-content-crc64" WRITE,
         Body::None, Way::Azurite, "Blob_Download"},
        {"Get Blob Properties", "HEAD", "", "snapshot versionid", "", WRITE,
         Body::None, Way::Azurite, "Blob_GetProperties"},
        {"Get Blob Metadata", "GET HEAD", "comp=metadata", "snapshot versionid", "", WRITE, Body::None, Way::Head},
        {"Get Blob Tags", "GET", "comp=tags", "snapshot versionid", "", LEASE "x-ms-if-tags",
         Body::None, Way::Azurite, "Blob_GetTags"},
        {"Get Block List", "GET", "comp=blocklist", "snapshot blocklisttype", "", LEASE "x-ms-if-tags",
         Body::None, Way::Azurite, "BlockBlob_GetBlockList"},
        {"Get Page Ranges", "GET", "comp=pagelist", "snapshot marker maxresults", "",
         "Range x-ms-range" LEASE CONDITIONS, Body::None, Way::Azurite, "PageBlob_GetPageRanges"},
        {"Query Blob Contents", "POST", "comp=query", "snapshot", "", WRITE, Body::Xml, Way::Azurite, "Blob_Query"},

        {"Delete Blob", "DELETE", "", "snapshot", "", "x-ms-delete-snapshots" LEASE CONDITIONS,
         Body::None, Way::Azurite, "Blob_Delete"},
        {"Delete Blob Version", "DELETE", "", "versionid", "", LEASE CONDITIONS, Body::None, Way::ContainerHead},
        {"Permanent Delete", "DELETE", "", "versionid snapshot deletetype", "", LEASE CONDITIONS,
         Body::None, Way::ContainerHead},
        {"Delete Blob Immutability Policy", "DELETE", "comp=immutabilitypolicies", "", "", "", Body::None, Way::Head},

        {"Copy Blob", "PUT", "", "", "x-ms-copy-source x-ms-blob-type=BlockBlob",
         META CONTENT CHECKSUMS WRITE SOURCE_CONDITIONS
         "x-ms-tags x-ms-access-tier x-ms-source-content-md5 x-ms-source-if-tags x-ms-copy-source-blob-properties"
         " x-ms-copy-source-tag-option", Body::None, Way::Azurite, "BlockBlob_PutBlobFromUrl"},
        {"Copy Blob", "PUT", "", "", "x-ms-copy-source x-ms-requires-sync=true",
         META WRITE SOURCE_CONDITIONS "x-ms-tags x-ms-access-tier x-ms-source-content-md5 x-ms-copy-source-tag-option",
         Body::None, Way::Azurite, "Blob_CopyFromURL"},
        {"Copy Blob", "PUT", "", "", "x-ms-copy-source",
         META LEASE CONDITIONS SOURCE_CONDITIONS
         "x-ms-tags x-ms-access-tier x-ms-rehydrate-priority x-ms-source-if-tags x-ms-seal-blob",
         Body::None, Way::Azurite, "Blob_StartCopyFromURL"},
        {"Put Blob", "PUT", "", "", "x-ms-blob-type=BlockBlob",
         META CONTENT CHECKSUMS WRITE "Content-Type x-ms-tags x-ms-access-tier",
         Body::Bytes, Way::Azurite, "BlockBlob_Upload"},
        {"Put Blob", "PUT", "", "", "x-ms-blob-type=AppendBlob", META CONTENT WRITE "Content-Type x-ms-tags",
         Body::Bytes, Way::Azurite, "AppendBlob_Create"},
        {"Put Blob", "PUT", "", "", "x-ms-blob-type=PageBlob x-ms-blob-content-length",
         META CONTENT WRITE "Content-Type x-ms-tags x-ms-access-tier x-ms-blob-sequence-number",
         Body::Bytes, Way::Azurite, "PageBlob_Create"},

        {"Set Blob Properties", "PUT", "comp=properties", "", "x-ms-sequence-number-action=max",
         "x-ms-blob-sequence-number" LEASE CONDITIONS, Body::None, Way::Azurite, "PageBlob_UpdateSequenceNumber"},
        {"Set Blob Properties", "PUT", "comp=properties", "", "x-ms-sequence-number-action=update",
         "x-ms-blob-sequence-number" LEASE CONDITIONS, Body::None, Way::Azurite, "PageBlob_UpdateSequenceNumber"},
        {"Set Blob Properties", "PUT", "comp=properties", "", "x-ms-sequence-number-action=increment",
         "x-ms-blob-sequence-number" LEASE CONDITIONS, Body::None, Way::Azurite, "PageBlob_UpdateSequenceNumber"},
        {"Set Blob Properties", "PUT", "comp=properties", "", "x-ms-blob-content-length", WRITE,
         Body::None, Way::Azurite, "PageBlob_Resize"},
        {"Set Blob Properties", "PUT", "comp=properties", "", "", CONTENT LEASE CONDITIONS,
         Body::None, Way::Azurite, "Blob_SetHTTPHeaders"},
        {"Set Blob Metadata", "PUT", "comp=metadata", "", "", META WRITE, Body::None, Way::Azurite, "Blob_SetMetadata"},
        {"Lease Blob", "PUT", "comp=lease", "", "x-ms-lease-action=acquire",
         "x-ms-lease-duration x-ms-proposed-lease-id" CONDITIONS, Body::None, Way::Azurite, "Blob_AcquireLease"},
        {"Lease Blob", "PUT", "comp=lease", "", "x-ms-lease-action=release x-ms-lease-id", CONDITIONS,
         Body::None, Way::Azurite, "Blob_ReleaseLease"},
        {"Lease Blob", "PUT", "comp=lease", "", "x-ms-lease-action=renew x-ms-lease-id", CONDITIONS,
         Body::None, Way::Azurite, "Blob_RenewLease"},
        {"Lease Blob", "PUT", "comp=lease", "", "x-ms-lease-action=change x-ms-lease-id x-ms-proposed-lease-id",
         CONDITIONS, Body::None, Way::Azurite, "Blob_ChangeLease"},
        {"Lease Blob", "PUT", "comp=lease", "", "x-ms-lease-action=break", "x-ms-lease-break-period" CONDITIONS,
         Body::None, Way::Azurite, "Blob_BreakLease"},
        {"Abort Copy Blob", "PUT", "comp=copy", "copyid", "x-ms-copy-action=abort", LEASE,
         Body::None, Way::Azurite, "Blob_AbortCopyFromURL"},
        {"Set Blob Tier", "PUT", "comp=tier", "snapshot versionid", "x-ms-access-tier",
         "x-ms-rehydrate-priority x-ms-if-tags" LEASE, Body::None, Way::Azurite, "Blob_SetTier"},
        {"Put Block", "PUT", "comp=block", "blockid", "x-ms-copy-source", SOURCE_PART SOURCE_CONDITIONS LEASE ENCRYPTION,
         Body::None, Way::Azurite, "BlockBlob_StageBlockFromURL"},
        {"Put Block", "PUT", "comp=block", "blockid", "", CHECKSUMS LEASE ENCRYPTION,
         Body::Bytes, Way::Azurite, "BlockBlob_StageBlock"},
        {"Put Page", "PUT", "comp=page", "", "x-ms-page-write=update x-ms-copy-source x-ms-source-range x-ms-range",
         "x-ms-source-content-md5 x-ms-source-content-crc64" SOURCE_CONDITIONS SEQUENCE WRITE,
         Body::None, Way::Azurite, "PageBlob_UploadPagesFromURL"},
        {"Put Page", "PUT", "comp=page", "", "x-ms-page-write=update", "Range x-ms-range" CHECKSUMS SEQUENCE WRITE,
         Body::Bytes, Way::Azurite, "PageBlob_UploadPages"},
        {"Put Page", "PUT", "comp=page", "", "x-ms-page-write=clear", "Range x-ms-range" SEQUENCE WRITE,
         Body::None, Way::Azurite, "PageBlob_ClearPages"},
        {"Set Blob Expiry", "PUT", "comp=expiry", "", "", "", Body::None, Way::Head},
        {"Append Blob Seal", "PUT", "comp=seal", "", "", "x-ms-blob-condition-appendpos" LEASE CONDITIONS,
         Body::None, Way::Azurite, "AppendBlob_Seal"},
        {"Put Block List", "PUT", "comp=blocklist", "", "",
         META CONTENT CHECKSUMS WRITE "x-ms-tags x-ms-access-tier", Body::Xml, Way::Azurite, "BlockBlob_CommitBlockList"},
        {"Set Blob Tags", "PUT", "comp=tags", "versionid", "", LEASE "x-ms-if-tags",
         Body::Tags, Way::Azurite, "Blob_SetTags"},
        {"Snapshot Blob", "PUT", "comp=snapshot", "", "", META WRITE, Body::None, Way::Azurite, "Blob_CreateSnapshot"},
        {"Append Block", "PUT", "comp=appendblock", "", "x-ms-copy-source",
         SOURCE_PART SOURCE_CONDITIONS APPEND WRITE, Body::None, Way::Azurite, "AppendBlob_AppendBlockFromUrl"},
        {"Append Block", "PUT", "comp=appendblock", "", "", CHECKSUMS APPEND WRITE,
         Body::Bytes, Way::Azurite, "AppendBlob_AppendBlock"},
        {"Incremental Copy Blob", "PUT", "comp=incrementalcopy", "", "x-ms-copy-source", CONDITIONS,
         Body::None, Way::Azurite, "PageBlob_CopyIncremental"},
        {"Undelete Blob", "PUT", "comp=undelete", "", "", "", Body::None, Way::Head},
        {"Set Blob Legal Hold", "PUT", "comp=legalhold", "", "", "x-ms-legal-hold", Body::None, Way::Head},
        {"Set Blob Immutability Policy", "PUT", "comp=immutabilitypolicies", "", "",
         "x-ms-immutability-policy-until-date x-ms-immutability-policy-mode", Body::None, Way::Head},
    };
    return forms;
}
// clang-format on

QByteArrayList wordsOf(const char *words)
{
    QByteArrayList found;
    for (const QByteArray &word : QByteArray(words).split(' ')) {
        if (!word.isEmpty())
            found.append(word);
    }
    return found;
}

} // namespace Sandbox
