#pragma once

#include "agent/journal/journal.hpp"
#include "agent/publish/records.hpp"

namespace kilnwatt::publish {

/// The journal as a source of records. It must outlive this object; make the sinks before journal::start(), since
/// cursors are loaded before it.
class journal_records final : public records {
public:
    explicit journal_records(journal::journal& j) : journal_{j} {}

    std::string epoch() const override { return journal_.epoch(); }
    position head() const override { return journal_.head(); }
    position oldest() const override { return journal_.oldest(); }
    void read(position_range range, std::size_t max, read_done done) override;
    void save_cursor(std::string const& sink, std::string bytes, position unconfirmed) override;
    std::string load_cursor(std::string const& sink) const override { return journal_.load_cursor(sink); }
    void save_keepsake(std::string const& sink, std::string text) override;
    std::string load_keepsake(std::string const& sink) const override;

private:
    journal::journal& journal_;
};

} // namespace kilnwatt::publish
