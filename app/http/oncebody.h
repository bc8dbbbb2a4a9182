#pragma once

#include <QIODevice>

namespace Http {

/// A body that can be read once only. Qt sends any request again, up to twice more, when its
/// connection closes before an answer came (6.4.2, QHttpNetworkConnectionChannel); from here it
/// cannot get the body again, and so it does not.
class OnceBody final : public QIODevice
{
    Q_OBJECT
public:
    explicit OnceBody(QByteArray bytes, QObject *parent = nullptr);

    bool isSequential() const override { return true; }
    bool seek(qint64) override { return false; }
    bool reset() override { return false; }
    qint64 bytesAvailable() const override;

protected:
    qint64 readData(char *to, qint64 most) override;
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_bytes;
    qsizetype m_at = 0;
};

} // namespace Http
