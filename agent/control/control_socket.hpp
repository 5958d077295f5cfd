#pragma once

#include <boost/asio/local/stream_protocol.hpp>

#include <string>

namespace kilnwatt::control {

/// Binds to the path with mode 0660 and listens. A socket left behind by an agent that was killed is replaced; one that
/// somebody listens on, or a file of another kind, is not. False with a sentence in `why`.
[[nodiscard]] bool listen_at(boost::asio::local::stream_protocol::acceptor& acceptor, std::string const& path,
                             std::string& why);

} // namespace kilnwatt::control
