#include <catch2/catch.hpp>
#include <functional>

#include "tests/charts/chart.h"

/// values.schema.json rejects misspelt keys and impossible values.
namespace selvage::testing {
namespace {

/// Likely mistakes in values, one per line.
const std::vector<std::string> kMistakes = {
    "imagee: {}",
    "image: selvage",
    "image: {repository: 'Bad Name'}",
    "image: {repository: ''}",
    "image: {tag: 1.0}",
    "image: {digest: 'sha256:12'}",
    "image: {pullPolicy: Sometimes}",
    "imagePullSecrets: [secret]",
    "imagePullSecrets: [{nam: secret}]",
    "apiServer: {host: 'https://10.0.0.1'}",
    "apiServer: {port: 0}",
    "agent: {unknownPods: maybe}",
    "agent: {unknownpods: drop}",
    "agent: {podBridges: cni0}",
    "agent: {podBridges: [a-name-of-16-bytes]}",
    "agent: {tableOwner: on}",
    "agent: {logDeniedGroup: 65536}",
    "agent: {logDeniedGroup: off}",
    "agent: {logDeniedGroup: '700'}",
    "agent: {policyCounters: 'yes'}",
    "agent: {selfCheckInterval: 10m}",
    "agent: {selfCheckInterval: 86401}",
    "agent: {apiIdleTimeout: 0}",
    "agent: {allowIpvs: 1}",
    "agent: {logFormat: xml}",
    "agent: {debug: null, debugg: true}",
    "agent: {extraArgs: [debug]}",
    "http: {port: 65536}",
    "http: {port: '9697'}",
    "http: {addresses: [off]}",
    "http: {addresses: ['off']}",
    "http: {addresses: [localhost]}",
    "nodeSetup: {enable: true}",
    "nodeSetup: {modules: ['br netfilter']}",
    "nodeSetup: {modules: [-r]}",
    "nodeSetup: {sysctls: {kernel.panic: '1'}}",
    "nodeSetup: {sysctls: {net..ip_forward: '1'}}",
    "nodeSetup: {sysctls: {net.ipv4.ip_forward: true}}",
    "nodeSetup: {sysctls: {net.ipv4.ip_forward: 1}}",
    "cleanup: {enabled: 'no'}",
    "cleanup: {timeoutSeconds: 5}",
    "cleanup: {image: {}}",
    "cleanup: {kubectlImage: {tagg: v1}}",
    "serviceAccount: {name: Upper}",
    "serviceAccount: {annotations: {a: 1}}",
    "rbac: {create: maybe}",
    "resources: {limit: {}}",
    "resources: {limits: {memory: 256MB}}",
    "resources: {requests: {cpus: 1}}",
    "priorityClassName: ''",
    "nodeSelector: [linux]",
    "tolerations: [{operator: Exist}]",
    "tolerations: [{effects: NoSchedule}]",
    "tolerations: {operator: Exists}",
    "affinity: {nodeaffinity: {}}",
    "podAnnotations: {a: true}",
    "podLabels: {a: 1}",
    "terminationGracePeriodSeconds: 0",
    "updateStrategy: {maxUnavailable: 0}",
    "updateStrategy: {maxUnavailable: 0%}",
    "updateStrategy: {maxUnavailable: 101%}",
    "updateStrategy: {type: OnDelete}",
    "podMonitor: {enabled: true, interval: 30}",
    "serviceMonitor: {enabled: true, interval: 30 s}",
    "serviceMonitor: {enbled: true}",
    "prometheusRule: {enabled: true, disabled: [selvageDown]}",
    "prometheusRule: {enabled: true, disabled: [SelvageDwn]}",
    "dashboard: {enabled: true, folder: Network}",
    "fullnameOverride: Selvage",
    "hostNetwork: true",
};

/// Calls `visit` with the path of each map of `node`, which begins with `path`.
void each_map(const YAML::Node& node, const std::string& path, const std::function<void(const std::string&)>& visit) {
  if (!node.IsMap()) return;
  visit(path);
  for (const auto& entry : node) each_map(entry.second, path + entry.first.as<std::string>() + ".", visit);
}

/// Maps with keys chosen by the user.
bool is_free(const std::string& path) {
  for (const std::string end : {"annotations.", "Annotations.", "labels.", "Labels.", "nodeSelector.", "sysctls."})
    if (path.ends_with(end)) return true;
  return false;
}

}  // namespace

TEST_CASE("impossible values are rejected") {
  for (const std::string& mistake : kMistakes) {
    INFO(mistake);
    CHECK_FALSE(render_text(mistake));
  }
}

TEST_CASE("keys that values.yaml lacks are rejected everywhere") {
  each_map(YAML::Load(source_file("charts/selvage/values.yaml")), "", [](const std::string& path) {
    if (is_free(path)) return;
    INFO(path);
    const auto refused =
        helm({"template", "selvage", SELVAGE_SOURCE_DIR "/charts/selvage", "--set", path + "misspelt=true"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("misspelt") != std::string::npos);
  });
}

TEST_CASE("valid values are accepted") {
  for (const std::string good :
       {"agent: {logDeniedGroup: 0}", "agent: {logDeniedGroup: 'off'}", "agent: {tableOwner: 'on'}",
        "agent: {selfCheckInterval: 0}", "http: {addresses: ['fd00::1', 10.0.0.1]}", "global: {a: b}",
        "updateStrategy: {maxUnavailable: 100%}", "updateStrategy: {maxUnavailable: 1}",
        "resources: {limits: {cpu: 1.5, memory: 1Gi}}", "apiServer: {host: 'fd00::1', port: 443}",
        "prometheusRule: {enabled: true, disabled: [SelvageDown]}", "image: {tag: '1.0'}"}) {
    INFO(good);
    const auto rendered = render_text(good);
    INFO((rendered ? "" : rendered.error().message));
    CHECK(rendered);
  }
}

}  // namespace selvage::testing
