#pragma once

#include <QByteArrayView>
#include <QString>
#include <string>
#include <string_view>
#include <vector>

namespace Storage {

/// A push tokenizer for the XML that the Blob service writes: elements, attributes, text, the five named and all numeric
/// entities, CDATA, comments, one declaration. UTF-8 only. Any DOCTYPE is refused, and depth, token and attribute sizes are
/// bounded, so that a hostile answer costs neither time nor memory. Bytes that are no UTF-8, and control characters, which XML does
/// not have, are refused too: a name that was read otherwise would be that of another blob. Bytes may come in any split.
class XmlScanner
{
public:
    static constexpr size_t maxDepth = 64;
    static constexpr size_t maxToken = 4 << 20;    ///< bytes of one tag or of one text
    static constexpr size_t maxTag = 64 << 10;     ///< bytes of one tag with its attributes

    virtual ~XmlScanner() = default;

    /// False after the first error; then error() says what and where, and further bytes are ignored.
    bool feed(QByteArrayView bytes);
    /// The end of the document: false when it is not complete.
    bool finish();

    QString error() const { return m_error; }
    quint64 offset() const { return m_consumed; } ///< bytes read so far

protected:
    /// \a attributes is the raw text between name and end; see attribute().
    virtual void startElement(std::string_view name, std::string_view attributes) = 0;
    /// \a text is the element's own text, decoded. Called once per element, also when empty.
    virtual void endElement(std::string_view name, std::string_view text) = 0;

    /// The value of \a name among raw \a attributes, decoded; empty where absent.
    static std::string attribute(std::string_view attributes, std::string_view name);
    bool fail(const QString &what);

private:
    bool isText(std::string_view bytes);
    bool scan();
    bool tag(std::string_view inside);
    bool open(std::string_view inside);
    bool close(std::string_view name);
    bool text(std::string_view raw);
    bool declaration(std::string_view inside);
    /// Where the markup that begins at the start of \a rest ends (past ">"), 0 when it is not all there yet.
    size_t markupEnd(std::string_view rest);

    std::string m_pending;
    std::string m_names;             ///< open elements' names, one after the other
    std::vector<size_t> m_nameStart; ///< where each begins in m_names
    std::string m_text;
    QString m_error;
    quint64 m_consumed = 0;
    int m_following = 0;             ///< bytes that are still missing of the last character
    unsigned char m_least = 0x80;    ///< bounds of the next one of them
    unsigned char m_most = 0xBF;
    bool m_started = false;
    bool m_rootSeen = false;
};

} // namespace Storage
