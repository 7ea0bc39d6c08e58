#include <catch2/catch.hpp>

#include "cluster.h"

/// Pods that run before the API server knows their address.
namespace selvage::packets {
namespace {

/// A known pod, and one that is bound to the node without an address yet.
struct Starting : Cluster {
  TestPod& known = pod({"prod", "known", {{"app", "known"}}});
  TestPod& late = pod({"prod", "late", {{"app", "late"}}, 1, {}, false});

  void isolate_late(const std::string& directions) {
    apply("deny.yaml",
          policy("prod", "deny", "{podSelector: {matchLabels: {app: late}}, policyTypes: [" + directions + "]}"));
  }
};

}  // namespace

TEST_CASE("an isolated pod without a known address receives nothing") {
  Starting cluster;
  cluster.check({allow(cluster.known, cluster.late), allow(cluster.late, cluster.known)});
  cluster.isolate_late("Ingress");
  cluster.enforce();
  cluster.check({deny(cluster.known, cluster.late)});
  cluster.late.setup.address_known = true;
  cluster.write(cluster.late);
  cluster.enforce();
  cluster.check({deny(cluster.known, cluster.late), allow(cluster.late, cluster.known)});
}

TEST_CASE("an isolated pod without a known address can send nothing") {
  Starting cluster;
  cluster.check({allow(cluster.late, cluster.known)});
  cluster.isolate_late("Egress");
  cluster.enforce();
  cluster.check({deny(cluster.late, cluster.known)});
  cluster.late.setup.address_known = true;
  cluster.write(cluster.late);
  cluster.enforce();
  cluster.check({deny(cluster.late, cluster.known), allow(cluster.known, cluster.late)});
}

TEST_CASE("a pod that the API server does not list is cut off while another is isolated") {
  Starting cluster;
  cluster.withdraw("pod-prod-late.yaml");
  cluster.apply("deny.yaml", policy("prod", "deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}"));
  TestPod& free = cluster.pod({"dev", "free", {}});
  cluster.enforce();
  cluster.check({deny(free, cluster.late), deny(cluster.late, free)});
  cluster.withdraw("deny.yaml");
  cluster.enforce();
  cluster.check({allow(free, cluster.late), allow(cluster.late, free)});
}

TEST_CASE("unknown pods are allowed with --unknown-pods allow") {
  Starting cluster;
  cluster.withdraw("pod-prod-late.yaml");
  TestPod& free = cluster.pod({"dev", "free", {}});
  cluster.apply("deny.yaml", policy("prod", "deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}"));
  cluster.enforce({"--unknown-pods", "allow"});
  cluster.check({allow(free, cluster.late), allow(cluster.late, free), deny(cluster.late, cluster.known)});
}

TEST_CASE("unknown pods are dropped without any policy with --unknown-pods drop") {
  Starting cluster;
  cluster.withdraw("pod-prod-late.yaml");
  TestPod& free = cluster.pod({"dev", "free", {}});
  cluster.enforce({"--unknown-pods", "drop"});
  cluster.check({deny(cluster.known, cluster.late), deny(cluster.late, cluster.known), allow(free, cluster.known)});
}

}  // namespace selvage::packets
