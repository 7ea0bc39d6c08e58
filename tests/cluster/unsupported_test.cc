#include <catch2/catch.hpp>

#include "k8s_client/decode/unsupported_policies.h"
#include "tests/cluster/fault_scene.h"

/// Policies of other APIs on a real API server.
namespace selvage::testing {
namespace {

const k8s_client::TypeName kCilium{"cilium.io/v2", "CiliumNetworkPolicy"};
const k8s_client::TypeName kCalico{"crd.projectcalico.org/v1", "GlobalNetworkPolicy"};

/// A definition that takes any fields.
std::string definition(const k8s_client::TypeName& type, const std::string& plural, const std::string& scope) {
  const std::size_t slash = type.api_version.find('/');
  const std::string group = type.api_version.substr(0, slash);
  return "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: " + plural + "." +
         group + "}, spec: {group: " + group + ", scope: " + scope + ", names: {kind: " + type.kind +
         ", plural: " + plural + "}, versions: [{name: " + type.api_version.substr(slash + 1) +
         ", served: true, storage: true, schema: {openAPIV3Schema: {type: object, "
         "x-kubernetes-preserve-unknown-fields: true}}}]}}";
}

/// Definitions of two kinds; two Cilium policies and no Calico policy. All is gone with the object.
struct Scene : FaultScene {
  Scene() {
    define(kCilium, "ciliumnetworkpolicies", "Namespaced");
    define(kCalico, "globalnetworkpolicies", "Cluster");
    for (const std::string name : {"first", "second"}) {
      (void)server().must_kubectl({"apply", "-f", "-"},
                                  "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: prod, "
                                  "name: " +
                                      name + "}, spec: {endpointSelector: {}, ingress: [{}]}}");
    }
  }
  ~Scene() {
    for (const std::string& name : definitions_) (void)server().kubectl({"delete", "crd", name});
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

 private:
  void define(const k8s_client::TypeName& type, const std::string& plural, const std::string& scope) {
    (void)server().must_kubectl({"apply", "-f", "-"}, definition(type, plural, scope));
    definitions_.push_back(plural + "." + type.api_version.substr(0, type.api_version.find('/')));
    (void)server().must_kubectl({"wait", "--for=condition=Established", "--timeout=60s", "crd/" + definitions_.back()});
  }

  std::vector<std::string> definitions_;
};

}  // namespace

TEST_CASE("policies of other APIs are reported with their number, and change nothing") {
  Scene s;
  const Process agent = s.start_agent();
  CHECK(s.says(k8s_client::describe_unsupported(kCilium, 2)));
  s.expect_right();
  CHECK_FALSE(holds(s.agent_log(), kCalico.kind));
}

}  // namespace selvage::testing
