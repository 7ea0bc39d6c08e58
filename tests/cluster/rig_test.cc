#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cluster/api_client.h"
#include "tests/cluster/shared_server.h"

/// The rig itself: that the control plane under the other tests is real, and that its faults are.
namespace selvage::testing {
namespace {

using nlohmann::json;

const std::string kConfigMaps = "/api/v1/namespaces/default/configmaps";
const std::string kPods = "/api/v1/namespaces/default/pods";

json config_map(const std::string& name) {
  return {{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", {{"name", name}}}};
}

/// Makes the object; returns its resourceVersion.
std::string create(ApiClient& client, const std::string& path, const json& object) {
  return json::parse(must(client.post(path, object.dump()))).at("metadata").at("resourceVersion");
}

/// What a watch from the version sees at once: the events, one JSON document a line.
ApiResponse watch(ApiClient& client, const std::string& path, const std::string& version) {
  return client.get(path + "?watch=1&timeoutSeconds=1&resourceVersion=" + version);
}

/// The first event of a stream.
json first_event(const ApiResponse& response) { return json::parse(response.body.substr(0, response.body.find('\n'))); }

ApiServerOptions with_gates(const std::vector<std::string>& gates) {
  ApiServerOptions options;
  options.feature_gates = gates;
  return options;
}

/// Asks for a list as a stream of events (KEP-3157).
ApiResponse list_as_watch(ApiClient& client) {
  return client.get(kConfigMaps +
                    "?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan"
                    "&timeoutSeconds=1");
}

}  // namespace

TEST_CASE("the server is a Kubernetes of a known version") {
  ApiServer& server = shared_server();
  ApiClient client(server);
  CHECK(json::parse(must(client.get("/version"))).at("gitVersion") == "v1.34.4");
  CHECK(json::parse(server.must_kubectl({"version", "-o", "json"})).at("serverVersion").at("minor") == "34");
}

TEST_CASE("kubectl applies, reads back and reports errors") {
  ApiServer& server = shared_server();
  server.must_kubectl({"apply", "-f", "-"}, config_map("one").dump());
  CHECK(server.must_kubectl({"get", "configmap", "-o", "name"}) == "configmap/one\n");
  const KubectlResult missing = server.kubectl({"get", "configmap", "two"});
  CHECK(missing.status == 1);
  CHECK(missing.output.empty());
  CHECK_FALSE(missing.errors.empty());
}

TEST_CASE("pods get addresses, and are deleted at once") {
  ApiServer& server = shared_server();
  ApiClient client(server);
  create(client, kPods,
         {{"metadata", {{"name", "web"}}},
          {"spec", {{"nodeName", "n1"}, {"containers", {{{"name", "c"}, {"image", "none"}}}}}}});
  must(client.patch(kPods + "/web/status", R"({"status":{"phase":"Running","podIPs":[{"ip":"10.244.1.2"}]}})"));
  CHECK(json::parse(must(client.get(kPods + "/web"))).at("status").at("podIP") == "10.244.1.2");
  CHECK(client.remove(kPods + "/web").status == 200);
  CHECK(client.get(kPods + "/web").status == 404);
}

TEST_CASE("a namespace can be removed with its contents") {
  ApiServer& server = shared_server();
  ApiClient client(server);
  server.must_kubectl({"create", "namespace", "prod"});
  server.must_kubectl({"create", "serviceaccount", "agent", "--namespace", "prod"});
  remove_namespace(client, "prod");
  CHECK(client.get("/api/v1/namespaces/prod").status == 404);
  server.must_kubectl({"create", "namespace", "prod"});
  CHECK(client.get("/api/v1/namespaces/prod/serviceaccounts/agent").status == 404);
}

TEST_CASE("a service account has its permissions, and no other user has") {
  ApiServer& server = shared_server();
  server.must_kubectl({"create", "serviceaccount", "agent"});
  ApiClient agent(server, server.service_account_token("default", "agent"));
  ApiClient nobody(server, "");
  CHECK(agent.get(kPods).status == 403);
  CHECK(nobody.get(kPods).status == 403);
  server.must_kubectl({"create", "clusterrole", "reader", "--verb=get,list,watch", "--resource=pods"});
  server.must_kubectl(
      {"create", "clusterrolebinding", "reader", "--clusterrole=reader", "--serviceaccount=default:agent"});
  // The server learns of its own roles by a watch.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (agent.get(kPods).status != 200 && std::chrono::steady_clock::now() < until) {
  }
  CHECK(agent.get(kPods).status == 200);
  CHECK(agent.get(kConfigMaps).status == 403);
  CHECK(nobody.get(kPods).status == 403);
}

TEST_CASE("a token is valid only for its lifetime, and only for its server") {
  ApiServer& server = shared_server();
  server.must_kubectl({"create", "serviceaccount", "agent"});
  const std::string review = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const std::string question = R"({"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"})";
  const std::string token = server.service_account_token("default", "agent", std::chrono::seconds(30));
  const json answer = json::parse(must(ApiClient(server, token).post(review, question)));
  CHECK(answer.at("status").at("userInfo").at("username") == "system:serviceaccount:default:agent");
  const std::string expired = server.service_account_token("default", "agent", std::chrono::seconds(0));
  CHECK(ApiClient(server, expired).get(kPods).status == 401);

  ApiServer other;
  CHECK(ApiClient(other, token).get(kPods).status == 401);
}

TEST_CASE("old versions of objects can be made to expire") {
  ApiServer& server = shared_server();
  ApiClient client(server);
  const std::string first = create(client, kConfigMaps, config_map("one"));
  create(client, kConfigMaps, config_map("two"));
  const std::string page = kConfigMaps + "?limit=1";
  const std::string next = json::parse(must(client.get(page))).at("metadata").at("continue");

  CHECK(first_event(watch(client, kConfigMaps, first)).at("type") == "ADDED");
  CHECK(client.get(page + "&continue=" + next).status == 200);
  server.expire_old_versions();
  const json gone = first_event(watch(client, kConfigMaps, first));
  CHECK(gone.at("type") == "ERROR");
  CHECK(gone.at("object").at("code") == 410);
  CHECK(client.get(page + "&continue=" + next).status == 410);

  const json list = json::parse(must(client.get(kConfigMaps)));
  CHECK(list.at("items").size() == 2);
  const std::string version = list.at("metadata").at("resourceVersion");
  CHECK(watch(client, kConfigMaps, version).status == 200);
  CHECK(watch(client, kConfigMaps, version).body.find("ERROR") == std::string::npos);
}

TEST_CASE("without a watch cache, compaction alone ends old watches") {
  ApiServerOptions options;
  options.flags = {"--watch-cache=false"};
  ApiServer server(options);
  ApiClient client(server);
  const std::string first = create(client, kConfigMaps, config_map("one"));
  create(client, kConfigMaps, config_map("two"));
  CHECK(first_event(watch(client, kConfigMaps, first)).at("type") == "ADDED");
  const std::int64_t revision = server.compact_etcd();
  CHECK(revision > std::stoll(first));
  CHECK(first_event(watch(client, kConfigMaps, first)).at("object").at("code") == 410);
}

TEST_CASE("a killed server refuses connections, and comes back with its objects") {
  ApiServer& server = shared_server();
  ApiClient client(server);
  create(client, kConfigMaps, config_map("one"));
  const std::uint16_t port = server.port();
  server.stop_api_server();
  CHECK_THROWS(client.get(kConfigMaps));
  server.start_api_server();
  CHECK(server.port() == port);
  CHECK(json::parse(must(client.get(kConfigMaps))).at("items").size() == 1);
}

TEST_CASE("lists as streams: the server's default is on, and it can be switched off") {
  ApiServer& on = shared_server();
  ApiClient client(on);
  create(client, kConfigMaps, config_map("one"));
  const ApiResponse stream = list_as_watch(client);
  CHECK(stream.status == 200);
  CHECK(first_event(stream).at("type") == "ADDED");
  CHECK(stream.body.find("k8s.io/initial-events-end") != std::string::npos);

  ApiServer off(with_gates({"WatchList=false"}));
  ApiClient other(off);
  CHECK(list_as_watch(other).status == 422);
}

}  // namespace selvage::testing
