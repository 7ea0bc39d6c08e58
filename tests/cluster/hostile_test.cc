#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cluster/fault_scene.h"

/// Events in a running watch that no current API server sends. None stops the watch or allows more, the last good
/// version stays, and the log names the object.
namespace selvage::testing {
namespace {

using nlohmann::json;

const std::string kPods = "/api/v1/pods?";
const std::string kPolicies = "/networkpolicies?";

struct Scene : FaultScene {
  TestPod& turncoat = pod({"prod", "turncoat", {}});
  Process agent = converged_agent();
  Prober prober{steady()};

  /// Makes the pod one that may reach api, or one that may not.
  void turn_coat() {
    dressed_ = !dressed_;
    must(admin().patch("/api/v1/namespaces/prod/pods/turncoat",
                       json{{"metadata", {{"labels", {{"app", dressed_ ? "web" : "none"}}}}}}.dump()));
  }
  json get(const std::string& path) { return json::parse(must(admin().get(path))); }
  json api_policy() { return get("/apis/networking.k8s.io/v1/namespaces/prod/networkpolicies/api"); }
  json pod_object(const std::string& name) { return get("/api/v1/namespaces/prod/pods/" + name); }

  /// Puts the line into the watches of that resource, and then shows that they go on.
  void survive(const std::string& resource, const std::string& line) {
    wire().inject(resource, line + "\n");
    REQUIRE(wire().injected());
    turn_door();
    turn_coat();
    expect_right();
  }
  /// `object`, if it is one, as if it had been changed just now.
  void survive(const std::string& resource, const std::string& type, json object) {
    if (object.contains("metadata")) object["metadata"]["resourceVersion"] = version();
    survive(resource, json{{"type", type}, {"object", object}}.dump());
  }
  /// Of the newest change, whatever it was.
  std::string version() { return get("/api/v1/namespaces?limit=1").at("metadata").at("resourceVersion"); }

 private:
  bool dressed_ = false;
};

/// The spec of api's policy with one more peer, or anything else put into its only rule.
json with_rule(json policy, const std::string& field, const json& value) {
  policy["spec"]["ingress"][0][field] = value;
  return policy;
}

}  // namespace

TEST_CASE("policies with future fields, wrong types and nonsense leave the last good version") {
  Scene s;
  const json everyone = {{"ipBlock", {{"cidr", "0.0.0.0/0"}}}};
  const std::size_t from = s.agent_log().size();
  for (const json& bad : {
           with_rule(s.api_policy(), "from", {{{"futureSelector", {{"matchLabels", {{"app", "web"}}}}}}}),
           with_rule(s.api_policy(), "from", {everyone, {{"podSelector", {{"matchFuture", {}}}}}}),
           with_rule(s.api_policy(), "from", "everyone"),
           with_rule(s.api_policy(), "ports", {{{"port", 80}, {"futurePort", true}}}),
           with_rule(s.api_policy(), "ports", {{{"port", 99999}}}),
           with_rule(s.api_policy(), "future", true),
       })
    s.survive(kPolicies, "MODIFIED", bad);
  CHECK(s.says("prod/api", from));
  s.prober.check();
}

TEST_CASE("pods with invalid UTF-8, a label of 10 MiB and nonsense leave the last good version") {
  Scene s;
  json pretender = s.pod_object("other");
  pretender["metadata"]["labels"]["app"] = "web";  // which would allow it
  const std::size_t from = s.agent_log().size();

  json long_label = pretender;
  long_label["metadata"]["labels"]["long"] = std::string(10 << 20, 'x');
  s.survive(kPods, "MODIFIED", long_label);
  json bad_text = pretender;
  bad_text["metadata"]["resourceVersion"] = s.version();
  bad_text["metadata"]["labels"]["bad"] = "HERE";
  std::string line = json{{"type", "MODIFIED"}, {"object", bad_text}}.dump();
  line.replace(line.find("HERE"), 4, "\xff\xfe\x80");
  s.survive(kPods, line);
  json bad_address = pretender;
  bad_address["status"]["podIPs"] = {{{"ip", "10.244.1.999"}}};
  s.survive(kPods, "MODIFIED", bad_address);
  json no_name = pretender;
  no_name["metadata"].erase("name");
  s.survive(kPods, "MODIFIED", no_name);

  CHECK(s.says("prod/other", from));
  CHECK(s.agent_log().size() < (1U << 20));
  s.prober.check();
}

TEST_CASE("invalid events are survived: halves, other kinds, empty lines, deletions of nothing") {
  Scene s;
  const std::string whole = json{{"type", "DELETED"}, {"object", s.api_policy()}}.dump();
  const json pod = s.pod_object("web");
  s.survive(kPolicies, whole.substr(0, whole.size() / 2));
  s.survive(kPolicies, "\n\r\n \n");
  s.survive(kPolicies, "DELETED", json::object());
  s.survive(kPolicies, "DELETED", nullptr);
  s.survive(kPolicies, "DELETED", pod);
  s.survive(kPolicies, "RENAMED", s.api_policy());
  s.survive(kPolicies, R"({"type":"DELETED"})");
  s.survive(kPods, "[[[[[[[[" + std::string(100'000, '['));
  s.survive(kPods, std::string("\0\x01\xff", 3));
  s.survive(kPods, R"({"type":"ERROR","object":{"kind":"Status","code":500,"reason":"InternalError"}})");
  s.survive(kPods, R"({"type":"ERROR","object":"out of order"})");
  s.survive(kPods, R"({"type":"BOOKMARK","object":{"kind":"Pod","metadata":{}}})");
  s.prober.check();
}

TEST_CASE("a new policy that cannot be read isolates, and goes with the next list") {
  Scene s;
  json policy = s.api_policy();
  policy["metadata"]["name"] = "future";
  policy["metadata"]["uid"] = "6d1c4b6c-0000-4000-8000-000000000001";
  policy["spec"] = {{"podSelector", {{"matchLabels", {{"app", "door"}}}}},
                    {"ingress", {{{"from", {{{"futureSelector", json::object()}}}}}}}};
  s.check({allow(s.other, s.door)});
  s.wire().inject(kPolicies, json{{"type", "ADDED"}, {"object", policy}}.dump() + "\n");
  CHECK(s.become({deny(s.other, s.door)}));
  CHECK(s.says("prod/future"));
  s.wire().inject(kPolicies, R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}})"
                             "\n");
  s.expect_right();
  s.prober.check();
}

}  // namespace selvage::testing
