#include <catch2/catch.hpp>

#include "tests/k8s_client/decoding.h"

namespace selvage::k8s_client {
namespace {

using policy::NamedPort;
using policy::Pod;
using policy::Protocol;

std::string pod_yaml(const std::string& rest, const std::string& metadata = "") {
  return "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-0\n  namespace: prod\n" + indent(metadata, 2) + "\n" + rest;
}

Pod good_pod(const std::string& text) {
  const Manifests manifests = decode(text);
  CAPTURE(text);
  for (const auto& error : manifests.errors) FAIL(to_string(error));
  REQUIRE(manifests.objects.size() == 1);
  return std::get<Pod>(manifests.objects[0].object);
}

std::string error_field(const std::string& text) {
  const Manifests manifests = decode(text);
  CAPTURE(text);
  CHECK(manifests.objects.empty());
  REQUIRE(manifests.errors.size() == 1);
  CHECK(manifests.errors[0].object == policy::ObjectKey{policy::Kind::pod, "prod", "web-0"});
  return manifests.errors[0].field;
}

IpAddress ip(const char* text) { return IpAddress::parse(text).value(); }

}  // namespace

TEST_CASE("all fields of a pod") {
  Pod expected;
  expected.namespace_name = "prod";
  expected.name = "web-0";
  expected.uid = "3f1c";
  expected.node = "node-1";
  expected.labels = {{"app", "web"}};
  expected.addresses = {ip("10.244.1.5"), ip("fd00::5")};
  expected.host_network = true;
  expected.finished = true;
  expected.created = 1709210096;
  const std::string metadata = "uid: 3f1c\nlabels: {app: web}\ncreationTimestamp: 2024-02-29T12:34:56Z";
  CHECK(good_pod(pod_yaml("spec: {nodeName: node-1, hostNetwork: true}\n"
                          "status: {phase: Failed, podIP: 10.244.1.5, podIPs: [{ip: 10.244.1.5}, {ip: 'fd00::5'}]}",
                          metadata)) == expected);
}

TEST_CASE("a pod without status") {
  Pod expected;
  expected.namespace_name = "prod";
  expected.name = "web-0";
  CHECK(good_pod(pod_yaml("")) == expected);
  CHECK(good_pod(pod_yaml("spec: ~\nstatus: {podIPs: ~, podIP: '', phase: Pending}",
                          "labels:\ncreationTimestamp: null")) == expected);
}

TEST_CASE("a pod's addresses") {
  CHECK(good_pod(pod_yaml("status: {podIP: 10.0.0.1}")).addresses == std::vector{ip("10.0.0.1")});
  CHECK(good_pod(pod_yaml("status: {podIP: 10.0.0.1, podIPs: []}")).addresses == std::vector{ip("10.0.0.1")});
  CHECK(good_pod(pod_yaml("status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.2}]}")).addresses ==
        std::vector{ip("10.0.0.2")});
  CHECK(error_field(pod_yaml("status: {podIP: 10.0.0.256}")) == "status.podIP");
  CHECK(error_field(pod_yaml("status: {podIPs: [{ip: x}]}")) == "status.podIPs[0].ip");
  CHECK(error_field(pod_yaml("status: {podIPs: [10.0.0.1]}")) == "status.podIPs[0]");
  CHECK(error_field(pod_yaml("status: {podIPs: [{ip: 10.0.0.1}, {ip: 10.0.0.2}]}")) == "status.podIPs");
}

TEST_CASE("phases that release a pod's address") {
  for (const char* phase : {"Pending", "Running", "Unknown"}) {
    CHECK_FALSE(good_pod(pod_yaml(std::string("status: {phase: ") + phase + "}")).finished);
  }
  for (const char* phase : {"Succeeded", "Failed"}) {
    CHECK(good_pod(pod_yaml(std::string("status: {phase: ") + phase + "}")).finished);
  }
}

TEST_CASE("named ports: of containers, and of init containers that keep running") {
  const Pod pod = good_pod(pod_yaml(
      "spec:\n"
      "  containers:\n"
      "  - ports: [{name: http, containerPort: 8080}, {containerPort: 9}, {name: dns, containerPort: 53, protocol: "
      "UDP}]\n"
      "  - name: no-ports\n"
      "  - ports: [{name: http, containerPort: 1}, {name: http, containerPort: 2, protocol: UDP}]\n"
      "  initContainers:\n"
      "  - {restartPolicy: Always, ports: [{name: proxy, containerPort: 15000}, {name: http, containerPort: 3}]}\n"
      "  - {ports: [{name: gone, containerPort: 4}]}\n"));
  CHECK(pod.ports == std::vector<NamedPort>{{"dns", Protocol::udp, 53},
                                            {"http", Protocol::tcp, 8080},
                                            {"http", Protocol::udp, 2},
                                            {"proxy", Protocol::tcp, 15000}});
}

TEST_CASE("errors in a pod") {
  const auto test = GENERATE(values<std::pair<const char*, const char*>>({
      {"spec: []", "spec"},
      {"status: 5", "status"},
      {"spec: {}\nspec: {}", "spec"},
      {"spec: {nodeName: 'a b'}", "spec.nodeName"},
      {"spec: {nodeName: 5}", "spec.nodeName"},
      {"spec: {hostNetwork: 1}", "spec.hostNetwork"},
      {"spec: {hostNetwork: 'true'}", "spec.hostNetwork"},
      {"spec: {hostNetwork: true, hostNetwork: false}", "spec.hostNetwork"},
      {"spec: {containers: {}}", "spec.containers"},
      {"spec: {containers: [{ports: [{name: a, containerPort: 0}]}]}", "spec.containers[0].ports[0].containerPort"},
      {"spec: {containers: [{ports: [{name: a}]}]}", "spec.containers[0].ports[0].containerPort"},
      {"spec: {containers: [{ports: [{name: '80', containerPort: 1}]}]}", "spec.containers[0].ports[0].name"},
      {"spec: {containers: [{ports: [{protocol: udp, containerPort: 1}]}]}", "spec.containers[0].ports[0].protocol"},
      {"status: {phase: 1}", "status.phase"},
  }));
  CHECK(error_field(pod_yaml(test.first)) == test.second);
}

TEST_CASE("errors in a pod's metadata") {
  CHECK(error_field(pod_yaml("", "labels: {a: 5}")) == "metadata.labels.a");
  CHECK(error_field(pod_yaml("", "labels: []")) == "metadata.labels");
  CHECK(error_field(pod_yaml("", "uid: 5")) == "metadata.uid");
  CHECK(error_field(pod_yaml("", "creationTimestamp: yesterday")) == "metadata.creationTimestamp");
}

TEST_CASE("fields that policy does not need are ignored, whatever they hold") {
  good_pod(pod_yaml("spec: {volumes: 5, unknown: {a: 1, a: 2}}\nstatus: {conditions: x}\nother: []",
                    "annotations: {a: 1, a: 2}\nmanagedFields: text"));
}

TEST_CASE("a namespace always has its name as a label") {
  for (const char* labels : {"", ", labels: ~", ", labels: {kubernetes.io/metadata.name: other}"}) {
    const Manifests manifests =
        decode(std::string("{apiVersion: v1, kind: Namespace, metadata: {name: prod") + labels + "}}");
    CHECK(manifests.errors.empty());
    REQUIRE(manifests.objects.size() == 1);
    CHECK(manifests.objects[0].object ==
          policy::Object(policy::Namespace{"prod", {{"kubernetes.io/metadata.name", "prod"}}}));
  }
}

}  // namespace selvage::k8s_client
