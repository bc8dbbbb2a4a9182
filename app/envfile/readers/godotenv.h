#pragma once

#include <QByteArrayView>

namespace EnvFile {

/// White space within a line as joho/godotenv and compose-go know it.
inline bool isGoSpace(char16_t c)
{
    return c == '\t' || c == '\v' || c == '\f' || c == '\r' || c == ' ' || c == 0x85 || c == 0xA0;
}

inline bool isNameOfVariable(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
}

} // namespace EnvFile
