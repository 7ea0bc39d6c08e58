#include "nft/netlink_kernel.h"

#include <linux/netlink.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "nft/encode.h"
#include "nft/limits.h"
#include "nft/read_ruleset.h"

namespace selvage::nft {
namespace {

/// How often a reading that met a change is begun again before it is given up.
constexpr int kReadAttempts = 10;

bool changed_meanwhile(const Error& error) { return error.code == EINTR || error.code == ENOENT; }

Result<Ruleset> read_once(NetlinkSocket& socket, std::span<const TableKey> tables) {
  const auto before = read_generation(socket);
  if (!before) return tl::unexpected(before.error());
  auto ruleset = read_ruleset(socket, tables);
  if (!ruleset) return ruleset;
  const auto after = read_generation(socket);
  if (!after) return tl::unexpected(after.error());
  if (*before != *after) return fail_errno("the ruleset changed while it was read", EINTR);
  return ruleset;
}

/// What the errno means here, where the errno's own text would lead astray.
std::string reason(const Refusal& refusal, bool whole_batch) {
  std::string text = std::generic_category().message(refusal.code);
  if (refusal.code == EPERM && whole_batch) text += " (changing nftables needs the capability CAP_NET_ADMIN)";
  if (refusal.code == EPERM && !whole_batch)
    text += " (the table belongs to another running program, which has to end first)";
  if (!refusal.message.empty()) text += " (" + refusal.message + ")";
  return text;
}

CommitError refused(const Batch& batch, std::span<const Operation> operations, const std::vector<Refusal>& refusals) {
  const Refusal& first = refusals.front();
  const std::string operation = explain(batch, operations, first.sequence, first.bad_offset);
  std::string text = (operation.empty() ? "nftables transaction" : operation) + ": " + reason(first, operation.empty());
  if (refusals.size() > 1) text += "; and " + std::to_string(refusals.size() - 1) + " more refused";
  CommitError error(Error{text, first.code});
  for (const Refusal& refusal : refusals) {
    const auto culprit = locate(batch, operations, refusal.sequence, refusal.bad_offset);
    if (!culprit) continue;  // the batch's begin or end
    error.parts.push_back({part_of(operations[culprit->operation], culprit->element), refusal.code});
  }
  return error;
}

/// Elements that fit no message, each on its own.
std::vector<RefusedPart> unfit_elements(const Operation& operation, const AddElements& action) {
  std::vector<RefusedPart> unfit;
  for (const auto& element : *action.elements) {
    const std::map<ElementKey, ElementData> alone = {element};
    const Operation add{operation.table, AddElements{action.set, action.spec, &alone}};
    if (const auto fits = check_limits(add); !fits) unfit.push_back({part_of(add, 0), fits.error().code});
  }
  return unfit;
}

/// What of the operations fits no message, so that the kernel was not asked.
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

/// The transaction took place when nothing was refused and the last operation, which asks for it, was
/// acknowledged: the kernel sends that after the commit. An operation of a transaction that fails
/// later is acknowledged too, so the one without the other says nothing.
CommitResult judge(const Batch& batch, std::span<const Operation> operations, const BatchAnswer& answer) {
  if (!answer.refusals.empty()) return tl::unexpected(refused(batch, operations, answer.refusals));
  const auto& acknowledged = answer.acknowledged;
  const bool complete =
      std::find(acknowledged.begin(), acknowledged.end(), batch.last_operation_sequence()) != acknowledged.end();
  if (complete && !answer.overrun) return {};
  return fail_errno("nftables transaction: the kernel's answer was lost, its outcome is unknown", ENOBUFS);
}

}  // namespace

Result<std::unique_ptr<NetlinkKernel>> NetlinkKernel::open() {
  auto socket = NetlinkSocket::open(NETLINK_NETFILTER);
  if (!socket) return fail("nftables", socket.error());
  return std::unique_ptr<NetlinkKernel>(new NetlinkKernel(std::move(*socket)));
}

Result<Ruleset> NetlinkKernel::read(std::span<const TableKey> tables) {
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    auto ruleset = read_once(socket_, tables);
    if (ruleset || !changed_meanwhile(ruleset.error())) return ruleset;
  }
  return fail_errno("read nftables: the ruleset kept changing", EAGAIN);
}

Result<std::uint32_t> NetlinkKernel::generation() { return read_generation(socket_); }

CommitResult NetlinkKernel::commit(const Plan& plan) {
  const auto steps = operations(plan);
  if (steps.empty()) return {};
  auto batch = encode(steps, socket_.next_sequence(0));
  if (!batch) return tl::unexpected(unfit(steps, batch.error()));
  // Of the begin, the messages and the end.
  (void)socket_.next_sequence(static_cast<std::uint32_t>(batch->messages.size()) + 2);
  const auto answer = socket_.send_batch(batch->bytes);
  if (!answer) return fail("nftables transaction", answer.error());
  return judge(*batch, steps, *answer);
}

}  // namespace selvage::nft
