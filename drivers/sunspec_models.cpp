#include "drivers/sunspec_models.hpp"

#include "drivers/decode.hpp"

#include <algorithm>

namespace kilnwatt::drivers::sunspec {
namespace {

constexpr std::int64_t id_max = 0xFFFE;
constexpr std::int64_t length_max = 0xFFFF;

/// The pattern that says "not implemented" (SunSpec Device Information Model Specification); floats have NaN, texts
/// NUL.
std::vector<std::uint64_t> not_implemented(point const& p)
{
    if (p.accumulator)
        return {};
    switch (p.type) {
    case point_type::i16:
    case point_type::i32:
    case point_type::i64:
        return {std::uint64_t{1} << (bits_of(p.type) - 1)};
    case point_type::u16:
    case point_type::u32:
    case point_type::u64:
        return {~std::uint64_t{0} >> (64 - bits_of(p.type))};
    default:
        return {};
    }
}

std::vector<std::uint16_t> read_ids(config::table& t, std::string_view key)
{
    std::vector<std::uint16_t> ids;
    for (auto const id : t.integers(key).value_or(std::vector<std::int64_t>{})) {
        if (id < 1 || id > id_max)
            t.complain(key, "a model id is 1 to 65534");
        else
            ids.push_back(static_cast<std::uint16_t>(id));
    }
    return ids;
}

model read_model(config::table& t)
{
    model m;
    t.require("ids", "the numbers of the model");
    m.ids = read_ids(t, "ids");
    m.supersedes = read_ids(t, "supersedes");
    t.require("length", "registers after the length register");
    m.length = static_cast<std::uint16_t>(t.integer("length", 1, length_max).value_or(1));
    if (auto group = t.child("group")) {
        m.group_length = static_cast<std::uint16_t>(group->integer("length", 1, length_max).value_or(1));
        m.count_at = static_cast<std::uint16_t>(group->integer("count", 2, length_max).value_or(2));
        group->refuse_unknown();
    }
    m.exact_from = static_cast<std::uint16_t>(t.integer("exact_from", 2, length_max).value_or(m.exact_from));
    m.points = read_points(t, "points");
    auto const end = m.length + 2 + m.group_length;
    for (auto& p : m.points) {
        p.sentinels = not_implemented(p);
        if (p.address < 2 || p.address + p.registers > end)
            t.complain("points", p.name + " lies outside the model");
    }
    t.refuse_unknown();
    return m;
}

} // namespace

std::vector<model> read_models(config::document& doc)
{
    std::vector<model> found;
    doc.root.integer("schema", 1, 1);
    for (auto& t : doc.root.children("model"))
        found.push_back(read_model(t));
    doc.root.refuse_unknown();
    return found;
}

std::vector<model> const& models()
{
    static auto const all = [] {
        auto doc = config::read_text(std::string{models_text()}, "sunspec/models.toml");
        return read_models(doc);
    }();
    return all;
}

model const* model_of(std::uint16_t id)
{
    auto const& all = models();
    auto const found = std::find_if(all.begin(), all.end(), [id](model const& m) {
        return std::find(m.ids.begin(), m.ids.end(), id) != m.ids.end();
    });
    return found == all.end() ? nullptr : &*found;
}

} // namespace kilnwatt::drivers::sunspec
