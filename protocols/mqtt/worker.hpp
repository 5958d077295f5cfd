#pragma once

#include <functional>

namespace kilnwatt::mqtt {

/// Runs `job` on the one thread of the process that calls Paho, after all jobs given before. Jobs must not throw.
///
/// One thread, because Paho guards all its clients with one mutex anyway. It starts with the first job and is joined
/// when the process exits, after the jobs that wait. While it lives it keeps an idle client: destroying Paho's last
/// client would stop Paho's threads, which takes up to a second.
void run_on_paho_worker(std::function<void()> job);

} // namespace kilnwatt::mqtt
