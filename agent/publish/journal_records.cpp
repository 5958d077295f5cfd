#include "agent/publish/journal_records.hpp"

namespace kilnwatt::publish {

void journal_records::read(position_range range, std::size_t max, read_done done)
{
    journal_.read(range, max, std::move(done));
}

void journal_records::save_cursor(std::string const& sink, std::string bytes, position unconfirmed)
{
    journal_.save_cursor(sink, std::move(bytes), unconfirmed);
}

} // namespace kilnwatt::publish
