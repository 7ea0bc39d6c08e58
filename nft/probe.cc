#include "nft/probe.h"

#include <linux/netlink.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "nft/encode.h"
#include "nft/socket.h"
#include "nft/statements.h"

namespace selvage::nft {
namespace {

/// Only the refusal of the rule itself is an answer to the question.
Result<bool> judge(const Batch& batch, const BatchAnswer& answer, std::size_t rule) {
  if (answer.refusals.empty()) {
    if (answer.overrun || answer.acknowledged.empty()) return fail_errno("probe meta ibrname", ENOBUFS);
    return true;
  }
  const Refusal& first = answer.refusals.front();
  const std::uint32_t rule_sequence = batch.first_sequence + 1 + static_cast<std::uint32_t>(rule);
  const bool is_no = first.code == EOPNOTSUPP || first.code == ENOENT || first.code == EINVAL;
  if (first.sequence == rule_sequence && is_no) return false;
  const bool lacks_right = first.code == EPERM;
  return fail_errno(lacks_right ? "probe meta ibrname (needs the capability CAP_NET_ADMIN)" : "probe meta ibrname",
                    first.code);
}

}  // namespace

Result<bool> supports_bridge_ibrname() {
  // A name of this process' own: another's probe must not meet this one.
  const TableKey table{TableFamily::bridge, "selvage-probe-" + std::to_string(::getpid())};
  const Chain chain;
  const Rule rule = RuleBuilder().equals(Selector::ibrname, "none").accept();
  const std::vector<Operation> steps = {
      {table, AddTable{}}, {table, AddChain{"c", &chain}}, {table, AddRule{"c", 0, &rule}}, {table, RemoveTable{}}};
  auto socket = NetlinkSocket::open(NETLINK_NETFILTER);
  if (!socket) return fail("probe meta ibrname", socket.error());
  const auto batch = encode(steps, socket->next_sequence());
  if (!batch) return tl::unexpected(batch.error());
  const auto answer = socket->send_batch(batch->bytes);
  if (!answer) return fail("probe meta ibrname", answer.error());
  return judge(*batch, *answer, 2);
}

}  // namespace selvage::nft
