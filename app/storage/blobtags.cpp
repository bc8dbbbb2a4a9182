#include "storage/blobtags.h"

#include "storage/xmlscanner.h"

namespace Storage {

using namespace Qt::StringLiterals;

namespace {

class TagsParser final : public XmlScanner
{
public:
    QList<std::pair<QString, QString>> tags;

private:
    void startElement(std::string_view name, std::string_view) override
    {
        if (m_depth++ == 0 && name != "Tags")
            fail(u"it is no set of tags"_s);
    }
    void endElement(std::string_view name, std::string_view text) override
    {
        --m_depth;
        const QString value = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
        if (name == "Key")
            m_key = value;
        else if (name == "Value" && tags.size() < 100) // a blob has ten at most
            tags.append({m_key, value});
    }
    QString m_key;
    int m_depth = 0;
};

} // namespace

Core::Result<QList<std::pair<QString, QString>>> parseTags(QByteArrayView xml)
{
    TagsParser parser;
    parser.feed(xml);
    if (!parser.finish())
        return Core::Error{.kind = Core::Error::Kind::BadResponse,
                           .message = u"The tags cannot be read: %1."_s.arg(parser.error()),
                           .code = u"TagsUnreadable"_s};
    return parser.tags;
}

} // namespace Storage
