#include "core/result.hpp"

#include <string>

namespace kilnwatt {
namespace {

class remedy_category_type final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "kilnwatt.remedy"; }

    std::string message(int value) const override
    {
        switch (static_cast<remedy>(value)) {
        case remedy::retry:
            return "back off, then try again";
        case remedy::reconfigure:
            return "change the configuration";
        case remedy::give_up:
            return "stop and report";
        }
        return "unknown remedy";
    }
};

} // namespace

boost::system::error_condition make_error_condition(remedy r) noexcept
{
    static remedy_category_type const category;
    return {static_cast<int>(r), category};
}

} // namespace kilnwatt
