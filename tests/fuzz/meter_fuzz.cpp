#include "agent/meter/captured_frame.hpp"
#include "agent/meter/interpretation.hpp"
#include "agent/meter/recording.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace kilnwatt;

/// What an engineer pastes into `kilnwatt meter decode`, and a recording somebody edited: either it is understood, or
/// there is one reason in one line.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const check = [](bool understood, std::string const& why) {
        if (!understood && (why.empty() || why.find('\n') != std::string::npos))
            std::abort();
    };
    std::string why;
    auto const frames = meter::frames_of({data, size}, why);
    check(frames.has_value(), why);
    if (frames)
        for (auto const& f : *frames) {
            if (meter::to_string(f).empty())
                std::abort();
            meter::interpretations(f.words, f.address.value_or(0));
        }
    std::string const text{reinterpret_cast<char const*>(data), size};
    why.clear();
    check(meter::bytes_of_text(text, why).has_value(), why);
    why.clear();
    auto recording = meter::read_recording(text, why);
    check(recording.has_value(), why);
    if (recording) {
        std::string again;
        for (auto const& e : *recording)
            again += meter::to_line(e);
        if (meter::read_recording(again, why) != recording)
            std::abort();
    }
    return 0;
}
