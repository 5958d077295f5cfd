#include "agent/settings/read_site.hpp"
#include "agent/settings/sections.hpp"

namespace kilnwatt::settings {

loaded_site read_site(config::document doc)
{
    loaded_site loaded{{}, doc.found};
    if (doc.complete) { // otherwise half of the names would seem to be missing
        auto& s = loaded.value;
        auto& root = doc.root;
        s.written = root;
        link_book links;
        read_site_section(root, s);
        read_profiles_section(root, s);
        read_journal_section(root, s);
        read_energy_section(root, s);
        read_tariff_section(root, s);
        read_kpi_sections(root, s);
        read_target_sections(root, s);
        read_mqtt_sections(root, s);
        read_alarm_sections(root, s);
        read_link_sections(root, links);
        auto devices = read_device_sections(root, s, links);
        read_production_sections(root, s);
        s.links = std::move(links).take();
        check_meters(devices, s);
        check_pv_feeder(root, s);
        check_units(devices, s);
        check_carriers(devices, s);
        root.refuse_unknown();
    }
    config::sort_by_place(*loaded.found);
    return loaded;
}

loaded_site load_site(std::string const& path)
{
    return read_site(config::read_files(path));
}

} // namespace kilnwatt::settings
