#include "ui/storage/transferrow.h"

#include "access/missingpermission.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace Ui {

using namespace Qt::StringLiterals;

TransferRow::TransferRow(std::unique_ptr<Storage::Transfer> transfer, Words words, QWidget *parent)
    : QFrame(parent)
    , m_transfer(std::move(transfer))
    , m_words(std::move(words))
{
    setObjectName(u"transferRow"_s);
    setFrameShape(QFrame::StyledPanel);
    m_what = new ElidedLabel(this);
    m_what->setObjectName(u"transferWords"_s);
    m_what->setFullText(m_words.during);
    m_bar = new QProgressBar(this);
    m_bar->setAccessibleName(m_words.during);
    m_bar->setTextVisible(false);
    m_bar->setRange(0, 0); // how much it is tells the first answer
    m_bar->setFixedWidth(fontMetrics().averageCharWidth() * 24);
    m_amount = quietLabel({}, this);
    m_amount->setObjectName(u"transferAmount"_s);
    m_amount->setWordWrap(false);
    m_button = new QPushButton(tr("Cancel"), this);
    m_button->setObjectName(u"transferButton"_s);
    m_button->setAccessibleDescription(m_words.during);
    m_error = new ErrorPanel(this);
    auto *row = new QHBoxLayout;
    row->addWidget(m_what, 1);
    row->addWidget(m_bar);
    row->addWidget(m_amount);
    row->addWidget(m_button);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->addLayout(row);
    layout->addWidget(m_error);

    connect(m_button, &QPushButton::clicked, this, [this] {
        if (isOver())
            return deleteLater();
        const bool late = m_transfer->mayHaveChanged();
        m_transfer.reset();
        end(late ? m_words.cancelledLate : m_words.cancelled);
    });
    connect(m_transfer.get(), &Storage::Transfer::progressed, this, &TransferRow::progress);
    connect(m_transfer.get(), &Storage::Transfer::finished, this, [this] {
        m_transfer.release()->deleteLater();
        end(m_words.end);
        emit succeeded();
    });
    connect(m_transfer.get(), &Storage::Transfer::failed, this, [this](const Core::Error &error) {
        m_transfer.release()->deleteLater();
        end(m_words.during);
        m_error->setError(
            m_words.operation ? Access::withMissingPermission(error, *m_words.operation) : error);
        emit failed(error);
    });
    m_transfer->start();
}

TransferRow::~TransferRow() = default;

void TransferRow::progress(qint64 done, qint64 total)
{
    m_bar->setRange(0, 1000);
    m_bar->setValue(total > 0 ? static_cast<int>(1000.0 * double(done) / double(total)) : 1000);
    const QLocale locale;
    m_amount->setText(
        tr("%1 of %2").arg(locale.formattedDataSize(done), locale.formattedDataSize(total)));
}

void TransferRow::end(const QString &words)
{
    m_bar->hide();
    m_amount->hide();
    m_what->setFullText(words);
    m_button->setText(tr("Close"));
    m_button->setAccessibleDescription(words);
}

} // namespace Ui
