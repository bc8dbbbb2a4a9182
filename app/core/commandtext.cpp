#include "core/commandtext.h"

#include "core/visibletext.h"

#include <QRegularExpression>

namespace Core {

using namespace Qt::StringLiterals;

namespace {

// A file name that is not UTF-8 arrives with U+FFFD; pasted, it would name another file.
bool isShowable(const QString &value)
{
    return visibleText(value) == value && !value.contains(QChar::ReplacementCharacter);
}

} // namespace

std::optional<QString> posixWord(const QString &value)
{
    if (!isShowable(value))
        return std::nullopt;
    // zsh takes "=ls" for the path of ls.
    static const QRegularExpression plain(u"\\A[A-Za-z0-9_./:@%+,-][A-Za-z0-9_./:@%+,=-]*\\z"_s);
    if (plain.match(value).hasMatch())
        return value;
    // fish gives the backslash a meaning inside of single quotes, so it stands outside of them.
    QString inside;
    for (const QChar c : value) {
        if (c == u'\'')
            inside += u"'\\''"_s;
        else if (c == u'\\')
            inside += u"'\"\\\\\"'"_s;
        else
            inside += c;
    }
    return u'\'' + inside + u'\'';
}

std::optional<QString> powerShellWord(const QString &value)
{
    if (!isShowable(value))
        return std::nullopt;
    QString inside;
    for (const QChar c : value) {
        inside += c;
        if (c == u'\'' || (c >= QChar(0x2018) && c <= QChar(0x201B))) // CharTraits.cs: IsSingleQuote
            inside += c;
    }
    return u'\'' + inside + u'\'';
}

std::optional<QString> batchWord(const QString &value)
{
    if (!isShowable(value) || value.contains(u'"') || value.contains(u'!'))
        return std::nullopt;
    return u'"' + QString(value).replace(u'%', u"%%"_s) + u'"';
}

// systemd.syntax(7), Quoting; systemd.unit(5), Specifiers.
std::optional<QString> systemdWord(const QString &value)
{
    if (!isShowable(value) || value.endsWith(u'\\'))
        return std::nullopt;
    return QString(value).replace(u'%', u"%%"_s);
}

std::optional<QString> stringLiteral(const QString &value)
{
    if (!isShowable(value))
        return std::nullopt;
    return u'"' + QString(value).replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s) + u'"';
}

Command::Command(std::initializer_list<QStringView> words)
{
    for (const QStringView word : words)
        m_words.append(word.toString());
    m_program = m_words.value(0);
}

Command &Command::flag(QStringView name)
{
    m_words.append(name.toString());
    return *this;
}

// Azure CLI 2.45, _expand_file_prefixed_files: what follows an @ at the start of a word, or behind its first "=", is read
// as a file. So "--name @x" and "--name=@x" are expanded, and so is the word "a=@x"; "--name=a=@x" is not.
Command &Command::option(QStringView name, const QString &value)
{
    check(value);
    const bool isAz = m_program == u"az";
    const bool isCurl = m_program == u"curl"; // knows no "--header=value", and takes the next word whatever it is
    if ((isAz || isCurl) && value.startsWith(u'@'))
        refuse(u"a value starts with the at sign and would be taken for the name of a file to read");
    if ((value.startsWith(u'-') && !isCurl) || (isAz && value.contains(u"=@"_s))) {
        const QString word = name.toString() + u'=' + value;
        add(word);
    } else {
        m_words.append(name.toString());
        add(value);
    }
    return *this;
}

Command &Command::fileOption(QStringView name, const QString &path)
{
    check(path);
    m_words.append(name.toString());
    add(u'@' + path);
    return *this;
}

Command &Command::argument(const QString &value)
{
    check(value);
    if (value.startsWith(u'-'))
        refuse(u"a name starts with a hyphen and would be taken for an option");
    if (m_program == u"az" && (value.startsWith(u'@') || value.contains(u"=@"_s)))
        refuse(u"a value starts with the at sign and would be taken for the name of a file to read");
    add(value);
    return *this;
}

Command &Command::file(const QString &path)
{
    return argument(path.startsWith(u'-') ? u"./"_s + path : path);
}

Command &Command::verbatim(QStringView literal)
{
    m_words.append(literal.toString());
    return *this;
}

QString Command::text() const
{
    return m_refusal.isEmpty() ? m_words.join(u' ') : u"# No command is shown because "_s + m_refusal;
}

void Command::add(const QString &value)
{
    m_words.append(posixWord(value).value_or(QString()));
}

void Command::refuse(QStringView why)
{
    if (m_refusal.isEmpty())
        m_refusal = why.toString();
}

void Command::check(const QString &value)
{
    if (!isShowable(value))
        refuse(u"a value holds control characters or invisible ones");
}

} // namespace Core
