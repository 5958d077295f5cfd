#include "protocols/mqtt/tls_files.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <memory>

namespace kilnwatt::mqtt {

bool tls_files_usable(tls_options const& tls) noexcept
{
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> const context{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
    if (!context)
        return false;
    auto usable = tls.ca_file.empty() || SSL_CTX_load_verify_file(context.get(), tls.ca_file.c_str()) == 1;
    if (!tls.certificate_file.empty() || !tls.key_file.empty()) {
        usable = usable && SSL_CTX_use_certificate_chain_file(context.get(), tls.certificate_file.c_str()) == 1 &&
                 SSL_CTX_use_PrivateKey_file(context.get(), tls.key_file.c_str(), SSL_FILETYPE_PEM) == 1 &&
                 SSL_CTX_check_private_key(context.get()) == 1;
    }
    ERR_clear_error();
    return usable;
}

} // namespace kilnwatt::mqtt
