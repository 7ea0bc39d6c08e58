#include "k8s_client/manifests/manifest_store.h"

#include <catch2/catch.hpp>

#include "tests/k8s_client/decoding.h"

namespace selvage::k8s_client {
namespace {

std::string named_policy(const std::string& name, const std::string& spec) {
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " + name +
         ", namespace: prod}\nspec: " + spec + "\n";
}
std::string pod(const std::string& name, const std::string& label) {
  return "---\n{apiVersion: v1, kind: Pod, metadata: {name: " + name + ", namespace: prod, labels: {app: " + label +
         "}}}\n";
}
std::string name_space(const std::string& name, const std::string& label) {
  return "---\n{apiVersion: v1, kind: Namespace, metadata: {name: " + name + ", labels: {team: " + label + "}}}\n";
}
const char* const kBrokenYaml = "---\na: [\n";

/// A store with the objects that its events add up to.
class Follower {
 public:
  void set(const std::string& file, const std::string& text) { store_.set_file(file, decode_manifests(text, file)); }
  ManifestStore& store() { return store_; }

  Changes take() {
    Changes changes = store_.take_changes();
    for (const auto& event : changes.events) {
      if (event.object) {
        objects_.insert_or_assign(event.key, *event.object);
      } else {
        CHECK(objects_.erase(event.key) == 1);
      }
    }
    return changes;
  }
  /// "Pod prod/a" and so on, of all objects.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& [key, object] : objects_) names.push_back(to_string(key));
    return names;
  }
  template <class Kind>
  [[nodiscard]] Kind get(const std::string& scope, const std::string& name) const {
    Kind identity;
    identity.name = name;
    if constexpr (requires { identity.namespace_name; }) identity.namespace_name = scope;
    return std::get<Kind>(objects_.at(policy::key_of(identity)));
  }

 private:
  ManifestStore store_;
  std::map<policy::ObjectKey, policy::Object> objects_;
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("events are the difference to the last call") {
  Follower follower;
  follower.set("a.yaml", name_space("prod", "x") + pod("one", "web") + pod("two", "web"));
  CHECK(follower.take().events.size() == 3);
  CHECK(follower.take().events.empty());
  follower.set("a.yaml", name_space("prod", "x") + pod("two", "api"));
  const Changes changes = follower.take();
  REQUIRE(changes.events.size() == 2);
  CHECK(changes.events[0] == policy::removal({policy::Kind::pod, "prod", "one"}));
  CHECK(changes.events[1].key == policy::ObjectKey{policy::Kind::pod, "prod", "two"});
  CHECK(follower.names() == Names{"Namespace prod", "Pod prod/two"});
  follower.store().remove_file("a.yaml");
  CHECK(follower.take().events.size() == 2);
  CHECK(follower.names().empty());
}

TEST_CASE("an object that moves to another file at once is no event") {
  Follower follower;
  follower.set("a.yaml", name_space("prod", "x"));
  (void)follower.take();
  follower.store().remove_file("a.yaml");
  follower.set("b.yaml", name_space("prod", "x"));
  CHECK(follower.take().events.empty());
}

TEST_CASE("an object that turns bad keeps its last good version") {
  Follower follower;
  const std::string good = named_policy("p", "{podSelector: {matchLabels: {app: web}}}") + pod("one", "web");
  follower.set("a.yaml", good);
  (void)follower.take();
  follower.set("a.yaml", named_policy("p", "{podSelector: 5}") + pod("one", "5"));
  const Changes changes = follower.take();
  CHECK(changes.events.empty());
  CHECK(changes.errors.size() == 2);
  CHECK(changes.new_errors == changes.errors);
  SECTION("until it is good again") {
    follower.set("a.yaml", named_policy("p", "{}") + pod("one", "api"));
    CHECK(follower.take().events.size() == 2);
    CHECK(follower.get<policy::NetworkPolicy>("prod", "p").pod_selector == policy::LabelSelector{});
  }
  SECTION("until no file mentions it") {
    follower.set("a.yaml", "");
    CHECK(follower.take().errors.empty());
    CHECK(follower.names().empty());
    follower.set("a.yaml", named_policy("p", "{podSelector: 5}"));
    (void)follower.take();
    CHECK(follower.get<policy::NetworkPolicy>("prod", "p").pod_selector == policy::LabelSelector{});
  }
}

TEST_CASE("a bad object without a good version: a policy has its fallback, others nothing") {
  Follower follower;
  follower.set("a.yaml", named_policy("p", "{podSelector: 5, ingress: [{}]}") + pod("one", "5") + name_space("x", "5"));
  CHECK(follower.take().errors.size() == 3);
  CHECK(follower.names() == Names{"Namespace prod", "NetworkPolicy prod/p"});
  follower.set("a.yaml", named_policy("p", "{podSelector: 5, policyTypes: 5, ingress: [{}]}"));
  (void)follower.take();
  CHECK(follower.get<policy::NetworkPolicy>("prod", "p").isolates_egress);
}

TEST_CASE("a file with a document that cannot be identified deletes nothing") {
  Follower follower;
  follower.set("a.yaml", name_space("prod", "x") + pod("one", "web") + named_policy("bad", "{podSelector: 5}"));
  (void)follower.take();
  const Names before = follower.names();
  CHECK(before.size() == 3);
  SECTION("broken YAML alone") { follower.set("a.yaml", kBrokenYaml); }
  SECTION("no name") { follower.set("a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {}\n"); }
  SECTION("unreadable") { follower.store().set_unreadable("a.yaml", {"a.yaml", 0, std::nullopt, "", "no"}); }
  SECTION("beside a good change") {
    follower.set("a.yaml", pod("one", "api") + kBrokenYaml);
    (void)follower.take();
    CHECK(follower.get<policy::Pod>("prod", "one").labels == policy::Labels{{"app", "api"}});
    follower.set("a.yaml", kBrokenYaml);
  }
  CHECK(follower.take().errors.size() == 1);
  CHECK(follower.names() == before);
  follower.set("a.yaml", pod("two", "web"));
  CHECK(follower.take().errors.empty());
  CHECK(follower.names() == Names{"Namespace prod", "Pod prod/two"});
}

TEST_CASE("one object in two files: the first by file name counts, and the error names both") {
  Follower follower;
  follower.set("b.yaml", name_space("prod", "of-b"));
  (void)follower.take();
  follower.set("a.yaml", name_space("prod", "of-a"));
  const Changes changes = follower.take();
  REQUIRE(changes.errors.size() == 1);
  CHECK(changes.errors[0].file == "b.yaml");
  CHECK(changes.errors[0].message.find("a.yaml:2") != std::string::npos);
  CHECK(follower.get<policy::Namespace>("", "prod").labels.find("team") == "of-a");
  follower.store().remove_file("a.yaml");
  CHECK(follower.take().errors.empty());
  CHECK(follower.get<policy::Namespace>("", "prod").labels.find("team") == "of-b");
}

TEST_CASE("one object twice in a file: the first counts") {
  Follower follower;
  follower.set("a.yaml", name_space("prod", "first") + name_space("prod", "second"));
  CHECK(follower.take().errors.size() == 1);
  CHECK(follower.get<policy::Namespace>("", "prod").labels.find("team") == "first");
}

TEST_CASE("an error is reported as new once") {
  Follower follower;
  follower.set("a.yaml", pod("one", "5"));
  CHECK(follower.take().new_errors.size() == 1);
  follower.set("b.yaml", pod("two", "5"));
  const Changes changes = follower.take();
  CHECK(changes.errors.size() == 2);
  REQUIRE(changes.new_errors.size() == 1);
  CHECK(changes.new_errors[0].file == "b.yaml");
  follower.set("a.yaml", pod("one", "web"));
  (void)follower.take();
  follower.set("a.yaml", pod("one", "5"));
  CHECK(follower.take().new_errors.size() == 1);
}

TEST_CASE("namespaces that are used but not defined exist, with their name as label") {
  Follower follower;
  follower.set("a.yaml", pod("one", "web"));
  (void)follower.take();
  CHECK(follower.get<policy::Namespace>("", "prod") ==
        policy::Namespace{"prod", {{"kubernetes.io/metadata.name", "prod"}}});
  follower.set("b.yaml", name_space("prod", "x"));
  (void)follower.take();
  CHECK(follower.get<policy::Namespace>("", "prod").labels.find("team") == "x");
  follower.store().remove_file("b.yaml");
  (void)follower.take();
  CHECK_FALSE(follower.get<policy::Namespace>("", "prod").labels.find("team"));
  follower.store().remove_file("a.yaml");
  (void)follower.take();
  CHECK(follower.names().empty());
}

TEST_CASE("a namespace whose labels may be in a bad document is not added") {
  Follower follower;
  follower.set("a.yaml", pod("one", "web"));
  SECTION("the document is known to be its own") { follower.set("b.yaml", name_space("prod", "5")); }
  SECTION("the document may be anything") { follower.set("b.yaml", kBrokenYaml); }
  (void)follower.take();
  CHECK(follower.names() == Names{"Pod prod/one"});
  follower.set("b.yaml", name_space("prod", "x"));
  (void)follower.take();
  CHECK(follower.names() == Names{"Namespace prod", "Pod prod/one"});
}

TEST_CASE("a namespace that was added stays while another document is broken") {
  Follower follower;
  follower.set("a.yaml", pod("one", "web"));
  (void)follower.take();
  follower.set("b.yaml", kBrokenYaml);
  CHECK(follower.take().events.empty());
}

TEST_CASE("changes are complete when no object can be missing by mistake") {
  Follower follower;
  CHECK(follower.take().complete);
  follower.set("a.yaml", name_space("prod", "x") + pod("one", "web") + named_policy("p", "{}"));
  CHECK(follower.take().complete);
  const auto check_incomplete_until_removed = [&](const std::string& file) {
    CHECK_FALSE(follower.take().complete);
    CHECK_FALSE(follower.take().complete);
    follower.store().remove_file(file);
    CHECK(follower.take().complete);
  };
  SECTION("a document that cannot be identified") {
    follower.set("b.yaml", kBrokenYaml);
    check_incomplete_until_removed("b.yaml");
  }
  SECTION("a file that cannot be read") {
    follower.store().set_unreadable("b.yaml", {"b.yaml", 0, std::nullopt, "", "no"});
    check_incomplete_until_removed("b.yaml");
  }
  SECTION("a file that could be read before") {
    follower.store().set_unreadable("a.yaml", {"a.yaml", 0, std::nullopt, "", "no"});
    check_incomplete_until_removed("a.yaml");
  }
  SECTION("a bad pod without another version") {
    follower.set("b.yaml", pod("two", "5"));
    check_incomplete_until_removed("b.yaml");
  }
  SECTION("a bad namespace") {
    follower.set("b.yaml", name_space("dev", "5"));
    check_incomplete_until_removed("b.yaml");
  }
  SECTION("a good version that is not used, because a bad one comes first") {
    follower.set("b.yaml", pod("two", "5") + pod("two", "web"));
    check_incomplete_until_removed("b.yaml");
  }
}

TEST_CASE("changes are complete when another version is used for a bad document") {
  Follower follower;
  SECTION("the fallback of a policy") { follower.set("a.yaml", named_policy("p", "{podSelector: 5}")); }
  SECTION("the last good version") {
    follower.set("a.yaml", pod("one", "web"));
    (void)follower.take();
    follower.set("a.yaml", pod("one", "5"));
  }
  const Changes changes = follower.take();
  CHECK(changes.errors.size() == 1);
  CHECK(changes.complete);
}

TEST_CASE("policies of other APIs are counted over all files, and stay counted where a file cannot be read") {
  const std::string cilium = "---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n";
  const TypeName type{"cilium.io/v2", "CiliumNetworkPolicy"};
  Follower follower;
  CHECK(follower.take().unsupported.empty());
  follower.set("a.yaml", cilium + cilium);
  follower.set("b.yaml", pod("one", "1") + cilium);
  CHECK(follower.take().unsupported == UnsupportedCounts{{type, 3}});
  CHECK(follower.take().unsupported == UnsupportedCounts{{type, 3}});
  follower.store().set_unreadable("a.yaml", {"a.yaml", 0, std::nullopt, "", "gone bad"});
  CHECK(follower.take().unsupported == UnsupportedCounts{{type, 3}});
  follower.store().remove_file("a.yaml");
  CHECK(follower.take().unsupported == UnsupportedCounts{{type, 1}});
}

}  // namespace selvage::k8s_client
