#pragma once

#include "identity/serviceprincipal.h"
#include "ui/widgets/noticestrip.h"

#include <QSet>

namespace Ui {

/// Says at the start already whose rotation has stopped, and leads to the first of them.
class RotationNotice final : public NoticeStrip
{
    Q_OBJECT
public:
    explicit RotationNotice(QWidget *parent = nullptr);

    /// Those of \a principals whose IDs are among \a underWay.
    void setPrincipals(const QList<Identity::ServicePrincipal> &principals,
                       const QSet<QString> &underWay);

signals:
    void resumeRequested(const QString &principalId);

private:
    QSet<QString> m_told;
    QString m_first;
};

} // namespace Ui
