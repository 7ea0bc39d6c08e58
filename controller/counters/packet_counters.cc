#include "controller/counters/packet_counters.h"

#include <linux/netlink.h>

#include <array>
#include <utility>

#include "controller/tables/deny_chains.h"
#include "controller/tables/table_layout.h"
#include "nft/kernel/read_counts.h"

namespace selvage::controller {
namespace {

using telemetry::PacketCount;
using telemetry::PacketVerdict;

PacketCount count_of(PacketVerdict verdict, const nft::CounterValue& value) {
  PacketCount count;
  count.verdict = verdict;
  count.packets = value.packets;
  count.bytes = value.bytes;
  return count;
}

/// `pod` is "namespace/name".
void name_pod(PacketCount& count, const std::string& pod) {
  const auto slash = pod.find('/');
  count.namespace_name = pod.substr(0, slash);
  count.pod = pod.substr(slash + 1);
}

/// A chain that drops, and the meaning of its counter.
struct DropChain {
  const nft::TableKey* table;
  std::string_view name;
  PacketVerdict verdict;
  std::optional<Direction> direction;
};
const std::array<DropChain, 4> kDropChains = {{
    {&kInetTable, kUnknownSource, PacketVerdict::unknown_endpoint_dropped, Direction::egress},
    {&kInetTable, kUnknownDestination, PacketVerdict::unknown_endpoint_dropped, Direction::ingress},
    {&kBridgeTable, kForward, PacketVerdict::unknown_endpoint_dropped, {}},
    {&kInetTable, kDropCut, PacketVerdict::cut, {}},
}};

}  // namespace

Result<std::unique_ptr<PacketCounters>> PacketCounters::open() {
  auto socket = netlink::Socket::open(NETLINK_NETFILTER);
  if (!socket) return fail("packet counters", socket.error());
  return std::unique_ptr<PacketCounters>(new PacketCounters(std::move(*socket)));
}

PacketCounters::PacketCounters(netlink::Socket socket) : socket_(std::move(socket)) {}

void PacketCounters::set_labels(CounterLabels labels) {
  std::optional now(std::move(labels));
  const MutexLock lock(labels_mutex_);
  labels_.swap(now);
  unread_ = true;
}

void PacketCounters::update_labels(const std::function<void(CounterLabels&)>& change) {
  const MutexLock lock(labels_mutex_);
  change(labels_.value());
  unread_ = true;
}

/// The latest labels.
const std::optional<CounterLabels>& PacketCounters::take_labels() {
  const MutexLock lock(labels_mutex_);
  if (std::exchange(unread_, false)) read_labels_ = labels_;
  return read_labels_;
}

Result<std::vector<PacketCount>> PacketCounters::read() {
  const MutexLock reading(reading_);
  const std::optional<CounterLabels>& labels = take_labels();
  std::vector<PacketCount> counts;
  auto done = read_dropped(counts);
  if (done && labels) done = read_denied(*labels, counts);
  if (done && labels) done = read_allowed(*labels, counts);
  if (done && labels && labels->staged) done = read_staged(*labels, counts);
  if (!done) return tl::unexpected(done.error());
  return counts;
}

Result<void> PacketCounters::read_dropped(std::vector<PacketCount>& counts) {
  for (const DropChain& chain : kDropChains) {
    const auto value = nft::read_chain_count(socket_, *chain.table, std::string(chain.name));
    if (!value) return tl::unexpected(value.error());
    counts.push_back(count_of(chain.verdict, *value));
    counts.back().direction = chain.direction;
  }
  return {};
}

Result<void> PacketCounters::for_each_denied(const nft::TableKey& table, const DeniedVisitor& visit) {
  for (const policy::Direction direction : policy::kDirections) {
    for (const IpFamily family : policy::kFamilies) {
      const auto elements =
          nft::read_element_counts(socket_, table, denied_set(direction, family), denied_set_spec(family));
      if (!elements) return tl::unexpected(elements.error());
      for (const auto& [key, value] : *elements)
        visit(direction, IpAddress::from_bytes(family, key.first.data()), value);
    }
  }
  return {};
}

Result<void> PacketCounters::read_denied(const CounterLabels& labels, std::vector<PacketCount>& counts) {
  return for_each_denied(kInetTable, [&](policy::Direction direction, const IpAddress& address, const auto& value) {
    counts.push_back(count_of(PacketVerdict::denied, value));
    counts.back().direction = direction;
    const auto pod = labels.pods.find(address);
    if (pod != labels.pods.end()) name_pod(counts.back(), pod->second);
  });
}

Result<void> PacketCounters::read_staged(const CounterLabels& labels, std::vector<PacketCount>& counts) {
  return for_each_denied(kStagedTable, [&](policy::Direction direction, const IpAddress& address, const auto& value) {
    const auto& policies = labels.staged->at(policy::index(direction));
    const auto staged = policies.find(address);
    const auto pod = labels.pods.find(address);
    if (staged == policies.end() || pod == labels.pods.end()) return;
    counts.push_back(count_of(PacketVerdict::staged, value));
    counts.back().direction = direction;
    counts.back().policies = staged->second;
    name_pod(counts.back(), pod->second);
  });
}

Result<void> PacketCounters::read_allowed(const CounterLabels& labels, std::vector<PacketCount>& counts) {
  AllowedTotals::Counts reading;
  for (const auto& [name, set] : labels.allow) {
    auto elements = nft::read_element_counts(socket_, kInetTable, name, set.spec);
    if (!elements) return tl::unexpected(elements.error());
    reading.emplace(name, std::move(*elements));
  }
  allowed_.take(labels, std::move(reading));
  for (const auto& [series, value] : allowed_.totals()) {
    counts.push_back(count_of(PacketVerdict::allowed, value));
    counts.back().direction = series.first;
    counts.back().policies = series.second;
  }
  return {};
}

}  // namespace selvage::controller
