#pragma once

#include "core/result.h"
#include "http/trust.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QUrl>

namespace Identity {

/// Where a principal signs in and what it then talks to. Endpoints carry no trailing slash and no path.
struct Cloud {
    QString name;          ///< "AzurePublic", "AzureUSGovernment", "AzureChina", or a cloud file's own
    QString file;          ///< absolute path of the cloud file; empty for the three well-known ones
    QUrl authorityHost;    ///< e.g. https://login.microsoftonline.com
    QUrl resourceManager;  ///< e.g. https://management.azure.com
    QUrl graph;            ///< e.g. https://graph.microsoft.com
    QString storageSuffix; ///< e.g. core.windows.net
    Http::Trust trust;

    bool isWellKnown() const { return file.isEmpty(); }
    QString storageScope() const; ///< https://storage.azure.com/.default, in every cloud
    QString armScope() const;
    QString graphScope() const;

    bool operator==(const Cloud &) const = default;

    static QList<Cloud> wellKnown();
    static Cloud azurePublic();
    /// A well-known name ("AzurePublic", also az's own "AzureCloud", "AzureChinaCloud"; case-insensitive) or the path
    /// of a cloud file. Errors: NotFound, InvalidInput (names the key and what is wrong with it).
    static Core::Result<Cloud> load(const QString &nameOrFile);
    /// The well-known cloud whose authority, by any of its host names and with or without a path, is \a authority. The public one
    /// for an empty URL. Errors: NotFound for any other host, since a pasted text alone must not decide where a secret is sent.
    static Core::Result<Cloud> forAuthority(const QUrl &authority);
    /// A cloud file's JSON {"name","authorityHost","resourceManager","graph","storageSuffix","caCertificates"};
    /// caCertificates is a PEM file's path, relative to \a file, or PEM text, or a list of these; absent means none.
    /// "allowPlainLoopback": true admits http:// to loopback. Endpoints must be https otherwise.
    static Core::Result<Cloud> parse(const QByteArray &json, const QString &file);
};

/// The address of an authority as people write it: "login.microsoftonline.us" is https. An invalid scheme for what is not an address.
QUrl authorityUrl(const QString &text);

} // namespace Identity
