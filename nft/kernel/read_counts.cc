#include "nft/kernel/read_counts.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <cerrno>
#include <vector>

#include "netlink/message_writer.h"
#include "nft/model/fields.h"
#include "nft/model/kernel_names.h"
#include "nft/wire/decode.h"

namespace selvage::nft {
namespace {

netlink::MessageWriter begin_dump(netlink::Socket& socket, const TableKey& table, std::uint16_t type) {
  netlink::MessageWriter out;
  out.begin(static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | type), NLM_F_REQUEST | NLM_F_DUMP,
            number_of(kFamilies, table.family), 0, socket.next_sequence());
  return out;
}

/// Repeats `read` while it is interrupted. An absent object gives an empty value.
template <class Value, class Read>
Result<Value> read_again(const std::string& what, const Read& read) {
  Result<Value> value;
  for (int attempt = 0; attempt < netlink::kDumpAttempts; ++attempt) {
    value = read();
    if (value || value.error().code != EINTR) break;
  }
  if (!value && value.error().code == ENOENT) return Value{};
  if (!value) return fail("read the counters of " + what, value.error());
  return value;
}

Result<std::map<ElementKey, CounterValue>> read_elements_once(netlink::Socket& socket, const TableKey& table,
                                                              const std::string& set, const SetSpec& spec) {
  netlink::MessageWriter out = begin_dump(socket, table, NFT_MSG_GETSETELEM);
  out.put_string(NFTA_SET_ELEM_LIST_TABLE, table.name);
  out.put_string(NFTA_SET_ELEM_LIST_SET, set);
  out.finish();
  std::vector<DecodedElement> elements;
  SharedVerdicts verdicts;
  const auto done = socket.request(out.take(), [&](const netlink::Message& answer) -> Result<void> {
    decode_elements(answer.payload, elements, verdicts);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  std::erase_if(elements, [&](const DecodedElement& element) { return element.key.size() != key_size(spec.key); });
  return collect_counts(spec, std::move(elements));
}

Result<CounterValue> read_chain_once(netlink::Socket& socket, const TableKey& table, const std::string& chain) {
  netlink::MessageWriter out = begin_dump(socket, table, NFT_MSG_GETRULE);
  out.put_string(NFTA_RULE_TABLE, table.name);
  out.put_string(NFTA_RULE_CHAIN, chain);
  out.finish();
  CounterValue sum;
  const auto done = socket.request(out.take(), [&](const netlink::Message& answer) -> Result<void> {
    sum += decode_rule_count(answer.payload);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return sum;
}

}  // namespace

Result<std::map<ElementKey, CounterValue>> read_element_counts(netlink::Socket& socket, const TableKey& table,
                                                               const std::string& set, const SetSpec& spec) {
  return read_again<std::map<ElementKey, CounterValue>>("set " + set,
                                                        [&] { return read_elements_once(socket, table, set, spec); });
}

Result<CounterValue> read_chain_count(netlink::Socket& socket, const TableKey& table, const std::string& chain) {
  return read_again<CounterValue>("chain " + chain, [&] { return read_chain_once(socket, table, chain); });
}

}  // namespace selvage::nft
