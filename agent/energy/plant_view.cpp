#include "agent/energy/plant_view.hpp"

#include "agent/energy/metric_catalogue.hpp"

#include <algorithm>

namespace kilnwatt::energy {
namespace {

bool consumes(role r)
{
    return r == role::load || r == role::motor || r == role::kiln || r == role::boiler;
}

/// Devices above in the tree of meters, nearest first; ends where the tree turns in a circle.
std::vector<std::size_t> above(plant_model const& m, std::size_t i)
{
    std::vector<std::size_t> path;
    auto const& all = m.devices;
    for (auto name = all[i].meter; !name.empty() && path.size() < all.size();) {
        auto const p = std::find_if(all.begin(), all.end(), [&](device_model const& d) { return d.name == name; });
        if (p == all.end())
            break;
        path.push_back(static_cast<std::size_t>(p - all.begin()));
        name = p->meter;
    }
    return path;
}

template <class Wanted>
std::vector<std::size_t> topmost(plant_model const& m, Wanted wanted)
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < m.devices.size(); ++i) {
        auto const path = above(m, i);
        if (wanted(m.devices[i]) &&
            std::none_of(path.begin(), path.end(), [&](std::size_t p) { return p != i && wanted(m.devices[p]); }))
            found.push_back(i);
    }
    return found;
}

} // namespace

quantity plant_view::amount(std::size_t i, names counters, double factor) const
{
    auto const& w = *windows[i];
    counter_delta const* found = nullptr;
    for (auto const name : counters)
        if (found == nullptr)
            found = w.find_counter(name);
    return amount_of(found, factor * device(i).sign * device(i).share, quarter_start, w);
}

quantity plant_view::mean(std::size_t i, names gauges, double factor) const
{
    auto const& w = *windows[i];
    gauge_summary const* found = nullptr;
    for (auto const name : gauges)
        if (auto const* g = w.find_gauge(name); g != nullptr && (found == nullptr || found->covered == 0))
            found = g; // one that the device names but never has is no answer
    return mean_of(found, factor * device(i).sign * device(i).share, w);
}

quantity plant_view::level(std::size_t i, std::string_view gauge, double factor) const
{
    return mean_of(windows[i]->find_gauge(gauge), factor, *windows[i]);
}

bool plant_view::measures(std::size_t i, names counters) const
{
    return std::any_of(counters.begin(), counters.end(),
                       [&](std::string_view name) { return windows[i]->find_counter(name) != nullptr; });
}

double plant_view::grid_emission() const
{
    return model->emissions.grid_of(model->local_time.year_of(quarter_start)).kg_per_kwh;
}

std::vector<std::size_t> plant_view::with_role(role what) const
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < model->devices.size(); ++i)
        if (device(i).what == what)
            found.push_back(i);
    return found;
}

std::vector<std::size_t> plant_view::key_devices() const
{
    return topmost(*model, [](device_model const& d) { return d.key; });
}

std::vector<std::size_t> plant_view::carrier_meters() const
{
    return topmost(*model, [](device_model const& d) { return d.what == role::fuel || d.what == role::boiler; });
}

std::vector<std::size_t> plant_view::metered_consumers() const
{
    auto found = top_consumers(*model);
    std::erase_if(found, [&](std::size_t i) {
        return device(i).what != role::load && !measures(i, {"active_energy_import", "active_energy"});
    });
    return found;
}

std::vector<std::size_t> top_consumers(plant_model const& m)
{
    return topmost(m, [](device_model const& d) { return consumes(d.what); });
}

std::string plant_view::metric(std::size_t i, std::string_view leaf) const
{
    return metric_name(device(i).name, leaf);
}

} // namespace kilnwatt::energy
