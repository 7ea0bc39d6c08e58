#include "k8s_client/config/in_cluster.h"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "k8s_client/config/kubeconfig_file.h"
#include "k8s_client/config/pem.h"
#include "k8s_client/config/server_url.h"

namespace selvage::k8s_client {
namespace {

constexpr const char* kOrigin = "in-cluster service account";
constexpr const char* kTokenRemedy = "; does the pod's spec say automountServiceAccountToken: false?";

/// The API server's address in the environment that the kubelet gives every container; empty if it is not set.
struct ServiceAddress {
  std::string host;
  std::string port;
};

std::optional<ServiceAddress> service_address(const Environment& environment) {
  const auto host = environment("KUBERNETES_SERVICE_HOST");
  const auto port = environment("KUBERNETES_SERVICE_PORT");
  if (!host || host->empty() || !port || port->empty()) return std::nullopt;
  return ServiceAddress{*host, *port};
}

Result<ServerUrl> server_of(const ServiceAddress& address) {
  const bool brackets = address.host.find(':') != std::string::npos;
  const std::string host = brackets ? "[" + address.host + "]" : address.host;
  auto url = parse_server_url("https://" + host + ":" + address.port);
  if (url && !url->path.empty()) return fail("they must be only a host and a port");
  return url;
}

}  // namespace

std::optional<std::string> why_not_in_cluster(const Environment& environment, const std::string& folder) {
  if (!service_address(environment)) return "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not both set";
  const std::string token = folder + "/token";
  struct stat status {};
  if (stat(token.c_str(), &status) == 0 || errno != ENOENT) return std::nullopt;
  return "in a pod, but " + token + " does not exist" + kTokenRemedy;
}

Result<ApiConfig> in_cluster_config(const Environment& environment, const std::string& folder) {
  if (const auto why_not = why_not_in_cluster(environment, folder)) return fail(std::string(kOrigin) + ": " + *why_not);
  const auto server = server_of(service_address(environment).value());
  if (!server) {
    return fail(std::string(kOrigin) + ": KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT", server.error());
  }
  ApiConfig config;
  config.origin = kOrigin;
  config.host = server->host;
  config.port = server->port;
  config.token_file = folder + "/token";
  config.ca_file = folder + "/ca.crt";
  auto token = read_token_file(config.token_file);
  if (!token) return fail(kOrigin, token.error());
  auto ca = read_config_file(config.ca_file);
  if (!ca) return fail(kOrigin, ca.error());
  const auto checked = check_certificates(*ca);
  if (!checked) return fail(std::string(kOrigin) + ": " + config.ca_file, checked.error());
  config.token = std::move(*token);
  config.ca = std::move(*ca);
  return config;
}

}  // namespace selvage::k8s_client
