#include "nft/kernel/ruleset_monitor.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "nft/model/kernel_names.h"

namespace selvage::nft {
namespace {

constexpr std::size_t kMaxExamples = 5;

/// A kind of message that reports a change.
struct Change {
  int type;
  std::string_view what;
  std::uint16_t name;  ///< the attribute that names the object in its table; 0: none
};

/// In each of these the table's name is attribute 1.
constexpr std::uint16_t kTableName = 1;
static_assert(NFTA_TABLE_NAME == kTableName && NFTA_CHAIN_TABLE == kTableName && NFTA_RULE_TABLE == kTableName &&
              NFTA_SET_TABLE == kTableName && NFTA_SET_ELEM_LIST_TABLE == kTableName && NFTA_OBJ_TABLE == kTableName &&
              NFTA_FLOWTABLE_TABLE == kTableName);

/// The most important first.
constexpr std::array kChanges = {
    Change{NFT_MSG_DELTABLE, "deleted table", 0},
    Change{NFT_MSG_NEWTABLE, "added or changed table", 0},
    Change{NFT_MSG_DELCHAIN, "deleted chain", NFTA_CHAIN_NAME},
    Change{NFT_MSG_NEWCHAIN, "added or changed chain", NFTA_CHAIN_NAME},
    Change{NFT_MSG_DELSET, "deleted set", NFTA_SET_NAME},
    Change{NFT_MSG_NEWSET, "added or changed set", NFTA_SET_NAME},
    Change{NFT_MSG_DELOBJ, "deleted object", NFTA_OBJ_NAME},
    Change{NFT_MSG_NEWOBJ, "added or changed object", NFTA_OBJ_NAME},
    Change{NFT_MSG_DELFLOWTABLE, "deleted flowtable", NFTA_FLOWTABLE_NAME},
    Change{NFT_MSG_NEWFLOWTABLE, "added or changed flowtable", NFTA_FLOWTABLE_NAME},
    Change{NFT_MSG_DELRULE, "deleted a rule of chain", NFTA_RULE_CHAIN},
    Change{NFT_MSG_NEWRULE, "added a rule to chain", NFTA_RULE_CHAIN},
    Change{NFT_MSG_DELSETELEM, "deleted elements of set", NFTA_SET_ELEM_LIST_SET},
    Change{NFT_MSG_NEWSETELEM, "added elements to set", NFTA_SET_ELEM_LIST_SET},
};

/// "nft[4711]" from NFT_MSG_NEWGEN, which ends a transaction.
std::string program_of(const netlink::Attributes& generation) {
  const std::string name = netlink::read_string(generation.find(NFTA_GEN_PROC_NAME));
  const auto pid = netlink::read_be32(generation.find(NFTA_GEN_PROC_PID));
  return name.empty() || !pid ? name : name + "[" + std::to_string(*pid) + "]";
}

}  // namespace

Result<RulesetMonitor> RulesetMonitor::open(std::vector<TableKey> tables, std::uint32_t own_port) {
  auto socket = netlink::Socket::open(NETLINK_NETFILTER);
  if (!socket) return fail("watch nftables", socket.error());
  RulesetMonitor monitor(std::move(*socket), std::move(tables), own_port);
  if (auto listening = monitor.listen(true); !listening) return tl::unexpected(listening.error());
  return monitor;
}

Result<void> RulesetMonitor::listen(bool on) {
  const int group = NFNLGRP_NFTABLES;
  const int option = on ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP;
  if (::setsockopt(socket_.fd(), SOL_NETLINK, option, &group, sizeof(group)) == 0) return {};
  return fail_errno("watch nftables", errno);
}

Interference RulesetMonitor::take() {
  Changes done;
  const bool lost = socket_.take([&](const netlink::Message& message) { note(message, done); });
  // The end of a transaction may be lost, too.
  if (lost) close_transaction({}, done);
  Interference found{done.count, {}, std::move(done.programs), lost};
  for (const auto& [weight, example] : done.examples) found.examples.push_back(example);
  return found;
}

void RulesetMonitor::note(const netlink::Message& message, Changes& done) {
  if (message.header.nlmsg_type >> 8U != NFNL_SUBSYS_NFTABLES || message.payload.size() < sizeof(nfgenmsg)) return;
  const bool is_ours = message.header.nlmsg_pid == own_port_;
  const int type = message.header.nlmsg_type & 0xffU;
  const netlink::Attributes attributes(message.payload.subspan(sizeof(nfgenmsg)));
  if (type == NFT_MSG_NEWGEN) {
    close_transaction(is_ours ? std::string() : program_of(attributes), done);
  } else if (!is_ours) {
    note_change(type, message.payload[0], attributes);
  }
}

void RulesetMonitor::note_change(int type, std::uint8_t family_number, const netlink::Attributes& attributes) {
  const auto change = std::find_if(kChanges.begin(), kChanges.end(), [&](const Change& c) { return c.type == type; });
  const auto family = value_of(kFamilies, family_number);
  if (change == kChanges.end() || !family) return;
  const TableKey table{*family, netlink::read_string(attributes.find(kTableName))};
  if (std::find(tables_.begin(), tables_.end(), table) == tables_.end()) return;
  std::string example = std::string(change->what) + " " + to_string(table.family) + " " + table.name;
  if (change->name != 0) example += " " + netlink::read_string(attributes.find(change->name));
  ++transaction_.count;
  transaction_.add(static_cast<std::size_t>(change - kChanges.begin()), std::move(example));
}

void RulesetMonitor::close_transaction(const std::string& program, Changes& done) {
  Changes closed = std::exchange(transaction_, {});
  if (closed.count > 0 && !program.empty()) closed.programs = {program};
  done.add(closed);
}

void RulesetMonitor::Changes::add(std::size_t weight, std::string example) {
  examples.emplace(weight, std::move(example));
  if (examples.size() > kMaxExamples) examples.erase(std::prev(examples.end()));
}

void RulesetMonitor::Changes::add(const Changes& more) {
  count += more.count;
  for (const auto& [weight, example] : more.examples) add(weight, example);
  for (const auto& program : more.programs) {
    const bool known = std::find(programs.begin(), programs.end(), program) != programs.end();
    if (!known && programs.size() < kMaxExamples) programs.push_back(program);
  }
}

}  // namespace selvage::nft
