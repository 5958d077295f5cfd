#pragma once

#include "agent/journal/stage.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace kilnwatt::control {

/// A stage that counts the journal's turns for the watchdog and passes everything on.
class store_heartbeat final : public journal::stage {
public:
    explicit store_heartbeat(std::shared_ptr<journal::stage> next) : next_{std::move(next)} {}

    bool restore(std::string const& snapshot) override { return next_->restore(snapshot); }

    journal::stage_output on_commit(batch const& committed, stamp now, bool replaying) override
    {
        turns_.fetch_add(1, std::memory_order_relaxed);
        return next_->on_commit(committed, now, replaying);
    }

    std::uint64_t turns() const { return turns_.load(std::memory_order_relaxed); } ///< any thread

private:
    std::shared_ptr<journal::stage> next_;
    std::atomic<std::uint64_t> turns_{0};
};

} // namespace kilnwatt::control
