#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "lab/manifest.h"
#include "tests/charts/chart.h"

/// The rendered objects of the chart, and files that are made from it.
namespace selvage::testing {
namespace {

using Words = std::set<std::string>;

Words words_of(const YAML::Node& list) {
  Words all;
  for (const YAML::Node& word : list) all.insert(word.as<std::string>());
  return all;
}

/// All containers in the pod templates of the objects.
std::vector<YAML::Node> containers_of(const std::vector<YAML::Node>& objects) {
  std::vector<YAML::Node> all;
  for (const YAML::Node& node : objects) {
    const auto pod_template = pod_template_of(node);
    if (!pod_template) continue;
    const YAML::Node pod = (*pod_template)["spec"];
    for (const char* kind : {"initContainers", "containers"})
      for (const YAML::Node& container : pod[kind]) all.push_back(container);
  }
  return all;
}

/// `version: WORD` of Chart.yaml, or `appVersion`.
std::string of_chart(const std::string& key) {
  return YAML::Load(source_file("charts/selvage/Chart.yaml"))[key].as<std::string>();
}

}  // namespace

TEST_CASE("helm lint accepts the chart") {
  for (const auto& [name, values] : value_sets()) {
    INFO(name);
    const auto linted = helm({"lint", "--strict", "--values", "-", SELVAGE_SOURCE_DIR "/charts/selvage"}, values);
    INFO((linted ? *linted : linted.error().message));
    CHECK(linted);
  }
}

TEST_CASE("the chart has the program's version") {
  CHECK(of_chart("version") == SELVAGE_VERSION);
  CHECK(of_chart("appVersion") == SELVAGE_VERSION);
}

TEST_CASE("each container has one capability at most") {
  for (const auto& [name, values] : value_sets()) {
    const auto containers = containers_of(render(values));
    CHECK(!containers.empty());
    for (const YAML::Node& container : containers) {
      const auto who = container["name"].as<std::string>();
      INFO(name << ": " << who);
      const YAML::Node context = container["securityContext"];
      CHECK(context["allowPrivilegeEscalation"].as<std::string>() == "false");
      CHECK(context["privileged"].as<std::string>() == "false");
      CHECK(context["readOnlyRootFilesystem"].as<std::string>() == "true");
      CHECK(context["seccompProfile"]["type"].as<std::string>() == "RuntimeDefault");
      CHECK(words_of(context["capabilities"]["drop"]) == Words{"ALL"});
      const bool needs_none = who == "done" || who == "wait";
      const Words allowed = needs_none ? Words{} : who == "load-modules" ? Words{"SYS_MODULE"} : Words{"NET_ADMIN"};
      CHECK(words_of(context["capabilities"]["add"]) == allowed);
    }
  }
}

TEST_CASE("the program does not run as root, unless values say so") {
  for (const std::string name : {"selvage", "selvage-cleanup"}) {
    const auto program_of = [&](const std::string& values) {
      const YAML::Node pod = object(render(values), "DaemonSet", name)["spec"]["template"]["spec"];
      return pod[name == "selvage" ? "containers" : "initContainers"][0]["securityContext"];
    };
    const YAML::Node usual = program_of("");
    CHECK(usual["runAsUser"].as<int>() == 65532);
    CHECK(usual["runAsGroup"].as<int>() == 65532);
    CHECK(usual["runAsNonRoot"].as<bool>());
    const YAML::Node root = program_of("runAsUser: 0");
    CHECK(root["runAsUser"].as<int>() == 0);
    CHECK_FALSE(root["runAsNonRoot"].IsDefined());
  }
}

TEST_CASE("the agent runs on every node, with high priority, and stops quickly") {
  const YAML::Node spec = object(render(), "DaemonSet")["spec"];
  const YAML::Node pod = spec["template"]["spec"];
  CHECK(pod["hostNetwork"].as<bool>());
  CHECK(pod["priorityClassName"].as<std::string>() == "system-node-critical");
  REQUIRE(pod["tolerations"].size() == 1);
  CHECK(pod["tolerations"][0]["operator"].as<std::string>() == "Exists");
  CHECK_FALSE(pod["tolerations"][0]["key"].IsDefined());
  CHECK(pod["nodeSelector"]["kubernetes.io/os"].as<std::string>() == "linux");
  CHECK(pod["terminationGracePeriodSeconds"].as<int>() <= 10);
  CHECK(spec["updateStrategy"]["rollingUpdate"]["maxUnavailable"].IsDefined());
}

TEST_CASE("the agent may read three resources, list policies of other APIs, create Events if configured, and no more") {
  const auto rights = [](const std::string& values) {
    Words may;
    for (const YAML::Node& rule : object(render(values), "ClusterRole")["rules"])
      for (const std::string& group : words_of(rule["apiGroups"]))
        for (const std::string& resource : words_of(rule["resources"]))
          for (const std::string& verb : words_of(rule["verbs"])) may.insert(verb + " " + group + "/" + resource);
    return may;
  };
  Words may;
  for (const std::string verb : {"get ", "list ", "watch "}) {
    for (const char* resource : {"/pods", "/namespaces", "networking.k8s.io/networkpolicies"}) {
      may.insert(verb + resource);
    }
  }
  for (const std::string resource :
       {"clusternetworkpolicies", "adminnetworkpolicies", "baselineadminnetworkpolicies"}) {
    may.insert("list policy.networking.k8s.io/" + resource);
  }
  for (const std::string group : {"projectcalico.org/", "crd.projectcalico.org/"}) {
    for (const char* resource : {"networkpolicies", "globalnetworkpolicies", "stagednetworkpolicies",
                                 "stagedglobalnetworkpolicies", "stagedkubernetesnetworkpolicies"}) {
      may.insert("list " + group + resource);
    }
  }
  for (const std::string resource : {"ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies"}) {
    may.insert("list cilium.io/" + resource);
  }
  CHECK(rights("agent: {events: false}") == may);
  may.insert("create events.k8s.io/events");
  CHECK(rights("") == may);
}

TEST_CASE("the cleanup waits until its node's agent has ended") {
  const auto objects = render();
  const YAML::Node rules =
      object(objects, "DaemonSet", "selvage-cleanup")["spec"]["template"]["spec"]["affinity"]["podAntiAffinity"]
                                                     ["requiredDuringSchedulingIgnoredDuringExecution"];
  REQUIRE(rules.size() == 1);
  CHECK(rules[0]["topologyKey"].as<std::string>() == "kubernetes.io/hostname");
  CHECK(rules[0]["labelSelector"]["matchLabels"].as<std::map<std::string, std::string>>() ==
        object(objects, "DaemonSet")["spec"]["selector"]["matchLabels"].as<std::map<std::string, std::string>>());
}

TEST_CASE("the image is selected by tag or digest") {
  const auto image = [](const std::string& values) {
    return object(render(values), "DaemonSet")["spec"]["template"]["spec"]["containers"][0]["image"].as<std::string>();
  };
  CHECK(image("") == "selvage:" SELVAGE_VERSION);
  CHECK(image("image: {tag: v9}") == "selvage:v9");
  const std::string digest = "sha256:" + std::string(64, 'a');
  CHECK(image("image: {repository: a.example/b, tag: v9, digest: \"" + digest + "\"}") == "a.example/b@" + digest);
}

TEST_CASE("files that are made from the chart are up to date") {
  const auto folder = lab::TemporaryFolder::create().value();
  const auto made = lab::run({"env", "SELVAGE_CHART_PROGRAMS=" SELVAGE_CHART_PROGRAMS,
                              SELVAGE_SOURCE_DIR "/scripts/chart", folder.path().string()});
  INFO((made ? "" : made.error().message));
  REQUIRE(made);
  for (const std::string path : {"deploy/selvage.yaml", "deploy/selvage-cleanup.yaml", "charts/selvage/README.md"}) {
    INFO(path << " is old: run scripts/chart");
    CHECK(lab::read_whole(folder.path() / path).value() == source_file(path));
  }
}

}  // namespace selvage::testing
