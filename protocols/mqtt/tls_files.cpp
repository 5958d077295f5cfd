#include "protocols/mqtt/tls_files.hpp"

#include <boost/asio/ssl/context.hpp>

#include <exception>

namespace kilnwatt::mqtt {

bool tls_files_usable(tls_options const& tls) noexcept
try {
    namespace ssl = boost::asio::ssl;

    ssl::context context{ssl::context::tls_client};
    if (!tls.ca_file.empty())
        context.load_verify_file(tls.ca_file);
    if (tls.certificate_file.empty() && tls.key_file.empty())
        return true;
    context.use_certificate_chain_file(tls.certificate_file);
    context.use_private_key_file(tls.key_file, ssl::context::pem);
    return SSL_CTX_check_private_key(context.native_handle()) == 1;
} catch (std::exception const&) {
    return false;
}

} // namespace kilnwatt::mqtt
