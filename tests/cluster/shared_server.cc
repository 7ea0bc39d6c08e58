#include "tests/cluster/shared_server.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/cluster/api_client.h"

namespace selvage::testing {
namespace {

const std::string kNamespaces = "/api/v1/namespaces";

/// Namespaces of Kubernetes' own stay, and so do the configuration maps that it keeps there.
void empty_namespace(ApiClient& client, const std::string& name) {
  const std::string core = kNamespaces + "/" + name;
  must(client.remove(core + "/pods"));
  must(client.remove("/apis/networking.k8s.io/v1/namespaces/" + name + "/networkpolicies"));
  must(client.remove("/apis/events.k8s.io/v1/namespaces/" + name + "/events"));
  must(client.remove(core + "/serviceaccounts?fieldSelector=metadata.name%21%3Dselvage"));
  if (!name.starts_with("kube-")) must(client.remove(core + "/configmaps"));
  if (!name.starts_with("kube-") && name != "default") remove_namespace(client, name);
}

void empty(ApiServer& server) {
  ApiClient client(server);
  const nlohmann::json namespaces = nlohmann::json::parse(must(client.get(kNamespaces)));
  for (const nlohmann::json& object : namespaces.at("items")) empty_namespace(client, object.at("metadata").at("name"));
  // Roles of Kubernetes' own have the label.
  for (const std::string resource : {"clusterrolebindings", "clusterroles"})
    must(client.remove("/apis/rbac.authorization.k8s.io/v1/" + resource +
                       "?labelSelector=%21kubernetes.io%2Fbootstrapping&fieldSelector=metadata.name%21%3Dselvage"));
}

}  // namespace

ApiServer& shared_server() {
  static std::unique_ptr<ApiServer> server;
  try {
    if (server) {
      server->freeze_api_server(false);
      empty(*server);
      return *server;
    }
  } catch (const std::exception&) {
    // A case that failed has left it stopped.
  }
  server.reset();
  server = std::make_unique<ApiServer>();
  return *server;
}

}  // namespace selvage::testing
