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

} // namespace EnvFile
