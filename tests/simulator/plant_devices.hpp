#pragma once

#include "config/table.hpp"
#include "core/row.hpp"
#include "drivers/decode.hpp"
#include "drivers/profile.hpp"
#include "simulator/device_image.hpp"
#include "simulator/plant.hpp"
#include "tests/support/places.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace kilnwatt::simulator {

/// The devices of config/examples/ceramics-plant.toml with their profiles.
inline std::vector<std::pair<std::string, std::string>> const plant_devices{
    {"pv-roof-1", "sunspec"},
    {"pv-roof-2", "sungrow_sg"},
    {"weather", "plant_weather_station"},
    {"grid-meter", "janitza_umg96rm"},
    {"transformer", "siemens_pac2200"},
    {"battery", "huawei_luna2000_ess"},
    {"ball-mill-meter", "acrel_adw300"},
    {"ball-mill-drive", "abb_acs580_acs880"},
    {"press-meter", "eastron_sdm630"},
    {"press-drive", "danfoss_fc302"},
    {"kiln-controller", "omron_e5cc"},
    {"kiln-heat", "diehl_sharky775"},
    {"kiln-meter", "chint_dtsu666"},
    {"production", "plant_production_counter"},
    {"kiln-gas", "plant_gas_meter"},
    {"boiler", "plant_boiler"},
    {"compressor", "plant_compressor"},
};

/// A shipped profile; defects come back as texts. "sunspec" may have no file: its points come from the chain.
inline drivers::profile shipped_profile(std::string const& id, std::vector<std::string>& mistakes)
{
    drivers::profile_library const library{{std::string{KILNWATT_SOURCE_DIR} + "/config/devices"}};
    auto const path = library.path_of(id);
    if (path.empty() && id == "sunspec") {
        drivers::profile p;
        p.id = id;
        p.sunspec = true;
        return p;
    }
    if (path.empty()) {
        mistakes.push_back("there is no profile " + id);
        return {};
    }
    auto document = config::read_files(path);
    auto profile = drivers::read_profile(document);
    for (auto const& d : *document.found)
        mistakes.push_back(config::to_string(d));
    return profile;
}

/// What somebody who knows the points makes of an image.
inline row decoded(std::vector<drivers::point> const& points, register_image const& image)
{
    auto meaning = std::make_shared<layout>();
    row r;
    for (auto const& p : points) {
        auto c = drivers::column_of(p);
        for (std::size_t i = 0; i < points.size(); ++i)
            if (!p.exponent.empty() && points[i].name == p.exponent)
                c.exponent_column = static_cast<int>(i);
        meaning->columns.push_back(std::move(c));
        r.cells.push_back(drivers::decode(p, image.at(p.table, p.address, p.registers), r.texts));
    }
    r.layout = std::move(meaning);
    return r;
}

/// The smallest difference that the cell of a column can show around the value `v`.
inline double resolution(row const& r, std::size_t i, double v)
{
    auto const& c = r.layout->columns[i];
    auto exponent = 0.0;
    if (c.exponent_column >= 0)
        exponent =
            static_cast<double>(static_cast<std::int64_t>(r.cells[static_cast<std::size_t>(c.exponent_column)].bits));
    if (c.kind == value_kind::f32)
        return std::abs(v) * 0x1p-22;
    if (c.kind == value_kind::f64)
        return std::abs(v) * 0x1p-50;
    return std::abs(c.scale) * std::pow(10.0, exponent);
}

} // namespace kilnwatt::simulator
