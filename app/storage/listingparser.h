#pragma once

#include "core/result.h"
#include "storage/bloblisting.h"
#include "storage/xmlscanner.h"

#include <QString>
#include <string>
#include <vector>

namespace Storage {

/// One page of List Blobs (flat or by hierarchy) or List Containers.
struct ListingPage {
    BlobListing rows;
    QString nextMarker; ///< empty on the last page
    QString prefix;
    QString delimiter;
    QString serviceEndpoint;
    QString containerName;
};

/// Reads a page from bytes as they come, in any split. Pure. What it does not know it leaves out.
class ListingParser final : private XmlScanner
{
public:
    static constexpr qsizetype maxRows = 100'000; ///< the service gives 5000 at most

    /// False once the bytes cannot be a listing any more; finish() then says why.
    bool feed(QByteArrayView bytes) { return XmlScanner::feed(bytes); }
    /// The page. Errors: BadResponse (no XML, no listing, cut off, hostile), with the position.
    Core::Result<ListingPage> finish();

private:
    enum class Element : std::uint8_t;

    void startElement(std::string_view name, std::string_view attributes) override;
    void endElement(std::string_view name, std::string_view text) override;
    Element child(Element parent, std::string_view name) const;
    void beginRow(RowKind kind);
    void endRow();
    void setRowMember(std::string_view name, std::string_view text);
    void setProperty(std::string_view name, std::string_view text);
    void setName(std::string_view text);
    void detail(const QString &key, std::string_view text);

    ListingPage m_page;
    std::vector<Element> m_path;
    BlobListing::Row m_row;
    std::string m_name, m_contentType, m_blobType, m_accessTier, m_etag;
    QString m_tagKey;
    bool m_encodedName = false;
};

/// Milliseconds since the epoch of "Wed, 09 Sep 2009 09:20:02 GMT", or BlobListing::unknown.
std::int64_t parseHttpDate(std::string_view text);

} // namespace Storage
