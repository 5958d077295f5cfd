#include "protocols/modbus/error.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <vector>

using namespace kilnwatt;
using namespace kilnwatt::modbus;

namespace {

std::vector<errc> const all{
    errc::illegal_function,         errc::illegal_data_address,  errc::illegal_data_value, errc::device_failure,
    errc::acknowledge,              errc::device_busy,           errc::memory_parity_error,
    errc::gateway_path_unavailable, errc::gateway_target_failed, errc::timeout,            errc::malformed_reply,
    errc::unknown_exception,        errc::connect_failed,        errc::connection_lost,    errc::not_modbus,
    errc::port_missing,             errc::port_denied,           errc::bad_request,        errc::cancelled,
    errc::port_unswitched,
};

} // namespace

TEST_CASE("error: each value has its own sentence and exactly one remedy", "[modbus][error]")
{
    std::set<std::string> sentences;
    for (auto const e : all) {
        auto const ec = make_error_code(e);
        CHECK(sentences.insert(ec.message()).second);
        auto const remedies = int{ec == remedy::retry} + int{ec == remedy::reconfigure} + int{ec == remedy::give_up};
        INFO(ec.message());
        CHECK(remedies == 1);
    }
}

TEST_CASE("error: what an operator must change is not retried", "[modbus][error]")
{
    for (auto const e : {errc::not_modbus, errc::port_denied, errc::illegal_data_address})
        CHECK(make_error_code(e) == remedy::reconfigure);
    for (auto const e : {errc::timeout, errc::connection_lost, errc::device_busy, errc::port_missing})
        CHECK(make_error_code(e) == remedy::retry);
}

TEST_CASE("error: a write whose outcome nobody knows is told from one that was refused or never sent",
          "[modbus][error]")
{
    for (auto const e : {errc::timeout, errc::connection_lost, errc::malformed_reply, errc::port_missing,
                         errc::cancelled, errc::device_failure, errc::acknowledge, errc::gateway_target_failed})
        CHECK(may_have_arrived(make_error_code(e)));
    for (auto const e :
         {errc::illegal_function, errc::illegal_data_address, errc::illegal_data_value, errc::device_busy,
          errc::gateway_path_unavailable, errc::connect_failed, errc::port_denied, errc::bad_request})
        CHECK_FALSE(may_have_arrived(make_error_code(e)));
    CHECK_FALSE(may_have_arrived({}));
}

TEST_CASE("error: answers of the device are told from faults of the link", "[modbus][error]")
{
    CHECK(is_exception(make_error_code(errc::device_busy)));
    CHECK(is_exception(make_error_code(errc::unknown_exception)));
    CHECK_FALSE(is_exception(make_error_code(errc::timeout)));
    CHECK_FALSE(is_exception({2, boost::system::generic_category()}));
    CHECK(is_refused_address(make_error_code(errc::illegal_data_value)));
    CHECK_FALSE(is_refused_address(make_error_code(errc::device_failure)));
    CHECK_FALSE(is_refused_address({2, boost::system::generic_category()}));
}
