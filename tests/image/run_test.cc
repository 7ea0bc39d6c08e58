#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/image/container.h"
#include "tests/image/image.h"
#include "tests/support/pod_network.h"

/// The program inside the image.
namespace selvage::testing {
namespace {

using nlohmann::json;

/// Manifests of three pods on a node and a policy that allows web to reach api, and not other.
struct Scene : PodNetwork {
  TemporaryFolder files = TemporaryFolder::create().value();
  TestPod& api = add({"prod", "api", {{"app", "api"}}});
  TestPod& web = add({"prod", "web", {{"app", "web"}}});
  TestPod& other = add({"prod", "other", {{"app", "other"}}});

  Scene() {
    write("policy", network_policy_yaml("prod", "api",
                                        "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: "
                                        "{matchLabels: {app: web}}}]}]}"));
  }
  [[nodiscard]] std::string manifests() const { return files.path() / "manifests"; }
  [[nodiscard]] ContainerOptions agent() const {
    return {{"agent", "--manifests", "/manifests", "--node", node_name(1)}, manifests()};
  }
  [[nodiscard]] bool enforced() {
    return run(node(1).space(), {"nft", "list", "tables"}).value().find("inet selvage\n") != std::string::npos;
  }
  std::vector<Expectation> policy() { return {allow(web, api), deny(other, api), allow(other, web)}; }

 private:
  TestPod& add(PodSetup setup) {
    TestPod& pod = add_pod(std::move(setup));
    PodManifest manifest{pod.setup.namespace_name, pod.setup.name, node_name(1), pod.setup.labels};
    manifest.addresses = {pod.address(IpFamily::v4), pod.address(IpFamily::v6)};
    write("pod-" + pod.setup.name, manifest.to_yaml());
    return pod;
  }
  void write(const std::string& name, const std::string& yaml) {
    std::filesystem::create_directory(manifests());
    if (const auto done = write_whole(manifests() + "/" + name + ".yaml", yaml); !done) FAIL(done.error().message);
  }
};

/// The states of the preflight's checks.
using States = std::map<std::string, std::string>;

States states_of(const std::string& text) {
  const json report = json::parse(text, nullptr, false);
  if (report.is_discarded()) FAIL(text);
  States states;
  for (const json& item : report.at("items")) states[item.at("name")] = item.at("state");
  return states;
}

/// A field of /proc/PID/status of each of our programs on the node, one per line.
std::string status_field(const Namespace& node, const std::string& field) {
  std::string found;
  std::istringstream pids(run(node, {"ip", "netns", "pids", node.name()}).value());
  for (std::string pid; pids >> pid;) {
    const std::string folder = "/proc/" + pid;
    if (read_whole(folder + "/comm").value_or("") != "selvage\n") continue;
    std::istringstream lines(read_whole(folder + "/status").value_or(""));
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with(field + ":\t")) found += line.substr(field.size() + 2) + "\n";
  }
  return found;
}

void check_rights(const Namespace& node, unsigned user) {
  const std::string number = std::to_string(user);
  CHECK(status_field(node, "Uid") == number + "\t" + number + "\t" + number + "\t" + number + "\n");
  CHECK(status_field(node, "NoNewPrivs") == "1\n");
  CHECK(status_field(node, "Seccomp") == "2\n");
  // Bit 12 is CAP_NET_ADMIN.
  for (const char* set : {"CapPrm", "CapEff", "CapBnd"}) CHECK(status_field(node, set) == "0000000000001000\n");
}

void check_agent(unsigned user) {
  Scene scene;
  const Namespace& node = scene.node(1).space();
  ContainerOptions options = scene.agent();
  options.user = user;
  {
    Container agent(node, options);
    const bool enforces = PodNetwork::become(scene.policy());
    INFO(agent.log());
    REQUIRE(enforces);
    check_rights(node, user);
    const auto status = agent.exec({"selvage", "status", "-o", "json"});
    INFO((status ? "" : status.error().message));
    REQUIRE(status);
    CHECK(json::parse(*status).at("node") == node_name(1));
    CHECK(agent.stop() == 0);
  }
  CHECK(scene.enforced());
  PodNetwork::check(scene.policy());
  ContainerOptions cleanup{{"cleanup"}};
  cleanup.user = user;
  Container ended(node, cleanup);
  CHECK(ended.wait() == 0);
  INFO(ended.log());
  CHECK_FALSE(scene.enforced());
  PodNetwork::check({allow(scene.other, scene.api)});
}

}  // namespace

TEST_CASE("the image holds all libraries that the program loads") {
  CHECK(run({"chroot", image_root(), "selvage", "--version"}).value_or("") == "selvage " SELVAGE_VERSION "\n");
}

TEST_CASE("preflight has the same results in the image and on the node") {
  PodNetwork network;
  const Namespace& node = network.node(1).space();
  const auto inside = [&](unsigned user) {
    ContainerOptions options{{"preflight", "-o", "json"}};
    options.user = user;
    Container container(node, options);
    CHECK(container.wait() == 0);
    return states_of(container.log());
  };
  const auto outside = run(node, {"setpriv", "--bounding-set=-all,+net_admin", "--inh-caps=-all", SELVAGE_BINARY,
                                  "preflight", "-o", "json"});
  REQUIRE(outside);
  States expected = states_of(*outside);
  CHECK(expected.at("capabilities") == "ok");
  CHECK(expected.at("nf_tables") == "ok");
  CHECK(inside(0) == expected);
  // Only root can read the list of NFLOG groups.
  expected["nflog"] = "unknown";
  CHECK(inside(65532) == expected);
}

TEST_CASE("the agent in the image enforces, answers and cleans up, as the image's user") { check_agent(65532); }

TEST_CASE("the agent in the image enforces, answers and cleans up, as root") { check_agent(0); }

TEST_CASE("without CAP_NET_ADMIN the program in the image starts and names the capability") {
  Scene scene;
  ContainerOptions options = scene.agent();
  options.capabilities.clear();
  Container agent(scene.node(1).space(), options);
  CHECK(agent.wait() == 1);
  CHECK(agent.log().find("CAP_NET_ADMIN") != std::string::npos);
  CHECK_FALSE(scene.enforced());
}

}  // namespace selvage::testing
