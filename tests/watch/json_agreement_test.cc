// YAML manifests and the API server's JSON never disagree: the same object, read both ways.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>

#include "k8s_client/decode/yaml_reader.h"
#include "k8s_client/manifests/manifest.h"
#include "tests/watch/json_decoding.h"

namespace selvage::k8s_client {
namespace {

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const Node* member(const Node& node, const std::string& key) {
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    if (node.children[i].text == key) return &node.children[i + 1];
  }
  return nullptr;
}

std::optional<Resource> resource_of(const Node& object) {
  const Node* kind = member(object, "kind");
  for (const ResourceRow& row : resource_rows()) {
    if (kind != nullptr && kind->text == row.kind) return row.resource;
  }
  return std::nullopt;
}

/// Objects as YAML texts have them, those in lists too, each with apiVersion and kind.
std::vector<Node> objects_in(const std::string& yaml) {
  std::vector<Node> objects;
  for (const Chunk& chunk : split_documents(yaml)) {
    for (const Node& document : read_documents(chunk).documents) {
      const Node* items = member(document, "items");
      if (items == nullptr) {
        objects.push_back(document);
      } else {
        objects.insert(objects.end(), items->children.begin(), items->children.end());
      }
    }
  }
  return objects;
}

/// One object in JSON, read as a manifest and as an item of a list.
void check_agreement(Resource resource, const std::string& json) {
  CAPTURE(json);
  const Manifests manifests = decode_manifests(json, "x");
  const ApiObject object = decode_object(resource, json);
  REQUIRE(manifests.errors.size() <= 1);
  REQUIRE(manifests.objects.size() <= 1);
  CHECK(object.error.has_value() == !manifests.errors.empty());
  CHECK(object.object.has_value() == !manifests.objects.empty());
  if (object.object && !manifests.objects.empty()) CHECK(object.object == manifests.objects[0].object);
  if (!object.error || manifests.errors.empty()) return;
  CHECK(object.key == manifests.errors[0].object);
  CHECK(object.error->field == manifests.errors[0].field);
  CHECK(object.error->message == manifests.errors[0].message);
}

const std::vector<std::string>& policy_specs() {
  static const std::vector<std::string> kSpecs = {
      "podSelector: {}", "podSelector: {matchLabels: {app: web}}\npolicyTypes: [Ingress, Egress]",
      "podSelector: {matchExpressions: [{key: a, operator: In, values: [b, c]}, {key: d, operator: DoesNotExist}]}",
      "ingress: [{}]\negress: [{}]",
      "ingress: [{from: [{podSelector: {}}, {namespaceSelector: {matchLabels: {team: a}}}]}]",
      "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80}]}]",
      "ingress: [{ports: [{port: http, protocol: UDP}, {port: 80, endPort: 90}, {protocol: SCTP}]}]",
      "egress: [{to: [{ipBlock: {cidr: 'fd00::/8'}}]}]\npolicyTypes: [Egress]",
      // Bad ones.
      "podSelector: 5", "podSelector: []", "podSelector: {app: web}", "podSelector: {matchLabels: {app: 80}}",
      "podSelector: {matchLabels: {app: ~}}", "podSelector: {matchExpressions: [{key: a, operator: In}]}",
      "podSelecter: {}", "policyTypes: [Egres]", "policyTypes: Ingress", "policyTypes: [Ingress, ~]",
      "policyTypes: [Ingress, Egress, Egress]", "egress: {}", "egress: [{too: []}]", "ingress: [~]",
      "ingress: [{}, {from: [{}]}]", "ingress: [{from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]",
      "ingress: [{from: [{ipBlock: {cidr: 10.0.0.1}}]}]", "ingress: [{ports: [{port: 0}]}]",
      "ingress: [{ports: [{port: 80.0}]}]", "ingress: [{ports: [{port: 1e2}]}]", "ingress: [{ports: [{port: \"80\"}]}]",
      "ingress: [{ports: [{port: true}]}]", "ingress: [{ports: [{port: 80, endPort: 79}]}]",
      "ingress: [{ports: [{port: http, endPort: 90}]}]", "ingress: [{ports: [{protocol: tcp}]}]",
      "ingress: [{}]\ningress: [{}]"};
  return kSpecs;
}

std::string indented(const std::string& text) {
  std::string result = "  ";
  for (const char c : text) result += c == '\n' ? std::string("\n  ") : std::string(1, c);
  return result;
}

const std::string& full_pod() {
  static const std::string kYaml =
      "{apiVersion: v1, kind: Pod, metadata: {name: web-0, namespace: prod, uid: u, resourceVersion: '7',"
      " creationTimestamp: '2024-02-29T12:34:56Z', labels: {app: web, tier: front}, annotations: {a: b}},"
      " spec: {nodeName: n, hostNetwork: false, containers: [{name: c, ports: [{name: http, containerPort: 80},"
      " {name: dns, containerPort: 53, protocol: UDP}]}, {name: d}], initContainers: [{restartPolicy: Always,"
      " ports: [{name: proxy, containerPort: 15000}]}]}, status: {phase: Running, podIP: 10.0.0.1,"
      " podIPs: [{ip: 10.0.0.1}, {ip: 'fd00::1'}], conditions: [{type: Ready}]}}";
  return kYaml;
}

std::string policy_yaml(const std::string& spec) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: p\n  namespace: prod\nspec:\n" +
         indented(spec);
}

/// Changes something in a tree, somewhere.
class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  void mutate(Node& root) {
    std::vector<Node*> collections;
    collect(root, collections);
    Node& node = *collections[pick(collections.size())];
    const bool mapping = node.kind == Node::Kind::mapping;
    const std::size_t step = mapping ? 2 : 1;
    if (node.children.size() < step) return;
    const std::size_t at = pick(node.children.size() / step) * step;
    const auto begin = node.children.begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<Node> member(begin, begin + static_cast<std::ptrdiff_t>(step));
    switch (pick(mapping ? 5 : 3)) {
      case 0:
        node.children.erase(begin, begin + static_cast<std::ptrdiff_t>(step));
        break;
      case 1:
        node.children.insert(node.children.end(), member.begin(), member.end());
        break;
      case 2:
      case 3:
        node.children[at + step - 1] = value();
        break;
      default:
        node.children[at].text = keys_[pick(keys_.size())];
    }
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }

  /// All below metadata, spec and status; not what an object's type is.
  static void collect(Node& node, std::vector<Node*>& found) {
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      Node& child = node.children[i];
      if (child.kind != Node::Kind::mapping && child.kind != Node::Kind::sequence) continue;
      found.push_back(&child);
      collect(child, found);
    }
  }

  Node value() {
    static const char* const kValues[] = {"5",    "80.0",  "1e2", "-1",    "true",     "null",     "''",
                                          "'80'", "{}",    "[]",  "[5]",   "{a: b}",   "'a b'",    "[{}]",
                                          "80",   "65536", "'x'", "'TCP'", "10.0.0.1", "'Failed'", "['']"};
    const std::string text = kValues[pick(std::size(kValues))];
    return read_documents({"- " + text, 1}).documents.at(0).children.at(0);
  }

  std::mt19937 random_;
  std::vector<std::string> keys_ = {"name", "spec", "ports",       "x",         "podSelector", "matchLabels", "",
                                    "port", "from", "policyTypes", "namespace", "labels",      "a b",         "ip"};
};

}  // namespace

TEST_CASE("fixtures of manifests are the same objects in the API server's JSON") {
  std::size_t objects = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SELVAGE_FIXTURES)) {
    if (!entry.is_regular_file()) continue;
    const std::string yaml = read_text(entry.path());
    CAPTURE(entry.path());
    const Manifests manifests = decode_manifests(yaml, "x");
    std::vector<policy::Object> found;
    for (const Node& node : objects_in(yaml)) {
      const auto resource = resource_of(node);
      if (!resource) continue;
      const ApiObject object = decode_object(*resource, json_of(node));
      // Other engines have kinds of the same names.
      if (object.error && object.error->field == "kind") continue;
      if (object.error) FAIL(to_string(*object.error));
      found.push_back(*object.object);
    }
    // Items of typed lists do not say what they are.
    if (entry.path().filename() == "typed-lists.yaml") continue;
    REQUIRE(found.size() == manifests.objects.size());
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == manifests.objects[i].object);
    objects += found.size();
  }
  CHECK(objects > 5);
}

TEST_CASE("good and bad policies are the same in YAML and JSON, down to the error") {
  for (const auto& spec : policy_specs()) {
    const Node node = objects_in(policy_yaml(spec)).at(0);
    const std::string json = json_of(node);
    check_agreement(Resource::network_policies, json);
    const Manifests yaml = decode_manifests(policy_yaml(spec), "x");
    const ApiObject object = decode_object(Resource::network_policies, json);
    REQUIRE(yaml.objects.size() == 1);
    CHECK(object.object == yaml.objects[0].object);
    CHECK(object.error.has_value() == yaml.objects[0].fallback);
  }
}

TEST_CASE("randomly changed objects are the same in YAML and JSON, down to the error") {
  std::vector<Node> bases = {
      objects_in(full_pod()).at(0),
      objects_in("{apiVersion: v1, kind: Namespace, metadata: {name: prod, labels: {team: a}}}").at(0)};
  for (std::size_t i = 0; i < 8; ++i) bases.push_back(objects_in(policy_yaml(policy_specs()[i])).at(0));
  Mutator mutator(5);
  for (int round = 0; round < 2000; ++round) {
    Node node = bases[static_cast<std::size_t>(round) % bases.size()];
    const Resource resource = resource_of(node).value();
    for (int changes = round % 3; changes >= 0; --changes) mutator.mutate(node);
    check_agreement(resource, json_of(node));
  }
}

}  // namespace selvage::k8s_client
