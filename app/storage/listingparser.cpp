#include "storage/listingparser.h"

#include <QByteArray>
#include <charconv>

namespace Storage {

using namespace Qt::StringLiterals;

enum class ListingParser::Element : std::uint8_t {
    Document,
    Results,
    Rows,       // Blobs, Containers
    Row,        // Blob, BlobPrefix, Container
    Properties,
    Metadata,
    Tags,       // Tags, TagSet
    Tag,
    Leaf,
    Unknown
};

namespace {

QString text16(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::int64_t number(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() && end == text.data() + text.size() && value >= 0 ? value : BlobListing::unknown;
}

int digits(std::string_view text, size_t from, size_t count)
{
    int value = 0;
    for (size_t i = from; i < from + count; ++i) {
        const char c = text[i] == ' ' && i == from ? '0' : text[i];
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

// Days since 1970-01-01 of a Gregorian date (years counted from March, so that the leap day is the last).
std::int64_t daysOf(int year, int month, int day)
{
    const std::int64_t y = month <= 2 ? year - 1 : year;
    const std::int64_t era = y / 400;
    const std::int64_t yearOfEra = y - era * 400;
    const std::int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const std::int64_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146097 + dayOfEra - 719468;
}

} // namespace

std::int64_t parseHttpDate(std::string_view text)
{
    static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || text.substr(25) != " GMT" || text[16] != ' ' || text[19] != ':' || text[22] != ':')
        return BlobListing::unknown;
    const size_t month = months.find(text.substr(8, 3));
    const int day = digits(text, 5, 2);
    const int year = digits(text, 12, 4);
    const int hour = digits(text, 17, 2);
    const int minute = digits(text, 20, 2);
    const int second = digits(text, 23, 2);
    if (month == std::string_view::npos || month % 3 != 0 || day < 1 || day > 31 || year < 1601 || hour < 0 || hour > 23
        || minute < 0 || minute > 59 || second < 0 || second > 60)
        return BlobListing::unknown;
    return ((daysOf(year, static_cast<int>(month / 3) + 1, day) * 24 + hour) * 60 + minute) * 60'000 + second * 1000;
}

Core::Result<ListingPage> ListingParser::finish()
{
    if (!XmlScanner::finish())
        return Core::Error{.kind = Core::Error::Kind::BadResponse,
                           .message = u"The listing cannot be read: %1."_s.arg(error()),
                           .code = u"ListingUnreadable"_s,
                           .nextStep = u"Check that the URL is a blob endpoint, and whether a proxy answers in its place."_s};
    return std::move(m_page);
}

ListingParser::Element ListingParser::child(Element parent, std::string_view name) const
{
    switch (parent) {
    case Element::Document: return name == "EnumerationResults" ? Element::Results : Element::Unknown;
    case Element::Results: return name == "Blobs" || name == "Containers" ? Element::Rows : Element::Leaf;
    case Element::Rows:
        return name == "Blob" || name == "BlobPrefix" || name == "Container" ? Element::Row : Element::Unknown;
    case Element::Row:
        return name == "Properties"                 ? Element::Properties
            : name == "Metadata"                    ? Element::Metadata
            : name == "Tags"                        ? Element::Tags
            : name == "Name" || name == "Snapshot" || name == "VersionId" || name == "IsCurrentVersion" || name == "Deleted"
                || name == "Version" || name == "HasVersionsOnly" || name == "DeletionId"
            ? Element::Leaf
            : Element::Unknown;
    case Element::Properties:
    case Element::Metadata:
    case Element::Tag: return Element::Leaf;
    case Element::Tags: return name == "TagSet" ? Element::Tags : name == "Tag" ? Element::Tag : Element::Unknown;
    case Element::Leaf:
    case Element::Unknown: break;
    }
    return Element::Unknown;
}

void ListingParser::startElement(std::string_view name, std::string_view attributes)
{
    const Element parent = m_path.empty() ? Element::Document : m_path.back();
    const Element element = child(parent, name);
    if (parent == Element::Document && element != Element::Results) {
        fail(u"it is no listing but “%1”"_s.arg(text16(name.substr(0, 40))));
        return;
    }
    m_path.push_back(element);
    if (element == Element::Results) {
        m_page.serviceEndpoint = text16(attribute(attributes, "ServiceEndpoint"));
        m_page.containerName = text16(attribute(attributes, "ContainerName"));
    } else if (element == Element::Row) {
        beginRow(name == "Blob" ? RowKind::Blob : name == "BlobPrefix" ? RowKind::Prefix : RowKind::Container);
    } else if (parent == Element::Row && name == "Name") {
        m_encodedName = !attributes.empty() && attribute(attributes, "Encoded") == "true";
    } else if (element == Element::Metadata && attribute(attributes, "Encrypted") == "true") {
        m_row.flags |= BlobListing::Encrypted;
    }
}

void ListingParser::endElement(std::string_view name, std::string_view text)
{
    const Element element = m_path.back();
    m_path.pop_back();
    const Element parent = m_path.empty() ? Element::Document : m_path.back();
    if (element == Element::Row)
        return endRow();
    if (element != Element::Leaf)
        return;
    switch (parent) {
    case Element::Results:
        if (name == "NextMarker")
            m_page.nextMarker = text16(text);
        else if (name == "Prefix")
            m_page.prefix = text16(text);
        else if (name == "Delimiter")
            m_page.delimiter = text16(text);
        break;
    case Element::Row: setRowMember(name, text); break;
    case Element::Properties: setProperty(name, text); break;
    case Element::Metadata:
        m_row.flags |= BlobListing::HasMetadata;
        if (name == "hdi_isfolder" && text == "true")
            m_row.flags |= BlobListing::Directory;
        detail(u"Metadata/"_s + text16(name), text);
        break;
    case Element::Tag:
        m_row.flags |= BlobListing::HasTags;
        if (name == "Key")
            m_tagKey = text16(text);
        else if (name == "Value")
            detail(u"Tag/"_s + m_tagKey, text);
        break;
    default: break;
    }
}

void ListingParser::beginRow(RowKind kind)
{
    m_row = {};
    m_row.kind = kind;
    for (std::string *member : {&m_name, &m_contentType, &m_blobType, &m_accessTier, &m_etag})
        member->clear();
}

void ListingParser::endRow()
{
    m_row.name = m_name;
    m_row.contentType = m_contentType;
    m_row.blobType = m_blobType;
    m_row.accessTier = m_accessTier;
    m_row.etag = m_etag;
    if (m_page.rows.size() >= maxRows)
        fail(u"it has more rows than any page has"_s);
    else if (!m_page.rows.add(m_row))
        fail(u"its names take more than 4 GiB"_s);
}

void ListingParser::setName(std::string_view text)
{
    if (!m_encodedName) {
        m_name = text;
        return;
    }
    // A name that XML cannot hold comes percent-encoded.
    const QByteArray decoded = QByteArray::fromPercentEncoding(QByteArray(text.data(), static_cast<qsizetype>(text.size())));
    m_name.assign(decoded.constData(), static_cast<size_t>(decoded.size()));
}

void ListingParser::setRowMember(std::string_view name, std::string_view text)
{
    if (name == "Name") {
        setName(text);
    } else if (name == "Deleted") {
        m_row.flags |= text == "true" ? BlobListing::Deleted : 0;
    } else if (name == "IsCurrentVersion") {
        m_row.flags |= text == "true" ? BlobListing::CurrentVersion : 0;
    } else if (name == "Snapshot") {
        m_row.flags |= BlobListing::Snapshot;
        detail(u"Snapshot"_s, text);
    } else if (name == "VersionId") {
        m_row.flags |= BlobListing::Version;
        detail(u"VersionId"_s, text);
    } else {
        detail(text16(name), text);
    }
}

void ListingParser::setProperty(std::string_view name, std::string_view text)
{
    if (text.empty())
        return;
    if (name == "Content-Length") {
        m_row.contentLength = number(text);
    } else if (name == "Last-Modified") {
        m_row.lastModified = parseHttpDate(text);
    } else if (name == "Etag") {
        m_etag = text;
    } else if (name == "Content-Type") {
        m_contentType = text;
    } else if (name == "BlobType") {
        m_blobType = text;
    } else if (name == "AccessTier") {
        m_accessTier = text;
    } else if (name == "LeaseStatus") {
        m_row.flags |= text == "locked" ? BlobListing::Leased : 0;
    } else if (name == "ResourceType") {
        m_row.flags |= text == "directory" ? BlobListing::Directory : 0;
    } else if (name == "LegalHold" || name == "HasLegalHold" || name == "HasImmutabilityPolicy") {
        m_row.flags |= text == "true" ? BlobListing::Immutable : 0;
    } else if (name == "ImmutabilityPolicyMode") {
        m_row.flags |= BlobListing::Immutable;
    } else if (name == "PublicAccess" || name == "DeletedTime" || name == "RemainingRetentionDays" || name == "ArchiveStatus"
               || name == "CopyStatus" || name == "EncryptionScope" || name == "DefaultEncryptionScope" || name == "Owner"
               || name == "Group" || name == "Permissions" || name == "Acl") {
        detail(text16(name), text);
    } else if (name == "LeaseState" && text != "available") {
        detail(u"LeaseState"_s, text);
    }
}

void ListingParser::detail(const QString &key, std::string_view text)
{
    // A row that claims thousands of properties is hostile; what a real one has fits easily.
    if (m_row.details.size() < 200)
        m_row.details.append({key, text16(text)});
}

} // namespace Storage
