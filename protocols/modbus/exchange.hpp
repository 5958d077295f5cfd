#pragma once

#include "protocols/modbus/link.hpp"
#include "protocols/modbus/rtu_framing.hpp"
#include "protocols/modbus/tcp_framing.hpp"
#include "protocols/modbus/write_pdu.hpp"

#include <array>
#include <optional>
#include <variant>

namespace kilnwatt::modbus {

/// What an exchange is for: reads, of which each job is told its end, or a write.
using question = std::variant<std::span<read_job>, write_request>;

/// True when the protocol allows it, and there is room for what is read. `answers_broadcast`: unit 0 is a unit like any
/// other, as on TCP; on a line nobody answers it.
bool is_valid(question const& asked, bool answers_broadcast) noexcept;

/// Of the first answer; there is at least one job.
answer_shape shape_of(question const& asked) noexcept;

enum class framing : std::uint8_t { tcp, rtu };

/// One request after the other, on TCP also several at once, and the search for each answer in the bytes that come
/// back. No I/O and no clock: every kind of link obeys it. Lives as long as its link and keeps its counts; a fixed
/// buffer holds what was received.
class exchange {
public:
    struct outcome {
        boost::system::error_code ec; ///< of several reads the first error among them
        bool reopen = false; ///< the connection must be closed: what follows on it cannot be understood
    };

    exchange(framing how, link_timing const& timing);

    /// Frames carry no transaction: what was received before a request must be dropped before it is sent.
    bool late_answers_fit() const { return framing_ == framing::rtu || timing_.lenient_transaction_id; }

    /// Starts the exchange of valid requests: one, or on TCP up to in_flight_limit. The jobs outlive it; each is told
    /// its end. Returns the frames to send, valid until the next begin().
    byte_view begin(std::span<read_job> jobs);
    /// The same for a write; its values outlive the exchange. Once sent, only an outcome without an error says that the
    /// device took them.
    byte_view begin(write_request const& request);
    byte_view ask(question const& asked); ///< begin() of either

    /// Free room for received bytes; never empty between begin() and an outcome.
    std::span<std::uint8_t> room();

    /// `n` bytes were put into room(). Nothing while an answer is missing; a read that succeeds has filled its words.
    std::optional<outcome> received(std::size_t n);

    /// The deadline passed: timeout, or malformed_reply when a line carried bytes that made no answer.
    outcome expired();
    /// Requests that wait for their answer.
    std::size_t open() const { return open_count_; }

    /// True when bytes came back that may belong to the answer.
    bool heard() const { return useless_ > 0 || begin_ < end_; }

    /// A new connection was made.
    void connected();
    /// What was received and not used means nothing any more.
    void forget();
    /// Bytes were read and dropped outside an exchange.
    void dropped(std::size_t n) { statistics_.bytes_received += n; }

    link_statistics const& statistics() const { return statistics_; }

private:
    /// A request without its answer.
    struct pending {
        answer_shape expected{};
        std::uint16_t transaction = 0;
        read_job* job = nullptr; ///< none: the write
    };

    void start(std::size_t requests);
    std::size_t add(answer_shape const& expected, byte_view pdu, read_job* job, std::size_t at);
    pending& addressee();
    match look(pending const& p);
    void take(std::size_t n);
    std::optional<outcome> answered(pending& p, byte_view pdu);
    outcome failed(errc e, bool reopen);
    void close(pending& p, boost::system::error_code how);
    void close_all(boost::system::error_code how);

    framing framing_;
    link_timing timing_;
    link_statistics statistics_;

    std::array<pending, in_flight_limit> open_{};
    std::size_t open_count_ = 0;
    boost::system::error_code first_error_;
    std::optional<write_request> write_;
    std::uint16_t transaction_ = 0; ///< of the last request
    rtu_matcher rtu_;
    int strangers_left_ = 0;
    std::size_t useless_ = 0; ///< bytes of this exchange that were no frame

    std::array<std::uint8_t, tcp_frame_max> frame_{};
    std::array<std::uint8_t, 2 * tcp_frame_max> received_{};
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace kilnwatt::modbus
