#include "controller/events/cluster_event.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "k8s_client/decode/names.h"

/// Events as values: what the API server would take, whatever users have written.
namespace selvage::controller {
namespace {

using k8s_client::ObjectError;
using k8s_client::ObjectVersion;
using nlohmann::json;

constexpr auto kNamespace = policy::Kind::name_space;
constexpr auto kPod = policy::Kind::pod;
constexpr auto kPolicy = policy::Kind::network_policy;
const WallTime kWhen{std::chrono::microseconds(1'700'000'000'000'042)};

ObjectError bad(policy::Kind kind, const std::string& name, const std::string& version = "7") {
  const policy::ObjectKey key{kind, kind == kNamespace ? "" : "prod", name};
  return {policy::to_string(key), "spec.ingress[0]", "expected a rule", ObjectVersion{key, "uid-of-" + name, version}};
}

ClusterEvent event_of(const ObjectError& error) {
  const auto event = bad_object_event(error, kWhen);
  REQUIRE(event);
  return *event;
}

std::string long_name() {
  std::string name;
  while (name.size() < 252) name += "ab-c.x."[name.size() % 7];
  return name + "z";
}

}  // namespace

TEST_CASE("the Event of a bad policy lies beside it, refers to that version, and says field and remedy") {
  const ClusterEvent event = event_of(bad(kPolicy, "api"));
  CHECK(path_of(event) == "/apis/events.k8s.io/v1/namespaces/prod/events");
  const json sent = json::parse(to_json(event, "node-1"));
  CHECK(sent["regarding"] == json{{"apiVersion", "networking.k8s.io/v1"},
                                  {"kind", "NetworkPolicy"},
                                  {"namespace", "prod"},
                                  {"name", "api"},
                                  {"uid", "uid-of-api"},
                                  {"resourceVersion", "7"}});
  CHECK(sent["metadata"]["namespace"] == "prod");
  CHECK(sent["type"] == "Warning");
  CHECK(sent["reportingInstance"] == "node-1");
  CHECK(sent["eventTime"] == "2023-11-14T22:13:20.000042Z");
  CHECK(sent["note"].get<std::string>().starts_with("spec.ingress[0]: expected a rule"));
}

TEST_CASE("what has no namespace has its Events in default, as Events about nodes") {
  const ClusterEvent event = event_of(bad(kNamespace, "prod"));
  CHECK(path_of(event) == "/apis/events.k8s.io/v1/namespaces/default/events");
  CHECK_FALSE(json::parse(to_json(event, "node-1"))["regarding"].contains("namespace"));
  const ClusterEvent of_node = node_event("node-1", "no room", kWhen);
  const json sent = json::parse(to_json(of_node, "node-1"));
  CHECK(path_of(of_node) == path_of(event));
  CHECK(sent["regarding"] == json{{"apiVersion", "v1"}, {"kind", "Node"}, {"name", "node-1"}, {"uid", "node-1"}});
}

TEST_CASE("all nodes give one version one name, and every other version another") {
  const auto name = [](const ObjectError& error) { return event_of(error).name; };
  CHECK(event_of(bad(kPolicy, "api")).name ==
        bad_object_event(bad(kPolicy, "api"), kWhen + std::chrono::hours(1))->name);
  ObjectError successor = bad(kPolicy, "api");
  successor.version->uid = "of one made anew";
  const std::set<std::string> names{name(bad(kPolicy, "api")), name(bad(kPolicy, "api", "8")), name(bad(kPolicy, "db")),
                                    name(bad(kNamespace, "api")), name(successor)};
  CHECK(names.size() == 5);
  CHECK(node_event("n", "", kWhen).name != node_event("n", "", kWhen + std::chrono::microseconds(1)).name);
}

TEST_CASE("names are names, however long those of objects are") {
  for (const std::string& name : {std::string("a"), std::string("a.b-c"), long_name(), std::string(253, 'a')}) {
    CHECK(k8s_client::is_dns_subdomain(event_of(bad(kPolicy, name)).name));
    CHECK(k8s_client::is_dns_subdomain(node_event(name, "", kWhen).name));
  }
}

TEST_CASE("a note is at most 1024 bytes of valid UTF-8 without control characters, whatever is in it") {
  ObjectError error = bad(kPolicy, "api");
  for (const std::string& text :
       {std::string(5000, 'x'), std::string("\xc3\xa4\xf0\x9f\x98\x80") + std::string(1100, '\xff'),
        std::string("a\nb\x1b[31m\"\\\0c", 11), std::string()}) {
    for (std::size_t shift = 0; shift < 4; ++shift) {
      error.message = std::string(shift, 'y') + text + text;
      std::string much = error.message;
      while (!much.empty() && much.size() < 3000) much += "\xf0\x9f\x98\x80";
      for (const ClusterEvent& event : {event_of(error), node_event("node-1", much, kWhen)}) {
        CHECK(event.note.size() <= 1024);
        CHECK(json::parse(to_json(event, "node-1"))["note"] == event.note);  // throws on what is no UTF-8
        CHECK(std::all_of(event.note.begin(), event.note.end(), [](char c) { return c < 0 || c >= ' '; }));
      }
      CHECK(event_of(error).note.ends_with("fail-closed fallback"));
    }
  }
}

TEST_CASE("who the writer is has at most 128 bytes") {
  const json sent = json::parse(to_json(event_of(bad(kPolicy, "api")), std::string(253, 'n')));
  CHECK(sent["reportingInstance"] == std::string(128, 'n'));
}

TEST_CASE("pods and objects without a name have no Events") {
  CHECK_FALSE(bad_object_event(bad(kPod, "api"), kWhen));
  ObjectError error = bad(kPolicy, "api");
  error.version.reset();
  CHECK_FALSE(bad_object_event(error, kWhen));
}

}  // namespace selvage::controller
