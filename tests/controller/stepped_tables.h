#pragma once

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controller/sync/commit_steps.h"
#include "controller/tables/table_layout.h"
#include "nft/plan/apply.h"
#include "nft/plan/text_plan.h"
#include "nft/trace/tracer.h"
#include "tests/controller/packet_path.h"

/// Tables that change in several transactions, and packets that meet them meanwhile.
namespace selvage::testing {

/// Whether the step replaces the table.
inline bool replaced(const nft::Plan& step, const nft::TableKey& key) {
  const auto table = step.tables.find(key);
  return table != step.tables.end() && table->second.delete_table;
}

/// What packets meet while the kernel ends a transaction: the tables after it, interval sets with the contents from
/// before it.
inline nft::Ruleset late(const nft::Ruleset& before, const nft::Plan& step, nft::Ruleset after) {
  for (auto& [key, table] : after) {
    const auto old_table = before.find(key);
    for (auto& [name, set] : table.sets) {
      if (!set.spec.interval) continue;
      set.elements.clear();
      if (old_table == before.end() || replaced(step, key)) continue;
      const auto old_set = old_table->second.sets.find(name);
      if (old_set != old_table->second.sets.end()) set.elements = old_set->second.elements;
    }
  }
  return after;
}

/// The addresses of the node's pods.
inline std::set<std::string> local_addresses(const nft::Ruleset& tables) {
  std::set<std::string> addresses;
  const auto table = tables.find(controller::kInetTable);
  if (table == tables.end()) return addresses;
  for (const IpFamily family : policy::kFamilies) {
    for (const auto& entry : table->second.sets.at(controller::local_pods_set(family)).elements) {
      addresses.insert(entry.first.first);
    }
  }
  return addresses;
}

/// Packets, and what became of them before a plan and after it.
class Judged {
 public:
  Judged(std::vector<nft::Packet> packets, const nft::Ruleset& before, const nft::Ruleset& after)
      : packets_(std::move(packets)),
        before_(verdicts(before)),
        after_(verdicts(after)),
        gone_(local_addresses(before)),
        local_(gone_) {
    for (const std::string& address : local_addresses(after)) {
      gone_.erase(address);
      local_.insert(address);
    }
  }

  /// Judges them by tables between the two. The number of packets that have one verdict before and after.
  std::size_t check(const nft::Ruleset& between) const {
    const auto now = verdicts(between);
    std::size_t compared = 0;
    for (std::size_t i = 0; i < packets_.size(); ++i) {
      if (before_[i] != after_[i]) continue;
      ++compared;
      if (now[i] == before_[i]) continue;
      // Between two pods of the node each end may change at its own moment.
      if (now[i] && is_local(packets_[i].source) && is_local(packets_[i].destination)) continue;
      // A pod that leaves the node may lose a packet.
      if (!now[i] && (gone_.contains(packets_[i].source.key()) || gone_.contains(packets_[i].destination.key())))
        continue;
      INFO((before_[i] ? "dropped in between:\n" : "passed in between:\n") << nft::trace(between, packets_[i]).text());
      REQUIRE(now[i] == before_[i]);
    }
    return compared;
  }

 private:
  [[nodiscard]] bool is_local(const IpAddress& address) const { return local_.contains(address.key()); }
  [[nodiscard]] std::vector<bool> verdicts(const nft::Ruleset& tables) const {
    nft::Tracer tracer(tables);
    std::vector<bool> all;
    for (const auto& packet : packets_) all.push_back(tracer.run(packet).accepted);
    return all;
  }

  std::vector<nft::Packet> packets_;
  std::vector<bool> before_;
  std::vector<bool> after_;
  std::set<std::string> gone_;   ///< addresses of pods that leave the node
  std::set<std::string> local_;  ///< addresses of pods of the node, before or after
};

/// Carries out transactions by the kernel's rules, and has packets judged in each and after each.
class SteppedTables {
 public:
  SteppedTables(nft::Ruleset tables, const Judged& judged) : tables_(std::move(tables)), judged_(judged) {}

  controller::Transaction transaction() {
    return [this](const nft::Plan& step) -> nft::CommitResult {
      INFO(nft::to_text(step));
      auto after = nft::apply(step, tables_);
      INFO((after ? "" : after.error().message));
      REQUIRE(after);
      if (step.empty()) return {};
      compared += judged_.check(late(tables_, step, *after)) + judged_.check(*after);
      tables_ = std::move(*after);
      states.push_back(tables_);
      return {};
    };
  }
  [[nodiscard]] const nft::Ruleset& tables() const { return tables_; }

  std::vector<nft::Ruleset> states;  ///< after each transaction
  std::size_t compared = 0;

 private:
  nft::Ruleset tables_;
  const Judged& judged_;
};

}  // namespace selvage::testing
