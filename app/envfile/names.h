#pragma once

#include <QByteArrayView>
#include <QString>

namespace EnvFile {

/// Each says why \a name cannot stand in its kind of file, as in "must …"; empty where it can.
QString
identifierFault(QByteArrayView name);     ///< [A-Za-z_][A-Za-z0-9_]*, what a shell takes for a name
QString dottedFault(QByteArrayView name); ///< [A-Za-z_][A-Za-z0-9_.-]*
QString wordFault(QByteArrayView name);   ///< [A-Za-z0-9_.-]+
QString
fileNameFault(QByteArrayView name); ///< a plain file name of those characters that is not hidden
QString
visibleFault(QByteArrayView name); ///< anything without white space, "=" and control characters

/// A name as a message may show it. What stands where a file's names stand may be a piece of a
/// secret that was broken over lines: so a name that is none, or longer than 48 bytes, is cut to
/// its first three letters, or to the part that begins with AZURE_. A byte order mark and "export"
/// in front, which are what is wrong with it, are kept.
QString shownName(QByteArrayView name);

} // namespace EnvFile
