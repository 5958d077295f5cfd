#include "protocols/mqtt/worker.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <mqtt/async_client.h>

#include <utility>

namespace kilnwatt::mqtt {

namespace {

class worker {
public:
    ~worker() { thread_.join(); }

    void run(std::function<void()> job) { boost::asio::post(thread_, std::move(job)); }

private:
    /// Starts OpenSSL before this object is complete, so that at exit it ends after it: a job may close a connection.
    boost::asio::ssl::context openssl_{boost::asio::ssl::context::tls_client};
    /// Never connected, so it costs no thread and no socket. Its end would wait for Paho's threads, so it is left to
    /// the end of the process.
    ::mqtt::async_client& keeper_ = *new ::mqtt::async_client{"tcp://127.0.0.1", "keeper",
                                                              ::mqtt::create_options{MQTTVERSION_3_1_1}};
    boost::asio::thread_pool thread_{1};
};

} // namespace

void run_on_paho_worker(std::function<void()> job)
{
    static worker instance;
    instance.run(std::move(job));
}

} // namespace kilnwatt::mqtt
