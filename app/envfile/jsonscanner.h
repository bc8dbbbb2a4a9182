#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <functional>

namespace EnvFile {

/// A strict reader of RFC 8259 that keeps the order of members and sees a name that stands twice,
/// which QJsonDocument does not. Each function consumes what it names; after the first failure all
/// fail and fault() says where and why, without any content.
class JsonScanner
{
public:
    explicit JsonScanner(QByteArrayView text);

    /// Calls \a member with each name, positioned at its value, which it must consume.
    bool object(const std::function<bool(const QByteArray &name)> &member);
    /// Calls \a element at each element, which it must consume.
    bool array(const std::function<bool()> &element);
    /// A string as UTF-8.
    bool string(QByteArray *value);
    /// true or false.
    bool boolean(bool *value);
    /// Any value, whatever it is.
    bool skip();

    /// The first character of what comes next: '{', '[', '"', …; NUL at the end.
    char peek();
    /// Whether nothing but white space is left.
    bool atEnd();
    bool fail(const QString &why);
    Core::Error fault() const;

private:
    void skipSpace();
    bool take(char c);
    bool escape(QByteArray *value);
    bool hex(char16_t *unit);
    bool scalar();
    bool number();

    QByteArrayView m_text;
    qsizetype m_at = 0;
    int m_depth = 0;
    QString m_fault;
};

} // namespace EnvFile
