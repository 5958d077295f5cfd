#include "agent/journal/error.hpp"

#include <string>

namespace kilnwatt::journal {
namespace {

class category_type final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "kilnwatt.journal"; }

    std::string message(int value) const override
    {
        switch (static_cast<errc>(value)) {
        case errc::in_use:
            return "another agent has the journal open";
        case errc::newer_schema:
            return "a newer version of the program wrote the journal";
        case errc::cannot_open:
            return "the journal cannot be opened";
        case errc::disk_full:
            return "there is no room on the disk";
        case errc::io:
            return "the disk reports an error";
        case errc::corrupt:
            return "the file is no journal or is damaged";
        case errc::damaged_block:
            return "a block of the journal is damaged";
        case errc::locked:
            return "another program, a database browser perhaps, holds its lock; end that program";
        case errc::older_schema:
            return "an earlier version of the program wrote the journal";
        case errc::refused:
            return "SQLite refuses a statement of the program; please report it";
        }
        return "unknown error of the journal";
    }

    boost::system::error_condition default_error_condition(int value) const noexcept override
    {
        switch (static_cast<errc>(value)) {
        case errc::in_use:
        case errc::newer_schema:
        case errc::older_schema:
        case errc::cannot_open:
            return make_error_condition(remedy::reconfigure);
        case errc::disk_full:
        case errc::io:
        case errc::locked:
            return make_error_condition(remedy::retry);
        case errc::corrupt:
        case errc::damaged_block:
        case errc::refused:
            return make_error_condition(remedy::give_up);
        }
        return {value, *this};
    }
};

} // namespace

boost::system::error_code make_error_code(errc e) noexcept
{
    static category_type const category;
    return {static_cast<int>(e), category};
}

} // namespace kilnwatt::journal
