#pragma once

#include "lifecycle/rotationjournal.h"

namespace Ui {

/// What the rotation of a principal's secret or certificate is told in.
class RotationWords
{
public:
    explicit RotationWords(bool certificate)
        : m_certificate(certificate)
    {
    }

    QString noun() const; ///< "secret", "certificate"
    QString intro() const;
    QString state(const Lifecycle::Rotation &rotation) const;
    QString underWay(const Lifecycle::Rotation &rotation) const;
    QString inUse() const;
    QString ended(const Lifecycle::Rotation &rotation) const;
    QString beforeTheEnd(const QString &name) const; ///< above the field for the name
    QString takeBackTip() const;

private:
    bool m_certificate;
};

} // namespace Ui
