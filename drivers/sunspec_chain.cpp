#include "drivers/sunspec_chain.hpp"

#include "drivers/sunspec_models.hpp"

#include <algorithm>

namespace kilnwatt::drivers::sunspec {
namespace {

constexpr std::uint32_t address_space = 0x1'0000;
constexpr std::uint16_t header_length = 2;
constexpr std::uint16_t count_missing = 0xFFFF;

} // namespace

std::optional<read_range> chain_walk::next() const
{
    if (outcome_ != outcome::walking)
        return std::nullopt;
    auto const table = modbus::table::holding_registers;
    switch (reading_) {
    case reading::start:
        return read_range{table, bases[base_], static_cast<std::uint16_t>(marker.size())};
    case reading::header:
        return read_range{table, static_cast<std::uint16_t>(header_at_), header_length};
    case reading::count:
        break;
    }
    auto const& b = chain_.back();
    return read_range{table, static_cast<std::uint16_t>(b.address + model_of(b.id)->count_at), 1};
}

void chain_walk::answer(std::span<std::uint16_t const> words)
{
    switch (reading_) {
    case reading::start:
        if (!std::equal(words.begin(), words.end(), marker.begin(), marker.end()))
            return refuse();
        header_at_ = static_cast<std::uint32_t>(bases[base_] + marker.size());
        has_marker_ = true;
        first_ = chain_.size();
        reading_ = reading::header;
        return;
    case reading::header:
        return take_header(words[0], words[1]);
    case reading::count:
        return take_count(words[0]);
    }
}

void chain_walk::refuse()
{
    switch (reading_) {
    case reading::start:
        return next_base();
    case reading::header:
        return end_chain(); // some devices have no end marker
    case reading::count:
        return take_count(std::nullopt);
    }
}

void chain_walk::next_base()
{
    reading_ = reading::start;
    if (++base_ < bases.size())
        return;
    if (!chain_.empty())
        outcome_ = outcome::found;
    else
        outcome_ = has_marker_ ? outcome::broken : outcome::no_marker;
}

void chain_walk::end_chain()
{
    if (is_seen_before())
        chain_.resize(first_);
    next_base();
}

/// True when the chain just walked shows what an earlier one showed.
bool chain_walk::is_seen_before() const
{
    auto const is_same = [](block const& a, block const& b) { return a.id == b.id && a.length == b.length; };
    auto const begin = chain_.begin() + static_cast<std::ptrdiff_t>(first_);
    return first_ > 0 && std::search(chain_.begin(), begin, begin, chain_.end(), is_same) != begin;
}

void chain_walk::take_header(std::uint16_t id, std::uint16_t length)
{
    if (id == end_of_chain || id == 0)
        return end_chain();
    auto const next = header_at_ + header_length + length;
    if (next + header_length > address_space || chain_.size() == models_max) {
        if (first_ > 0) { // what was found before is still good
            chain_.resize(first_);
            return next_base();
        }
        outcome_ = outcome::broken;
        return;
    }
    chain_.push_back({.id = id, .address = static_cast<std::uint16_t>(header_at_), .length = length});
    header_at_ = next;
    auto const* known = model_of(id);
    if (known != nullptr && known->group_length != 0 && known->count_at < length + header_length)
        reading_ = reading::count;
}

void chain_walk::take_count(std::optional<std::uint16_t> declared)
{
    auto& b = chain_.back();
    auto const& m = *model_of(b.id);
    auto const fit = b.length > m.length ? (b.length - m.length) / m.group_length : 0;
    auto const count = declared && *declared != count_missing ? std::min<int>(*declared, fit) : fit;
    b.groups = static_cast<std::uint16_t>(std::min<int>(count, groups_max));
    reading_ = reading::header;
}

std::vector<block> lay_out(std::uint16_t base, std::span<wanted_model const> models)
{
    std::vector<block> chain;
    auto at = static_cast<std::uint32_t>(base + marker.size());
    for (auto const& w : models) {
        auto const* m = model_of(w.id);
        if (m == nullptr)
            continue;
        auto const groups = m->group_length == 0 ? 0 : std::min(w.groups, groups_max);
        auto const length = m->length + groups * m->group_length;
        auto const next = at + header_length + static_cast<std::uint32_t>(length);
        if (next + header_length > address_space)
            break;
        chain.push_back({w.id, static_cast<std::uint16_t>(at), static_cast<std::uint16_t>(length),
                         static_cast<std::uint16_t>(groups)});
        at = next;
    }
    return chain;
}

std::vector<std::pair<std::uint16_t, std::uint16_t>> frame_of(std::uint16_t base, std::span<block const> chain)
{
    std::vector<std::pair<std::uint16_t, std::uint16_t>> words;
    auto const put = [&](int address, std::uint16_t word) {
        words.emplace_back(static_cast<std::uint16_t>(address), word);
    };
    put(base, marker[0]);
    put(base + 1, marker[1]);
    int end = base + 2;
    for (auto const& b : chain) {
        put(b.address, b.id);
        put(b.address + 1, b.length);
        auto const* m = model_of(b.id);
        if (m != nullptr && m->group_length != 0)
            put(b.address + m->count_at, b.groups);
        end = b.address + header_length + b.length;
    }
    put(end, end_of_chain);
    put(end + 1, 0);
    return words;
}

} // namespace kilnwatt::drivers::sunspec
