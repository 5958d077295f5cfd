#pragma once

#include "agent/energy/byte_stream.hpp"
#include "core/record.hpp"

namespace kilnwatt::pipeline {

/// Holds readings back from windows while nobody knows what time it was when they were taken. The journal keeps them;
/// once a reading's time is known again it shows those before it anew, with the times that are known by then. Pure.
class time_gate {
public:
    enum class way : std::uint8_t {
        fold,      ///< its time is known
        hold,      ///< not yet
        look_back, ///< the first one that is known: those held back can be shown again now
        leave_out, ///< its time will never be known: the machine was off before its clock was right
    };
    struct decision {
        way what = way::fold;
        bool news = false; ///< another one than for the reading before
    };

    decision on_reading(record const& r)
    {
        auto const before = last_;
        last_ = way::fold;
        if (!r.trusted)
            last_ = r.pos < known_from_ ? way::leave_out : way::hold;
        else if (before == way::hold)
            last_ = way::look_back;
        if (last_ == way::look_back)
            known_from_ = r.pos;
        return {last_, last_ != before};
    }

    bool holding() const { return last_ == way::hold; }

    void save(energy::byte_writer& w) const
    {
        w.number(static_cast<std::uint64_t>(last_));
        w.number(known_from_);
    }

    void load(energy::byte_reader& r)
    {
        auto const n = r.number();
        if (n > static_cast<std::uint64_t>(way::leave_out))
            return r.fail();
        last_ = static_cast<way>(n);
        known_from_ = r.number();
    }

private:
    way last_ = way::fold;
    position known_from_ = 0; ///< of an untrusted reading before it nothing more will become known
};

} // namespace kilnwatt::pipeline
