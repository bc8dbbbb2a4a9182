#include "envfile/format.h"
#include "envfile/guess.h"
#include "envfile/inspection.h"
#include "envfile/jsonvariables.h"
#include "input.h"

// The first byte chooses a consumer's reader, the rest is the file. No crash; a refusal comes without variables being trusted,
// and what a repair writes is what its consumer reads back.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    QByteArrayView text = Fuzz::view(bytes, size);
    const auto &formats = EnvFile::formats();
    const auto &format = formats.at(Fuzz::choice(&text, static_cast<int>(formats.size())));
    const EnvFile::Reading reading = format.read(text);
    qsizetype total = 0;
    for (const EnvFile::ReadVariable &variable : reading.variables)
        total += variable.value.size();
    Fuzz::require(total <= (qsizetype(64) << 20)); // a small file never becomes a large one
    (void)EnvFile::variablesFromJson(text);
    if (format.shape == EnvFile::Format::Shape::Folder || text.size() > 2000)
        return 0;
    const EnvFile::Inspection inspection = EnvFile::inspect(text, &format);
    const auto repaired = EnvFile::repaired(inspection, format);
    if (!repaired) {
        Fuzz::require(!repaired.error().message.isEmpty());
        return 0;
    }
    const EnvFile::Reading again = format.read(repaired->reveal());
    for (const auto &[name, value] : inspection.meant) {
        const EnvFile::ReadVariable *found = again.find(name);
        Fuzz::require(found && found->value == value);
    }
    return 0;
}
