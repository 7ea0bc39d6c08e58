#include "nft/kernel/netlink_kernel.h"

#include <linux/netlink.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "nft/kernel/read_ruleset.h"
#include "nft/plan/limits.h"
#include "nft/wire/encode.h"

namespace selvage::nft {
namespace {

/// How often a read that met a change is repeated before it is given up.

bool changed_meanwhile(const Error& error) { return error.code == EINTR || error.code == ENOENT; }

/// A read, and whether nothing changed in nf_tables meanwhile.
struct Attempt {
  Ruleset ruleset;
  bool undisturbed = false;
};

Result<Attempt> read_once(netlink::Socket& socket, std::span<const TableKey> tables) {
  const auto before = read_generation(socket);
  if (!before) return tl::unexpected(before.error());
  auto reading = read_ruleset(socket, tables);
  if (!reading) return tl::unexpected(reading.error());
  const auto after = read_generation(socket);
  if (!after) return tl::unexpected(after.error());
  return Attempt{std::move(reading->ruleset), *before == *after && !reading->interrupted};
}

/// Whether only we can have changed the tables, and we were reading.
bool only_we_may_change(const Ruleset& ruleset) {
  return !ruleset.empty() &&
         std::ranges::all_of(ruleset, [](const auto& entry) { return entry.second.ownership == Ownership::owned; });
}

/// Whether two reads agree, except for elements that come and go by themselves.
bool agree(const Ruleset& one, const Ruleset& other) {
  const auto differs_by_more_than_time = [](const Table& a, const Table& b) {
    return a.chains != b.chains || a.ownership != b.ownership ||
           !std::ranges::equal(a.sets, b.sets, [](const auto& left, const auto& right) {
             return left.first == right.first && left.second.spec == right.second.spec &&
                    (left.second.spec.timeout || left.second.elements == right.second.elements);
           });
  };
  return std::ranges::equal(one, other, [&](const auto& left, const auto& right) {
    return left.first == right.first && !differs_by_more_than_time(left.second, right.second);
  });
}

/// The meaning of the errno here, where its own text would mislead.
std::string reason(const netlink::Refusal& refusal, bool whole_batch) {
  std::string text = std::generic_category().message(refusal.code);
  if (refusal.code == EPERM && whole_batch) text += " (changing nftables needs the capability CAP_NET_ADMIN)";
  if (refusal.code == EPERM && !whole_batch)
    text += " (the table belongs to another running program, which has to end first)";
  if (!refusal.message.empty()) text += " (" + refusal.message + ")";
  return text;
}

CommitError refused(const Batch& batch, std::span<const Operation> operations,
                    const std::vector<netlink::Refusal>& refusals) {
  const netlink::Refusal& first = refusals.front();
  const std::string operation = explain(batch, operations, first.sequence, first.bad_offset);
  std::string text = (operation.empty() ? "nftables transaction" : operation) + ": " + reason(first, operation.empty());
  if (refusals.size() > 1) text += "; and " + std::to_string(refusals.size() - 1) + " more refused";
  CommitError error(Error{text, first.code});
  for (const netlink::Refusal& refusal : refusals) {
    const auto culprit = locate(batch, operations, refusal.sequence, refusal.bad_offset);
    if (!culprit) continue;  // begin or end of the batch
    error.parts.push_back({part_of(operations[culprit->operation], culprit->element), refusal.code});
  }
  return error;
}

/// The elements that fit no message, one by one.
std::vector<RefusedPart> unfit_elements(const Operation& operation, const AddElements& action) {
  std::vector<RefusedPart> unfit;
  for (const auto& element : *action.elements) {
    const std::map<ElementKey, ElementData> alone = {element};
    const Operation add{operation.table, AddElements{action.set, action.spec, &alone}};
    if (const auto fits = check_limits(add); !fits) unfit.push_back({part_of(add, 0), fits.error().code});
  }
  return unfit;
}

/// The parts of the operations that fit no message, so that the kernel was not asked.
CommitError unfit(std::span<const Operation> operations, const Error& cause) {
  CommitError error(cause);
  for (const Operation& operation : operations) {
    const auto fits = check_limits(operation);
    if (fits) continue;
    std::vector<RefusedPart> parts;
    if (const auto* add = std::get_if<AddElements>(&operation.action)) parts = unfit_elements(operation, *add);
    if (parts.empty()) parts.push_back({part_of(operation), fits.error().code});
    error.parts.insert(error.parts.end(), parts.begin(), parts.end());
  }
  return error;
}

/// The transaction took place when nothing was refused and the last operation, which requests it, was acknowledged: the
/// kernel sends that after the commit. An operation of a transaction that fails later is acknowledged too, so both are
/// necessary.
CommitResult judge(const Batch& batch, std::span<const Operation> operations, const netlink::BatchAnswer& answer) {
  if (!answer.refusals.empty()) return tl::unexpected(refused(batch, operations, answer.refusals));
  const auto& acknowledged = answer.acknowledged;
  const bool complete =
      std::find(acknowledged.begin(), acknowledged.end(), batch.last_operation_sequence()) != acknowledged.end();
  if (complete && !answer.overrun) return {};
  return fail_errno("nftables transaction: the kernel's answer was lost, its outcome is unknown", ENOBUFS);
}

}  // namespace

Result<std::unique_ptr<NetlinkKernel>> NetlinkKernel::open() {
  auto socket = netlink::Socket::open(NETLINK_NETFILTER);
  if (!socket) return fail("nftables", socket.error());
  return std::unique_ptr<NetlinkKernel>(new NetlinkKernel(std::move(*socket)));
}

Result<Ruleset> NetlinkKernel::read(std::span<const TableKey> tables) {
  std::optional<Ruleset> before;
  for (int attempt = 0; attempt < netlink::kDumpAttempts; ++attempt) {
    auto reading = read_once(socket_, tables);
    if (!reading && !changed_meanwhile(reading.error())) return tl::unexpected(reading.error());
    if (reading) {
      Ruleset& now = reading->ruleset;
      if (reading->undisturbed || only_we_may_change(now) || (before && agree(*before, now))) return std::move(now);
      before = std::move(now);
    }
  }
  return fail_errno("read nftables: the tables kept changing", EAGAIN);
}

Result<std::uint32_t> NetlinkKernel::generation() { return read_generation(socket_); }

CommitResult NetlinkKernel::commit(const Plan& plan) {
  const auto steps = operations(plan);
  if (steps.empty()) return {};
  auto batch = encode(steps, socket_.next_sequence(0));
  if (!batch) return tl::unexpected(unfit(steps, batch.error()));
  // For the begin, the messages and the end.
  (void)socket_.next_sequence(static_cast<std::uint32_t>(batch->messages.size()) + 2);
  const auto answer = socket_.send_batch(batch->bytes);
  if (!answer) return fail("nftables transaction", answer.error());
  return judge(*batch, steps, *answer);
}

}  // namespace selvage::nft
