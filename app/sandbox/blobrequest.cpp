#include "sandbox/blobrequest.h"

#include <QRegularExpression>
#include <QSet>
#include <QStringDecoder>
#include <QUrl>
#include <QXmlStreamReader>
#include <QXmlStreamWriter>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace Sandbox {

namespace {

using Place = Access::BlobOperation::Place;
using Way = BlobOperationForm::Way;
using Query = QMap<QString, QString>;

constexpr qsizetype s_longestTarget = 16 * 1024; ///< as the service's web server takes

BlobError invalidUri()
{
    return {400,
            "InvalidUri",
            "The requested URI does not represent any resource on the server.",
            {},
            BlobLayer::Gateway};
}

BlobError invalidQuery()
{
    return {400, "InvalidQueryParameterValue",
            "Value for one of the query parameters specified in the request URI is invalid."};
}

BlobError invalidHeader()
{
    return {400, "InvalidHeaderValue",
            "The value for one of the HTTP headers is not in the correct format."};
}

BlobError missingHeader()
{
    return {400, "MissingRequiredHeader",
            "An HTTP header that's mandatory for this request is not specified."};
}

BlobError unsupportedHeader()
{
    return {400, "UnsupportedHeader",
            "One of the HTTP headers specified in the request is not supported."};
}

BlobError unknownOperation()
{
    return {405, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb."};
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = char(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The text that \a encoded stands for, decoded once. Nothing for a percent sign without two
/// digits, for bytes that are no UTF-8, and for control characters.
std::optional<QString> decoded(const QByteArray &encoded, bool plusIsBlank)
{
    QByteArray bytes;
    for (qsizetype at = 0; at < encoded.size(); ++at) {
        const char c = encoded[at];
        if (c != '%') {
            bytes += plusIsBlank && c == '+' ? ' ' : c;
            continue;
        }
        const int high = at + 1 < encoded.size() ? hexDigit(encoded[at + 1]) : -1;
        const int low = at + 2 < encoded.size() ? hexDigit(encoded[at + 2]) : -1;
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes += char(high * 16 + low);
        at += 2;
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless |
                                                     QStringDecoder::Flag::ConvertInitialBom);
    const QString text = decoder.decode(bytes);
    if (decoder.hasError() || std::any_of(text.begin(), text.end(), [](QChar c) {
            return c.category() == QChar::Other_Control;
        }))
        return std::nullopt;
    return text;
}

QByteArray encoded(const QString &text, const QByteArray &kept = {})
{
    return QUrl::toPercentEncoding(text, kept);
}

bool isHeader(const QByteArray &name, QByteArrayView other)
{
    return name.compare(other, Qt::CaseInsensitive) == 0;
}

/// Headers and query keys that any operation takes.
const QByteArrayList s_commonHeaders{"x-ms-version", "x-ms-client-request-id", "Origin"};
const QString s_timeout = u"timeout"_s;

/// Every query key that means something to some operation.
const QSet<QString> &knownKeys()
{
    static const QSet<QString> known = [] {
        QSet<QString> keys{u"restype"_s, u"comp"_s, s_timeout, u"prevsnapshot"_s};
        for (const BlobOperationForm &form : blobOperationForms()) {
            for (const QByteArray &key : wordsOf(form.query))
                keys.insert(QString::fromLatin1(key));
        }
        return keys;
    }();
    return known;
}

/// The query's known keys in lower case with their values. Nothing where one comes twice, in any
/// spelling, or cannot be decoded.
std::optional<Query> queryOf(const QByteArray &raw)
{
    Query query;
    for (const QByteArray &pair : raw.split('&')) {
        const qsizetype equals = pair.indexOf('=');
        const auto key = decoded(equals < 0 ? pair : pair.first(equals), true);
        const auto value = decoded(equals < 0 ? QByteArray() : pair.mid(equals + 1), true);
        if (!key || !value || key->contains(u'[') || key->contains(u']'))
            return std::nullopt;
        const QString name = key->toLower();
        if (!knownKeys().contains(name))
            continue;
        if (query.contains(name))
            return std::nullopt;
        query.insert(name, value->isNull() ? u""_s : *value);
    }
    // An empty one names no operation.
    for (const QString &name : {u"restype"_s, u"comp"_s}) {
        QString &value = query[name];
        if (value != value.toLower() && value != u"immutabilityPolicies")
            return std::nullopt;
        value = value.toLower();
        if (value.isEmpty())
            query.remove(name);
    }
    return query;
}

QByteArray serialised(const Query &query)
{
    QByteArray text;
    for (auto it = query.begin(); it != query.end(); ++it)
        text += (text.isEmpty() ? "" : "&") + encoded(it.key()) + '=' + encoded(it.value());
    return text;
}

/// "restype=container&comp=list" as a map.
Query fixedQuery(const BlobOperationForm &form)
{
    Query query;
    for (const QByteArray &pair : QByteArray(form.fixed).split('&')) {
        if (const qsizetype equals = pair.indexOf('='); equals > 0)
            query.insert(QString::fromLatin1(pair.first(equals)),
                         QString::fromLatin1(pair.mid(equals + 1)));
    }
    return query;
}

bool isTime(const QString &value)
{
    static const QRegularExpression form(
        u"\\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,7})?Z\\z"_s);
    return form.match(value).hasMatch();
}

/// What "include" lists, in lower case and without empty items.
QString included(const QString &value)
{
    QStringList items;
    for (const QString &item : value.toLower().split(u','))
        items.append(item.trimmed());
    items.removeAll(QString());
    items.removeDuplicates();
    return items.join(u',');
}

/// Brings the values into the one spelling that is judged and sent. False where a value is none.
bool normalise(Query &query)
{
    static const QRegularExpression number(u"\\A[0-9]{1,10}\\z"_s);
    for (const QString &key : {s_timeout, u"maxresults"_s}) {
        if (query.contains(key) && !number.match(query.value(key)).hasMatch())
            return false;
    }
    for (const QString &key : {u"snapshot"_s, u"versionid"_s, u"prevsnapshot"_s}) {
        if (query.contains(key) && !isTime(query.value(key)))
            return false;
    }
    if (query.contains(u"snapshot"_s) && query.contains(u"versionid"_s))
        return false;
    if (query.contains(u"deletetype"_s)) {
        query[u"deletetype"_s] = query.value(u"deletetype"_s).toLower();
        if (query.value(u"deletetype"_s) != u"permanent" ||
            !(query.contains(u"snapshot"_s) || query.contains(u"versionid"_s)))
            return false;
    }
    if (query.contains(u"include"_s)) {
        query[u"include"_s] = included(query.value(u"include"_s));
        static const QSet<QString> all{u"snapshots"_s, u"metadata"_s, u"uncommittedblobs"_s,
                                       u"copy"_s, u"deleted"_s, u"tags"_s, u"versions"_s,
                                       u"deletedwithversions"_s, u"immutabilitypolicy"_s,
                                       u"legalhold"_s, u"permissions"_s, u"system"_s};
        for (const QString &item : query.value(u"include"_s).split(u',', Qt::SkipEmptyParts)) {
            if (!all.contains(item))
                return false;
        }
    }
    // Azurite tells two operations apart by whether these are there, be they empty.
    query.removeIf([](auto it) {
        return it.value().isEmpty() && (it.key() == u"delimiter" || it.key() == u"include" ||
                                        it.key() == u"prefix" || it.key() == u"marker");
    });
    return true;
}

/// Whether \a name asks for another verb than the request line ("X-HTTP-Method-Override" and its
/// like).
bool overridesVerb(const QByteArray &name)
{
    QByteArray plain = name.toLower();
    plain.replace('_', '-');
    return plain.startsWith("x-") && !plain.startsWith("x-ms-meta-") && plain.contains("method");
}

/// Headers that would make a request another operation, where they are not this one's.
bool changesOperation(const QByteArray &name)
{
    const QByteArray lower = name.toLower();
    return lower.startsWith("x-ms-rename-") || lower.startsWith("x-ms-source-") ||
           lower == "x-ms-copy-source" || lower == "x-ms-sequence-number-action";
}

bool isToken(const QByteArray &name)
{
    return std::all_of(name.begin(), name.end(), [](char c) {
        return c > ' ' && c < '\x7f' && !QByteArrayView("\"(),/:;<=>?@[\\]{}").contains(c);
    });
}

bool isFieldValue(const QByteArray &value)
{
    return std::all_of(value.begin(), value.end(), [](char c) {
        return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
    });
}

/// A header that the judgement or Azurite could read, and so must be there once.
bool counts(const QByteArray &name)
{
    static const QSet<QByteArray> known = [] {
        QSet<QByteArray> names{"authorization"};
        for (const QByteArray &header : s_commonHeaders)
            names.insert(header.toLower());
        for (const BlobOperationForm &form : blobOperationForms()) {
            for (const QByteArray &word : wordsOf(form.required) + wordsOf(form.headers))
                names.insert(word.split('=').first().toLower());
        }
        return names;
    }();
    const QByteArray lower = name.toLower();
    return lower.startsWith("x-ms-") || known.contains(lower);
}

std::optional<BlobError> faultOf(const Http::Headers &headers)
{
    QSet<QByteArray> seen;
    for (const auto &[name, value] : headers) {
        if (overridesVerb(name))
            return unsupportedHeader();
        if (!counts(name))
            continue;
        if (!isToken(name) || !isFieldValue(value) || seen.contains(name.toLower()))
            return invalidHeader();
        seen.insert(name.toLower());
    }
    static const QRegularExpression version(u"\\A[0-9]{4}-[0-9]{2}-[0-9]{2}\\z"_s);
    const QByteArray asked = Http::header(headers, "x-ms-version");
    if (!asked.isEmpty() && !version.match(QString::fromLatin1(asked)).hasMatch())
        return invalidHeader();
    return std::nullopt;
}

/// The first of the operation's forms whose required headers are there with their values.
const BlobOperationForm *formFor(const BlobRequest &request, const Query &operation,
                                 const Http::Headers &headers, bool &known)
{
    known = false;
    for (const BlobOperationForm &form : blobOperationForms()) {
        if (request.operation.name != QLatin1StringView(form.name) ||
            !wordsOf(form.verbs).contains(request.verb) || fixedQuery(form) != operation)
            continue;
        known = true;
        const auto required = wordsOf(form.required);
        const bool fits = std::all_of(
            required.begin(), required.end(), [&](const QByteArray &word) {
                const qsizetype equals = word.indexOf('=');
                const QByteArray value = Http::header(headers, word.split('=').first());
                return equals < 0 ? !value.isEmpty() : isHeader(value, word.mid(equals + 1));
            });
        if (fits)
            return &form;
    }
    return nullptr;
}

bool takes(const QByteArrayList &words, const QByteArray &name)
{
    return std::any_of(words.begin(), words.end(), [&](const QByteArray &word) {
        return word.endsWith('*') ? name.size() >= word.size() &&
                                        isHeader(name.first(word.size() - 1), word.chopped(1))
                                  : isHeader(name, word);
    });
}

/// Copies what the form takes, in its own spelling.
void takeHeaders(BlobRequest &request, const Http::Headers &headers)
{
    QByteArrayList words = s_commonHeaders + wordsOf(request.form->headers);
    for (const QByteArray &word : wordsOf(request.form->required)) {
        if (const qsizetype equals = word.indexOf('='); equals > 0)
            request.headers.emplaceBack(word.first(equals), word.mid(equals + 1));
        else
            words.append(word);
    }
    for (const auto &[name, value] : headers) {
        const bool fixed = !request.header(name).isEmpty();
        const bool takesIt = takes(words, name);
        if (!fixed && !takesIt && changesOperation(name) && !value.isEmpty())
            request.fault = unsupportedHeader();
        // An empty header is one to Azurite, and none to the rules.
        if (fixed || !takesIt || (value.isEmpty() && !name.toLower().startsWith("x-ms-meta-")))
            continue;
        request.headers.emplaceBack(name, value);
    }
}

void remove(Http::Headers &headers, QByteArrayView name)
{
    headers.removeIf([&](const auto &one) { return isHeader(one.first, name); });
}

/// "a=b&c=d", as x-ms-tags has them.
std::optional<QMap<QString, QString>> tagsInHeader(const QByteArray &header)
{
    QMap<QString, QString> tags;
    for (const QByteArray &pair : header.split('&')) {
        const QByteArrayList sides = pair.split('=');
        const auto key = decoded(sides.first(), true);
        const auto value = decoded(sides.last(), true);
        if (sides.size() != 2 || !key || !value || key->isEmpty() || tags.contains(*key))
            return std::nullopt;
        tags.insert(*key, value->isNull() ? u""_s : *value);
    }
    return tags;
}

/// The text of an element that has no others, for which Azurite's reader has the same.
std::optional<QString> textOf(QXmlStreamReader &reader)
{
    const QString text = reader.readElementText(QXmlStreamReader::ErrorOnUnexpectedElement);
    if (reader.hasError() || text != text.trimmed())
        return std::nullopt;
    return text;
}

/// "<Tags><TagSet><Tag><Key>…</Key><Value>…</Value></Tag></TagSet></Tags>".
std::optional<QMap<QString, QString>> tagsInBody(const QByteArray &body)
{
    QMap<QString, QString> tags;
    QXmlStreamReader reader(body);
    if (!reader.readNextStartElement() || reader.name() != u"Tags" ||
        !reader.readNextStartElement() || reader.name() != u"TagSet")
        return std::nullopt;
    while (reader.readNextStartElement()) {
        if (reader.name() != u"Tag")
            return std::nullopt;
        QMap<QString, QString> parts;
        while (reader.readNextStartElement()) {
            const QString name = reader.name().toString();
            const auto text = textOf(reader);
            if (!text || parts.contains(name) || (name != u"Key" && name != u"Value"))
                return std::nullopt;
            parts.insert(name, *text);
        }
        const QString key = parts.value(u"Key"_s);
        if (parts.size() != 2 || key.isEmpty() || tags.contains(key))
            return std::nullopt;
        tags.insert(key, parts.value(u"Value"_s));
    }
    while (!reader.atEnd()) {
        const auto token = reader.readNext();
        if (token == QXmlStreamReader::StartElement || token == QXmlStreamReader::DTD)
            return std::nullopt;
    }
    return reader.hasError() ? std::nullopt : std::optional(tags);
}

QByteArray tagsHeader(const QMap<QString, QString> &tags)
{
    return serialised(tags);
}

QByteArray tagsBody(const QMap<QString, QString> &tags)
{
    QByteArray body;
    QXmlStreamWriter writer(&body);
    writer.writeStartDocument();
    writer.writeStartElement(u"Tags"_s);
    writer.writeStartElement(u"TagSet"_s);
    for (auto it = tags.begin(); it != tags.end(); ++it) {
        writer.writeStartElement(u"Tag"_s);
        writer.writeTextElement(u"Key"_s, it.key());
        writer.writeTextElement(u"Value"_s, it.value());
        writer.writeEndElement();
    }
    writer.writeEndDocument();
    return body;
}

void takeTags(BlobRequest &request)
{
    std::optional<QMap<QString, QString>> tags = QMap<QString, QString>();
    BlobError wrong = invalidHeader();
    if (const QByteArray header = request.header("x-ms-tags"); !header.isEmpty())
        tags = tagsInHeader(header);
    if (request.form->body == BlobOperationForm::Body::Tags && !request.body.isEmpty()) {
        tags = tagsInBody(request.body);
        wrong = {400, "InvalidXmlDocument", "XML specified is not syntactically valid."};
    }
    if (!tags)
        request.fault = wrong;
    else
        request.tags = *tags;
}

std::optional<CopySource> sourceOf(const QByteArray &url, const QMap<QString, QString> &endpoints)
{
    for (auto it = endpoints.begin(); it != endpoints.end(); ++it) {
        const QByteArray origin = it.value().toLatin1();
        if (origin.isEmpty() || !isHeader(url.first(std::min(origin.size(), url.size())), origin) ||
            url.mid(origin.size(), 1) != "/" || url.contains('#'))
            continue;
        const QByteArray rest = url.mid(origin.size());
        const qsizetype mark = rest.indexOf('?');
        const auto place = placeOf(mark < 0 ? rest : rest.first(mark), false);
        auto query = queryOf(mark < 0 ? QByteArray() : rest.mid(mark + 1));
        if (!place || place->blob.isEmpty() || !query || !normalise(*query) ||
            query->contains(u"versionid"_s)) // there are no versions
            return std::nullopt;
        return CopySource{it.key(), *place, query->value(u"snapshot"_s), false};
    }
    return std::nullopt; // Azurite would fetch it from anywhere
}

void takeSource(BlobRequest &request, const QMap<QString, QString> &endpoints)
{
    const QByteArray option = request.header("x-ms-copy-source-tag-option").toUpper();
    if (!option.isEmpty() && option != "COPY" && option != "REPLACE")
        request.fault = invalidHeader();
    const QByteArray url = request.header("x-ms-copy-source");
    request.copies = !url.isEmpty();
    if (!request.copies)
        return;
    request.source = sourceOf(url, endpoints);
    remove(request.headers, "x-ms-copy-source");
    if (request.source)
        request.source->withTags = option == "COPY";
}

/// Keeps of \a query what the form takes. False where something else would be lost that says which
/// data is meant.
bool takeQuery(BlobRequest &request, const Query &query)
{
    static const QSet<QString> telling{u"restype"_s,    u"comp"_s,    u"snapshot"_s, u"versionid"_s,
                                       u"deletetype"_s, u"blockid"_s, u"copyid"_s,   u"where"_s};
    QSet<QString> taken{u"restype"_s, u"comp"_s, s_timeout};
    for (const QByteArray &key : wordsOf(request.form->query))
        taken.insert(QString::fromLatin1(key));
    for (auto it = query.begin(); it != query.end(); ++it) {
        if (taken.contains(it.key()))
            request.query.insert(it.key(), it.value());
        else if (telling.contains(it.key()))
            return false;
    }
    return true;
}

/// Without these, Azurite finds another operation or none.
bool lacksKey(const BlobRequest &request)
{
    for (const QString &key : {u"blockid"_s, u"copyid"_s}) {
        if (wordsOf(request.form->query).contains(key.toLatin1()) && request.value(key).isEmpty())
            return true;
    }
    return false;
}

} // namespace

std::optional<BlobPlace> placeOf(const QByteArray &rawPath, bool isContainer)
{
    if (!rawPath.startsWith('/'))
        return std::nullopt;
    for (const char c : rawPath) {
        if (c <= ' ' || c > '~' || c == '\\' || c == '#' || c == '?')
            return std::nullopt;
    }
    auto path = decoded(rawPath.mid(1), false);
    if (!path)
        return std::nullopt;
    path->replace(u'\\', u'/');
    for (const QString &segment : path->split(u'/')) {
        if (segment == u"." || segment == u"..")
            return std::nullopt;
    }
    const qsizetype slash = path->indexOf(u'/');
    if (slash == 0)
        return std::nullopt;
    if (slash > 0)
        return BlobPlace{path->first(slash), path->mid(slash + 1)};
    return isContainer || path->isEmpty() ? BlobPlace{*path, {}} : BlobPlace{u"$root"_s, *path};
}

QByteArray encodedPath(const BlobPlace &place)
{
    const QByteArray container = '/' + encoded(place.container, "$");
    return place.blob.isEmpty() ? container : container + '/' + encoded(place.blob, "/");
}

bool hasSignature(const Incoming &request)
{
    for (const QByteArray &pair : request.rawQuery().split('&')) {
        const QByteArray key = QByteArray::fromPercentEncoding(pair.split('=').first());
        if (isHeader(key, "sig"))
            return true;
    }
    return false;
}

std::variant<BlobError, BlobRequest> readBlobRequest(const Incoming &incoming,
                                                     const QMap<QString, QString> &endpoints)
{
    const QByteArray rawQuery = incoming.rawQuery();
    if (incoming.target.size() > s_longestTarget ||
        std::any_of(rawQuery.begin(), rawQuery.end(),
                    [](char c) { return c <= ' ' || c > '~' || c == '#'; }))
        return invalidUri();
    auto query = queryOf(rawQuery);
    const auto place =
        placeOf(incoming.rawPath(), query && query->value(u"restype"_s) == u"container");
    if (!place)
        return invalidUri();
    if (!query)
        return invalidQuery();
    if (const auto fault = faultOf(incoming.headers))
        return *fault;
    if (incoming.verb == "OPTIONS")
        query->clear();
    if (!normalise(*query))
        return invalidQuery();

    BlobRequest request{.verb = incoming.verb, .place = *place, .body = incoming.body};
    const QString path = u'/' + place->container +
                         (place->blob.isEmpty() ? QString() : u'/' + place->blob);
    const auto operation = Access::operationOf(
        incoming.verb, path, QString::fromLatin1(serialised(*query)), incoming.headers);
    if (!operation)
        return unknownOperation();
    request.operation = *operation;
    Query asked;
    for (const QString &key : {u"restype"_s, u"comp"_s}) {
        if (query->contains(key))
            asked.insert(key, query->value(key));
    }
    bool known = false;
    request.form = formFor(request, asked, incoming.headers, known);
    if (!known) // the verb or restype does not belong to the operation
        return operation->place == Place::Blob && query->contains(u"restype"_s) ? invalidQuery()
                                                                               : unknownOperation();
    if (!request.form) {
        request.fault = missingHeader();
        return request;
    }
    if (!takeQuery(request, *query) || lacksKey(request))
        return invalidQuery();
    takeHeaders(request, incoming.headers);
    takeSource(request, endpoints);
    takeTags(request);
    if (request.form->body == BlobOperationForm::Body::None)
        request.body.clear();
    if (query->contains(u"prevsnapshot"_s)) // Azurite would give all ranges instead
        request.fault = BlobError{501, "NotImplemented",
                                  "The requested operation is not implemented on the specified "
                                  "resource."};
    return request;
}

BlobRequest readingOf(const CopySource &source, bool tags)
{
    BlobRequest reading{.verb = "GET", .place = source.place};
    const QString path = u'/' + source.place.container + u'/' + source.place.blob;
    reading.operation =
        Access::operationOf("GET", path, tags ? u"comp=tags"_s : QString(), {}).value();
    if (!source.snapshot.isEmpty())
        reading.query.insert(u"snapshot"_s, source.snapshot);
    return reading;
}

Incoming serialisedForAzurite(const BlobRequest &request, const QString &account,
                              const QString &origin)
{
    const BlobOperationForm &form = *request.form;
    const bool inContainer = request.operation.place == Place::Container;
    // Azurite keeps no versions: whichever is asked for is not there.
    const bool missing =
        form.way == Way::ContainerHead || request.query.contains(u"versionid"_s);
    Incoming sent{.verb = request.verb, .target = {}, .headers = request.headers, .body = {}};
    Query query = request.query;
    BlobPlace place = request.place;
    if (missing || form.way == Way::Head) {
        sent.verb = "HEAD";
        query = missing || inContainer ? Query{{u"restype"_s, u"container"_s}} : Query();
        if (!missing && request.query.contains(u"snapshot"_s))
            query.insert(u"snapshot"_s, request.value(u"snapshot"_s));
        if (missing) {
            place.blob.clear();
            sent.headers = {{"x-ms-version", request.header("x-ms-version")}};
        }
    } else {
        sent.body = form.body == BlobOperationForm::Body::Tags && !request.body.isEmpty()
                        ? tagsBody(request.tags)
                        : request.body;
        if (form.body == BlobOperationForm::Body::Xml || form.body == BlobOperationForm::Body::Tags)
            sent.headers.emplaceBack("Content-Type", "application/xml"); // else it may read JSON
    }
    sent.target = '/' + account.toLatin1() + encodedPath(place) +
                  (query.isEmpty() ? QByteArray() : '?' + serialised(query));
    for (auto &[name, value] : sent.headers) {
        if (isHeader(name, "x-ms-tags"))
            value = tagsHeader(request.tags);
        else if (isHeader(name, "x-ms-copy-source-tag-option"))
            value = value.toUpper();
    }
    if (request.source) {
        const QString &snapshot = request.source->snapshot;
        sent.headers.emplaceBack(
            "x-ms-copy-source",
            origin.toLatin1() + '/' + request.source->account.toLatin1() +
                encodedPath(request.source->place) +
                (snapshot.isEmpty() ? QByteArray() : "?snapshot=" + encoded(snapshot)));
    }
    return sent;
}

} // namespace Sandbox
