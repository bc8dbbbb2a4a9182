#pragma once

#include "sandbox/entraerror.h"

#include <QUrlQuery>

namespace Sandbox {

/// The form for user name and password. It posts to the address it came from, and carries \a fields
/// along. \a complaint is shown; empty for none.
Answer signInPage(const QUrlQuery &fields, const QString &userName, const QString &complaint,
                  const QDateTime &now);
/// The form for a device's code, user name and password.
Answer devicePage(const QString &userName, const QString &complaint, const QDateTime &now);
Answer closingPage(const QString &text, const QDateTime &now);
/// What cannot be told to the application, because its address is not to be trusted.
Answer errorPage(const EntraError &error, const QDateTime &now);

} // namespace Sandbox
