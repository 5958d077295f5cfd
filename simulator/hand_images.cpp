#include "simulator/hand_images.hpp"

#include "simulator/electrical.hpp"

#include <array>
#include <cmath>
#include <cstring>

namespace kilnwatt::simulator {
namespace {

using modbus::table;
using enum quantity;

/// Writes one table of an image in network byte order, the high word first.
struct pen {
    register_image& image;
    table into;

    void bytes(std::uint16_t address, unsigned char const* first, std::size_t size)
    {
        auto const out = image.at(into, address, size / 2);
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<std::uint16_t>(first[2 * i] << 8 | first[2 * i + 1]);
    }

    template <std::size_t Size>
    void number(std::uint16_t address, std::uint64_t bits)
    {
        std::array<unsigned char, Size> b{};
        for (std::size_t i = 0; i < Size; ++i)
            b[i] = static_cast<unsigned char>(bits >> 8 * (Size - 1 - i));
        bytes(address, b.data(), Size);
    }

    void word(std::uint16_t address, double v) { number<2>(address, static_cast<std::uint16_t>(std::lround(v))); }

    void two_words(std::uint16_t address, double v)
    {
        number<4>(address, static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(v))));
    }

    void real(std::uint16_t address, double v)
    {
        auto const f = static_cast<float>(v);
        std::uint32_t bits = 0;
        std::memcpy(&bits, &f, sizeof bits);
        number<4>(address, bits);
    }

    void long_real(std::uint16_t address, double v)
    {
        std::uint64_t bits = 0;
        std::memcpy(&bits, &v, sizeof bits);
        number<8>(address, bits);
    }
};

electrical low_voltage(plant const& p, feeder at)
{
    return {at, p.state().supply.low_v, p.state().supply.hz};
}

/// PAC2200: floats from 1 on, energies in Wh as doubles at 801 and 809; functions 3 and 4 see the same.
void pac2200(plant const& p, register_image& image)
{
    auto const e = low_voltage(p, p.state().transformer);
    for (auto const t : {table::holding_registers, table::input_registers}) {
        pen to{image, t};
        for (std::size_t i = 0; i < 3; ++i) {
            auto const step = static_cast<std::uint16_t>(2 * i);
            auto const at = [step](int address) { return static_cast<std::uint16_t>(address + step); };
            to.real(at(1), e.volts[i]);
            to.real(at(7), e.line_volts(i));
            to.real(at(13), e.amps(i));
            to.real(at(19), e.phase(i).apparent_va());
            to.real(at(25), e.phase(i).p_w);
            to.real(at(31), e.phase(i).q_var);
            to.real(at(37), e.phase(i).power_factor());
        }
        to.real(55, e.hz);
        to.real(63, e.at.apparent_va());
        to.real(65, e.at.p_w);
        to.real(67, e.at.q_var);
        to.real(69, e.at.power_factor());
        to.long_real(801, p.counter(trf_e_imp) * 1000.0);
        to.long_real(809, p.counter(trf_e_exp) * 1000.0);
    }
}

/// ADW300: tenths of a volt, hundredths of an ampere, whole watts and hundredths of a kWh.
void adw300(plant const& p, register_image& image)
{
    auto const e = low_voltage(p, p.state().loads.mill_feeder);
    pen to{image, table::holding_registers};
    for (std::uint16_t i = 0; i < 3; ++i) {
        to.word(static_cast<std::uint16_t>(20 + i), e.volts[i] * 10.0);
        to.word(static_cast<std::uint16_t>(26 + i), e.amps(i) * 100.0);
        to.two_words(static_cast<std::uint16_t>(30 + 2 * i), e.phase(i).p_w);
    }
    to.two_words(36, e.at.p_w);
    to.two_words(62, p.counter(mill_e) * 100.0);
    to.two_words(64, 0);
}

/// DTSU666: floats that count tenths, thousandths and hundredths; ratios of 1 and 1.0 at 6 and 7; kWh as they are.
void dtsu666(plant const& p, register_image& image)
{
    auto const e = low_voltage(p, p.state().loads.kiln_fans);
    pen to{image, table::holding_registers};
    to.word(6, 1);
    to.word(7, 10);
    for (std::size_t i = 0; i < 3; ++i) {
        auto const at = [i](int address) { return static_cast<std::uint16_t>(address + 2 * static_cast<int>(i)); };
        to.real(at(0x2000), e.line_volts(i) * 10.0);
        to.real(at(0x2006), e.volts[i] * 10.0);
        to.real(at(0x200C), e.amps(i) * 1000.0);
        to.real(at(0x2014), e.phase(i).p_w * 10.0);
        to.real(at(0x201C), e.phase(i).q_var * 10.0);
        to.real(at(0x202C), e.phase(i).power_factor() * 1000.0);
        to.real(at(0x1020), p.counter(kiln_e) * electrical::share[i]);
        to.real(at(0x102A), 0.0);
    }
    to.real(0x2012, e.at.p_w * 10.0);
    to.real(0x201A, e.at.q_var * 10.0);
    to.real(0x202A, e.at.power_factor() * 1000.0);
    to.real(0x2044, e.hz * 100.0);
    to.real(0x101E, p.counter(kiln_e));
    to.real(0x1028, 0.0);
}

} // namespace

std::optional<device_image> hand_image(std::string_view device, std::string_view profile)
{
    device_image made;
    if (device == "transformer" && profile == "siemens_pac2200") {
        for (auto const t : {table::holding_registers, table::input_registers}) {
            made.registers.add(t, 1, 70);
            made.registers.add(t, 801, 12);
        }
        made.paint = pac2200;
        return made;
    }
    if (device == "ball-mill-meter" && profile == "acrel_adw300") {
        made.registers.add(table::holding_registers, 20, 46);
        made.paint = adw300;
        return made;
    }
    if (device == "kiln-meter" && profile == "chint_dtsu666") {
        made.registers.add(table::holding_registers, 6, 2);
        made.registers.add(table::holding_registers, 0x101E, 18);
        made.registers.add(table::holding_registers, 0x2000, 70);
        made.paint = dtsu666;
        return made;
    }
    return std::nullopt;
}

} // namespace kilnwatt::simulator
