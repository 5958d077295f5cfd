#include "protocols/mqtt/error.hpp"
#include "protocols/mqtt/session.hpp"
#include "tests/support/await.hpp"
#include "tests/support/mosquitto_broker.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>

using namespace kilnwatt;
using namespace kilnwatt::mqtt;
using namespace std::chrono_literals;
using boost::system::error_code;
using test::await;

namespace {

/// A certificate authority made by the openssl program, in a folder of its own.
class authority {
public:
    explicit authority(std::string const& name)
    {
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name +
                " -keyout ca.key -out ca.pem");
    }

    /// <name>.pem and <name>.key for `subject_alt_name`, for example "DNS:localhost".
    void issue(std::string const& name, std::string const& subject_alt_name) const
    {
        folder_.write(name + ".ext", "subjectAltName=" + subject_alt_name + "\n");
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " + name +
                ".key -out " + name + ".csr");
        openssl("x509 -req -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile " + name +
                ".ext -out " + name + ".pem");
    }

    std::string file(std::string const& name) const { return folder_.file(name); }

private:
    void openssl(std::string const& arguments) const
    {
        test::process tool{{"sh", "-c", "cd " + folder_.path() + " && exec openssl " + arguments}, file("log")};
        if (tool.wait(30s) != 0)
            throw std::runtime_error{"openssl " + arguments + ": " + test::read_text_file(file("log"))};
    }

    test::scratch_folder folder_;
};

struct fixture {
    fixture() { ours.issue("server", "DNS:localhost"); }

    void start(std::vector<std::string> more = {})
    {
        more.insert(more.end(), {"allow_anonymous true", "certfile " + ours.file("server.pem"),
                                 "keyfile " + ours.file("server.key")});
        broker.start(more);
    }

    session_options options() const
    {
        session_options o;
        o.host = "localhost";
        o.port = broker.port();
        o.client_id = "sender";
        o.tls = tls_options{ours.file("ca.pem"), "", ""};
        return o;
    }

    error_code connect(session_options const& o)
    {
        session s{io.get_executor(), o};
        auto const attempt = await(io, s.connect());
        return attempt.has_value() ? error_code{} : attempt.error();
    }

    asio::io_context io;
    authority ours{"Plant"};
    test::mosquitto_broker broker;
};

} // namespace

TEST_CASE_METHOD(fixture, "session tls: a certificate of a known authority for this host is accepted", "[mqtt][tls]")
{
    start();
    auto o = options();
    o.version = GENERATE(5, 4);
    session s{io.get_executor(), o};
    REQUIRE(await(io, s.connect()).has_value());
    std::optional<error_code> outcome;
    s.publish({"plant", "x", 1, false, std::nullopt}, [&](error_code ec) { outcome = ec; });
    REQUIRE(test::run_until(io, [&] { return outcome.has_value(); }));
    CHECK_FALSE(*outcome);
    await(io, s.disconnect(5s));
}

TEST_CASE_METHOD(fixture, "session tls: another host's certificate is refused", "[mqtt][tls]")
{
    ours.issue("server", "DNS:broker.example");
    start();
    CHECK(connect(options()) == errc::connect_failed);

    ours.issue("server", "DNS:localhost"); // the same broker with the right name
    broker.stop();
    start();
    CHECK_FALSE(connect(options()));

    auto o = options(); // by number, which this certificate does not list
    o.host = "127.0.0.1";
    CHECK(connect(o) == errc::connect_failed);
    ours.issue("server", "IP:127.0.0.1");
    broker.stop();
    start();
    CHECK_FALSE(connect(o));
}

TEST_CASE_METHOD(fixture, "session tls: an unknown authority is refused", "[mqtt][tls]")
{
    start();
    authority const strangers{"Strangers"};
    auto o = options();
    o.tls->ca_file = strangers.file("ca.pem");
    CHECK(connect(o) == errc::connect_failed);
    o.tls->ca_file.clear(); // the system's store does not know it either
    CHECK(connect(o) == errc::connect_failed);
    auto last = connect(options()); // under load Paho may give up a handshake after a refused one; a sink tries again
    for (auto again = 0; last && again < 2; ++again)
        last = connect(options());
    CHECK_FALSE(last);
}

TEST_CASE_METHOD(fixture, "session tls: a client certificate opens a broker that asks for one", "[mqtt][tls]")
{
    start({"require_certificate true", "cafile " + ours.file("ca.pem")});
    ours.issue("gateway", "DNS:gateway");
    auto o = options();
    CHECK(connect(o));
    o.tls->certificate_file = ours.file("gateway.pem");
    o.tls->key_file = ours.file("gateway.key");
    CHECK_FALSE(connect(o));
}

TEST_CASE_METHOD(fixture, "session tls: files that cannot be used are told from a broker that is away", "[mqtt][tls]")
{
    start();
    ours.issue("gateway", "DNS:gateway");
    auto o = options();
    o.tls->ca_file = ours.file("absent.pem");
    CHECK(connect(o) == errc::bad_options);
    o = options();
    o.tls->certificate_file = ours.file("gateway.pem");
    o.tls->key_file = ours.file("server.key"); // of another certificate
    CHECK(connect(o) == errc::bad_options);
    o.tls->key_file.clear();
    CHECK(connect(o) == errc::bad_options);
}

TEST_CASE_METHOD(fixture, "session tls: a broker without TLS is refused", "[mqtt][tls]")
{
    broker.start();
    CHECK(connect(options()) == errc::connect_failed);
}

TEST_CASE_METHOD(fixture, "session tls: 1.2 and 1.3 are spoken, 1.1 is not", "[mqtt][tls]")
{
    start({"tls_version tlsv1.3"});
    CHECK_FALSE(connect(options()));
    broker.stop();
    start({"tls_version tlsv1.2"});
    CHECK_FALSE(connect(options()));

    auto o = options();
    o.port = static_cast<std::uint16_t>(test::free_port());
    o.connect_timeout = 3s; // how an accepted handshake would end, since this server knows no MQTT
    test::process const old{{"openssl", "s_server", "-accept", std::to_string(o.port), "-cert", ours.file("server.pem"),
                             "-key", ours.file("server.key"), "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-quiet"},
                            ours.file("log"),
                            {"OPENSSL_CONF=/dev/null"}};
    auto const own_client = "openssl s_client -connect localhost:" + std::to_string(o.port) +
                            " -tls1_1 -cipher ALL:@SECLEVEL=0 </dev/null";
    REQUIRE(test::eventually(
        [&] {
            test::process client{{"sh", "-c", own_client}, ours.file("log"), {"OPENSSL_CONF=/dev/null"}};
            return client.wait(10s) == 0;
        },
        10s));
    CHECK(connect(o) == errc::connect_failed);
}
