#include <atomic>
#include <catch2/catch.hpp>
#include <regex>
#include <thread>

#include "cluster.h"
#include "controller/sync/reconciler.h"
#include "k8s_client/manifests/manifest_folder.h"
#include "nft/kernel/netlink_kernel.h"
#include "nft/kernel/probe.h"
#include "tests/support/case_objects.h"
#include "tests/support/must.h"

/// Dense streams of datagrams while tables change: what policy allows before a change and after it passes, and what it
/// denies before and after does not, although the kernel publishes port ranges and address blocks late.
namespace selvage::packets {
namespace {

constexpr std::uint16_t kPort = 8050;
constexpr int kChanges = 60;
/// So many elements that a transaction takes a while.
constexpr int kOtherPods = 2000;

Result<void> no_flows(const std::function<void(const host::Flow&)>& /*visit*/) { return {}; }

/// Sends datagrams to a pod as fast as it can, until it is destroyed.
class Stream {
 public:
  Stream(const TestPod& from, const TestPod& to) : fd_(from.space().socket(AF_INET, SOCK_DGRAM).value()) {
    const SocketAddress address({to.address(IpFamily::v4), kPort});
    REQUIRE(connect(fd_.get(), address.get(), address.size()) == 0);
    thread_ = std::thread([this] {
      while (!done_) send(fd_.get(), "x", 1, MSG_NOSIGNAL);
    });
  }
  ~Stream() {
    done_ = true;
    thread_.join();
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

 private:
  UniqueFd fd_;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

/// api lets web in by an address block and a range of ports; other never.
struct Scene : Cluster {
  TestPod& web = pod({"prod", "web", {{"app", "web"}}});
  TestPod& api = pod({"prod", "api", {{"app", "api"}}});
  TestPod& other = pod({"prod", "other", {{"app", "other"}}});
  k8s_client::ManifestFolder folder{manifests()};
  std::unique_ptr<nft::NetlinkKernel> kernel;
  std::optional<controller::Reconciler> reconciler;
  controller::RenderOptions options;
  UdpInbox inbox = UdpInbox::open(api.space(), kPort).value();  // or errors come back

  Scene() {
    allow_web("8000, endPort: 8100");
    enforce({"--table-owner", "off"});  // bridged packets pass the hooks from now on
    kernel = node(1).space().inside([] { return nft::NetlinkKernel::open(); }).value();
    options.bridge_match = controller::BridgeMatch::port_kind;  // every kernel has it
    reconciler.emplace(*kernel, no_flows, node_name(1), options);
    std::vector<policy::Event> events;
    for (int i = 0; i < kOtherPods; ++i) {
      const std::string address = "10.250." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1);
      events.push_back(
          policy::upsert(testing::pod("prod/far-" + std::to_string(i), {{"app", "far"}}, {address.c_str()}, "far")));
    }
    reconciler->apply(events);
    sync();
    nft(1, "table inet count {\n" + counting(web, "web") + counting(other, "other") + "}\n");
  }

  /// Counts what the pod sends before the policy's hook and after it.
  std::string counting(const TestPod& from, const std::string& name) {
    std::string text;
    for (const auto& [place, priority] : {std::pair("sent", "-5"), {"passed", "5"}}) {
      text += "counter " + name + "-" + place + " {}\nchain " + name + "-" + place + " {\n" +
              "type filter hook forward priority " + priority + ";\n" + "ip saddr " +
              from.address(IpFamily::v4).to_string() + " udp dport " + std::to_string(kPort) + " counter name \"" +
              name + "-" + place + "\"\n}\n";
    }
    return text;
  }
  std::uint64_t count(const std::string& name) {
    const auto text = run(node(1).space(), {"nft", "list", "counter", "inet", "count", name});
    REQUIRE(text);
    std::smatch match;
    REQUIRE(std::regex_search(*text, match, std::regex("packets ([0-9]+)")));
    return std::stoull(match[1]);
  }

  void allow_web(const std::string& ports, const std::string& more_blocks = "") {
    apply("api.yaml", policy("prod", "api",
                             "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{ipBlock: {cidr: " +
                                 web.address(IpFamily::v4).to_string() + "/32}}" + more_blocks +
                                 "], ports: [{protocol: UDP, port: " + ports +
                                 "}]}, {from: [{podSelector: {matchLabels: {app: far}}}]}]}"));
  }
  void sync() {
    reconciler->apply(must(folder.rescan()).events);
    const auto done = reconciler->sync(Clock::now());
    INFO((done ? "" : done.error().message));
    REQUIRE(done);
  }
  void own_tables(bool owned) {
    options.ownership = owned ? nft::Ownership::owned : nft::Ownership::open;
    reconciler->set_options(options);
  }

  /// Changes the tables in turn between two states while the pods send.
  template <class Change>
  void change(const std::vector<const TestPod*>& senders, const Change& change) {
    for (const TestPod* sender : senders) {
      const std::string name = sender->setup.name;
      const std::uint64_t lost_before = count(name + "-sent") - count(name + "-passed");
      const std::uint64_t passed_before = count(name + "-passed");
      {
        const Stream stream(*sender, api);
        for (int i = 0; i < kChanges; ++i) {
          change(i % 2 == 0);
          sync();
        }
      }
      INFO(name);
      if (sender == &web) {
        CHECK(count(name + "-passed") > passed_before);
        CHECK(count(name + "-sent") - count(name + "-passed") == lost_before);
      } else {
        CHECK(count(name + "-sent") > 0);
        CHECK(count(name + "-passed") == passed_before);
      }
    }
  }
};

}  // namespace

TEST_CASE("a pod that becomes isolated loses none of the packets that its policy allows") {
  Scene scene;
  scene.change({&scene.web}, [&](bool open) {
    if (open) return scene.withdraw("api.yaml");
    scene.allow_web("8000, endPort: 8100");
  });
}

TEST_CASE(
    "packets that one policy allows and another does not follow neither port ranges nor blocks that are half there") {
  Scene scene;
  scene.change({&scene.web, &scene.other}, [&](bool narrow) {
    scene.allow_web(narrow ? "8040, endPort: 8060" : "8000, endPort: 8100",
                    narrow ? ", {ipBlock: {cidr: 10.244.0.0/16, except: [10.244.1.0/24]}}" : "");
  });
}

TEST_CASE("tables that change hands lose no allowed packet, and let no denied one pass") {
  Scene scene;
  if (!*scene.node(1).space().inside([] { return nft::supports_table_owner(); })) {
    WARN("this kernel has no tables that outlive their owner");
    return;
  }
  scene.change({&scene.web, &scene.other}, [&](bool owned) { scene.own_tables(owned); });
}

}  // namespace selvage::packets
