#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>
#include <QList>
#include <QString>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace Storage {

/// What a row of a listing is.
enum class RowKind : std::uint8_t { Blob, Prefix, Container };

/// The rows of a listing in columns: all names in one buffer, sizes, times and ETags as integers, what is seldom there (snapshot,
/// version, metadata, tags) in a side table. A row costs 36 bytes and its name.
class BlobListing final
{
public:
    static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();
    enum Flag : std::uint16_t {
        Deleted = 1,
        Snapshot = 2,
        Version = 4,
        CurrentVersion = 8,
        Leased = 16,
        Directory = 32, ///< hdi_isfolder, or ResourceType directory on hierarchical namespaces
        Encrypted = 64,
        HasMetadata = 128,
        HasTags = 256,
        Immutable = 512, ///< policy or legal hold
    };
    using Details = QList<std::pair<QString, QString>>;

    /// What the parser hands over; texts are UTF-8.
    struct Row {
        RowKind kind = RowKind::Blob;
        std::string_view name;
        std::int64_t contentLength = unknown;
        std::int64_t lastModified = unknown;
        std::uint16_t flags = 0;
        std::string_view contentType;
        std::string_view blobType;
        std::string_view accessTier;
        std::string_view etag;
        Details details;
    };

    qsizetype size() const { return static_cast<qsizetype>(m_nameEnd.size()); }
    RowKind kind(qsizetype row) const { return m_kind[static_cast<size_t>(row)]; }
    QByteArrayView nameUtf8(qsizetype row) const; ///< decoded (EncodedName), as the service knows it
    QString name(qsizetype row) const;
    std::int64_t contentLength(qsizetype row) const { return m_length[static_cast<size_t>(row)]; }  ///< bytes, or unknown
    std::int64_t lastModified(qsizetype row) const { return m_modified[static_cast<size_t>(row)]; } ///< ms since the epoch, UTC, or unknown
    std::uint16_t flags(qsizetype row) const { return m_flags[static_cast<size_t>(row)]; }
    QString contentType(qsizetype row) const; ///< interned: few different ones
    QString blobType(qsizetype row) const;    ///< "BlockBlob", …
    QString accessTier(qsizetype row) const;
    QString etag(qsizetype row) const;

    /// What only some rows have, as pairs: "Snapshot", "VersionId", "Metadata/owner", "Tag/project", "LeaseState", ….
    Details details(qsizetype row) const { return m_details.value(row); }

    /// False when the names would pass 4 GiB; then nothing was added.
    bool add(const Row &row);
    bool append(const BlobListing &other);
    void clear() { *this = BlobListing(); }
    qsizetype memoryUsed() const; ///< bytes, about

private:
    /// Few different texts, each kept once.
    struct Interned {
        QHash<QByteArray, std::uint16_t> indexes;
        QList<QString> texts{QString()};
        std::uint16_t index(std::string_view text);
    };
    void setEtag(std::string_view etag, Details &details);

    QByteArray m_names;
    std::vector<std::uint32_t> m_nameEnd; ///< 4 GiB of names are enough
    std::vector<RowKind> m_kind;
    std::vector<std::int64_t> m_length;
    std::vector<std::int64_t> m_modified;
    std::vector<std::uint64_t> m_etag; ///< the service's ETags are "0x" and hexadecimal digits; 0 where another stands in the details
    std::vector<std::uint16_t> m_flags;
    std::vector<std::uint16_t> m_contentType;
    std::vector<std::uint16_t> m_blobType;
    std::vector<std::uint16_t> m_accessTier;
    Interned m_contentTypes, m_blobTypes, m_accessTiers;
    QHash<qsizetype, Details> m_details;
};

} // namespace Storage
