#include "ui/principals/claimtable.h"

#include <QDateTime>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>

namespace Ui {

using namespace Qt::StringLiterals;

namespace {

// What each claim means to the people who read it.
QString meaning(const QString &claim)
{
    if (claim == u"aud")
        return ClaimTable::tr("for whom");
    if (claim == u"iss")
        return ClaimTable::tr("issued by");
    if (claim == u"oid")
        return ClaimTable::tr("object ID: role assignments name it");
    if (claim == u"appid" || claim == u"azp")
        return ClaimTable::tr("client ID");
    if (claim == u"tid")
        return ClaimTable::tr("tenant");
    if (claim == u"roles")
        return ClaimTable::tr("app roles (not Azure roles)");
    if (claim == u"exp")
        return ClaimTable::tr("ends");
    if (claim == u"nbf")
        return ClaimTable::tr("valid from");
    if (claim == u"iat")
        return ClaimTable::tr("issued at");
    return {};
}

QString claimText(const QString &claim, const QJsonValue &value)
{
    if ((claim == u"exp" || claim == u"nbf" || claim == u"iat") && value.toInteger() > 0)
        return QDateTime::fromSecsSinceEpoch(value.toInteger()).toString(u"yyyy-MM-dd hh:mm:ss"_s);
    if (value.isString())
        return value.toString();
    QByteArray json = QJsonDocument(QJsonObject{{u"v"_s, value}}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(json.mid(5, json.size() - 6));
}

} // namespace

ClaimTable::ClaimTable(QWidget *parent)
    : QTableWidget(0, 3, parent)
{
    setObjectName(u"claimTable"_s);
    setAccessibleName(tr("Claims of the token"));
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalHeaderLabels({tr("Claim"), tr("Value"), tr("Meaning")});
    verticalHeader()->hide();
    setShowGrid(false);
    setAlternatingRowColors(true);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setStretchLastSection(true);
    setMaximumHeight(fontMetrics().height() * 14);
    setTabKeyNavigation(false); // Tab leads on, the arrows move within
}

void ClaimTable::setClaims(const Identity::TokenClaims &claims)
{
    setRowCount(0);
    QStringList names{u"aud"_s, u"iss"_s, u"oid"_s, u"appid"_s, u"tid"_s, u"roles"_s, u"exp"_s};
    const QStringList all = claims.all.keys();
    for (const QString &name : all) {
        if (!names.contains(name))
            names.append(name);
    }
    for (const QString &name : std::as_const(names)) {
        if (claims.all[name].isNull() || claims.all[name].isUndefined())
            continue;
        const int row = rowCount();
        insertRow(row);
        setItem(row, 0, new QTableWidgetItem(name));
        setItem(row, 1, new QTableWidgetItem(claimText(name, claims.all[name]).left(400)));
        setItem(row, 2, new QTableWidgetItem(meaning(name)));
    }
}

} // namespace Ui
