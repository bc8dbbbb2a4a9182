#include "envfile/readers/readers.h"

namespace EnvFile {

using namespace Qt::StringLiterals;

namespace {

// daemontools' envdir and its kin: the first line, trailing blanks stripped, zero bytes as line
// feeds; an empty file unsets.
Reading readOne(QByteArrayView text, qsizetype limit, QByteArrayView stripped)
{
    Reading reading = Reading::of(text);
    if (text.isEmpty()) {
        reading.remark(0, u"An empty file removes the variable."_s);
        return reading;
    }
    if (limit > 0 && text.size() > limit) {
        reading.remark(0, u"s6-envdir reads 4095 bytes and cuts the rest."_s);
        text = text.first(limit);
    }
    const qsizetype end = text.indexOf('\n');
    if (end >= 0 && end + 1 < text.size())
        reading.remark(2, u"Only the first line is read."_s);
    QByteArray value = (end < 0 ? text : text.first(end)).toByteArray();
    const qsizetype before = value.size();
    while (!value.isEmpty() && stripped.contains(value.back()))
        value.chop(1);
    if (value.size() != before)
        reading.remark(1, u"White space at the end is stripped."_s);
    reading.set({}, value.replace('\0', '\n'), 1);
    return reading;
}

} // namespace

Reading readEnvdirFile(QByteArrayView text)
{
    return readOne(text, 0, " \t");
}

Reading readS6EnvdirFile(QByteArrayView text)
{
    return readOne(text, 4095, " \t\r");
}

Reading readCredentialFile(QByteArrayView text)
{
    Reading reading = Reading::of(text);
    reading.set({}, text, 1);
    return reading;
}

} // namespace EnvFile
