#include <catch2/catch.hpp>
#include <filesystem>
#include <map>

#include "demo/story.h"
#include "tests/cluster/kube_cluster.h"
#include "tests/support/ordinary_policies.h"

/// Policies as a person applies them with kubectl, by connections before and after.
namespace selvage::testing {
namespace {

using OrdinaryCluster = OrdinaryPods<KubeCluster>;

std::string policy_file(const std::string& name) { return std::filesystem::path(SELVAGE_POLICIES) / name; }

/// The same connections where no policy is.
std::vector<Expectation> all_allowed(std::vector<Expectation> expectations) {
  for (Expectation& expectation : expectations) expectation.allowed = true;
  return expectations;
}

/// The shop of examples/ on one node, its pods by their names.
struct Shop : KubeCluster {
  std::map<std::string, TestPod*> pods;

  Shop() {
    for (const PodManifest& manifest : demo::story::pods()) {
      pods[manifest.name] = &pod({manifest.namespace_name, manifest.name, manifest.labels, 1, manifest.ports});
    }
  }

  void take(const demo::story::Step& step) {
    for (const std::string& file : step.policies)
      (void)server().must_kubectl({"apply", "-f", std::filesystem::path(SELVAGE_EXAMPLES) / file});
    for (const PodManifest& changed : step.changed_pods) {
      remove(*pods.at(changed.name));
      pods.at(changed.name)->setup.labels = changed.labels;
      create(*pods.at(changed.name));
    }
  }

  std::vector<Expectation> expected(const demo::story::Step& step) {
    std::vector<Expectation> all;
    for (std::size_t row = 0; row < step.expected.size(); ++row)
      for (std::size_t column = 0; column < step.expected[row].size(); ++column) {
        const demo::story::Target target = demo::story::targets()[column];
        const char letter = step.expected[row][column];
        if (letter == '.') continue;
        all.push_back({pods.at(demo::story::sources()[row])->host, pods.at(target.pod)->host, target.port,
                       target.transport, letter == 'y'});
      }
    return all;
  }
};

}  // namespace

TEST_CASE("kubectl applies and deletes each ordinary policy, and packets follow on both nodes") {
  OrdinaryCluster cluster;
  const Process first = cluster.start_agent(1);
  const Process second = cluster.start_agent(2);
  cluster.converge();
  for (const OrdinaryCase& one : ordinary_cases(cluster)) {
    INFO(one.file);
    cluster.check(all_allowed(one.expected));
    (void)cluster.server().must_kubectl({"apply", "-f", policy_file(one.file)});
    cluster.converge();
    cluster.check(one.expected);
    (void)cluster.server().must_kubectl({"delete", "-f", policy_file(one.file)});
    cluster.converge();
  }
}

TEST_CASE("all ordinary policies applied together allow their union") {
  OrdinaryCluster cluster;
  const Process first = cluster.start_agent(1);
  const Process second = cluster.start_agent(2);
  cluster.converge();
  cluster.check(all_allowed(ordinary_union(cluster)));
  (void)cluster.server().must_kubectl({"apply", "-f", SELVAGE_POLICIES});
  cluster.converge();
  cluster.check(ordinary_union(cluster));
}

TEST_CASE("the shop's policies are applied with kubectl, and each step's matrix is measured") {
  Shop shop;
  (void)shop.server().must_kubectl({"apply", "-f", std::filesystem::path(SELVAGE_EXAMPLES) / "namespaces.yaml"});
  const Process agent = shop.start_agent();
  for (const demo::story::Step& step : demo::story::steps()) {
    INFO(step.title);
    shop.take(step);
    shop.converge();
    shop.check(shop.expected(step));
  }
}

}  // namespace selvage::testing
