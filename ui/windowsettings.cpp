#include "ui/windowsettings.h"

#include <QFileInfo>

namespace Ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 largest = 1 << 20;

// An INI file has no types but what a value can be read as.
bool isNumber(const QVariant &value, int most)
{
    bool number = false;
    const int read = value.toString().toInt(&number);
    return number && read >= 0 && read <= most;
}

bool isText(const QVariant &value)
{
    return value.typeId() == QMetaType::QString;
}

bool isBytes(const QVariant &value)
{
    return value.typeId() == QMetaType::QByteArray;
}

/// Empty, or what is wrong with the values.
QString problemOf(const QSettings &settings)
{
    constexpr int mostMinutes = 24 * 60, mostTabs = 100;
    if (settings.contains(u"lockAfterMinutes"_s) && !isNumber(settings.value(u"lockAfterMinutes"_s), mostMinutes))
        return u"“lockAfterMinutes” must be a whole number from 0 to %1"_s.arg(mostMinutes);
    if (settings.contains(u"tab"_s) && !isNumber(settings.value(u"tab"_s), mostTabs))
        return u"“tab” must be a small whole number"_s;
    for (const QString &name : {u"geometry"_s, u"access/splitter"_s}) {
        if (settings.contains(name) && !isBytes(settings.value(name)))
            return u"“%1” must be @ByteArray(…)"_s.arg(name);
    }
    QStringList texts{u"principal"_s, u"access/roles"_s};
    const QStringList names = settings.allKeys();
    for (const QString &name : names) {
        if (name.startsWith(u"contracts/"))
            texts.append(name);
    }
    for (const QString &name : std::as_const(texts)) {
        if (settings.contains(name) && !isText(settings.value(name)))
            return u"“%1” must be a text"_s.arg(name.left(200));
    }
    return {};
}

} // namespace

WindowSettings WindowSettings::open(const QString &path)
{
    const QFileInfo file(path);
    QString problem;
    if (file.exists() && !file.isFile())
        problem = u"it is not a regular file"_s;
    else if (file.exists() && !file.isReadable())
        problem = u"it cannot be read"_s;
    else if (file.size() > largest)
        problem = u"it is larger than %1 bytes"_s.arg(largest);
    WindowSettings opened;
    if (problem.isEmpty()) {
        opened.values = std::make_unique<QSettings>(path, QSettings::IniFormat);
        (void)opened.values->allKeys(); // a section is parsed, and its errors found, only when it is read
        if (opened.values->status() != QSettings::NoError)
            problem = u"it is not an INI file"_s;
        else
            problem = problemOf(*opened.values);
        if (problem.isEmpty())
            return opened;
    }
    opened.values = std::make_unique<QSettings>(QString(), QSettings::IniFormat);
    opened.damage = Core::Error{.kind = Core::Error::Kind::InvalidInput,
                                .message = u"The window’s settings “%1” are damaged: %2. The file was left as it is, and the usual "
                                           "settings are used."_s.arg(path, problem),
                                .code = u"SettingsUnreadable"_s,
                                .nextStep = u"Correct the file or remove it, and start the window again."_s};
    return opened;
}

} // namespace Ui
