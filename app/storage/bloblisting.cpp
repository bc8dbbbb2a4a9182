#include "storage/bloblisting.h"

#include <charconv>

namespace Storage {

using namespace Qt::StringLiterals;

namespace {

// Growing by a half rather than doubling keeps a million rows closer to what they need.
template<typename T>
void push(std::vector<T> &column, T value)
{
    if (column.size() == column.capacity())
        column.reserve(column.size() + column.size() / 2 + 64);
    column.push_back(value);
}

template<typename T>
qsizetype bytes(const std::vector<T> &column)
{
    return static_cast<qsizetype>(column.capacity() * sizeof(T));
}

template<typename T>
void concatenate(std::vector<T> &column, const std::vector<T> &more)
{
    column.insert(column.end(), more.cbegin(), more.cend());
}

} // namespace

std::uint16_t BlobListing::Interned::index(std::string_view text)
{
    if (text.empty())
        return 0;
    const QByteArray key = QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size()));
    if (const auto found = indexes.constFind(key); found != indexes.cend())
        return *found;
    if (texts.size() > 0xFFF0)
        return 0; // a listing with this many content types is made up; the rest is not worth the memory
    const auto next = static_cast<std::uint16_t>(texts.size());
    texts.append(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
    indexes.insert(QByteArray(text.data(), static_cast<qsizetype>(text.size())), next);
    return next;
}

void BlobListing::setEtag(std::string_view etag, Details &details)
{
    std::string_view digits = etag;
    if (digits.size() >= 2 && digits.front() == '"' && digits.back() == '"')
        digits = digits.substr(1, digits.size() - 2);
    std::uint64_t value = 0;
    const bool usual = digits.size() > 2 && digits.size() <= 18 && digits.substr(0, 2) == "0x" && digits[2] != '0'
        && std::from_chars(digits.data() + 2, digits.data() + digits.size(), value, 16).ptr == digits.data() + digits.size();
    push(m_etag, usual ? value : 0);
    if (!usual && !etag.empty())
        details.append({u"Etag"_s, QString::fromUtf8(digits.data(), static_cast<qsizetype>(digits.size()))});
}

bool BlobListing::add(const Row &row)
{
    if (static_cast<quint64>(m_names.size()) + row.name.size() > std::numeric_limits<std::uint32_t>::max())
        return false;
    Details details = row.details;
    m_names.append(row.name.data(), static_cast<qsizetype>(row.name.size()));
    push(m_nameEnd, static_cast<std::uint32_t>(m_names.size()));
    push(m_kind, row.kind);
    push(m_length, row.contentLength);
    push(m_modified, row.lastModified);
    push(m_flags, row.flags);
    push(m_contentType, m_contentTypes.index(row.contentType));
    push(m_blobType, m_blobTypes.index(row.blobType));
    push(m_accessTier, m_accessTiers.index(row.accessTier));
    setEtag(row.etag, details);
    if (!details.isEmpty())
        m_details.insert(size() - 1, std::move(details));
    return true;
}

bool BlobListing::append(const BlobListing &other)
{
    if (static_cast<quint64>(m_names.size() + other.m_names.size()) > std::numeric_limits<std::uint32_t>::max())
        return false;
    const qsizetype first = size();
    const auto base = static_cast<std::uint32_t>(m_names.size());
    m_names.append(other.m_names);
    for (const std::uint32_t end : other.m_nameEnd)
        push(m_nameEnd, base + end);
    concatenate(m_kind, other.m_kind);
    concatenate(m_length, other.m_length);
    concatenate(m_modified, other.m_modified);
    concatenate(m_etag, other.m_etag);
    concatenate(m_flags, other.m_flags);
    const auto translate = [&](std::vector<std::uint16_t> &column, Interned &mine, const std::vector<std::uint16_t> &more,
                               const Interned &theirs) {
        std::vector<std::uint16_t> map;
        for (const QString &text : theirs.texts)
            map.push_back(mine.index(text.toStdString()));
        for (const std::uint16_t index : more)
            push(column, map[index]);
    };
    translate(m_contentType, m_contentTypes, other.m_contentType, other.m_contentTypes);
    translate(m_blobType, m_blobTypes, other.m_blobType, other.m_blobTypes);
    translate(m_accessTier, m_accessTiers, other.m_accessTier, other.m_accessTiers);
    for (auto it = other.m_details.cbegin(); it != other.m_details.cend(); ++it)
        m_details.insert(first + it.key(), it.value());
    return true;
}

QByteArrayView BlobListing::nameUtf8(qsizetype row) const
{
    const qsizetype from = row == 0 ? 0 : m_nameEnd[static_cast<size_t>(row) - 1];
    return QByteArrayView(m_names).sliced(from, m_nameEnd[static_cast<size_t>(row)] - from);
}

QString BlobListing::name(qsizetype row) const
{
    return QString::fromUtf8(nameUtf8(row));
}

QString BlobListing::contentType(qsizetype row) const
{
    return m_contentTypes.texts[m_contentType[static_cast<size_t>(row)]];
}

QString BlobListing::blobType(qsizetype row) const
{
    return m_blobTypes.texts[m_blobType[static_cast<size_t>(row)]];
}

QString BlobListing::accessTier(qsizetype row) const
{
    return m_accessTiers.texts[m_accessTier[static_cast<size_t>(row)]];
}

QString BlobListing::etag(qsizetype row) const
{
    if (const std::uint64_t value = m_etag[static_cast<size_t>(row)])
        return u"0x"_s + QString::number(value, 16).toUpper();
    const Details all = details(row);
    for (const auto &[key, value] : all) {
        if (key == u"Etag")
            return value;
    }
    return {};
}

qsizetype BlobListing::memoryUsed() const
{
    qsizetype used = m_names.capacity() + bytes(m_nameEnd) + bytes(m_kind) + bytes(m_length) + bytes(m_modified) + bytes(m_etag)
        + bytes(m_flags) + bytes(m_contentType) + bytes(m_blobType) + bytes(m_accessTier);
    for (const Details &details : m_details) {
        used += 64;
        for (const auto &[key, value] : details)
            used += 2 * (key.size() + value.size()) + 64;
    }
    return used;
}

} // namespace Storage
