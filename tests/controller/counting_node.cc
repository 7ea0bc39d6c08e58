#include "tests/controller/counting_node.h"

#include "controller/tables/table_layout.h"
#include "host/conntrack.h"
#include "nft/kernel/read_counts.h"

namespace selvage::testing {
namespace {

using telemetry::PacketCount;
using telemetry::PacketVerdict;

void must(const Result<void>& done) {
  INFO((done ? std::string() : done.error().message));
  REQUIRE(done);
}

template <class Matches>
nft::CounterValue sum(const std::vector<PacketCount>& counts, Matches matches) {
  nft::CounterValue value;
  for (const PacketCount& count : counts) {
    if (matches(count)) value += {count.packets, count.bytes};
  }
  return value;
}

}  // namespace

CountingNode::CountingNode(bool policy_counters) {
  options_.policy_counters = policy_counters;
  options_.bridge_match = controller::BridgeMatch::port_kind;  // every kernel has it
  all_.push_back(policy::upsert(namespace_of("prod")));
  start();
}

void CountingNode::start() {
  must(space().inside([&]() -> Result<void> {
    auto kernel = nft::NetlinkKernel::open();
    if (!kernel) return tl::unexpected(kernel.error());
    kernel_ = std::move(*kernel);
    auto counters = controller::PacketCounters::open();
    if (!counters) return tl::unexpected(counters.error());
    counters_ = std::move(*counters);
    return {};
  }));
  const auto read_flows = [this](const std::function<void(const host::Flow&)>& visit) {
    return space().inside([&] { return host::for_each_flow(visit); });
  };
  reconciler_ = std::make_unique<controller::Reconciler>(*kernel_, read_flows, node_name(1), options_);
  reconciler_->apply(all_);
}

void CountingNode::restart() {
  start();
  apply(std::vector<policy::Event>{});
}

TestPod& CountingNode::pod(const std::string& name, LabelMap labels) {
  TestPod& made = network_.add_pod({"prod", name, labels});
  policy::Pod object;
  object.namespace_name = "prod";
  object.name = name;
  object.node = node_name(1);
  object.labels = policy::Labels(std::vector<policy::Labels::Pair>(labels.begin(), labels.end()));
  object.addresses = {made.address(IpFamily::v4), made.address(IpFamily::v6)};
  apply(object);
  return made;
}

void CountingNode::converge() {
  const Moment now = Clock::now();
  REQUIRE(reconciler_->judge_connections(now));
  REQUIRE(reconciler_->judge_connections(now + std::chrono::seconds(2)));
}

void CountingNode::apply(const std::vector<policy::Event>& events) {
  commit(events);
  REQUIRE(reconciler_->judge_connections(Clock::now()));
}

void CountingNode::commit(const std::vector<policy::Event>& events) {
  all_.insert(all_.end(), events.begin(), events.end());
  reconciler_->apply(events);
  const auto report = reconciler_->sync(Clock::now());
  INFO((report ? std::string() : report.error().message));
  REQUIRE(report);
  const auto& policy = reconciler_->snapshot().result();
  counters_->set_labels(controller::counter_labels(policy, options_));
}

std::vector<PacketCount> CountingNode::counts(PacketVerdict verdict) {
  auto all = counters_->read();
  INFO((all ? std::string() : all.error().message));
  REQUIRE(all);
  std::erase_if(*all, [&](const PacketCount& count) { return count.verdict != verdict; });
  return std::move(*all);
}

nft::CounterValue CountingNode::denied(const TestPod& pod, Direction direction) {
  return sum(counts(PacketVerdict::denied), [&](const PacketCount& count) {
    return count.namespace_name == "prod" && count.pod == pod.setup.name && count.direction == direction;
  });
}

nft::CounterValue CountingNode::denied_in_all() {
  const auto value = space().inside([]() -> Result<nft::CounterValue> {
    auto socket = netlink::Socket::open(NETLINK_NETFILTER);
    if (!socket) return tl::unexpected(socket.error());
    return nft::read_chain_count(*socket, controller::kInetTable, std::string(controller::kDeny));
  });
  REQUIRE(value);
  return *value;
}

nft::CounterValue CountingNode::unknown_endpoint_dropped(std::optional<Direction> direction) {
  return sum(counts(PacketVerdict::unknown_endpoint_dropped),
             [&](const PacketCount& count) { return count.direction == direction; });
}

nft::CounterValue CountingNode::cut() {
  return sum(counts(PacketVerdict::cut), [](const PacketCount&) { return true; });
}

nft::CounterValue CountingNode::allowed(Direction direction, const std::vector<std::string>& policies) {
  return sum(counts(PacketVerdict::allowed),
             [&](const PacketCount& count) { return count.direction == direction && count.policies == policies; });
}

bool answered(const TestPod& from, const Endpoint& to, Transport transport, bool expected) {
  const auto outcome = run_probe({&from.space(), transport, to, expected ? kAllowed : kDenied});
  INFO((outcome ? std::string() : outcome.error().message));
  REQUIRE(outcome);
  return *outcome == Outcome::answered;
}

}  // namespace selvage::testing
