#include "agent/settings/certificates.hpp"

#include "agent/settings/files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace kilnwatt::settings {
namespace {

template <auto Free>
struct freer {
    template <class T>
    void operator()(T* p) const
    {
        Free(p);
    }
};
using bio_ptr = std::unique_ptr<BIO, freer<BIO_free>>;
using x509_ptr = std::unique_ptr<X509, freer<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freer<EVP_PKEY_free>>;

bio_ptr over(std::string const& bytes)
{
    return bio_ptr{BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))};
}

/// Never asks: a pass phrase cannot be typed when the agent starts. Says through `arg` that one was wanted.
int no_pass_phrase(char*, int, int, void* arg)
{
    *static_cast<bool*>(arg) = true;
    return -1;
}

std::vector<x509_ptr> parse_certificates(std::string const& pem)
{
    std::vector<x509_ptr> all;
    auto const bio = over(pem);
    auto asked = false;
    while (auto* one = PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, &asked))
        all.emplace_back(one);
    ERR_clear_error();
    return all;
}

key_ptr parse_key(std::string const& pem, bool& has_pass_phrase)
{
    auto const bio = over(pem);
    key_ptr key{PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, &has_pass_phrase)};
    ERR_clear_error();
    return key;
}

bool is_expired(X509 const& certificate, std::chrono::system_clock::time_point now)
{
    auto at = std::chrono::system_clock::to_time_t(now);
    return X509_cmp_time(X509_get0_notAfter(&certificate), &at) < 0;
}

std::string end_date(X509 const& certificate)
{
    std::tm end{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &end) != 1)
        return "an unknown day";
    return fmt::format("{:04}-{:02}-{:02}", end.tm_year + 1900, end.tm_mon + 1, end.tm_mday);
}

/// The certificates of a file; what is wrong is noted under `key`.
std::vector<x509_ptr> read_certificates(config::table& tls, std::string_view key, std::string const& path,
                                        std::chrono::system_clock::time_point now)
{
    std::string why;
    auto const pem = read_small_file(path, pem_size_max, why);
    if (!why.empty()) {
        tls.complain(key, fmt::format("the file '{}' {}", path, why));
        return {};
    }
    auto all = parse_certificates(pem);
    if (all.empty())
        tls.complain(key, fmt::format("the file '{}' holds no certificate", path),
                     "it must be in PEM form, with -----BEGIN CERTIFICATE-----");
    else if (std::all_of(all.begin(), all.end(), [now](auto const& c) { return is_expired(*c, now); }))
        tls.complain(key, fmt::format("the certificate in '{}' expired on {}", path, end_date(*all.front())));
    return all;
}

key_ptr read_key(config::table& tls, std::string const& path)
{
    std::string why;
    auto const pem = read_small_file(path, pem_size_max, why);
    if (!why.empty()) {
        tls.complain("key", fmt::format("the file '{}' {}", path, why));
        return {};
    }
    auto has_pass_phrase = false;
    auto key = parse_key(pem, has_pass_phrase);
    if (!key && has_pass_phrase)
        tls.complain("key",
                     fmt::format("the key in '{}' has a pass phrase, which nobody types when the agent starts", path),
                     "store it without one, readable by the agent only");
    else if (!key)
        tls.complain("key", fmt::format("the file '{}' holds no private key", path),
                     "it must be in PEM form, with -----BEGIN PRIVATE KEY-----");
    return key;
}

} // namespace

void check_certificates(config::table& tls, tls_settings const& files, std::chrono::system_clock::time_point now)
{
    if (!files.ca_file.empty())
        read_certificates(tls, "ca", files.ca_file, now);
    std::vector<x509_ptr> chain;
    if (!files.certificate_file.empty())
        chain = read_certificates(tls, "cert", files.certificate_file, now);
    key_ptr key;
    if (!files.key_file.empty())
        key = read_key(tls, files.key_file);
    if (!chain.empty() && key && X509_check_private_key(chain.front().get(), key.get()) != 1)
        tls.complain("key", "does not belong to the certificate");
    ERR_clear_error();
}

} // namespace kilnwatt::settings
