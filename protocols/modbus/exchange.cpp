#include "protocols/modbus/exchange.hpp"

#include <algorithm>
#include <tuple>

namespace kilnwatt::modbus {

using boost::system::error_code;

namespace {

constexpr std::size_t smallest_answer = 5; ///< an RTU exception

constexpr std::uint8_t broadcast = 0;

bool is_valid(read_job const& job, bool answers_broadcast) noexcept
{
    return is_valid(job.request) && job.words.size() >= job.request.count &&
           (answers_broadcast || job.request.unit != broadcast);
}

} // namespace

bool is_valid(question const& asked, bool answers_broadcast) noexcept
{
    if (auto const* const write = std::get_if<write_request>(&asked))
        return is_valid(*write) && (answers_broadcast || write->unit != broadcast);
    auto const jobs = std::get<std::span<read_job>>(asked);
    return !jobs.empty() && std::all_of(jobs.begin(), jobs.end(),
                                        [=](read_job const& job) { return is_valid(job, answers_broadcast); });
}

answer_shape shape_of(question const& asked) noexcept
{
    if (auto const* const write = std::get_if<write_request>(&asked))
        return shape_of(*write);
    return shape_of(std::get<std::span<read_job>>(asked).front().request);
}

exchange::exchange(framing how, link_timing const& timing) : framing_{how}, timing_{timing}, rtu_{{}, {}} {}

byte_view exchange::begin(std::span<read_job> jobs)
{
    constexpr std::size_t read_frame = tcp_header_size + 5;
    static_assert(in_flight_limit * read_frame <= std::tuple_size_v<decltype(frame_)>);
    start(jobs.size());
    std::size_t size = 0;
    for (auto& job : jobs)
        size += add(shape_of(job.request), encode_request(job.request), &job, size);
    return byte_view{frame_}.first(size);
}

byte_view exchange::begin(write_request const& request)
{
    start(1);
    write_ = request;
    std::array<std::uint8_t, pdu_max> pdu{};
    auto const pdu_size = encode_write(request, pdu);
    return byte_view{frame_}.first(add(shape_of(request), byte_view{pdu}.first(pdu_size), nullptr, 0));
}

byte_view exchange::ask(question const& asked)
{
    return std::visit([this](auto const& q) { return begin(q); }, asked);
}

void exchange::start(std::size_t requests)
{
    open_count_ = 0;
    first_error_ = {};
    write_.reset();
    strangers_left_ = timing_.strangers_max * static_cast<int>(requests);
    useless_ = 0;
    if (late_answers_fit())
        forget();
}

/// Puts a frame at `at` of the bytes to send; returns its size.
std::size_t exchange::add(answer_shape const& expected, byte_view pdu, read_job* job, std::size_t at)
{
    ++statistics_.requests;
    std::size_t size = 0;
    if (framing_ == framing::tcp) {
        std::array<std::uint8_t, tcp_frame_max> frame;
        size = encode_tcp(++transaction_, expected.unit, pdu, frame);
        std::copy_n(frame.begin(), size, frame_.begin() + static_cast<std::ptrdiff_t>(at));
    } else {
        size = encode_rtu(expected.unit, pdu, std::span{frame_}.first<rtu_frame_max>());
        rtu_ = rtu_matcher{expected, timing_.local_echo ? byte_view{frame_}.first(size) : byte_view{}};
    }
    open_[open_count_++] = {expected, transaction_, job};
    statistics_.bytes_sent += size;
    return size;
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

std::optional<exchange::outcome> exchange::received(std::size_t n)
{
    statistics_.bytes_received += n;
    end_ += n;
    while (begin_ < end_) {
        auto& request = addressee();
        auto const found = look(request);
        auto const pdu = found.pdu;
        take(found.size);
        std::optional<outcome> end;
        switch (found.what) {
        case match::kind::need_more:
            useless_ += found.size;
            if (found.size == 0)
                return std::nullopt;
            break;
        case match::kind::stranger:
            ++statistics_.strangers;
            if (--strangers_left_ <= 0)
                end = failed(errc::malformed_reply, true);
            break;
        case match::kind::reply:
            end = answered(request, pdu);
            break;
        case match::kind::malformed:
            end = failed(errc::malformed_reply, found.size == 0);
            break;
        case match::kind::not_modbus:
            end = failed(errc::not_modbus, true);
            break;
        }
        if (end)
            return end;
    }
    return std::nullopt;
}

exchange::outcome exchange::expired()
{
    if (framing_ == framing::rtu && useless_ + (end_ - begin_) >= smallest_answer)
        return failed(errc::malformed_reply, false);
    statistics_.timeouts += open_count_;
    close_all(errc::timeout);
    return {first_error_, begin_ < end_}; // a stream that stopped inside a frame would be read on askew
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

/// Whose answer stands at the front, as far as its transaction tells; else the first.
exchange::pending& exchange::addressee()
{
    if (open_count_ > 1 && end_ - begin_ >= 2) {
        auto const transaction = get_u16(byte_view{received_}.subspan(begin_), 0);
        for (std::size_t i = 0; i < open_count_; ++i)
            if (open_[i].transaction == transaction)
                return open_[i];
    }
    return open_.front();
}

match exchange::look(pending const& p)
{
    auto const bytes = byte_view{received_}.subspan(begin_, end_ - begin_);
    if (framing_ == framing::rtu)
        return rtu_.look(bytes);
    return tcp_matcher{p.expected, p.transaction, timing_.lenient_transaction_id}.look(bytes);
}

void exchange::take(std::size_t n)
{
    begin_ += n;
    if (begin_ == end_) {
        begin_ = 0;
        end_ = 0;
    }
}

/// The exchange ends with its last answer.
std::optional<exchange::outcome> exchange::answered(pending& p, byte_view pdu)
{
    auto const parsed =
        p.job == nullptr ? check_write_reply(*write_, pdu) : parse_reply(p.job->request, pdu, p.job->words);
    error_code how;
    if (!parsed.has_error()) {
        ++statistics_.replies;
    } else if (is_exception(parsed.error())) {
        ++statistics_.exceptions;
        how = parsed.error();
    } else {
        ++statistics_.malformed;
        how = errc::malformed_reply;
    }
    close(p, how);
    return open_count_ == 0 ? std::optional{outcome{first_error_}} : std::nullopt;
}

exchange::outcome exchange::failed(errc e, bool reopen)
{
    ++statistics_.malformed;
    close_all(e);
    return {first_error_, reopen};
}

void exchange::close(pending& p, error_code how)
{
    if (p.job != nullptr)
        p.job->error = how;
    if (how && !first_error_)
        first_error_ = how;
    p = open_[--open_count_];
}

void exchange::close_all(error_code how)
{
    while (open_count_ > 0)
        close(open_.front(), how);
}

} // namespace kilnwatt::modbus
