#pragma once

#include "drivers/read_plan.hpp"

#include <list>
#include <optional>
#include <span>
#include <vector>

namespace kilnwatt::drivers {

/// Decides what one pass over a class of points asks for, and learns from refusals which registers the device does not
/// have: a refused request is halved until the missing point, or the gap or line between two points, is found. Before
/// the pass ends, every request of the plan that follows from it was answered once, so that the next pass has no
/// refusal.
///
/// Pure. At most extra_requests_max requests more than the plan has; what is not found by then is found by later
/// passes.
class read_pass {
public:
    static constexpr int extra_requests_max = 128;

    /// `holes` is the device's memory; the pass adds to it. All arguments outlive the pass.
    read_pass(std::span<point const> points, request_limits limits, read_plan const& plan,
              std::vector<read_range>& holes);

    /// The next request, of the plan or of the pass, which lives as long as they; null when the pass is over, or, while
    /// `others_are_open`, when their ends decide what is next. At the end of each exactly one of the four below.
    planned_request const* next(bool others_are_open = false);

    void answered(planned_request const& r);
    void refused(planned_request const& r);          ///< exception 2 or 3
    void refused_function(planned_request const& r); ///< exception 1: the device does not read this table
    void failed(planned_request const& r);           ///< no answer, or an exception that says nothing about addresses

    bool has_learned() const { return has_learned_; }

private:
    /// A refused request of several points and what to avoid when no smaller reason for the refusal is found.
    struct refusal {
        read_range range;
        std::optional<read_range> between;
    };

    void ask_also(planned_request r);
    void remember(read_range const& hole);
    void settle();
    bool is_proven(read_range const& r) const;

    std::span<point const> points_;
    request_limits limits_;
    std::vector<read_range>& holes_;
    std::span<planned_request const> planned_;  ///< the rest of the plan
    std::list<planned_request> own_;            ///< what the plan does not have
    std::vector<planned_request const*> extra_; ///< those of them to ask for next, before the rest; the next one last
    std::vector<read_range> proven_;
    std::vector<refusal> refusals_;
    int extra_left_ = extra_requests_max;
    bool is_settled_ = true;
    bool has_learned_ = false;
};

} // namespace kilnwatt::drivers
