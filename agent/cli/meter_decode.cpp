#include "agent/cli/meter_commands.hpp"

#include "agent/meter/captured_frame.hpp"
#include "agent/meter/interpretation.hpp"
#include "agent/meter/range_text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <iostream>
#include <iterator>
#include <ostream>

namespace kilnwatt::cli {
namespace {

struct decode_options {
    std::vector<std::string> words; ///< none: standard input
    unsigned address = 0;
    bool frame = false;
    bool all = false;
    bool json = false;
};

void print_interpretations(std::span<std::uint16_t const> words, std::uint16_t address, decode_options const& o,
                           streams io)
{
    table t{{{"plausible"}, {"address", true}, {"type"}, {"order"}, {"value", true}, {"why"}}};
    for (auto const& i : meter::interpretations(words, address))
        if (o.all || i.plausible)
            t.add({std::string{i.plausible ? "yes" : ""}, std::int64_t{i.address}, std::string{meter::name_of(i.type)},
                   std::string{meter::name_of(i.order)}, i.shown, i.why});
    if (t.empty() && !o.json)
        io.err << "decode: nothing plausible; --all shows every type and order\n";
    else
        t.print(io, o.json);
}

exit_code decode_registers(std::vector<std::string> const& texts, decode_options const& o, streams io)
{
    std::vector<std::uint16_t> words;
    for (auto const& text : texts) {
        auto const is_hex = text.size() == 4 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
        auto const n = meter::number_of(is_hex ? "0x" + text : text);
        if (!n || *n > 0xFFFF) {
            io.err << "decode: '" << text << "' is no register; write 4 hexadecimal digits (4248), 0x1F or a decimal "
                   << "number below 65536, or --frame for a whole frame\n";
            return exit_code::bad_frame;
        }
        words.push_back(static_cast<std::uint16_t>(*n));
    }
    if (words.empty() || words.size() > 125) {
        io.err << "decode: give 1 to 125 registers\n";
        return exit_code::usage;
    }
    print_interpretations(words, static_cast<std::uint16_t>(o.address), o, io);
    return exit_code::ok;
}

exit_code decode_frames(std::string const& text, decode_options const& o, streams io)
{
    std::string why;
    auto const bytes = meter::bytes_of_text(text, why);
    auto const frames = bytes ? meter::frames_of(*bytes, why) : std::nullopt;
    if (!frames) {
        io.err << "decode: " << why << '\n';
        return exit_code::bad_frame;
    }
    auto asked = static_cast<std::uint16_t>(o.address);
    for (auto const& f : *frames) {
        if (!o.json)
            io.out << meter::to_string(f) << '\n';
        if (f.is_request && f.address)
            asked = *f.address;
        auto const registers = f.function == 3 || f.function == 4 || f.function == 6 || f.function == 16;
        if (!f.words.empty() && registers)
            print_interpretations(f.words, f.address.value_or(asked), o, io);
        for (std::size_t i = 0; i < f.words.size() && !registers && !o.json; ++i)
            io.out << (i == 0 ? "bits " : " ") << f.words[i] << (i + 1 == f.words.size() ? "\n" : "");
    }
    return exit_code::ok;
}

exit_code run_decode(decode_options const& o, streams io)
{
    auto words = o.words;
    if (words.empty())
        words.assign(std::istream_iterator<std::string>{std::cin}, {});
    if (!o.frame)
        return decode_registers(words, o, io);
    std::string text;
    for (auto const& w : words)
        text += w + " ";
    return decode_frames(text, o, io);
}

} // namespace

void add_meter_decode(CLI::App& meter, streams io, exit_code& code)
{
    auto options = std::make_shared<decode_options>();
    auto* command = meter.add_subcommand("decode", "What registers or a captured frame mean, in every type and order");
    command->footer("Examples:\n"
                    "  kilnwatt meter decode 4248 147B\n"
                    "  kilnwatt meter decode --address 19000 --all 436C 072B 436E\n"
                    "  kilnwatt meter decode --frame 01 04 04 42 48 14 7B 20 C9\n"
                    "  cat capture.txt | kilnwatt meter decode --frame");
    command->add_option(
        "WORDS", options->words,
        "Registers (4 hexadecimal digits, 0x.. or decimal), or with --frame bytes; none: standard input");
    command->add_option("-a,--address", options->address, "Wire address of the first register")
        ->check(CLI::Range(0, 65535));
    command->add_flag("-f,--frame", options->frame, "The input is whole frames, Modbus TCP or RTU");
    command->add_flag("--all", options->all, "Every type and order, not only the plausible ones");
    command->add_flag("--json", options->json, "One JSON object a line");
    command->callback([options, io, &code] { code = run_decode(*options, io); });
}

} // namespace kilnwatt::cli
