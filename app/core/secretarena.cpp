#include "core/secretarena.h"

#include <QtGlobal>
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <mutex>
#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define ROLESCOPE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ROLESCOPE_ASAN 1
#endif
#endif
#ifdef ROLESCOPE_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace Core {

namespace {

constexpr size_t smallestSlot = 16;
constexpr size_t largestSlot = 32 * 1024; ///< what is larger has a mapping of its own
constexpr size_t largestChunk = 256 * 1024;
constexpr size_t classCount = std::bit_width(largestSlot / smallestSlot);

size_t pageSize()
{
    static const auto size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    return size;
}

size_t wholePages(size_t size)
{
    return (size + pageSize() - 1) / pageSize() * pageSize();
}

void forbid([[maybe_unused]] char *from, [[maybe_unused]] size_t size)
{
#ifdef ROLESCOPE_ASAN
    ASAN_POISON_MEMORY_REGION(from, size);
#endif
}

void permit([[maybe_unused]] char *from, [[maybe_unused]] size_t size)
{
#ifdef ROLESCOPE_ASAN
    ASAN_UNPOISON_MEMORY_REGION(from, size);
#endif
}

// Best effort: what RLIMIT_MEMLOCK leaves is used page by page. The wipe is the promise.
void lock(char *memory, size_t size)
{
    if (mlock(memory, size) == 0)
        return;
    for (size_t at = 0; at < size; at += pageSize()) {
        if (mlock(memory + at, pageSize()) != 0)
            return;
    }
}

} // namespace

struct SecretArena::Chunk
{
    size_t slotSize = 0, size = 0; ///< size: usable bytes
    size_t sizeClass = 0;          ///< classCount: one block with a mapping of its own
    size_t place = 0;              ///< in the list of those with room
    uint32_t slotCount = 0, fresh = 0, used = 0;
    char *mapped = nullptr, *bytes = nullptr;
    std::vector<uint32_t> freed; ///< its capacity is reserved: a release never allocates

    Chunk(size_t slot, size_t wanted, size_t kind) : slotSize(slot), size(wanted), sizeClass(kind)
    {
        slotCount = static_cast<uint32_t>(size / slotSize);
        freed.reserve(slotCount);
        const size_t guard = pageSize();
        void *memory =
            mmap(nullptr, size + 2 * guard, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            qFatal("out of memory");
        mapped = static_cast<char *>(memory);
        bytes = mapped + guard;
        // Guards are best effort as well: the kernel may have no more mappings to give.
        (void)mprotect(mapped, guard, PROT_NONE);
        (void)mprotect(bytes + size, guard, PROT_NONE);
        lock(bytes, size);
#ifdef MADV_DONTDUMP
        (void)madvise(bytes, size, MADV_DONTDUMP);
#endif
        forbid(bytes, size);
    }
    ~Chunk()
    {
        permit(bytes, size);
        munmap(mapped, size + 2 * pageSize());
    }
    Chunk(const Chunk &) = delete;
    Chunk &operator=(const Chunk &) = delete;

    bool isFull() const { return used == slotCount; }
    char *take()
    {
        uint32_t slot = fresh;
        if (freed.empty()) {
            ++fresh;
        } else {
            slot = freed.back();
            freed.pop_back();
        }
        ++used;
        return bytes + slot * slotSize;
    }
    void put(const char *block)
    {
        freed.push_back(static_cast<uint32_t>(static_cast<size_t>(block - bytes) / slotSize));
        --used;
    }
};

namespace {

using Chunk = SecretArena::Chunk;

struct State
{
    std::mutex mutex;
    std::array<std::vector<Chunk *>, classCount> withRoom;
    std::array<size_t, classCount> chunks{};
    // One empty chunk of each class stays beside full ones: a secret that comes and goes there would
    // map, lock and unmap a whole chunk each time.
    std::array<Chunk *, classCount> spare{};
    SecretArena::Usage usage;

    // Never destroyed: a static object may hold a secret until the very end.
    static State &instance()
    {
        static State &state = *new State;
        return state;
    }

    // Few secrets lock few pages, and many take few mappings.
    Chunk *grown(size_t sizeClass)
    {
        const size_t slot = smallestSlot << sizeClass;
        const size_t least = std::max(wholePages(slot), pageSize());
        const size_t size = std::min(least << std::min<size_t>(chunks[sizeClass], 6), std::max(least, largestChunk));
        auto chunk = std::make_unique<Chunk>(slot, size, sizeClass);
        chunk->place = withRoom[sizeClass].size();
        withRoom[sizeClass].push_back(chunk.get());
        ++chunks[sizeClass];
        ++usage.mappings;
        usage.bytes += size;
        return chunk.release();
    }

    void listAsRoomy(Chunk *chunk)
    {
        auto &list = withRoom[chunk->sizeClass];
        chunk->place = list.size();
        list.push_back(chunk);
    }
    void unlist(const Chunk *chunk)
    {
        auto &list = withRoom[chunk->sizeClass];
        list[chunk->place] = list.back();
        list[chunk->place]->place = chunk->place;
        list.pop_back();
    }
    void dropEmpty(Chunk *chunk)
    {
        unlist(chunk);
        --chunks[chunk->sizeClass];
        drop(chunk);
    }
    void drop(Chunk *chunk)
    {
        --usage.mappings;
        usage.bytes -= chunk->size;
        delete chunk;
    }
};

} // namespace

SecretArena::Block SecretArena::allocate(size_t size)
{
    State &state = State::instance();
    const std::lock_guard guard(state.mutex);
    Chunk *chunk = nullptr;
    if (size > largestSlot) {
        const size_t whole = wholePages(size);
        chunk = std::make_unique<Chunk>(whole, whole, classCount).release();
        ++state.usage.mappings;
        state.usage.bytes += whole;
    } else {
        const auto sizeClass = static_cast<size_t>(std::bit_width((std::max(size, smallestSlot) - 1) / smallestSlot));
        auto &roomy = state.withRoom[sizeClass];
        chunk = roomy.empty() ? state.grown(sizeClass) : roomy.back();
        if (chunk == state.spare[sizeClass])
            state.spare[sizeClass] = nullptr;
    }
    char *bytes = chunk->take();
    if (chunk->sizeClass < classCount && chunk->isFull())
        state.unlist(chunk);
    ++state.usage.blocks;
    permit(bytes, size);
    return {bytes, chunk};
}

void SecretArena::release(const Block &block) noexcept
{
    State &state = State::instance();
    Chunk *chunk = block.chunk;
    permit(block.bytes, chunk->slotSize);
    OPENSSL_cleanse(block.bytes, chunk->slotSize);
    forbid(block.bytes, chunk->slotSize);
    const std::lock_guard guard(state.mutex);
    --state.usage.blocks;
    const bool wasFull = chunk->isFull();
    chunk->put(block.bytes);
    if (chunk->sizeClass == classCount)
        return state.drop(chunk);
    if (wasFull)
        state.listAsRoomy(chunk);
    if (chunk->used > 0)
        return;
    Chunk *&spare = state.spare[chunk->sizeClass];
    const size_t sizeClass = chunk->sizeClass;
    if (spare)
        state.dropEmpty(chunk);
    else
        spare = chunk;
    if (state.chunks[sizeClass] == 1 && spare) { // nothing of this size is left
        state.dropEmpty(spare);
        spare = nullptr;
    }
}

SecretArena::Usage SecretArena::usage()
{
    State &state = State::instance();
    const std::lock_guard guard(state.mutex);
    return state.usage;
}

} // namespace Core
