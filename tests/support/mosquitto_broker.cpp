#include "tests/support/mosquitto_broker.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

namespace kilnwatt::test {

namespace {

constexpr std::chrono::seconds patience{10};

bool listens(std::uint16_t port)
{
    int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool const connected = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return connected;
}

} // namespace

mosquitto_broker::mosquitto_broker() : port_{static_cast<std::uint16_t>(free_port())} {}

void mosquitto_broker::start(std::vector<std::string> lines)
{
    auto text = "user root\npersistence false\nlog_type all\nlog_timestamp false\nlog_dest file " +
                folder_.file("log") + "\nlistener " + std::to_string(port_) + " 127.0.0.1\n";
    for (auto const& line : lines)
        text += line + '\n';
    folder_.write("mosquitto.conf", text);
    restart();
}

void mosquitto_broker::stop()
{
    if (process_)
        thaw(); // a frozen one would not see the signal; SIGKILL ends it anyway
    end(SIGTERM);
}

void mosquitto_broker::kill()
{
    end(SIGKILL);
}

void mosquitto_broker::restart()
{
    if (process_)
        stop();
    process_.emplace(std::vector<std::string>{"/usr/sbin/mosquitto", "-c", folder_.file("mosquitto.conf")},
                     folder_.file("output"));
    if (!eventually([this] { return listens(port_); }, patience))
        throw std::runtime_error{"mosquitto does not listen: " + read_text_file(folder_.file("output")) + log()};
}

void mosquitto_broker::end(int signal)
{
    if (!process_)
        return;
    process_->signal(signal);
    if (process_->wait(patience) == -1)
        throw std::runtime_error{"mosquitto does not end"};
    process_.reset();
}

std::string mosquitto_broker::write_password(std::string const& user, std::string const& password) const
{
    auto const path = folder_.write("passwords-" + user, "");
    process tool{{"mosquitto_passwd", "-b", path, user, password}, folder_.file("output")};
    if (tool.wait(patience) != 0)
        throw std::runtime_error{"mosquitto_passwd failed"};
    return path;
}

} // namespace kilnwatt::test
