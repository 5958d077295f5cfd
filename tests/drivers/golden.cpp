#include "tests/drivers/golden.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kilnwatt {
namespace {

/// The lines of a file without comments and empty lines.
std::vector<std::string> lines_of(std::string const& path)
{
    std::ifstream in{path};
    if (!in)
        throw std::runtime_error{"cannot read " + path};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        line.resize(std::min(line.find('#'), line.size()));
        if (line.find_first_not_of(" \t\r") != std::string::npos)
            lines.push_back(line);
    }
    return lines;
}

modbus::table table_of(std::string const& word)
{
    if (word == "holding")
        return modbus::table::holding_registers;
    if (word == "input")
        return modbus::table::input_registers;
    throw std::runtime_error{"no table: " + word};
}

} // namespace

void load_image(std::string const& path, register_link& link)
{
    for (auto const& line : lines_of(path)) {
        std::istringstream words{line};
        std::string table;
        std::string address;
        words >> table >> address;
        if (address.empty() || address.back() != ':')
            throw std::runtime_error{"no address: " + line};
        auto at = static_cast<std::uint16_t>(std::stoul(address, nullptr, 0));
        for (std::string word; words >> word; ++at) {
            if (word.size() != 4)
                throw std::runtime_error{"no word: " + line};
            link.put(at, {static_cast<std::uint16_t>(std::stoul(word, nullptr, 16))}, table_of(table));
        }
    }
}

std::vector<expected_value> load_expected(std::string const& path)
{
    std::vector<expected_value> values;
    for (auto const& line : lines_of(path)) {
        expected_value e;
        std::istringstream words{line};
        words >> e.name >> std::ws;
        if (words.peek() == '"') {
            words.get();
            std::getline(words, e.value, '"');
        } else {
            words >> e.value;
        }
        words >> e.unit >> e.quality;
        if (e.quality.empty())
            throw std::runtime_error{"not name, value, unit and quality: " + line};
        if (e.unit == "1")
            e.unit.clear();
        values.push_back(std::move(e));
    }
    return values;
}

} // namespace kilnwatt
