#include "base/ip_address.h"
#include "k8s_client/config/kubeconfig_decode.h"
#include "k8s_client/config/kubeconfig_field.h"

namespace selvage::k8s_client {
namespace {

ServerUrl decode_server(const Field& server) {
  const auto text = text_of(server);
  if (!text) return {};
  if (text->empty()) {
    server.complain("the API server's URL is missing: https://HOST:6443");
    return {};
  }
  const auto url = parse_server_url(*text);
  if (!url) server.complain(url.error().message);
  return url.value_or(ServerUrl{});
}

std::string decode_proxy(const Field& field) {
  const auto text = text_of(field);
  if (!text || text->empty()) return "";
  const auto url = parse_proxy_url(*text);
  if (!url) field.complain(url.error().message);
  return url.value_or("");
}

std::string decode_server_name(const Field& field) {
  const auto name = text_of(field);
  if (!name || name->empty()) return "";
  if (!is_host_name(*name) && !IpAddress::parse(*name)) field.complain("neither a DNS name nor an IP address");
  return *name;
}

/// Complains about settings that would be ignored silently, and so protect less than their author expects.
void check_trust(const Field& field, const Cluster& cluster) {
  const bool authority = cluster.certificate_authority.given();
  if (cluster.insecure && authority) {
    field["insecure-skip-tls-verify"].complain("true, together with a certificate authority; keep one of them");
  }
  if (!cluster.server.tls && (authority || cluster.insecure || !cluster.tls_server_name.empty())) {
    field["server"].complain("plain http together with TLS settings; write https://");
  }
}

}  // namespace

Cluster decode_cluster(const Field& cluster, const std::string& file) {
  Cluster result;
  if (!is_mapping_or_absent(cluster)) return result;
  result.server = decode_server(cluster["server"]);
  result.certificate_authority =
      decode_pem_source(cluster, "certificate-authority", "certificate-authority-data", file);
  result.insecure = boolean_of(cluster["insecure-skip-tls-verify"]).value_or(false);
  result.tls_server_name = decode_server_name(cluster["tls-server-name"]);
  result.proxy = decode_proxy(cluster["proxy-url"]);
  result.disable_compression = boolean_of(cluster["disable-compression"]).value_or(false);
  check_trust(cluster, result);
  return result;
}

}  // namespace selvage::k8s_client
