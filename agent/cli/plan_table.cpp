#include "agent/cli/plan_table.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <array>
#include <ostream>

namespace kilnwatt::cli {
namespace {

using std::chrono::nanoseconds;

double in_ms(nanoseconds t)
{
    return static_cast<double>(t.count()) / 1e6;
}

std::string_view class_of(poll::planned_poll const& p)
{
    return drivers::poll_class_names[static_cast<std::size_t>(p.what)];
}

std::string_view table_of(drivers::read_range const& r)
{
    return drivers::to_string(r.from);
}

/// How a request or a link is written; the same figures in three forms.
class plan_writer {
public:
    virtual ~plan_writer() = default;
    virtual void begin_requests() {}
    virtual void begin_links() {}
    virtual void request(std::string const& link, poll::planned_poll const& p, std::size_t i) = 0;
    virtual void link(std::string const& name, std::size_t requests, poll::link_load const& load) = 0;
};

class text_writer final : public plan_writer {
public:
    explicit text_writer(streams io) : io_{io} {}

    void begin_requests() override
    {
        if (io_.out_is_terminal)
            io_.out << fmt::format(row, "DEVICE", "CLASS", "EVERY", "TABLE", "FROM", "COUNT", "OUT B", "IN B", "MS",
                                   "");
    }

    void begin_links() override
    {
        if (io_.out_is_terminal)
            io_.out << '\n' << fmt::format(link_row, "LINK", "", "CYCLE S", "BUSY %");
    }

    void request(std::string const& link, poll::planned_poll const& p, std::size_t i) override
    {
        auto const& r = p.requests[i];
        auto const& c = p.costs[i];
        auto const every = fmt::format("{} s", static_cast<double>(p.period.count()) / 1e3);
        auto const ms = fmt::format("{:.1f}", in_ms(c.time));
        auto const* const note = p.assumed ? "assumed" : "";
        if (io_.out_is_terminal)
            io_.out << fmt::format(row, p.device, class_of(p), every, table_of(r), r.address, r.count, c.bytes_sent,
                                   c.bytes_received, ms, note);
        else
            io_.out << fmt::format("request\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", link, p.device, class_of(p),
                                   p.period.count(), table_of(r), r.address, r.count, c.bytes_sent, c.bytes_received,
                                   ms, note);
    }

    void link(std::string const& name, std::size_t requests, poll::link_load const& load) override
    {
        auto const cycle = fmt::format("{:.3f}", in_ms(load.cycle()) / 1e3);
        auto const busy = fmt::format("{:.1f}", 100 * load.utilisation());
        if (io_.out_is_terminal)
            io_.out << fmt::format(link_row, name, fmt::format("{} requests", requests), cycle, busy);
        else
            io_.out << fmt::format("link\t{}\t{}\t{}\t{}\n", name, requests, cycle, busy);
    }

private:
    static constexpr auto row = "{:<20} {:<9} {:>7} {:<9} {:>6} {:>6} {:>6} {:>6} {:>8} {}\n";
    static constexpr auto link_row = "{:<48} {:>14} {:>9} {:>7}\n";
    streams io_;
};

class json_writer final : public plan_writer {
public:
    explicit json_writer(streams io) : io_{io} {}

    void request(std::string const& link, poll::planned_poll const& p, std::size_t i) override
    {
        auto const& r = p.requests[i];
        auto const& c = p.costs[i];
        io_.out << boost::json::object{{"link", link},
                                       {"device", p.device},
                                       {"class", class_of(p)},
                                       {"period_ms", p.period.count()},
                                       {"table", table_of(r)},
                                       {"address", r.address},
                                       {"count", r.count},
                                       {"bytes_sent", c.bytes_sent},
                                       {"bytes_received", c.bytes_received},
                                       {"time_ms", in_ms(c.time)},
                                       {"assumed", p.assumed}}
                << '\n';
    }

    void link(std::string const& name, std::size_t requests, poll::link_load const& load) override
    {
        io_.out << boost::json::object{{"link", name},
                                       {"requests", requests},
                                       {"cycle_s", in_ms(load.cycle()) / 1e3},
                                       {"utilisation", load.utilisation()}}
                << '\n';
    }

private:
    streams io_;
};

std::size_t requests_of(poll::link_load const& load)
{
    std::size_t sum = 0;
    for (auto const& p : load.polls)
        sum += p.requests.size();
    return sum;
}

void write(control::site_plan const& plan, std::vector<poll::link_load> const& loads, plan_writer& out)
{
    out.begin_requests();
    for (std::size_t l = 0; l < loads.size(); ++l)
        for (auto const& p : loads[l].polls)
            for (std::size_t i = 0; i < p.requests.size(); ++i)
                out.request(plan.links[l].name, p, i);
    out.begin_links();
    for (std::size_t l = 0; l < loads.size(); ++l)
        out.link(plan.links[l].name, requests_of(loads[l]), loads[l]);
}

} // namespace

bool print_plan(control::site_plan const& plan, bool json, streams io)
{
    std::vector<poll::link_load> loads;
    for (auto const& l : plan.links)
        loads.push_back(load_of(l, drivers::with_usual_device(control::cost_of(l))));
    if (json) {
        json_writer out{io};
        write(plan, loads, out);
    } else {
        text_writer out{io};
        write(plan, loads, out);
    }
    auto can = true;
    for (std::size_t l = 0; l < loads.size(); ++l)
        if (auto const why = control::overload_of(loads[l]); !why.empty()) {
            io.err << "link '" << plan.links[l].name << "': " << why << '\n';
            can = false;
        }
    return can;
}

} // namespace kilnwatt::cli
