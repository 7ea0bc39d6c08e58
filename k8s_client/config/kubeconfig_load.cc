#include "k8s_client/config/kubeconfig_load.h"

#include "k8s_client/config/kubeconfig_file.h"
#include "k8s_client/config/pem.h"

namespace selvage::k8s_client {
namespace {

/// A PemSource as read.
struct Loaded {
  std::string pem;   ///< empty: not given
  std::string file;  ///< absolute; empty where given as data
};

Result<Loaded> load(const PemSource& pem_source, Result<void> (*check)(const std::string&)) {
  if (!pem_source.given()) return Loaded{};
  Loaded loaded{pem_source.data, ""};
  const std::string where = to_string(pem_source.location);
  if (!pem_source.path.empty()) {
    loaded.file = resolve_path(pem_source.location.file, pem_source.path);
    auto text = read_config_file(loaded.file);
    if (!text) return fail(where, text.error());
    loaded.pem = std::move(*text);
  }
  const auto checked = check(loaded.pem);
  if (!checked) return fail(loaded.file.empty() ? where : where + ": " + loaded.file, checked.error());
  return loaded;
}

/// Whether the key belongs to the first of the certificates.
bool fit_together(const std::string& key, const std::string& certificates) {
  const auto parsed_key = parse_private_key(key);
  const auto chain = parse_certificates(certificates);
  return parsed_key && chain && is_key_of(parsed_key->get(), chain->front().get());
}

/// How a message names a source: by its file, or by the field that holds the data.
std::string name_of(const PemSource& pem_source, const Loaded& loaded) {
  return loaded.file.empty() ? pem_source.location.field : loaded.file;
}

Result<void> load_cluster(const Cluster& cluster, ApiConfig& config) {
  config.tls = cluster.server.tls;
  config.host = cluster.server.host;
  config.port = cluster.server.port;
  config.path_prefix = cluster.server.path;
  config.tls_server_name = cluster.tls_server_name;
  config.insecure = cluster.insecure;
  config.disable_compression = cluster.disable_compression;
  config.proxy = cluster.proxy;
  auto authority = load(cluster.certificate_authority, check_certificates);
  if (!authority) return tl::unexpected(authority.error());
  config.ca = std::move(authority->pem);
  config.ca_file = std::move(authority->file);
  return {};
}

Result<void> load_client_certificate(const User& user, ApiConfig& config) {
  auto certificate = load(user.client_certificate, check_certificates);
  if (!certificate) return tl::unexpected(certificate.error());
  auto key = load(user.client_key, check_private_key);
  if (!key) return tl::unexpected(key.error());
  if (!certificate->pem.empty() && !fit_together(key->pem, certificate->pem)) {
    return fail(to_string(user.client_key.location) + ": the key in " + name_of(user.client_key, *key) +
                " does not belong to the certificate in " + name_of(user.client_certificate, *certificate));
  }
  // As in client-go: if only one of the two were read again, they might not fit.
  const bool files = !certificate->file.empty() && !key->file.empty();
  config.client_certificate = std::move(certificate->pem);
  config.client_key = std::move(key->pem);
  if (files) {
    config.client_certificate_file = std::move(certificate->file);
    config.client_key_file = std::move(key->file);
  }
  return {};
}

Result<void> load_token(const User& user, ApiConfig& config) {
  config.token = user.token;
  if (user.token_file.empty()) return {};
  config.token_file = resolve_path(user.token_location.file, user.token_file);
  if (!config.token.empty()) return {};  // used until the file can be read
  auto token = read_token_file(config.token_file);
  if (!token) return fail(to_string(user.token_location), token.error());
  config.token = std::move(*token);
  return {};
}

Result<void> load_user(const User& user, ApiConfig& config) {
  auto loaded = load_client_certificate(user, config);
  return loaded ? load_token(user, config) : loaded;
}

bool has_credentials(const User& user) {
  return user.client_certificate.given() || !user.token.empty() || !user.token_file.empty();
}

}  // namespace

Result<ApiConfig> load_selection(const Selection& selection) {
  ApiConfig config;
  config.origin = "kubeconfig " + selection.context.location.file + ", context " + selection.context.name;
  auto loaded = load_cluster(selection.cluster.value, config);
  if (!loaded) return tl::unexpected(loaded.error());
  if (!selection.user) return config;
  if (!config.tls && has_credentials(selection.user->value)) {
    return fail(to_string(selection.user->location) +
                ".user: credentials are not sent over plain http; write https:// in " +
                to_string(selection.cluster.location) + ".cluster.server, or name a user without credentials");
  }
  loaded = load_user(selection.user->value, config);
  if (!loaded) return tl::unexpected(loaded.error());
  return config;
}

}  // namespace selvage::k8s_client
