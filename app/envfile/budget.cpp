#include "envfile/budget.h"

namespace EnvFile {

bool Budget::takeBytes(qsizetype bytes)
{
    if (bytes > m_bytes)
        return false;
    m_bytes -= bytes;
    return true;
}

bool Budget::takeSteps(qsizetype steps)
{
    if (steps > m_steps)
        return false;
    m_steps -= steps;
    return true;
}

} // namespace EnvFile
