#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "k8s_client/config/kubeconfig_entries.h"
#include "k8s_client/config/kubeconfig_file.h"
#include "k8s_client/config/kubeconfig_select.h"

namespace {

using namespace selvage;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_error(const Error& error) {
  require(!error.message.empty());
  require(error.message.size() < 10'000);
  require(error.message.find_first_of(std::string("\n\0", 2)) == std::string::npos);
}

template <class Value>
void check_entries(const std::vector<k8s_client::Entry<Value>>& entries) {
  std::set<std::string> names;
  for (const auto& entry : entries) {
    require(names.insert(entry.name).second);
    require(entry.location.line > 0);
    if (entry.fault) check_error(*entry.fault);
  }
}

void check_cluster(const k8s_client::Cluster& cluster) {
  require(!cluster.server.host.empty());
  require(cluster.server.port > 0);
  require(!cluster.insecure || !cluster.certificate_authority.given());
  require(cluster.server.tls || (!cluster.insecure && !cluster.certificate_authority.given()));
  require(!cluster.server.path.ends_with('/'));
  require(cluster.proxy.empty() || cluster.proxy.starts_with("http://"));
}

void check_user(const k8s_client::User& user) {
  require(user.client_certificate.given() == user.client_key.given());
  require(user.token.empty() || k8s_client::is_token(user.token));
  require(user.token_file.find('\0') == std::string::npos);
}

}  // namespace

/// Any bytes as a kubeconfig: no crash, no undefined behaviour, and an accepted one is valid.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto decoded = k8s_client::decode_kubeconfig(text, "config");
  if (!decoded) {
    check_error(decoded.error());
    require(decoded.error().message.starts_with("config:"));
    return 0;
  }
  check_entries(decoded->clusters);
  check_entries(decoded->users);
  check_entries(decoded->contexts);
  for (const auto& cluster : decoded->clusters) {
    if (!cluster.fault) check_cluster(cluster.value);
  }
  for (const auto& user : decoded->users) {
    if (!user.fault) check_user(user.value);
  }
  const auto selection = k8s_client::select_context({*decoded}, "");
  if (!selection) check_error(selection.error());
  return 0;
}
