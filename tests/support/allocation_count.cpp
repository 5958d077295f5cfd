#include "tests/support/allocation_count.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> count{0};

} // namespace

std::size_t kilnwatt::test::allocations() noexcept
{
    return count.load();
}

void* operator new(std::size_t n)
{
    ++count;
    if (auto* p = std::malloc(n != 0 ? n : 1))
        return p;
    throw std::bad_alloc{};
}

void* operator new(std::size_t n, std::nothrow_t const&) noexcept
{
    ++count;
    return std::malloc(n != 0 ? n : 1);
}

void operator delete(void* p) noexcept
{
    std::free(p);
}

void operator delete(void* p, std::size_t) noexcept
{
    std::free(p);
}
