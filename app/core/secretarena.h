#pragma once

#include <cstddef>

namespace Core {

/// Memory for secrets. Many small ones share a few mappings, so that a secret costs bytes and not a
/// page and a mapping of the kernel's. All of it is locked against swapping as far as RLIMIT_MEMLOCK
/// allows and left out of core dumps. Safe to use from several threads.
///
/// Inaccessible pages lie at both ends of each mapping, and the bookkeeping lies elsewhere. Under
/// AddressSanitizer, what is not handed out cannot be touched at all.
class SecretArena
{
public:
    struct Chunk;
    /// A piece of memory. Whoever holds it returns it by release().
    struct Block
    {
        char *bytes = nullptr;
        Chunk *chunk = nullptr;
    };

    /// How much the arena holds, for tests.
    struct Usage
    {
        size_t blocks = 0;   ///< handed out
        size_t mappings = 0; ///< made by mmap
        size_t bytes = 0;    ///< of these, without the inaccessible pages
    };

    /// At least \a size bytes, which must be more than 0. Ends the program where there is no memory.
    static Block allocate(size_t size);
    /// Wipes \a block. A mapping without any block is given back to the system, but for one of each
    /// size class as long as others of that class are in use.
    static void release(const Block &block) noexcept;
    static Usage usage();
};

} // namespace Core
