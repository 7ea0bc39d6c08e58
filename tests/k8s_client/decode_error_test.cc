#include <catch2/catch.hpp>

#include "tests/k8s_client/decoding.h"

namespace selvage::k8s_client {
namespace {

struct Case {
  std::string text;
  std::size_t line;
  std::string field;
};

DecodeError only_error(const std::string& text) {
  const Manifests manifests = decode(text);
  CAPTURE(text);
  REQUIRE(manifests.errors.size() == 1);
  CHECK_FALSE(manifests.errors[0].message.empty());
  return manifests.errors[0];
}

void check(const Case& test) {
  const DecodeError error = only_error(test.text);
  CAPTURE(test.text, error.message);
  CHECK(error.file == "test.yaml");
  CHECK(error.line == test.line);
  CHECK(error.field == test.field);
}

}  // namespace

TEST_CASE("errors in a podSelector name line and field") {
  const auto test = GENERATE(values<std::pair<const char*, Case>>({
      {"podSelecter: {}", {"", 7, "spec.podSelecter"}},
      {"podSelector: {}\npodSelector: {}", {"", 8, "spec.podSelector"}},
      {"podSelector: []", {"", 7, "spec.podSelector"}},
      {"podSelector: text", {"", 7, "spec.podSelector"}},
      {"podSelector: {app: web}", {"", 7, "spec.podSelector.app"}},
      {"podSelector:\n  matchLabels:\n    app: yes", {"", 9, "spec.podSelector.matchLabels.app"}},
      {"podSelector: {matchLabels: {app: 80}}", {"", 7, "spec.podSelector.matchLabels.app"}},
      {"podSelector: {matchLabels: {app: 1e3}}", {"", 7, "spec.podSelector.matchLabels.app"}},
      {"podSelector: {matchLabels: {app: ~}}", {"", 7, "spec.podSelector.matchLabels.app"}},
      {"podSelector: {matchLabels: {app: [a]}}", {"", 7, "spec.podSelector.matchLabels.app"}},
      {"podSelector: {matchLabels: {app: a b}}", {"", 7, "spec.podSelector.matchLabels.app"}},
      {"podSelector: {matchLabels: {'a b': c}}", {"", 7, "spec.podSelector.matchLabels.a b"}},
      {"podSelector: {matchLabels: {on: c}}", {"", 7, "spec.podSelector.matchLabels.on"}},
      {"podSelector: {matchLabels: {a: b, a: b}}", {"", 7, "spec.podSelector.matchLabels.a"}},
      {"podSelector: {matchLabels: {<<: {a: b}}}", {"", 7, "spec.podSelector.matchLabels.<<"}},
      {"podSelector: {<<: {}}", {"", 7, "spec.podSelector.<<"}},
      {"podSelector: {matchExpressions: [{key: a, operator: Is, values: [b]}]}",
       {"", 7, "spec.podSelector.matchExpressions[0].operator"}},
      {"podSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}",
       {"", 7, "spec.podSelector.matchExpressions[0].operator"}},
      {"podSelector: {matchExpressions: [{key: a, operator: In}]}",
       {"", 7, "spec.podSelector.matchExpressions[0].values"}},
      {"podSelector: {matchExpressions: [{key: a, operator: NotIn, values: []}]}",
       {"", 7, "spec.podSelector.matchExpressions[0].values"}},
      {"podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}",
       {"", 7, "spec.podSelector.matchExpressions[0].values"}},
      {"podSelector: {matchExpressions: [{key: a, operator: In, values: [1]}]}",
       {"", 7, "spec.podSelector.matchExpressions[0].values[0]"}},
      {"podSelector: {matchExpressions: [{key: a, operator: In, values: [a/b]}]}",
       {"", 7, "spec.podSelector.matchExpressions[0].values[0]"}},
      {"podSelector: {matchExpressions: [{key: a/, operator: Exists}]}",
       {"", 7, "spec.podSelector.matchExpressions[0].key"}},
      {"podSelector: {matchExpressions: [{key: a}]}", {"", 7, "spec.podSelector.matchExpressions[0].operator"}},
      {"podSelector: {matchExpressions: [{key: a, operator: Exists, value: b}]}",
       {"", 7, "spec.podSelector.matchExpressions[0].value"}},
      {"podSelector: {matchExpressions: [~]}", {"", 7, "spec.podSelector.matchExpressions[0]"}},
  }));
  Case with_text = test.second;
  with_text.text = policy_yaml(test.first);
  check(with_text);
}

TEST_CASE("errors in a spec name line and field") {
  const auto test = GENERATE(values<std::pair<const char*, Case>>({
      {"policyTypes: Ingress", {"", 7, "spec.policyTypes"}},
      {"policyTypes: [ingress]", {"", 7, "spec.policyTypes[0]"}},
      {"policyTypes:\n- Ingress\n- ~", {"", 9, "spec.policyTypes[1]"}},
      {"policyTypes: [Ingress, Egress, Ingress]", {"", 7, "spec.policyTypes"}},
      {"ingress: {}", {"", 7, "spec.ingress"}},
      {"ingress:\n- {}\n- ~", {"", 9, "spec.ingress[1]"}},
      {"ingress:\n- to: []", {"", 8, "spec.ingress[0].to"}},
      {"egress:\n- from: []", {"", 8, "spec.egress[0].from"}},
      {"policyTypes: [Ingress]\negress:\n- from: []", {"", 9, "spec.egress[0].from"}},
  }));
  Case with_text = test.second;
  with_text.text = policy_yaml(test.first);
  check(with_text);
}

TEST_CASE("errors in a rule name line and field") {
  const auto test = GENERATE(values<std::pair<const char*, const char*>>({
      {"{from: {}}", "from"},
      {"{from: [{}]}", "from[0]"},
      {"{from: [~]}", "from[0]"},
      {"{from: [text]}", "from[0]"},
      {"{from: [{podSelector: ~}]}", "from[0]"},
      {"{from: [{podSelector: {}}, {}]}", "from[1]"},
      {"{from: [{podSelectors: {}}]}", "from[0].podSelectors"},
      {"{from: [{podSelector: {}, serviceAccountSelector: {}}]}", "from[0].serviceAccountSelector"},
      {"{from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}", "from[0].ipBlock"},
      {"{from: [{namespaceSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}", "from[0].ipBlock"},
      {"{from: [{ipBlock: {}}]}", "from[0].ipBlock.cidr"},
      {"{from: [{ipBlock: {cidr: 10.0.0.1}}]}", "from[0].ipBlock.cidr"},
      {"{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}", "from[0].ipBlock.cidr"},
      {"{from: [{ipBlock: {cidr: 010.0.0.0/8}}]}", "from[0].ipBlock.cidr"},
      {"{from: [{ipBlock: {cidr: 10.0.0.0/8, excepts: []}}]}", "from[0].ipBlock.excepts"},
      {"{from: [{ipBlock: {cidr: 10.0.0.0/8, except: 10.0.0.0/9}}]}", "from[0].ipBlock.except"},
      {"{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}", "from[0].ipBlock.except[0]"},
      {"{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 11.0.0.0/9]}}]}", "from[0].ipBlock.except[1]"},
      {"{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [0.0.0.0/0]}}]}", "from[0].ipBlock.except[0]"},
      {"{from: [{ipBlock: {cidr: 0.0.0.0/0, except: ['fd00::/8']}}]}", "from[0].ipBlock.except[0]"},
      {"{ports: {port: 80}}", "ports"},
      {"{ports: [80]}", "ports[0]"},
      {"{ports: [~]}", "ports[0]"},
      {"{ports: [{port: 0}]}", "ports[0].port"},
      {"{ports: [{port: 80}, {port: 65536}]}", "ports[1].port"},
      {"{ports: [{port: -1}]}", "ports[0].port"},
      {"{ports: [{port: 80.0}]}", "ports[0].port"},
      {"{ports: [{port: 0x50}]}", "ports[0].port"},
      {"{ports: [{port: 080}]}", "ports[0].port"},
      {"{ports: [{port: \"80\"}]}", "ports[0].port"},
      {"{ports: [{port: true}]}", "ports[0].port"},
      {"{ports: [{port: [80]}]}", "ports[0].port"},
      {"{ports: [{port: HTTP}]}", "ports[0].port"},
      {"{ports: [{port: this-is-too-long}]}", "ports[0].port"},
      {"{ports: [{protocol: tcp}]}", "ports[0].protocol"},
      {"{ports: [{protocol: ICMP}]}", "ports[0].protocol"},
      {"{ports: [{protocol: 6}]}", "ports[0].protocol"},
      {"{ports: [{port: 80, endPort: 79}]}", "ports[0].endPort"},
      {"{ports: [{port: 80, endPort: 65536}]}", "ports[0].endPort"},
      {"{ports: [{port: 80, endPort: http}]}", "ports[0].endPort"},
      {"{ports: [{port: http, endPort: 90}]}", "ports[0].endPort"},
      {"{ports: [{endPort: 90}]}", "ports[0].endPort"},
      {"{ports: [{port: 80, port: 81}]}", "ports[0].port"},
      {"{ports: [{port: 80, ports: 90}]}", "ports[0].ports"},
  }));
  check({rule_yaml(test.first), 8, std::string("spec.ingress[0].") + test.second});
}

TEST_CASE("errors in an object's type or identity") {
  const std::string v1 = "apiVersion: networking.k8s.io/v1\n";
  const auto test = GENERATE_COPY(values<Case>({
      {"just text", 1, ""},
      {"- a\n- b", 1, ""},
      {"a: b", 1, "kind"},
      {"kind: [Pod]", 1, "kind"},
      {"kind: Pod\nkind: Pod\napiVersion: v1", 2, "kind"},
      {"kind: 5", 1, "kind"},
      {v1 + "kind: NetworkPolicy\nspec: {}", 1, "metadata"},
      {v1 + "kind: NetworkPolicy\nmetadata: {}", 3, "metadata.name"},
      {v1 + "kind: NetworkPolicy\nmetadata: {name: P}", 3, "metadata.name"},
      {v1 + "kind: NetworkPolicy\nmetadata: {name: 5}", 3, "metadata.name"},
      {v1 + "kind: NetworkPolicy\nmetadata:\n  name: p\n  namespace: a.b", 5, "metadata.namespace"},
      {v1 + "kind: NetworkPolicy\nmetadata: {name: p}\nmetadata: {name: q}", 4, "metadata"},
      {"apiVersion: networking.k8s.io/v1beta1\nkind: NetworkPolicy\nmetadata: {name: p}", 1, "apiVersion"},
      {"apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: p}", 1, "apiVersion"},
      {"apiVersion: v1\nkind: NetworkPolicy\nmetadata: {name: p}", 1, "apiVersion"},
      {"kind: NetworkPolicy\nmetadata: {name: p}", 1, "apiVersion"},
      {"apiVersion: networking.k8s.io/v1\nkind: Pod\nmetadata: {name: p}", 1, "apiVersion"},
      {v1 + "kind: Networkpolicy\nmetadata: {name: p}", 2, "kind"},
      {v1 + "kind: NetworkPolicy\nmetadata: {name: p}\nspecs: {}", 4, "specs"},
      {"apiVersion: v1\nkind: List\nitems: {}", 3, "items"},
      {"apiVersion: v1\nkind: List\nitems:\n- text", 4, "items[0]"},
      {"apiVersion: v1\nkind: Namespace\nmetadata: {name: a.b}", 3, "metadata.name"},
      {"apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {x: true}}", 3, "metadata.labels.x"},
  }));
  check(test);
}

TEST_CASE("an error in a list item names the item") {
  const DecodeError error = only_error(
      "apiVersion: v1\nkind: List\nitems:\n"
      "- {apiVersion: v1, kind: Namespace, metadata: {name: good}}\n"
      "- {apiVersion: v1, kind: Namespace, metadata: {name: bad, labels: []}}\n");
  CHECK(error.line == 5);
  CHECK(error.field == "items[1].metadata.labels");
  CHECK(error.object == policy::ObjectKey{policy::Kind::name_space, "", "bad"});
}

TEST_CASE("lines are counted from the start of the file, whatever documents come first") {
  const Manifests manifests = decode("# comment\n---\n" + policy_yaml("podSelector: {}") + "---\n" +
                                     policy_yaml("ingress: 5") + "---\n" + policy_yaml("egress: 5"));
  REQUIRE(manifests.errors.size() == 2);
  CHECK(manifests.errors[0].line == 17);
  CHECK(manifests.errors[1].line == 25);
  REQUIRE(manifests.objects.size() == 3);
  CHECK(manifests.objects[0].line == 3);
  CHECK(manifests.objects[1].line == 11);
}

TEST_CASE("text by users cannot break a message's line") {
  const DecodeError error = only_error(policy_yaml("\"a\\nb\": \"c\\nd\""));
  CHECK(to_string(error).find('\n') == std::string::npos);
  const DecodeError long_value = only_error(policy_yaml("podSelector: " + std::string(5000, 'x')));
  CHECK(to_string(long_value).size() < 500);
}

}  // namespace selvage::k8s_client
