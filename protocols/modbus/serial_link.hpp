#pragma once

#include "protocols/modbus/deadline_list.hpp"
#include "protocols/modbus/serial_line.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

namespace kilnwatt::modbus {

/// A serial line with a thread of its own, as an Asio citizen: read() and write() suspend their caller on the executor
/// while the thread waits. Must outlive its exchange. Destruction interrupts the thread and joins it.
class serial_link final : public link {
public:
    serial_link(asio::any_io_executor executor, deadline_list& deadlines, link_address address, link_timing timing);
    ~serial_link() override;

    asio::awaitable<result<void>> read(read_request request, std::span<std::uint16_t> words) override;
    asio::awaitable<result<void>> write(write_request request) override;
    void close() override;
    bool is_open() const override { return open_; }
    link_statistics const& statistics() const override { return statistics_; }
    link_address const& address() const override { return address_; }

private:
    /// What the thread hands back; it touches nothing else of the link but line_.
    struct job {
        read_job read;
        std::array<std::uint16_t, bits_max> words;
        question asked;
        boost::system::error_code ec;
        link_statistics statistics;
        bool open;
    };

    asio::awaitable<boost::system::error_code> carry();
    void run();

    asio::any_io_executor executor_;
    deadline_list& deadlines_;
    link_address address_;
    link_timing timing_;

    link_statistics statistics_;
    bool open_ = false;
    bool carrying_ = false;
    job job_{};
    asio::steady_timer done_;
    bool is_done_ = false;
    deadline_list::guard idle_;

    serial_line line_;
    asio::thread_pool thread_{1};
};

} // namespace kilnwatt::modbus
