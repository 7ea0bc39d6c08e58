#include <poll.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "controller/denials/denial_log.h"
#include "controller/node/pod_networks.h"
#include "controller/tables/render.h"
#include "nft/kernel/netlink_kernel.h"
#include "policy/compile/compiler.h"
#include "tests/support/case_objects.h"
#include "tests/support/pod_network.h"

/// From a packet that a pod sends to the line that tells why it was denied, on a node of network namespaces.
namespace selvage::testing {
namespace {

constexpr std::uint16_t kGroup = 700;

/// One node, its pods, what is compiled and committed for it, and what its packet log says.
class LoggingNode {
 public:
  TestPod& pod(const std::string& name, LabelMap labels) {
    TestPod& made = network_.add_pod({"prod", name, labels});
    policy::Pod object;
    object.namespace_name = "prod";
    object.name = name;
    object.node = node_name(1);
    object.labels = policy::Labels(std::vector<policy::Labels::Pair>(labels.begin(), labels.end()));
    object.addresses = {made.address(IpFamily::v4), made.address(IpFamily::v6)};
    compiler_.apply(policy::upsert(object));
    return made;
  }

  void enforce(const policy::NetworkPolicy& object) {
    compiler_.apply(policy::upsert(namespace_of("prod")));
    compiler_.apply(policy::upsert(object));
    const policy::Snapshot& snapshot = compiler_.update();
    controller::RenderOptions options;
    options.log_group = kGroup;
    options.bridge_match = controller::BridgeMatch::port_kind;  // every kernel has it
    const auto ruleset = controller::render(
        snapshot.result(), [&](policy::PodId id) { return snapshot.pod_name(id); }, options);
    auto done = network_.node(1).space().inside([&]() -> Result<void> {
      auto log = host::PacketLog::open(kGroup);
      if (!log) return tl::unexpected(log.error());
      log_.emplace(std::move(*log));
      const auto kernel = nft::NetlinkKernel::open();
      if (!kernel) return tl::unexpected(kernel.error());
      return (*kernel)->commit(nft::diff({}, ruleset));
    });
    INFO((done ? std::string() : done.error().message));
    REQUIRE(done);
  }

  /// The first line about a denial from `source` to the port, which must come.
  std::string line_about(const IpAddress& source, std::uint16_t port) {
    std::vector<std::string> lines;
    controller::DenialLog log(
        [this](policy::Direction direction, const policy::FlowKey& flow) {
          return policy::explain(compiler_.update(), controller::kFlannelNetworks, direction, flow);
        },
        [&](const controller::DenialLine& line) { lines.push_back(line.message); });
    while (lines.empty()) {
      pollfd waiting{log_->fd(), POLLIN, 0};
      REQUIRE(::poll(&waiting, 1, 15'000) == 1);
      log_->take([&](const host::LoggedPacket& packet) {
        const auto denial = controller::denial_of(packet);
        if (!denial || denial->flow.source != source || denial->flow.destination_port != port) return;
        last_ = packet;
        log.note(*denial, Clock::now());
      });
    }
    return lines.front();
  }

  [[nodiscard]] const host::LoggedPacket& last() const { return last_; }

 private:
  PodNetwork network_;
  policy::Compiler compiler_{node_name(1)};
  std::optional<host::PacketLog> log_;
  host::LoggedPacket last_;
};

Outcome probe(const TestPod& from, const TestPod& to, IpFamily family, std::uint16_t port, Transport transport) {
  const auto outcome = lab::run_probe({&from.space(), transport, {to.address(family), port}, kDenied});
  INFO((outcome ? std::string() : outcome.error().message));
  REQUIRE(outcome);
  return *outcome;
}

}  // namespace

TEST_CASE("a pod's denied packet ends as a line that says why") {
  LoggingNode node;
  const TestPod& web = node.pod("web", {{"app", "web"}});
  const TestPod& api = node.pod("api", {{"app", "api"}});
  const TestPod& db = node.pod("db", {{"app", "db"}});
  node.enforce(both_policy("prod/allow-web-to-api", where({is("app", "api")}),
                           {allow({pods(where({is("app", "web")}))}, {port(policy::Protocol::tcp, 80)})}, {}));
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    CHECK(probe(web, api, family, 80, Transport::tcp) == Outcome::answered);

    CHECK(probe(web, api, family, 81, Transport::tcp) == Outcome::silent);
    const std::string by_port = node.line_about(web.address(family), 81);
    INFO(by_port);
    CHECK(by_port.find("denied at ingress: TCP prod/web (") == 0);
    CHECK(by_port.find("prod/allow-web-to-api allows TCP 80, not 81") != std::string::npos);
    CHECK(node.last().headers.source_port.value_or(0) > 0);
    CHECK(node.last().in_interface > 0);
    CHECK(node.last().out_interface > 0);
    CHECK(node.last().when);

    CHECK(probe(db, api, family, 80, Transport::tcp) == Outcome::silent);
    const std::string by_label = node.line_about(db.address(family), 80);
    INFO(by_label);
    CHECK(by_label.find("prod/allow-web-to-api: pod prod/db has label app=db, not web") != std::string::npos);

    CHECK(probe(api, web, family, 5353, Transport::udp) == Outcome::silent);
    const std::string out = node.line_about(api.address(family), 5353);
    INFO(out);
    CHECK(out.find("denied at egress: UDP prod/api (") == 0);
    CHECK(out.find("no rule of any policy names this peer") != std::string::npos);
  }
}

}  // namespace selvage::testing
