#include "protocols/modbus/exchange.hpp"

#include <algorithm>

namespace kilnwatt::modbus {
namespace {

constexpr std::size_t smallest_answer = 5; ///< an RTU exception

} // namespace

exchange::exchange(framing how, link_timing const& timing) : framing_{how}, timing_{timing}, rtu_{expected_, {}} {}

byte_view exchange::begin(read_request const& request)
{
    request_ = request;
    write_.reset();
    return begin(shape_of(request), encode_request(request));
}

byte_view exchange::begin(write_request const& request)
{
    write_ = request;
    std::array<std::uint8_t, pdu_max> pdu{};
    auto const size = encode_write(request, pdu);
    return begin(shape_of(request), byte_view{pdu}.first(size));
}

byte_view exchange::begin(answer_shape const& expected, byte_view pdu)
{
    expected_ = expected;
    strangers_ = 0;
    useless_ = 0;
    if (late_answers_fit())
        forget();
    ++statistics_.requests;
    std::size_t size = 0;
    if (framing_ == framing::tcp) {
        size = encode_tcp(++transaction_, expected.unit, pdu, frame_);
    } else {
        size = encode_rtu(expected.unit, pdu, std::span{frame_}.first<rtu_frame_max>());
        rtu_ = rtu_matcher{expected, timing_.local_echo ? byte_view{frame_}.first(size) : byte_view{}};
    }
    statistics_.bytes_sent += size;
    return byte_view{frame_}.first(size);
}

std::span<std::uint8_t> exchange::room()
{
    if (begin_ > 0) {
        std::copy(received_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  received_.begin() + static_cast<std::ptrdiff_t>(end_), received_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    return std::span{received_}.subspan(end_);
}

std::optional<exchange::outcome> exchange::received(std::size_t n, std::span<std::uint16_t> words)
{
    statistics_.bytes_received += n;
    end_ += n;
    while (begin_ < end_) {
        auto const found = look();
        auto const pdu = found.pdu;
        take(found.size);
        switch (found.what) {
        case match::kind::need_more:
            useless_ += found.size;
            if (found.size == 0)
                return std::nullopt;
            break;
        case match::kind::stranger:
            ++statistics_.strangers;
            if (++strangers_ >= timing_.strangers_max)
                return failed(errc::malformed_reply, true);
            break;
        case match::kind::reply:
            return answered(pdu, words);
        case match::kind::malformed:
            return failed(errc::malformed_reply, found.size == 0);
        case match::kind::not_modbus:
            return failed(errc::not_modbus, true);
        }
    }
    return std::nullopt;
}

exchange::outcome exchange::expired()
{
    if (framing_ == framing::rtu && useless_ + (end_ - begin_) >= smallest_answer)
        return failed(errc::malformed_reply, false);
    ++statistics_.timeouts;
    return {errc::timeout, begin_ < end_}; // a stream that stopped inside a frame would be read on askew
}

void exchange::connected()
{
    ++statistics_.connects;
    forget();
}

void exchange::forget()
{
    begin_ = 0;
    end_ = 0;
    useless_ = 0;
}

match exchange::look()
{
    auto const bytes = byte_view{received_}.subspan(begin_, end_ - begin_);
    if (framing_ == framing::rtu)
        return rtu_.look(bytes);
    return tcp_matcher{expected_, transaction_, timing_.lenient_transaction_id}.look(bytes);
}

void exchange::take(std::size_t n)
{
    begin_ += n;
    if (begin_ == end_) {
        begin_ = 0;
        end_ = 0;
    }
}

exchange::outcome exchange::answered(byte_view pdu, std::span<std::uint16_t> words)
{
    auto const parsed = write_ ? check_write_reply(*write_, pdu) : parse_reply(request_, pdu, words);
    if (!parsed.has_error()) {
        ++statistics_.replies;
        return {};
    }
    if (!is_exception(parsed.error()))
        return failed(errc::malformed_reply, false);
    ++statistics_.exceptions;
    return {parsed.error(), false};
}

exchange::outcome exchange::failed(errc e, bool reopen)
{
    ++statistics_.malformed;
    return {e, reopen};
}

} // namespace kilnwatt::modbus
