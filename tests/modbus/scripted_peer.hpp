#pragma once

#include "core/link_address.hpp"
#include "hex.hpp"
#include "protocols/modbus/pdu.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace kilnwatt::modbus {

/// The other end of a link: a TCP server, or the master side of a pseudo terminal, on a thread that follows a script.
///
/// Every wait ends after ten seconds or when the peer is destroyed; the script is left then. Marks tell the test how
/// far the script has come, and the test can let it go on.
class scripted_peer {
public:
    using script = std::function<void(scripted_peer&)>;

    scripted_peer(link_kind kind, script play);
    ~scripted_peer();
    scripted_peer(scripted_peer const&) = delete;

    link_address address() const;

    // For the test.
    bool wait_for_mark(int n);
    void go_on();

    // For the script.
    void accept(); ///< a connection; on a terminal a new one under the same path, after hang_up()
    read_request request();
    octets take(std::size_t n); ///< so many bytes as they came: the frame of a write
    void send(octets const& b);
    /// A frame with the transaction of the last request.
    octets frame(read_request const& to, octets const& pdu) const;
    octets answer(read_request const& to, std::vector<std::uint16_t> const& words) const;
    void hang_up();
    void mark();
    void wait_for_go();
    void pause(std::chrono::milliseconds for_so_long);
    std::size_t seen() const { return requests_; }

private:
    struct over {};

    void listen();
    void open_terminal();
    void receive_some();
    void wait_readable(int fd);
    bool is_tcp() const { return kind_ != link_kind::serial; }

    link_kind kind_;
    int listener_ = -1;
    int fd_ = -1;
    std::uint16_t port_ = 0;
    std::string folder_;
    octets received_;
    std::uint16_t transaction_ = 0;
    std::size_t requests_ = 0;

    std::mutex mutex_;
    std::condition_variable changed_;
    int marks_ = 0;
    int goes_ = 0;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace kilnwatt::modbus
