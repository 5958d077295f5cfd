#include "simulator/served_unit.hpp"

#include <algorithm>

namespace kilnwatt::simulator {

served_unit::served_unit(std::string name, std::uint8_t unit, device_image image, std::shared_ptr<live_plant> plant)
    : name_{std::move(name)}, unit_{unit}, image_{std::move(image)}, plant_{std::move(plant)}
{}

void served_unit::sleep_at_night()
{
    if (name_ == "pv-roof-1")
        sleeping_array_ = 0;
    if (name_ == "pv-roof-2")
        sleeping_array_ = 1;
}

bool served_unit::is_silent()
{
    if (silent_)
        return true;
    return sleeping_array_ && plant_->look([i = *sleeping_array_](plant const& p) {
        return p.state().pv[i].state == inverter_state::sleeping;
    });
}

result<void> served_unit::read(modbus::read_request const& request, std::span<std::uint16_t> words)
{
    std::lock_guard const hold{mutex_};
    if (words.size() < request.count)
        return modbus::make_error_code(modbus::errc::bad_request);
    auto const shown = std::as_const(image_.registers).at(request.from, request.address, request.count);
    if (shown.size() != request.count || request.count == 0)
        return modbus::make_error_code(modbus::errc::illegal_data_address);
    plant_->look([&](plant const& p) { image_.refresh(p); });
    std::copy(shown.begin(), shown.end(), words.begin());
    return {};
}

} // namespace kilnwatt::simulator
