#pragma once

#include "drivers/profile.hpp"
#include "drivers/read_plan.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace kilnwatt::drivers::sunspec {

inline constexpr std::array<std::uint16_t, 3> bases{40000, 0, 50000}; ///< where a chain may start, in order of trial
inline constexpr std::array<std::uint16_t, 2> marker{0x5375, 0x6E53}; ///< "SunS"
inline constexpr std::uint16_t end_of_chain = 0xFFFF;
inline constexpr std::size_t models_max = 128;
inline constexpr std::uint16_t groups_max = 24;

/// One model of a device's chain.
struct block {
    std::uint16_t id = 0;
    std::uint16_t address = 0; ///< of the id register
    std::uint16_t length = 0;  ///< registers after the length register, as the device says
    std::uint16_t groups = 0;  ///< instances of the repeating group

    friend bool operator==(block const&, block const&) = default;
};

/// Walks a device's chains: says what to read next and learns from the answers. Every base is looked at; a chain with
/// the models and lengths of an earlier one is the same seen at another address and left out. Pure; nothing a device
/// answers makes it walk more than models_max models from a base.
class chain_walk {
public:
    enum class outcome {
        walking,
        found,
        no_marker, ///< no "SunS" at any base
        broken,    ///< the first chain has no models, too many, or leaves the address space
    };

    /// The registers to read; nothing once the walk has ended.
    std::optional<read_range> next() const;
    /// Their content; words.size() is next()->count.
    void answer(std::span<std::uint16_t const> words);
    /// The device answered that it does not have them.
    void refuse();

    /// A chain is found; next() only looks whether there is another one, and a silence there is no failure.
    bool looks_further() const { return outcome_ == outcome::walking && reading_ == reading::start && !chain_.empty(); }

    outcome result() const { return outcome_; }
    /// The blocks of all chains, one chain after the other.
    std::vector<block> const& chain() const { return chain_; }

private:
    enum class reading { start, header, count };

    void next_base();
    void end_chain();
    bool is_seen_before() const;
    void take_header(std::uint16_t id, std::uint16_t length);
    void take_count(std::optional<std::uint16_t> declared);

    outcome outcome_ = outcome::walking;
    reading reading_ = reading::start;
    std::size_t base_ = 0;
    bool has_marker_ = false;
    std::uint32_t header_at_ = 0;
    std::size_t first_ = 0; ///< block of the chain that is walked
    std::vector<block> chain_;
};

/// The points a chain brings, by address: vocabulary names from the preferred model (see config/sunspec/models.toml),
/// what a second model says of the same quantity as vendor.m<model>_<point>. Models we do not know and points beyond
/// the device's model length are left out. Of a chain with several parts `part` chooses one, from 1; 0 takes all: the
/// first with its names, the others as vendor.part<n>_<name>. No point when there is no such part. Pure.
std::vector<point> points_of(std::span<block const> chain, int part = 0);

/// The sub-devices of a chain: each begins with a common block (model 1). Pure.
std::vector<std::span<block const>> parts_of(std::span<block const> chain);

/// A model a simulated device shall have.
struct wanted_model {
    std::uint16_t id = 0;
    std::uint16_t groups = 0;
};

/// Places models we know one after the other from `base`, as a device would; unknown ids are left out. Pure.
std::vector<block> lay_out(std::uint16_t base, std::span<wanted_model const> models);

/// The registers that make lay_out()'s blocks a chain: marker, ids, lengths, group counts and the end, as (address,
/// word). Points that are not written should hold encode_missing().
std::vector<std::pair<std::uint16_t, std::uint16_t>> frame_of(std::uint16_t base, std::span<block const> chain);

} // namespace kilnwatt::drivers::sunspec
