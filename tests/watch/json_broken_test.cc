#include <catch2/catch.hpp>
#include <random>

#include "tests/watch/json_decoding.h"

namespace selvage::k8s_client {
namespace {

using policy::NetworkPolicy;

const std::string& good_policy() {
  static const std::string kJson =
      R"({"kind":"NetworkPolicy","apiVersion":"networking.k8s.io/v1","metadata":{"name":"p","namespace":"prod",)"
      R"("resourceVersion":"8","labels":{"a":"b"}},"spec":{"podSelector":{"matchLabels":{"app":"web"}},)"
      R"("ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"a"}}}],"ports":[{"port":8080}]}],)"
      R"("egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8"}}]}],"policyTypes":["Ingress"]}})";
  return kJson;
}

/// It isolates all pods of its namespace in both directions and allows nothing.
void check_closed(const ApiObject& object) {
  REQUIRE(object.object);
  const auto& found = std::get<NetworkPolicy>(*object.object);
  CHECK(found.namespace_name == "prod");
  CHECK(found.name == "p");
  CHECK(found.pod_selector == policy::LabelSelector{});
  CHECK(found.isolates_ingress);
  CHECK(found.isolates_egress);
  CHECK(found.ingress.empty());
  CHECK(found.egress.empty());
}

ObjectError error_of(Resource resource, const std::string& json, const std::optional<policy::ObjectKey>& key) {
  const ApiObject object = decode_object(resource, json);
  CAPTURE(json.substr(0, 1000));
  CHECK(object.key == key);
  REQUIRE(object.error);
  CHECK(object.error->message.size() < 500);
  return *object.error;
}

}  // namespace

TEST_CASE("a policy that is cut off anywhere behind its name isolates its namespace") {
  const std::string& json = good_policy();
  const std::size_t identified = json.find(R"(,"resourceVersion")");
  for (std::size_t size = 0; size < json.size(); ++size) {
    const ApiObject object = decode_object(Resource::network_policies, json.substr(0, size));
    CAPTURE(json.substr(0, size));
    REQUIRE(object.error);
    CHECK((object.resource_version.empty() || object.resource_version == "8"));
    if (size < identified) {
      CHECK_FALSE(object.key);
      CHECK_FALSE(object.object);
    } else {
      CHECK(object.key == policy_key());
      check_closed(object);
    }
  }
}

TEST_CASE("a pod that is cut off is named, with the place of the cut") {
  const std::string json =
      pod_json(R"(,"spec":{"nodeName":"n","containers":[{"ports":[{"name":"a","containerPort":80},{)",
               R"(,"labels":{"app":"web"})");
  const std::string cut = json.substr(0, json.size() - 1);
  CHECK(error_of(Resource::pods, cut, pod_key()).field == "spec.containers[0].ports[1]");
  CHECK(error_of(Resource::pods, pod_json("", R"(,"labels":{"a":"1","app":"we)"), pod_key()).field ==
        "metadata.labels.app");
  CHECK_FALSE(decode_object(Resource::pods, cut).object);
}

TEST_CASE("a name that is cut off, or may lack its namespace, is not used") {
  for (const char* json :
       {R"({"metadata":{"name":"web)", R"({"metadata":{"name":"web")", R"({"metadata":{"name":"web"})",
        R"({"metadata":{"name":"web","namespace":"pr)", R"({"metadata":{"namespace":"prod","name":"we)"}) {
    CAPTURE(json);
    CHECK(error_of(Resource::pods, json, std::nullopt).object == "a Pod");
  }
  CHECK(error_of(Resource::namespaces, R"({"metadata":{"name":"prod","labels":{"a")",
                 policy::ObjectKey{policy::Kind::name_space, "", "prod"})
            .object == "Namespace prod");
}

TEST_CASE("a policy with invalid JSON in its spec isolates its namespace") {
  for (const char* spec :
       {R"({"podSelector":{]})", R"({"podSelector":{"matchLabels":{"app":"web"}},"ingress":[{]})",
        R"({"podSelector":{"matchLabels":{"app":"web"}} "ingress":[{}]})", R"({"podSelector":{"app" "web"}})",
        R"({"policyTypes":["Ingress"],"podSelector":{"matchLabels":{"app":"web"}},,})", R"({"podSelector":@})",
        R"({"podSelector":{"matchLabels":{"app":"web})", R"({podSelector:{}})", R"({"ingress":[{}})",
        R"({"ingress":[{},]})"}) {
    const ApiObject object = decode_object(Resource::network_policies, policy_json(spec));
    CAPTURE(spec);
    REQUIRE(object.error);
    CHECK(object.error->object == "NetworkPolicy prod/p");
    CHECK(object.error->field.substr(0, 4) == "spec");
    CHECK(object.key == policy_key());
    CHECK(object.resource_version == "8");
    check_closed(object);
  }
}

TEST_CASE("text behind an object makes a policy isolate its namespace, and a pod invalid") {
  for (const char* more : {"}", "]", "x", "{}", ",", "\"a\"", "\"a", "5"}) {
    CAPTURE(more);
    const ApiObject object = decode_object(Resource::network_policies, good_policy() + more);
    CHECK(object.key == policy_key());
    CHECK(object.error);
    check_closed(object);
    error_of(Resource::pods, pod_json() + more, pod_key());
  }
}

TEST_CASE("a bad scalar in a policy affects only its parent, and is named") {
  for (const char* value : {R"("\x")", R"("\ud800")", "tru", "nul", "01", "1.", "-", ".5", "1e", "+1", "NaN", "'a'"}) {
    const std::string spec = std::string(R"({"podSelector":{"matchLabels":{"app":)") + value +
                             R"(}},"policyTypes":["Ingress"],"ingress":[{}]})";
    const ApiObject object = decode_object(Resource::network_policies, policy_json(spec));
    CAPTURE(value);
    CHECK(object.key == policy_key());
    REQUIRE(object.error);
    CHECK(object.error->field.substr(0, 4) == "spec");
    REQUIRE(object.object);
    CHECK(std::get<NetworkPolicy>(*object.object).pod_selector == policy::LabelSelector{});
  }
}

TEST_CASE("invalid UTF-8 matters only in fields that are read") {
  const std::string plain = pod_json(R"(,"spec":{"x":"?"})", R"(,"annotations":{"a?":"?"},"labels":{"app":"web"})");
  const ApiObject expected = decode_object(Resource::pods, plain);
  REQUIRE_FALSE(expected.error);
  for (const char* bytes : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x01", "\n"}) {
    std::string json = plain;
    for (auto at = json.find('?'); at != std::string::npos; at = json.find('?')) json.replace(at, 1, bytes);
    check_same(decode_object(Resource::pods, json), expected);
  }
}

TEST_CASE("invalid UTF-8 in fields that are read is named with its field") {
  const std::string bad =
      "a\xff\xfe"
      "b";
  CHECK(error_of(Resource::pods, pod_json("", R"(,"labels":{"app":")" + bad + "\"}"), pod_key()).field ==
        "metadata.labels.app");
  CHECK(error_of(Resource::pods, pod_json("", R"(,"uid":")" + bad + "\""), pod_key()).field == "metadata.uid");
  CHECK(error_of(Resource::pods,
                 pod_json(R"(,"status":{"phase":"Run)"
                          "\x02"
                          R"(ning"})"),
                 pod_key())
            .field == "status.phase");
  CHECK(error_of(Resource::pods, R"({"metadata":{"name":")" + bad + R"(","namespace":"prod"}})", std::nullopt).field ==
        "metadata.name");
  const ApiObject policy = decode_object(Resource::network_policies,
                                         policy_json(R"({"podSelector":{"matchLabels":{"app":")" + bad + "\"}}}"));
  CHECK(policy.key == policy_key());
  REQUIRE(policy.error);
  CHECK(policy.error->field == "spec.podSelector.matchLabels.app");
  CHECK(std::get<NetworkPolicy>(*policy.object).pod_selector == policy::LabelSelector{});
  CHECK(error_of(Resource::network_policies, policy_json("{\"pod\xffSelector\":{}}"), policy_key()).object ==
        "NetworkPolicy prod/p");
}

TEST_CASE("a label of 10 MiB is refused by name") {
  const std::string huge(10U << 20U, 'x');
  JsonDecoder decoder;
  const PaddedText text(pod_json("", R"(,"labels":{"app":")" + huge + "\"}"));
  const ApiObject object = decoder.decode_object(Resource::pods, text.view());
  CHECK(object.key == pod_key());
  REQUIRE(object.error);
  CHECK(object.error->field == "metadata.labels.app");
  CHECK(to_string(*object.error).size() < 500);
  const PaddedText long_key(pod_json("", R"(,"labels":{")" + huge + "\":\"a\"}"));
  const ApiObject other = decoder.decode_object(Resource::pods, long_key.view());
  REQUIRE(other.error);
  CHECK(to_string(*other.error).size() < 500);
}

TEST_CASE("nesting: unlimited in fields that are not read, limited in others") {
  const auto nested = [](std::size_t depth) {
    std::string json;
    for (std::size_t i = 0; i < depth; ++i) json += i % 2 == 0 ? "[" : R"({"a":)";
    json += "1";
    for (std::size_t i = depth; i > 0; --i) json += i % 2 == 1 ? "]" : "}";
    return json;
  };
  CHECK_FALSE(decode_object(Resource::pods, pod_json(R"(,"spec":{"volumes":)" + nested(20'000) + "}")).error);
  const ApiObject object =
      decode_object(Resource::network_policies, policy_json(R"({"podSelector":{},"x":)" + nested(20'000) + "}"));
  CHECK(object.key == policy_key());
  REQUIRE(object.error);
  CHECK(object.error->field.size() < 2000);
  CHECK(error_of(Resource::network_policies, policy_json(R"({"x":)" + std::string(50'000, '[')), policy_key())
            .field.substr(0, 6) == "spec.x");
}

TEST_CASE("endless lists are refused before they fill the memory") {
  std::string list = "[{}";
  for (int i = 0; i < 510'000; ++i) list += ",{}";
  list += "]";
  JsonDecoder decoder;
  const auto decode = [&](Resource resource, const std::string& json) {
    return decoder.decode_object(resource, PaddedText(json).view());
  };
  const ApiObject pod = decode(Resource::pods, pod_json(R"(,"status":{"podIPs":)" + list + "}"));
  CHECK(pod.key == pod_key());
  REQUIRE(pod.error);
  CHECK(pod.error->field.substr(0, 14) == "status.podIPs[");
  CHECK_FALSE(decode(Resource::pods, pod_json(R"(,"spec":{"volumes":)" + list + "}")).error);
  const ApiObject leaf = decode(Resource::pods, pod_json(R"(,"spec":{"nodeName":)" + list + "}"));
  REQUIRE(leaf.error);
  CHECK(leaf.error->field == "spec.nodeName");
  const ApiObject policy = decode(Resource::network_policies, policy_json(R"({"ingress":)" + list + "}"));
  REQUIRE(policy.error);
  CHECK(policy.error->message.find("values") != std::string::npos);
  check_closed(policy);
}

TEST_CASE("an object with any byte changed is decoded or named, and keeps its name") {
  std::mt19937 random(4);
  const std::string bytes = "{}[]\",:\\ xe0\xff\x01\n";
  const std::string& json = good_policy();
  const std::size_t name = json.find("metadata");
  const std::size_t behind = json.find("resourceVersion");
  JsonDecoder decoder;
  for (std::size_t at = 0; at < json.size(); ++at) {
    for (const char byte : bytes) {
      std::string changed = json;
      changed[at] = byte;
      const ApiObject object = decoder.decode_object(Resource::network_policies, PaddedText(changed).view());
      CAPTURE(changed);
      CHECK((object.error || object.object));
      CHECK(object.object.has_value() == object.key.has_value());
      if (at > behind || at < name) CHECK((!object.key || object.key == policy_key()));
    }
  }
}

}  // namespace selvage::k8s_client
