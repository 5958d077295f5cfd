#include "agent/cli/journal_commands.hpp"
#include "agent/cli/sink_status.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <memory>
#include <ostream>

namespace kilnwatt::cli {
namespace {

namespace json = boost::json;

using sink_map = std::map<std::string, sink_status>;

std::string when(std::optional<utc_time> t)
{
    if (!t)
        return "-";
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(*t)));
}

void print_text(journal::journal_status const& s, sink_map const& sinks, streams io)
{
    io.out << fmt::format("epoch {}  schema {}  run {}  file {} B  WAL {} B  positions {} to {}\n", s.epoch, s.schema,
                          s.boot, s.file_bytes, s.wal_bytes, s.oldest, s.head);
    io.out << fmt::format("\n{:<24}{:>10}{:>14}  {:<22}{:<22}\n", "STREAM", "segments", "bytes", "first", "last");
    for (auto const& st : s.streams)
        io.out << fmt::format("{:<24}{:>10}{:>14}  {:<22}{:<22}\n", to_string(st.kind), st.segments, st.bytes,
                              when(st.first_time), when(st.last_time));
    io.out << fmt::format("\n{:<24}{:>12}{:>12}{:>12}{:>12}\n", "DEVICE", "read", "stored", "unstored", "dropped");
    for (auto const& [device, l] : s.ledger) // "site" counts the plant's events
        io.out << fmt::format("{:<24}{:>12}{:>12}{:>12}{:>12}\n", device, l.read, l.stored, l.unstored, l.dropped);
    for (auto const& [name, sink] : sinks) {
        io.out << fmt::format("\nSINK {} (unconfirmed from {})\n", name, sink.unconfirmed);
        io.out << fmt::format("{:<24}{:>12}{:>12}{:>12}{:>12}\n", "DEVICE", "sent", "confirmed", "waiting", "dropped");
        for (auto const& [device, d] : sink.devices)
            io.out << fmt::format("{:<24}{:>12}{:>12}{:>12}{:>12}\n", device, d.sent, d.confirmed, d.waiting,
                                  d.dropped ? fmt::to_string(*d.dropped) : "-");
    }
}

json::value or_null(std::optional<utc_time> t)
{
    return t ? json::value(when(t)) : json::value(nullptr);
}

void print_json(journal::journal_status const& s, sink_map const& sinks, streams io)
{
    json::object o{{"epoch", s.epoch},         {"schema", s.schema}, {"run", s.boot}, {"file_bytes", s.file_bytes},
                   {"wal_bytes", s.wal_bytes}, {"oldest", s.oldest}, {"head", s.head}};
    auto& streams = o["streams"].emplace_array();
    for (auto const& st : s.streams)
        streams.push_back(json::object{{"stream", to_string(st.kind)},
                                       {"segments", st.segments},
                                       {"bytes", st.bytes},
                                       {"first", or_null(st.first_time)},
                                       {"last", or_null(st.last_time)}});
    auto& devices = o["devices"].emplace_array();
    for (auto const& [device, l] : s.ledger)
        devices.push_back(json::object{{"device", device},
                                       {"read", l.read},
                                       {"stored", l.stored},
                                       {"unstored", l.unstored},
                                       {"dropped", l.dropped}});
    auto& all = o["sinks"].emplace_array();
    for (auto const& [name, sink] : sinks) {
        json::array of_sink;
        for (auto const& [device, d] : sink.devices)
            of_sink.push_back(json::object{{"device", device},
                                           {"sent", d.sent},
                                           {"confirmed", d.confirmed},
                                           {"waiting", d.waiting},
                                           {"dropped", d.dropped ? json::value(*d.dropped) : json::value(nullptr)}});
        all.push_back(
            json::object{{"sink", name}, {"unconfirmed_from", sink.unconfirmed}, {"devices", std::move(of_sink)}});
    }
    io.out << json::serialize(o) << '\n';
}

exit_code run_status(std::string const& path, bool as_json, streams io)
{
    auto reader = open_journal(path, io);
    if (reader.has_error())
        return exit_code::failure;
    auto const status = reader->status();
    auto const sinks = status.has_error() ? status.error() : sinks_of(*reader, *status, progress_bar(io, "status"));
    if (sinks.has_error()) {
        io.err << "journal: " << path << ": " << sinks.error().message() << '\n';
        return exit_code::failure;
    }
    as_json ? print_json(*status, *sinks, io) : print_text(*status, *sinks, io);
    return exit_code::ok;
}

} // namespace

void add_journal_status(CLI::App& journal, streams io, exit_code& code)
{
    auto path = std::make_shared<std::string>();
    auto as_json = std::make_shared<bool>(false);
    auto* c = journal.add_subcommand("status", "What it holds, and the ledger per device and sink");
    c->footer("Read = stored + unstored; for each sink stored = confirmed + waiting + dropped.\n"
              "Example:\n  kilnwatt journal status journal.db --json");
    c->add_option("PATH", *path, "Journal file")->required();
    c->add_flag("--json", *as_json, "One JSON object");
    c->callback([path, as_json, io, &code] { code = run_status(*path, *as_json, io); });
}

} // namespace kilnwatt::cli
