#include <catch2/catch.hpp>

#include "tests/watch/json_decoding.h"

namespace selvage::k8s_client {
namespace {

using policy::Namespace;
using policy::NetworkPolicy;
using policy::Pod;

template <class Kind>
Kind good(Resource resource, const std::string& json) {
  const ApiObject object = decode_object(resource, json);
  CAPTURE(json);
  if (object.error) FAIL(to_string(*object.error));
  REQUIRE(object.object);
  CHECK(object.key == policy::key_of(*object.object));
  return std::get<Kind>(*object.object);
}

std::string error_field(const std::string& pod) {
  const ApiObject object = decode_object(Resource::pods, pod);
  CAPTURE(pod);
  CHECK(object.key == pod_key());
  CHECK(object.resource_version == "7");
  CHECK_FALSE(object.object);
  REQUIRE(object.error);
  CHECK(object.error->object == "Pod prod/web-0");
  return object.error->field;
}

}  // namespace

TEST_CASE("a namespace's invalid mode is reported and means enforced; the namespace stays good") {
  const ApiObject object = decode_object(
      Resource::namespaces, R"({"kind":"Namespace","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"7",)"
                            R"("labels":{"trusted":"no"},"annotations":{"selvage.dev/mode":"Staged"}}})");
  REQUIRE(object.error);
  CHECK_FALSE(object.error_spoils);
  REQUIRE(object.object);
  const auto& space = std::get<Namespace>(*object.object);
  CHECK(space.mode == policy::Mode::enforced);
  CHECK(space.labels == policy::Labels({{"kubernetes.io/metadata.name", "a"}, {"trusted", "no"}}));
}

TEST_CASE("all fields of a pod in JSON") {
  const ApiObject object = decode_object(
      Resource::pods,
      pod_json(R"(,"spec":{"nodeName":"node-1","hostNetwork":true,"containers":[{"image":"x","ports":[{"name":"http",)"
               R"("containerPort":8080,"protocol":"TCP","hostIP":"::"}]},{"name":"b"}],"initContainers":[)"
               R"({"restartPolicy":"Always","ports":[{"name":"dns","containerPort":53,"protocol":"UDP"}]}]},)"
               R"("status":{"phase":"Failed","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]})",
               R"(,"uid":"u1","labels":{"app":"web"},"creationTimestamp":"2024-02-29T12:34:56Z")"));
  Pod expected;
  expected.namespace_name = "prod";
  expected.name = "web-0";
  expected.uid = "u1";
  expected.node = "node-1";
  expected.labels = {{"app", "web"}};
  expected.addresses = {*IpAddress::parse("10.0.0.1"), *IpAddress::parse("fd00::1")};
  expected.host_network = true;
  expected.finished = true;
  expected.created = 1709210096;
  expected.ports = {{"dns", policy::Protocol::udp, 53}, {"http", policy::Protocol::tcp, 8080}};
  CHECK(object.object == policy::Object(expected));
  CHECK(object.key == pod_key());
  CHECK(object.resource_version == "7");
  CHECK_FALSE(object.error);
}

TEST_CASE("a namespace and a policy in JSON") {
  CHECK(good<Namespace>(Resource::namespaces, R"({"metadata":{"name":"prod","labels":{"team":"a"}},"spec":{}})") ==
        Namespace{"prod", {{"kubernetes.io/metadata.name", "prod"}, {"team", "a"}}});
  const auto found =
      good<NetworkPolicy>(Resource::network_policies,
                          policy_json(R"({"podSelector":{"matchLabels":{"app":"web"}},"policyTypes":["Ingress"],)"
                                      R"("ingress":[{"ports":[{"port":80,"endPort":90}]}]})"));
  CHECK(found.pod_selector == policy::match_labels({{"app", "web"}}));
  CHECK(found.isolates_ingress);
  CHECK_FALSE(found.isolates_egress);
  REQUIRE(found.ingress.size() == 1);
  CHECK(found.ingress[0].any_peer);
}

TEST_CASE("nulls are absent fields, and white space does not matter") {
  const std::string spaced =
      "\n { \"metadata\" :\t{ \"name\" : \"web-0\" , \"namespace\":\"prod\", \"labels\" : null },\r\n"
      "\"spec\":null, \"status\" : { \"podIPs\" : null , \"podIP\": null }  } \n";
  Pod expected;
  expected.namespace_name = "prod";
  expected.name = "web-0";
  CHECK(good<Pod>(Resource::pods, spaced) == expected);
}

TEST_CASE("keys and texts are unescaped") {
  const Pod pod =
      good<Pod>(Resource::pods,
                R"({"m\u0065tadata":{"n\u0061me":"web\u002d0","namespace":"prod","uid":"a\"\\\/\n\u00e9\ud83d\ude00",)"
                R"("labels":{"\u0061pp":"w\u0065b"}},"st\u0061tus":{"podIP":"10.0.0.\u0031"}})");
  CHECK(pod.name == "web-0");
  CHECK(pod.uid == "a\"\\/\n\xc3\xa9\xf0\x9f\x98\x80");
  CHECK(pod.labels == policy::Labels{{"app", "web"}});
  CHECK(pod.addresses.size() == 1);
}

TEST_CASE("an object without resourceVersion is decoded") {
  for (const char* version :
       {"", R"(,"resourceVersion":null)", R"(,"resourceVersion":5)", R"(,"resourceVersion":{})"}) {
    const ApiObject object =
        decode_object(Resource::namespaces, std::string(R"({"metadata":{"name":"prod")") + version + "}}");
    CHECK(object.resource_version.empty());
    CHECK_FALSE(object.error);
    CHECK(object.object);
  }
}

TEST_CASE("errors in a pod in JSON name the field") {
  const auto test = GENERATE(values<std::pair<const char*, const char*>>({
      {R"(,"spec":5)", "spec"},
      {R"(,"spec":[])", "spec"},
      {R"(,"spec":{},"spec":{})", "spec"},
      {R"(,"status":"x")", "status"},
      {R"(,"spec":{"nodeName":"a b"})", "spec.nodeName"},
      {R"(,"spec":{"nodeName":80})", "spec.nodeName"},
      {R"(,"spec":{"nodeName":["a"]})", "spec.nodeName"},
      {R"(,"spec":{"nodeName":{"a":"b"}})", "spec.nodeName"},
      {R"(,"spec":{"nodeName":"a","nodeName":"a"})", "spec.nodeName"},
      {R"(,"spec":{"nodeName":"a","node\u004eame":"a"})", "spec.nodeName"},
      {R"(,"spec":{"hostNetwork":"true"})", "spec.hostNetwork"},
      {R"(,"spec":{"hostNetwork":1})", "spec.hostNetwork"},
      {R"(,"spec":{"hostNetwork":tru})", "spec.hostNetwork"},
      {R"(,"spec":{"hostNetwork":truely})", "spec.hostNetwork"},
      {R"(,"spec":{"hostNetwork":True})", "spec.hostNetwork"},
      {R"(,"spec":{"containers":{}})", "spec.containers"},
      {R"(,"spec":{"containers":[null]})", "spec.containers[0]"},
      {R"(,"spec":{"containers":[{},{"ports":[{"containerPort":80.0}]}]})",
       "spec.containers[1].ports[0].containerPort"},
      {R"(,"spec":{"containers":[{"ports":[{"containerPort":1e2}]}]})", "spec.containers[0].ports[0].containerPort"},
      {R"(,"spec":{"containers":[{"ports":[{"containerPort":-1}]}]})", "spec.containers[0].ports[0].containerPort"},
      {R"(,"spec":{"containers":[{"ports":[{"containerPort":080}]}]})", "spec.containers[0].ports[0].containerPort"},
      {R"(,"spec":{"containers":[{"ports":[{"containerPort":0x50}]}]})", "spec.containers[0].ports[0].containerPort"},
      {R"(,"spec":{"containers":[{"ports":[{"containerPort":"80"}]}]})", "spec.containers[0].ports[0].containerPort"},
      {R"(,"spec":{"containers":[{"ports":[{"containerPort":65536}]}]})", "spec.containers[0].ports[0].containerPort"},
      {R"(,"spec":{"initContainers":[{"restartPolicy":true}]})", "spec.initContainers[0].restartPolicy"},
      {R"(,"status":{"podIPs":{"ip":"10.0.0.1"}})", "status.podIPs"},
      {R"(,"status":{"podIPs":[[{"ip":"10.0.0.1"}]]})", "status.podIPs[0]"},
      {R"(,"status":{"podIP":"10.0.0.1\u0000"})", "status.podIP"},
      {R"(,"status":{"phase":null,"phase":"Running"})", "status.phase"},
      {R"(,"status":{"phase":"\x"})", "status.phase"},
      {R"(,"status":{"phase":"\ud800"})", "status.phase"},
      {R"(,"status":{"phase":"\udc00x"})", "status.phase"},
      {R"(,"status":{"phase":"\ud800\u0041"})", "status.phase"},
      {R"(,"status":{"phase":"\ud800\ud800"})", "status.phase"},
      {R"(,"status":{"phase":"\udbff\uffff"})", "status.phase"},
  }));
  CHECK(error_field(pod_json(test.first)) == test.second);
}

TEST_CASE("a JSON string is always text") {
  const Pod pod =
      good<Pod>(Resource::pods, pod_json("", R"(,"labels":{"a":"80","b":"true","c":"1e3","d":"null","e":""})"));
  CHECK(pod.labels == policy::Labels{{"a", "80"}, {"b", "true"}, {"c", "1e3"}, {"d", "null"}, {"e", ""}});
  for (const char* value : {"80", "true", "1e3", "null", "{}", "[]"}) {
    CHECK(error_field(pod_json("", std::string(R"(,"labels":{"a":)") + value + "}")) == "metadata.labels.a");
  }
  CHECK(error_field(pod_json("", R"(,"labels":{"a":"1","b":"1","\u0061":"1"})")) == "metadata.labels.a");
}

TEST_CASE("fields that policy does not need may hold anything") {
  const Pod plain = good<Pod>(Resource::pods, pod_json());
  for (const char* rest : {R"(,"spec":{"volumes":5,"x":{"a":1,"a":2}},"status":{"conditions":"x"},"other":[])",
                           R"(,"spec":{"volumes":[tru,01,"\x"],"a\x":1})", R"(,"spec":{"x":{"nodeName":5}})"}) {
    CHECK(good<Pod>(Resource::pods, pod_json(rest)) == plain);
  }
  CHECK(good<Pod>(Resource::pods, pod_json("", R"(,"annotations":{"a":1,"a":2},"managedFields":"x")")) == plain);
}

TEST_CASE("an unknown field in a policy's spec, or beside it, is an error") {
  const auto test = GENERATE(values<std::pair<std::string, const char*>>({
      {policy_json(R"({"podSelector":{},"tier":5})"), "spec.tier"},
      {policy_json(R"({"podSelector":{},"ingress":[{"from":[{"podSelector":{},"serviceAccounts":{"a":[]}}]}]})"),
       "spec.ingress[0].from[0].serviceAccounts"},
      {policy_json(R"({"podSelector":{}})", R"(,"Spec":{"x":1})"), "Spec"},
      {policy_json(R"({"podSelector":{}})", R"(,"sp\u0065cs":{})"), "specs"},
  }));
  const ApiObject object = decode_object(Resource::network_policies, test.first);
  CHECK(object.key == policy_key());
  REQUIRE(object.error);
  CHECK(object.error->object == "NetworkPolicy prod/p");
  CHECK(object.error->field == test.second);
  REQUIRE(object.object);
  CHECK(std::get<NetworkPolicy>(*object.object).ingress.empty());
}

TEST_CASE("the kind of an object, if it has one") {
  const std::string rest = R"("metadata":{"name":"p","namespace":"prod"},"spec":{"podSelector":{},"ingress":[{}]}})";
  const auto policy = [&](const std::string& type) {
    return decode_object(Resource::network_policies, "{" + type + rest);
  };
  CHECK_FALSE(policy(R"("kind":"NetworkPolicy","apiVersion":"networking.k8s.io/v1",)").error);
  CHECK_FALSE(policy("").error);
  const ApiObject old = policy(R"("kind":"NetworkPolicy","apiVersion":"networking.k8s.io/v2",)");
  CHECK(old.key == policy_key());
  CHECK(old.error->field == "apiVersion");
  CHECK(std::get<NetworkPolicy>(*old.object).ingress.empty());
  for (const char* type :
       {R"("kind":"Pod","apiVersion":"v1",)", R"("kind":"Service",)", R"("kind":"",)", R"("kind":5,)",
        R"("kind":"NetworkPolicyList",)", R"("kind":"NetworkPolicy","kind":"NetworkPolicy",)",
        R"("kind":"NetworkPolicy","apiVersion":"crd.projectcalico.org/v1",)"}) {
    CAPTURE(type);
    const ApiObject other = policy(type);
    CHECK_FALSE(other.key);
    CHECK_FALSE(other.object);
    REQUIRE(other.error);
    CHECK(other.error->object == "a NetworkPolicy");
    CHECK(other.error->field == "kind");
  }
}

TEST_CASE("an object that cannot be identified has no key") {
  for (const char* json :
       {"", " ", "5", "[]", "null", "\"x\"", "x", "{}", "{", R"({"metadata":5})",
        R"({"metadata":{"namespace":"prod"}})", R"({"metadata":{"name":"P","namespace":"prod"}})",
        R"({"metadata":{"name":5,"namespace":"prod"}})", R"({"metadata":{"name":"a","name":"a","namespace":"prod"}})",
        R"({"metadata":{"name":"a","namespace":"prod"},"metadata":{"name":"a","namespace":"prod"}})",
        R"({"metadata":{"name":"a\ud800","namespace":"prod"}})", R"({"metadata":[{"name":"a","namespace":"prod"}]})"}) {
    const ApiObject object = decode_object(Resource::pods, json);
    CAPTURE(json);
    CHECK_FALSE(object.key);
    CHECK_FALSE(object.object);
    REQUIRE(object.error);
    CHECK(object.error->object == "a Pod");
    CHECK_FALSE(object.error->message.empty());
  }
}

}  // namespace selvage::k8s_client
