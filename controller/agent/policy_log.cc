#include "controller/agent/policy_log.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "controller/output/counted.h"
#include "policy/compile/predicate.h"
#include "policy/tiers/lower.h"

namespace selvage::controller {
namespace {

using policy::NetworkPolicy;

/// How many policies one commit names, pods one line, and peers one direction.
constexpr std::size_t kMaxNamedPolicies = 20;
constexpr std::size_t kMaxNamedPods = 3;
constexpr std::size_t kMaxNamedPeers = 4;

/// The first few, and that there are more.
std::string list(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > most ? text + ", ..." : text;
}

/// Names of the pods of this node that the policy selects, sorted.
std::vector<std::string> selected_pods(const NetworkPolicy& policy, const policy::Inventory& inventory) {
  std::vector<std::string> pods;
  const policy::NamespaceId* id = inventory.find_namespace(policy.namespace_name);
  if (id == nullptr) return pods;
  for (const policy::PodId pod : inventory.namespace_at(*id).local_pods) {
    if (policy.pod_selector.matches(inventory.labels(pod))) pods.push_back(inventory.pod_name(pod));
  }
  std::sort(pods.begin(), pods.end());
  return pods;
}

/// ", ingress from ns=prod app=web"; empty where the policy does not isolate in the direction.
std::string peers_text(const policy::Policy& policy, Direction direction) {
  if (!policy.isolates(direction)) return {};
  std::vector<std::string> peers;
  for (const policy::PolicyRule& rule : policy.sides.at(index(direction)).rules) {
    for (const auto& predicate : policy::predicates_of(rule, direction)) {
      std::string text = policy::describe(predicate);
      if (std::ranges::find(peers, text) == peers.end()) peers.push_back(std::move(text));
    }
  }
  return fmt::format(", {} {} {}", to_string(direction), direction == Direction::ingress ? "from" : "to",
                     peers.empty() ? "nobody" : list(peers, kMaxNamedPeers));
}

bool is_policy(const policy::Event& event) { return event.key.kind == policy::Kind::network_policy; }

void log_policy(const policy::ObjectKey& key, const char* change, bool staged, const std::string& what, Moment since) {
  const auto ms = std::chrono::duration<double, std::milli>(Clock::now() - since).count();
  spdlog::info("{}policy {}/{} {}: {} ({:.1f} ms)", staged ? "staged " : "", key.namespace_name, key.name, change, what,
               ms);
}

}  // namespace

std::string describe_policy(const NetworkPolicy& policy, const policy::Inventory& inventory, std::string_view verb) {
  const auto pods = selected_pods(policy, inventory);
  if (pods.empty()) return "selects no pod of this node";
  const policy::Policy lowered = policy::lower(policy);
  return fmt::format("{} {} of this node ({}){}{}", verb, counted(pods.size(), "pod"), list(pods, kMaxNamedPods),
                     peers_text(lowered, Direction::ingress), peers_text(lowered, Direction::egress));
}

void PolicyLog::note(const Mailbox::Contents& mail, const policy::Stages& stages) {
  for (std::size_t i = 0; i < mail.events.size(); ++i) {
    const policy::Event& event = mail.events[i];
    if (!is_policy(event) || noted_.contains(event.key)) continue;
    const NetworkPolicy* before = stages.find(event.key);
    if (before == nullptr ? !event.object : event.object == policy::Object(*before)) continue;
    if (noted_.size() == kMaxNamedPolicies) {
      ++more_;
      continue;
    }
    Noted noted{i < mail.received.size() ? mail.received[i] : Clock::now(), std::nullopt, stages.is_staged(event.key)};
    if (before != nullptr) noted.before = *before;
    noted_.emplace(event.key, std::move(noted));
  }
}

void PolicyLog::committed(policy::Mode mode, const policy::Stages& stages, const policy::Inventory& inventory) {
  std::erase_if(noted_, [&](const auto& entry) {
    const auto& [key, noted] = entry;
    const NetworkPolicy* now = stages.find(key);
    const bool staged = now == nullptr ? noted.staged_before : stages.is_staged(key);
    if (staged != (mode == policy::Mode::staged)) return false;
    if (now != nullptr) {
      const std::string what = describe_policy(*now, inventory, staged ? "would isolate" : "isolates");
      log_policy(key, noted.before ? "changed" : "added", staged, what, noted.received);
    } else if (noted.before) {
      const std::string what = describe_policy(*noted.before, inventory, staged ? "would have isolated" : "isolated");
      log_policy(key, "removed", staged, what, noted.received);
    }
    return true;
  });
  if (more_ > 0) spdlog::info("and {} changed", counted(more_, "more policy", "more policies"));
  more_ = 0;
}

}  // namespace selvage::controller
