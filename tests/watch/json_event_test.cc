#include <catch2/catch.hpp>

#include "tests/watch/json_decoding.h"

namespace selvage::k8s_client {
namespace {

using Type = WatchEvent::Type;

const std::string kPod =
    R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"web-0","namespace":"prod","resourceVersion":"7"},)"
    R"("status":{"podIP":"10.0.0.1"}})";

std::string event_json(const std::string& type, const std::string& object) {
  return R"({"type":")" + type + R"(","object":)" + object + "}";
}

}  // namespace

TEST_CASE("events about objects") {
  const auto test = GENERATE(values<std::pair<const char*, Type>>(
      {{"ADDED", Type::added}, {"MODIFIED", Type::modified}, {"DELETED", Type::deleted}}));
  const std::string type = test.first;
  for (const std::string& json :
       {event_json(type, kPod), R"({"object":)" + kPod + R"(,"type":")" + type + "\"}",
        R"( {"x":[{"type":5}], "\u0074ype":")" + type + R"(", "obj\u0065ct" : )" + kPod + "}\n"}) {
    const WatchEvent event = event_of(Resource::pods, json);
    CHECK(event.type == test.second);
    CHECK(event.object.key == pod_key());
    CHECK(event.object.resource_version == "7");
    CHECK_FALSE(event.object.error);
    REQUIRE(event.object.object);
    CHECK(std::get<policy::Pod>(*event.object.object).addresses.size() == 1);
    CHECK_FALSE(event.initial_events_end);
  }
}

TEST_CASE("an object in an event without resourceVersion is decoded") {
  const WatchEvent event = event_of(Resource::namespaces, event_json("ADDED", R"({"metadata":{"name":"a"}})"));
  CHECK(event.object.resource_version.empty());
  CHECK(event.object.key == policy::ObjectKey{policy::Kind::name_space, "", "a"});
  CHECK(event.object.object);
}

TEST_CASE("an event about an object of another kind has no key and an error") {
  const WatchEvent event = event_of(
      Resource::pods,
      event_json("DELETED", R"({"kind":"Service","apiVersion":"v1","metadata":{"name":"web-0","namespace":"prod"}})"));
  CHECK(event.type == Type::deleted);
  CHECK_FALSE(event.object.key);
  CHECK_FALSE(event.object.object);
  REQUIRE(event.object.error);
  CHECK(event.object.error->field == "kind");
}

TEST_CASE("bookmarks") {
  const auto bookmark = [](const std::string& metadata) {
    return event_of(Resource::pods,
                    event_json("BOOKMARK", R"({"kind":"Pod","metadata":{)" + metadata + "},\"spec\":{}}"));
  };
  const WatchEvent plain = bookmark(R"("resourceVersion":"12","creationTimestamp":null)");
  CHECK(plain.type == Type::bookmark);
  CHECK(plain.object.resource_version == "12");
  CHECK_FALSE(plain.object.error);
  CHECK_FALSE(plain.object.key);
  CHECK_FALSE(plain.initial_events_end);
  CHECK(bookmark(R"("resourceVersion":"12","annotations":{"k8s.io/initial-events-end":"true"})").initial_events_end);
  CHECK(bookmark(R"("annotations":{"a":5,"k8s.io/initial-events-end":"true","b":[]})").initial_events_end);
  for (const char* value : {R"("false")", "true", "null", R"("")", R"({"a":"true"})"}) {
    CHECK_FALSE(
        bookmark(std::string(R"("annotations":{"k8s.io/initial-events-end":)") + value + "}").initial_events_end);
  }
}

TEST_CASE("errors in a watch") {
  const WatchEvent gone = event_of(
      Resource::pods,
      event_json("ERROR", R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
                          R"("message":"too old resource version: 1, oldest 5","reason":"Expired","code":410})"));
  CHECK(gone.type == Type::error);
  CHECK(gone.status.code == 410);
  CHECK(gone.status.reason == "Expired");
  CHECK(gone.status.message == "too old resource version: 1, oldest 5");
  CHECK_FALSE(gone.status.retry_after);
  const WatchEvent odd = event_of(Resource::network_policies, event_json("ERROR", R"({"message":5,"code":"x"})"));
  CHECK(odd.type == Type::error);
  CHECK(odd.status.code == 0);
  CHECK(event_of(Resource::pods, event_json("ERROR", "null")).type == Type::error);
}

TEST_CASE("texts that are not events") {
  for (const std::string& json :
       {std::string(""), std::string("{}"), std::string("[]"), std::string("5"), std::string("x"),
        R"({"object":)" + kPod + "}", std::string(R"({"type":"ADDED"})"), event_json("PAUSED", kPod),
        event_json("", kPod), event_json("added", kPod), R"({"type":5,"object":)" + kPod + "}",
        R"({"type":"ADDED","type":"ADDED","object":)" + kPod + "}",
        R"({"type":"ADDED","object":)" + kPod + R"(,"object":)" + kPod + "}",
        R"({"object":)" + kPod + R"(,"type":"ADD)",
        std::string(R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"12")")}) {
    CAPTURE(json);
    CHECK_FALSE(decode_event(Resource::pods, json));
  }
}

TEST_CASE("an event with an invalid object") {
  for (const char* object : {"5", "null", "[]", "\"x\"", "{}"}) {
    const WatchEvent event = event_of(Resource::pods, event_json("ADDED", object));
    CAPTURE(object);
    CHECK_FALSE(event.object.key);
    REQUIRE(event.object.error);
    CHECK(event.object.error->object == "a Pod");
  }
}

TEST_CASE("an event that is cut off is about the object that it names, with the place of the cut") {
  const std::string json =
      event_json("MODIFIED", R"({"metadata":{"name":"p","namespace":"prod","resourceVersion":"8"},)"
                             R"("spec":{"podSelector":{"matchLabels":{"app":"web"}}}})");
  const std::size_t identified = json.find(R"(,"resourceVersion")");
  for (std::size_t size = identified; size < json.size(); ++size) {
    const WatchEvent event = event_of(Resource::network_policies, json.substr(0, size));
    CHECK(event.type == Type::modified);
    CHECK(event.object.key == policy_key());
    REQUIRE(event.object.object);
    const auto& closed = std::get<policy::NetworkPolicy>(*event.object.object);
    CHECK((closed.isolates_ingress && closed.isolates_egress && closed.pod_selector == policy::LabelSelector{}));
    REQUIRE(event.object.error);
  }
  const WatchEvent event = event_of(Resource::network_policies, json.substr(0, json.find("web")));
  CHECK(event.object.error->field == "spec.podSelector.matchLabels.app");
}

TEST_CASE("errors in an event's object have fields relative to the object") {
  const auto field = [](const std::string& object) {
    const WatchEvent event = event_of(Resource::pods, event_json("ADDED", object));
    REQUIRE(event.object.error);
    return event.object.error->field;
  };
  CHECK(field(pod_json(R"(,"status":{"podIP":"x"})")) == "status.podIP");
  CHECK(field(pod_json(R"(,"status":{"podIP":"\x"})")) == "status.podIP");
  CHECK(field(pod_json(R"(,"status":{"podIP" 5})")) == "status");
  CHECK(field(pod_json("", ",\"labels\":{\"a\":\"\xff\"}")) == "metadata.labels.a");
}

}  // namespace selvage::k8s_client
