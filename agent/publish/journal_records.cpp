#include "agent/publish/journal_records.hpp"

namespace kilnwatt::publish {
namespace {

std::string memory_name(std::string const& sink)
{
    return "sink:" + sink; // no device has such a name
}

} // namespace

void journal_records::read(position_range range, std::size_t max, read_done done)
{
    journal_.read(range, max, std::move(done));
}

void journal_records::save_cursor(std::string const& sink, std::string bytes, position unconfirmed)
{
    journal_.save_cursor(sink, std::move(bytes), unconfirmed);
}

void journal_records::save_keepsake(std::string const& sink, std::string text)
{
    journal_.save_memory(memory_name(sink), std::move(text));
}

std::string journal_records::load_keepsake(std::string const& sink) const
{
    return journal_.load_memory(memory_name(sink));
}

} // namespace kilnwatt::publish
