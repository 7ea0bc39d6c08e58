#include "tests/cluster/fault_proxy.h"

#include <catch2/catch.hpp>
#include <future>

#include "tests/cluster/api_client.h"
#include "tests/cluster/http.h"
#include "tests/cluster/shared_server.h"
#include "tests/support/pod_network.h"

/// The proxy itself, driven by an ordinary HTTP client: that its faults are what they are called.
namespace selvage::testing {
namespace {

const std::string kNamespaces = "/api/v1/namespaces";

struct Scene {
  ApiServer& server = shared_server();
  lab::Namespace where = lab::Namespace::create("proxy").value();
  FaultProxy proxy{server, where};
  Http client{&where, {server.ca_file(), server.file("admin.crt"), server.file("admin.key")}};
  std::string token = prepare();

  std::string prepare() {
    server.must_kubectl({"create", "serviceaccount", "reader", "-n", "kube-system"});
    server.must_kubectl({"create", "clusterrolebinding", "reader", "--clusterrole=cluster-admin",
                         "--serviceaccount=kube-system:reader"});
    return server.service_account_token("kube-system", "reader");
  }
  ApiResponse get(const std::string& target) {
    return client.request("GET", proxy.url() + target, {"Authorization: Bearer " + token});
  }
  bool fails(const std::string& target) {
    try {
      get(target);
    } catch (const std::runtime_error&) {
      return true;
    }
    return false;
  }
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the fault proxy passes requests on, and logs requests and answers") {
  Scene scene;
  REQUIRE(eventually([&] { return scene.get(kNamespaces).status == 200; }));
  CHECK(holds(scene.get(kNamespaces).body, "NamespaceList"));
  const std::size_t mark = scene.proxy.log().mark();
  const ApiResponse events = scene.get(kNamespaces + "?watch=true&timeoutSeconds=1&fieldSelector=a%3Db");
  CHECK(events.status == 400);
  const auto requests = scene.proxy.log().since(mark);
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].method == "GET");
  CHECK(requests[0].path == kNamespaces);
  CHECK(requests[0].value("fieldSelector") == "a=b");
  CHECK(requests[0].is_watch());
  CHECK(requests[0].status == 400);
  CHECK(scene.get("/nothing").status == 404);
}

TEST_CASE("the faults of the fault proxy work as named") {
  Scene scene;
  REQUIRE(eventually([&] { return scene.get(kNamespaces).status == 200; }));
  const std::string whole = scene.get(kNamespaces).body;
  FaultProxy& proxy = scene.proxy;

  proxy.refuse();
  CHECK(scene.fails(kNamespaces));
  proxy.listen();
  CHECK(scene.get(kNamespaces).body == whole);

  proxy.set("namespaces", cut_after(100));
  CHECK(scene.fails(kNamespaces));
  CHECK(scene.get("/version").status == 200);
  proxy.set("namespaces", drip(64, std::chrono::milliseconds(1)));
  CHECK(scene.get(kNamespaces).body == whole);
  proxy.set("namespaces", answer("429 Too Many Requests", "slow down", "Retry-After: 1\r\n"));
  CHECK(scene.get(kNamespaces).status == 429);
  proxy.set("namespaces", raw_answer("no HTTP at all\r\n\r\n"));
  CHECK(scene.fails(kNamespaces));

  proxy.clear();
  proxy.set(stall());
  auto stalled = std::async(std::launch::async, [&] { return scene.get(kNamespaces); });
  CHECK(stalled.wait_for(std::chrono::milliseconds(300)) == std::future_status::timeout);
  proxy.clear();
  CHECK(stalled.get().body == whole);
}

TEST_CASE("the fault proxy cuts running requests and injects events") {
  Scene scene;
  REQUIRE(eventually([&] { return scene.get(kNamespaces).status == 200; }));
  const std::string target = kNamespaces + "?watch=true&timeoutSeconds=";
  const auto watches = [](const ProxiedRequest& request) { return request.is_watch() && request.status == 200; };

  auto events = std::async(std::launch::async, [&] { return scene.get(target + "3"); });
  REQUIRE(scene.proxy.log().saw(0, watches));
  scene.proxy.inject("watch=true", "{\"injected\":1}\n");
  CHECK(scene.proxy.injected());
  const std::string body = events.get().body;
  CHECK(holds("\n" + body, "\n{\"injected\":1}\n"));

  auto ended = std::async(std::launch::async, [&] { return scene.fails(target + "60"); });
  REQUIRE(scene.proxy.log().saw(0, watches, 2));
  scene.proxy.hang_up();
  CHECK(ended.get());
}

}  // namespace selvage::testing
