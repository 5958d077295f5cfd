#pragma once

#include "tests/support/process.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::test {

/// What a command printed and returned.
struct told {
    int code = -1;
    std::string out;
    std::string err;
};

/// A bench with the example plant's devices on ports of their own, each as `kilnwatt simulate` serves it.
class bench {
public:
    bench();

    /// The text with the ports of the example replaced by those of this bench.
    std::string here(std::string text) const;

    /// Runs a command line of a shell in the bench's folder, `kilnwatt` being the program under test.
    told run(std::string const& line) const;

    std::string site() const { return folder_.file("site.toml"); }
    scratch_folder const& folder() const { return folder_; }

private:
    scratch_folder folder_;
    std::map<std::string, std::string> ports_; ///< of the example, and here
    std::optional<process> simulator_;
};

} // namespace kilnwatt::test
