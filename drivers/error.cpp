#include "drivers/error.hpp"

#include <string>

namespace kilnwatt::drivers {
namespace {

class category final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "kilnwatt.drivers"; }

    std::string message(int value) const override
    {
        switch (static_cast<errc>(value)) {
        case errc::no_sunspec_marker:
            return "the device has no SunSpec map at 40000, 0 or 50000: check that SunSpec is enabled, and the unit";
        case errc::broken_sunspec_chain:
            return "the SunSpec model chain of the device is broken";
        case errc::no_known_model:
            return "the SunSpec device has no model with points we know";
        case errc::no_points:
            return "the device has no points of this class";
        }
        return "unknown error of a device";
    }

    boost::system::error_condition default_error_condition(int value) const noexcept override
    {
        switch (static_cast<errc>(value)) {
        case errc::no_sunspec_marker:
        case errc::no_known_model:
            return make_error_condition(remedy::reconfigure);
        case errc::broken_sunspec_chain:
            return make_error_condition(remedy::retry);
        case errc::no_points:
            break;
        }
        return make_error_condition(remedy::give_up);
    }
};

} // namespace

boost::system::error_category const& error_category() noexcept
{
    static category const instance;
    return instance;
}

boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), error_category()};
}

} // namespace kilnwatt::drivers
