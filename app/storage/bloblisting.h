#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QStringView>
#include <cstdint>
#include <limits>
#include <vector>

namespace Storage {

/// What a row of a listing is.
enum class RowKind : std::uint8_t { Blob, Prefix, Container };

/// The rows of a listing in columns: all names in one buffer, sizes and times as integers, what is seldom there (snapshot,
/// version, metadata, tags) in a side table. A million rows take well under 100 MB.
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
        Directory = 32,      ///< hdi_isfolder, or ResourceType directory on hierarchical namespaces
        Encrypted = 64,
        HasMetadata = 128,
        HasTags = 256,
        Immutable = 512,     ///< policy or legal hold
    };

    qsizetype size() const { return static_cast<qsizetype>(m_nameEnd.size()); }
    RowKind kind(qsizetype row) const { return m_kind[static_cast<size_t>(row)]; }
    QByteArrayView nameUtf8(qsizetype row) const;  ///< decoded (EncodedName), as the service knows it
    QString name(qsizetype row) const;
    std::int64_t contentLength(qsizetype row) const { return m_length[static_cast<size_t>(row)]; }   ///< bytes, or unknown
    std::int64_t lastModified(qsizetype row) const { return m_modified[static_cast<size_t>(row)]; }  ///< ms since the epoch, UTC, or unknown
    std::uint16_t flags(qsizetype row) const { return m_flags[static_cast<size_t>(row)]; }
    QString contentType(qsizetype row) const;      ///< interned: few different ones
    QString blobType(qsizetype row) const;         ///< "BlockBlob", …
    QString accessTier(qsizetype row) const;
    QString etag(qsizetype row) const;

    /// What only some rows have, as pairs: "Snapshot", "VersionId", "Metadata/owner", "Tag/project", "LeaseState", ….
    QList<std::pair<QString, QString>> details(qsizetype row) const;

    void append(const BlobListing &other);
    void clear();
    qsizetype memoryUsed() const; ///< bytes, about

    struct Row; ///< what the parser hands over
    void add(const Row &row);

private:
    QByteArray m_names;
    std::vector<std::uint32_t> m_nameEnd; ///< 4 GiB of names are enough
    std::vector<RowKind> m_kind;
    std::vector<std::int64_t> m_length;
    std::vector<std::int64_t> m_modified;
    std::vector<std::uint16_t> m_flags;
};

} // namespace Storage
