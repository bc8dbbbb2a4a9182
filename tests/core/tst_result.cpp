#include "core/deliver.h"
#include "core/result.h"

#include <QTest>
#include <memory>

using namespace Qt::StringLiterals;
using Core::Error;
using Core::Result;

class ResultTest : public QObject
{
    Q_OBJECT
private slots:
    void holdsAValueOrAnError();
    void movesOutWhatCannotBeCopied();
    void deliversThroughTheEventLoop();
    void neverDeliversToADeadContext();
    void namesEachKindDifferently();
};

void ResultTest::holdsAValueOrAnError()
{
    const Result<int> good = 7;
    QVERIFY(good);
    QCOMPARE(*good, 7);
    const Result<int> bad = Error{.kind = Error::Kind::NotFound, .message = u"none"_s};
    QVERIFY(!bad);
    QCOMPARE(bad.error().kind, Error::Kind::NotFound);
    QCOMPARE(bad.value_or(3), 3);
    QVERIFY(Result<void>());
    QVERIFY(!Result<void>(Error{}));
}

void ResultTest::movesOutWhatCannotBeCopied()
{
    Result<std::unique_ptr<int>> one = std::make_unique<int>(4);
    const std::unique_ptr<int> taken = std::move(one).value();
    QCOMPARE(*taken, 4);
}

void ResultTest::deliversThroughTheEventLoop()
{
    QObject context;
    int got = 0;
    Core::deliver<int>(&context, [&](Result<int> result) { got = *result; }, 5);
    QCOMPARE(got, 0);
    QTRY_COMPARE(got, 5);
}

void ResultTest::neverDeliversToADeadContext()
{
    auto context = std::make_unique<QObject>();
    bool called = false;
    Core::deliver<void>(context.get(), [&](Result<void>) { called = true; }, {});
    context.reset();
    QTest::qWait(20);
    QVERIFY(!called);
}

void ResultTest::namesEachKindDifferently()
{
    QSet<QString> names;
    for (int kind = 0; kind <= static_cast<int>(Error::Kind::Unsupported); ++kind)
        names.insert(Core::kindName(static_cast<Error::Kind>(kind)));
    QCOMPARE(names.size(), static_cast<int>(Error::Kind::Unsupported) + 1);
    QVERIFY(!names.contains(u"unknown"_s));
}

QTEST_GUILESS_MAIN(ResultTest)
#include "tst_result.moc"
