#include "controller/selfcheck/self_check.h"

#include <numeric>
#include <optional>

#include "controller/node/pod_bridges.h"
#include "controller/node/pod_networks.h"
#include "controller/selfcheck/forwarded_packet.h"
#include "controller/selfcheck/self_check_flows.h"
#include "controller/tables/table_layout.h"
#include "nft/trace/tracer.h"
#include "policy/explain/explain.h"

namespace selvage::controller {
namespace {

using policy::Direction;
using policy::FlowKey;

/// Number of differences of each kind, and of wrong verdicts, that are named.
constexpr std::size_t kMaxNamed = 5;
/// Number of flows for which the objects are evaluated again, at up to a millisecond each.
constexpr std::size_t kMaxEvaluated = 64;

/// The verdict on the flow in one direction by the objects' rules instead of the compiler's records; none if there are
/// too many rules to evaluate.
std::optional<bool> evaluate(const policy::Snapshot& snapshot, Direction direction, const FlowKey& flow) {
  const policy::Explanation answer = policy::explain(snapshot, kFlannelNetworks, direction, flow);
  if (!answer.complete) return std::nullopt;
  return answer.verdict == policy::FlowVerdict::no_local_pod || answer.policy_count == 0 || !answer.allowed_by.empty();
}

std::optional<bool> evaluate(const policy::Snapshot& snapshot, const FlowKey& flow) {
  const auto out = evaluate(snapshot, Direction::egress, flow);
  const auto in = evaluate(snapshot, Direction::ingress, flow);
  if (!out || !in) return std::nullopt;
  return *out && *in;
}

std::string pod_bridge_of(const nft::Ruleset& want) {
  const auto table = want.find(kInetTable);
  if (table == want.end()) return kFlannelBridge;
  const auto set = table->second.sets.find(std::string(kPodBridges));
  if (set == table->second.sets.end() || set->second.elements.empty()) return kFlannelBridge;
  const std::string& padded = set->second.elements.begin()->first.first;
  return padded.substr(0, padded.find('\0'));
}

class SelfCheck {
 public:
  SelfCheck(const nft::Ruleset& have, const nft::Ruleset& want, const policy::Snapshot& snapshot,
            const SelfCheckOptions& options)
      : have_(have),
        want_(want),
        snapshot_(snapshot),
        policy_(snapshot.result()),
        options_(options),
        pod_bridge_(pod_bridge_of(want)) {
    report.seed = options.seed;
  }

  void check(const FlowKey& flow) {
    const bool evaluated_too = report.flows++ < kMaxEvaluated;
    const bool allowed = policy::allows(policy_, flow);
    const nft::Packet packet = packet_of(flow);
    const nft::Trace trace = have_.run(packet);
    if (trace.accepted != allowed && !is_fallback(packet, trace)) add(flow, trace, "policy");
    if (!evaluated_too) return;
    const auto by_objects = evaluate(snapshot_, flow);
    if (by_objects && *by_objects != allowed) add(flow, trace, "objects");
  }

  /// Unknown endpoints on the pod bridge: an unused address, a link-local one.
  void check_unknown_endpoints() {
    for (const char* text : {"192.0.2.1", "fe80::5e1:ca9e"}) {
      const IpAddress stranger = IpAddress::parse(text).value();
      for (const auto& [local, pod] : policy_.local.values()) {
        if (local.family() != stranger.family()) continue;
        check_unknown_endpoints({stranger, local, 6, 80});
        check_unknown_endpoints({local, stranger, 6, 80});
        break;
      }
    }
  }

  SelfCheckReport report;

 private:
  [[nodiscard]] bool is_local(const IpAddress& address) const { return policy_.local.find(address) != nullptr; }

  [[nodiscard]] nft::Packet packet_of(const FlowKey& flow) const {
    return forwarded_packet(flow, is_local(flow.source), is_local(flow.destination), pod_bridge_);
  }

  void check_unknown_endpoints(const FlowKey& flow) {
    ++report.flows;
    nft::Packet packet = packet_of(flow);
    make_bridged(packet, pod_bridge_);
    const nft::Trace trace = have_.run(packet);
    if (trace.accepted != want_.run(packet).accepted) add(flow, trace, "tables as they should be");
  }

  /// Whether the packet is dropped by a fallback although policy allows it.
  bool is_fallback(const nft::Packet& packet, const nft::Trace& trace) {
    return options_.tightens_more && !trace.accepted && !want_.run(packet).accepted;
  }

  void add(const FlowKey& flow, const nft::Trace& trace, const char* judge) {
    ++report.wrong_flows;
    if (report.wrong.size() < kMaxNamed) report.wrong.push_back({flow, trace.accepted, judge, trace.text()});
  }

  nft::Tracer have_;
  nft::Tracer want_;
  const policy::Snapshot& snapshot_;
  const policy::NodePolicy& policy_;
  const SelfCheckOptions& options_;
  std::string pod_bridge_;
};

}  // namespace

std::size_t SelfCheckReport::divergent() const {
  return std::accumulate(differences.begin(), differences.end(), wrong_flows,
                         [](std::size_t sum, const auto& entry) { return sum + entry.second.count; });
}

SelfCheckReport self_check(const nft::Ruleset& have, const nft::Ruleset& want, const policy::Snapshot& snapshot,
                           const SelfCheckOptions& options) {
  SelfCheck checking(have, want, snapshot, options);
  for (const auto& flow : sample_flows(snapshot.result(), options.seed, options.flows)) checking.check(flow);
  checking.check_unknown_endpoints();
  checking.report.differences = nft::compare(have, want, kMaxNamed);
  return std::move(checking.report);
}

}  // namespace selvage::controller
