#include "process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace kilnwatt::test {
namespace fs = std::filesystem;
namespace {

bool can_listen(int port)
{
    int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int const on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    bool const ok = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return ok;
}

} // namespace

process::process(std::vector<std::string> argv, std::string log, std::vector<std::string> environment)
{
    pid_ = ::fork();
    if (pid_ < 0)
        throw std::runtime_error{"fork failed"};
    if (pid_ > 0)
        return;
    if (!log.empty()) {
        int const out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(out, STDERR_FILENO);
    }
    for (auto& variable : environment)
        ::putenv(variable.data());
    std::vector<char*> raw;
    for (auto& a : argv)
        raw.push_back(a.data());
    raw.push_back(nullptr);
    ::execvp(raw[0], raw.data());
    ::_exit(127);
}

process::process(process&& other) noexcept : pid_{other.pid_}, status_{other.status_}
{
    other.pid_ = -1;
}

process::~process()
{
    if (pid_ > 0 && running()) {
        ::kill(pid_, SIGKILL);
        wait(std::chrono::seconds{10});
    }
}

bool process::running()
{
    return wait(std::chrono::milliseconds{0}) == -1;
}

void process::signal(int number) const
{
    if (pid_ > 0 && status_ == -1)
        ::kill(pid_, number);
}

int process::wait(std::chrono::milliseconds patience)
{
    if (status_ != -1 || pid_ <= 0)
        return status_;
    auto const reaped = [this] {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) != pid_)
            return false;
        status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return true;
    };
    eventually(reaped, patience);
    return status_;
}

scratch_folder::scratch_folder()
{
    auto name = (fs::temp_directory_path() / "kilnwatt-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error{"mkdtemp failed"};
    path_ = name;
}

scratch_folder::~scratch_folder()
{
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string scratch_folder::write(std::string const& name, std::string const& text) const
{
    std::ofstream{file(name), std::ios::binary} << text;
    return file(name);
}

std::string read_text_file(std::string const& path)
{
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

int free_port()
{
    // Below the ports that the kernel lends to outgoing connections; each process begins elsewhere, none comes twice.
    constexpr int first = 20'000;
    constexpr int many = 12'000;
    static int next = static_cast<int>(::getpid()) * 97 % many;
    for (int tries = 0; tries < many; ++tries) {
        int const port = first + next;
        next = (next + 1) % many;
        if (can_listen(port))
            return port;
    }
    throw std::runtime_error{"no free port"};
}

} // namespace kilnwatt::test
