#include "controller/settled_protocols.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <string>

#include "controller/table_layout.h"

namespace selvage::controller {
namespace {

/// Those that have connections with ports. Packets of others are judged each.
constexpr std::array<std::uint8_t, 3> kProtocols = {IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP};

nft::ElementKey key_of(std::uint8_t protocol) { return {std::string(1, static_cast<char>(protocol)), {}}; }
std::uint8_t protocol_of(const nft::ElementKey& key) { return static_cast<std::uint8_t>(key.first.front()); }

std::string name() { return std::string(kSettled); }

nft::SetChange& change_of(nft::TablePlan& plan) {
  nft::SetChange& change = plan.elements[name()];
  change.spec.key = {nft::FieldType::inet_proto};
  return change;
}

}  // namespace

bool SettledProtocols::complete() const {
  return std::ranges::all_of(kProtocols, [&](std::uint8_t protocol) { return settled_.contains(protocol); });
}

void SettledProtocols::adopt(const nft::Ruleset& have) {
  settled_.clear();
  const auto table = have.find(kInetTable);
  if (table == have.end()) return;
  const auto set = table->second.sets.find(name());
  if (set == table->second.sets.end()) return;
  for (const auto& entry : set->second.elements) settled_.insert(protocol_of(entry.first));
}

void SettledProtocols::unsettle(nft::Plan& plan) const {
  if (settled_.empty()) return;
  nft::TablePlan& table = plan.tables[kInetTable];
  table.elements.erase(name());
  if (table.create_table || table.remove_table) return;  // the new set is empty
  for (const std::uint8_t protocol : settled_) change_of(table).remove.insert(key_of(protocol));
}

void SettledProtocols::committed(const nft::Plan& plan) {
  const auto table = plan.tables.find(kInetTable);
  if (table == plan.tables.end()) return;
  if (table->second.create_table || table->second.remove_table) settled_.clear();
  const auto change = table->second.elements.find(name());
  if (change == table->second.elements.end()) return;
  for (const auto& key : change->second.remove) settled_.erase(protocol_of(key));
  for (const auto& entry : change->second.add) settled_.insert(protocol_of(entry.first));
}

void SettledProtocols::write(const ProtocolFindings& findings, nft::TablePlan& plan) const {
  for (const std::uint8_t protocol : settled_) {
    const bool strange = std::ranges::find(kProtocols, protocol) == kProtocols.end();
    if (strange) change_of(plan).remove.insert(key_of(protocol));
  }
  for (const std::uint8_t protocol : kProtocols) {
    const bool in = settled_.contains(protocol);
    const bool denied = findings.denied.contains(protocol);
    if (in && denied) change_of(plan).remove.insert(key_of(protocol));
    if (!in && !denied && findings.sure) change_of(plan).add[key_of(protocol)] = {};
  }
}

}  // namespace selvage::controller
