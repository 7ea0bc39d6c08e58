#include "nft/kernel/probe.h"

#include <linux/netlink.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "netlink/socket.h"
#include "nft/model/statements.h"
#include "nft/wire/encode.h"

namespace selvage::nft {
namespace {

/// A transaction that adds a table and something in it. It never takes place.
struct Question {
  std::string what;
  std::vector<Operation> steps;
  std::size_t asked;  ///< index of the step that is probed
};

/// A table name unique to this process, so that probes of other processes do not collide with it.
TableKey scratch_table(TableFamily family) { return {family, "selvage-probe-" + std::to_string(::getpid())}; }

/// The kernel answers each step. Only the refusal of the probed step means no.
Result<bool> judge(const Question& question, const Batch& batch, const netlink::BatchAnswer& answer) {
  if (answer.overrun || answer.refusals.empty()) return fail_errno(question.what, ENOBUFS);
  const netlink::Refusal& first = answer.refusals.front();
  if (first.sequence == batch.last_operation_sequence() && first.code == ENOENT) return true;
  const std::uint32_t asked = batch.first_sequence + 1 + static_cast<std::uint32_t>(question.asked);
  const bool is_no = first.code == EOPNOTSUPP || first.code == ENOENT || first.code == EINVAL;
  if (first.sequence == asked && is_no) return false;
  const bool not_permitted = first.code == EPERM;
  return fail_errno(question.what + (not_permitted ? " (needs the capability CAP_NET_ADMIN)" : ""), first.code);
}

/// The kernel's answer to a transaction that does not take place.
struct Rehearsal {
  Batch batch;
  netlink::BatchAnswer answer;
};

/// Adds an impossible step: so the transaction never takes place, and no monitor is notified.
Result<Rehearsal> rehearse(const std::string& what, std::vector<Operation>& steps) {
  steps.push_back({steps.front().table, DeleteSet{"none"}});
  auto socket = netlink::Socket::open(NETLINK_NETFILTER);
  if (!socket) return fail(what, socket.error());
  auto batch = encode(steps, socket->next_sequence());
  if (!batch) return tl::unexpected(batch.error());
  auto answer = socket->send_batch(batch->bytes);
  if (!answer) return fail(what, answer.error());
  return Rehearsal{std::move(*batch), std::move(*answer)};
}

Result<bool> ask(Question question) {
  const auto rehearsal = rehearse(question.what, question.steps);
  if (!rehearsal) return tl::unexpected(rehearsal.error());
  return judge(question, rehearsal->batch, rehearsal->answer);
}

}  // namespace

Result<bool> supports_bridge_ibrname() {
  const TableKey table = scratch_table(TableFamily::bridge);
  const Chain chain;
  const Rule rule = RuleBuilder().equals(Selector::ibrname, "none").accept();
  return ask({"probe meta ibrname",
              {{table, AddTable{}}, {table, AddChain{"c", &chain}}, {table, AddRule{"c", 0, &rule}}},
              2});
}

Result<bool> supports_table_owner() {
  const TableKey table = scratch_table(TableFamily::inet);
  return ask({"probe table flags owner,persist", {{table, AddTable{{}, true}}}, 0});
}

Result<void> would_take(const Plan& plan) {
  const std::string what = "probe tables";
  std::vector<Operation> steps = operations(plan);
  const auto rehearsal = rehearse(what, steps);
  if (!rehearsal) return tl::unexpected(rehearsal.error());
  const auto& [batch, answer] = *rehearsal;
  if (answer.overrun || answer.refusals.empty()) return fail_errno(what, ENOBUFS);
  const netlink::Refusal& first = answer.refusals.front();
  if (first.sequence == batch.last_operation_sequence() && first.code == ENOENT) return {};
  const std::string step = explain(batch, steps, first.sequence, first.bad_offset);
  return fail_errno((step.empty() ? what : step) + (first.code == EPERM ? " (needs the capability CAP_NET_ADMIN)" : ""),
                    first.code);
}

}  // namespace selvage::nft
