#include "access/simulation.h"

#include <algorithm>

namespace {

template<typename List>
bool read(Core::Result<List> (*parse)(const QByteArray &), const QByteArray &json, List *list)
{
    if (json.trimmed().isEmpty())
        return true;
    Core::Result<List> parsed = parse(json);
    if (!parsed && parsed.error().message.isEmpty())
        __builtin_trap(); // an error without a word
    if (parsed)
        *list = *std::move(parsed);
    return parsed.has_value();
}

} // namespace

// Four files with a NUL between: assignments, definitions, deny assignments, request. No crash, and
// the order of the assignments does not matter.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    const QByteArray all(reinterpret_cast<const char *>(bytes), static_cast<qsizetype>(size));
    QList<QByteArray> files = all.split('\0');
    files.resize(4);
    Access::Simulation simulation;
    const bool assignments =
        read(Azure::roleAssignmentsFromJson, files[0], &simulation.assignments);
    const bool definitions =
        read(Azure::roleDefinitionsFromJson, files[1], &simulation.definitions);
    const bool denies = read(Azure::denyAssignmentsFromJson, files[2], &simulation.denies);
    if (!simulation.readRequest(files[3]) || !assignments || !definitions || !denies)
        return 0;
    const Access::Verdict verdict = simulation.run();
    std::reverse(simulation.assignments.entries.begin(), simulation.assignments.entries.end());
    if (simulation.run().decision != verdict.decision)
        __builtin_trap();
    if (Access::toJson(verdict).value(QStringLiteral("because")).isUndefined())
        __builtin_trap();
    return 0;
}
