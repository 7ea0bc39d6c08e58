#include <libnftnl/chain.h>
#include <libnftnl/rule.h>  // includes <stdio.h>, which expr.h needs and does not include
// clang-format off
#include <libnftnl/expr.h>
// clang-format on
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <memory>

#include "nft/model/fields.h"
#include "nft/model/kernel_names.h"
#include "nft/model/set_types.h"
#include "nft/wire/encode_parts.h"
#include "nft/wire/userdata.h"

namespace selvage::nft {
namespace {

using NftnlTable = std::unique_ptr<nftnl_table, decltype([](nftnl_table* table) { nftnl_table_free(table); })>;
using NftnlSet = std::unique_ptr<nftnl_set, decltype([](nftnl_set* set) { nftnl_set_free(set); })>;
using NftnlChain = std::unique_ptr<nftnl_chain, decltype([](nftnl_chain* chain) { nftnl_chain_free(chain); })>;

/// NFT_DATA_VERDICT: the data type of a verdict map, with a length of zero.
constexpr std::uint32_t kDataVerdict = NFT_DATA_VERDICT;

std::uint32_t set_flags(const SetSpec& spec) {
  std::uint32_t flags = 0;
  if (spec.interval) flags |= NFT_SET_INTERVAL;
  if (spec.interval && spec.key.size() > 1) flags |= NFT_SET_CONCAT;
  if (spec.verdict_map) flags |= NFT_SET_MAP;
  if (spec.timeout) flags |= NFT_SET_TIMEOUT;
  return flags;
}

/// Lengths of the fields: the kernel keeps ranges of a concatenation field by field (pipapo).
void describe_fields(nftnl_set* set, const SetSpec& spec) {
  std::string lengths;
  for (const FieldType field : spec.key) lengths.push_back(static_cast<char>(field_size(field)));
  nftnl_set_set_data(set, NFTNL_SET_DESC_CONCAT, lengths.data(), length(lengths));
}

void describe_values(nftnl_set* set, const SetSpec& spec) {
  nftnl_set_set_u32(set, NFTNL_SET_KEY_TYPE, key_type(spec.key));
  nftnl_set_set_u32(set, NFTNL_SET_KEY_LEN, static_cast<std::uint32_t>(key_size(spec.key)));
  if (spec.verdict_map) {
    nftnl_set_set_u32(set, NFTNL_SET_DATA_TYPE, kDataVerdict);
    nftnl_set_set_u32(set, NFTNL_SET_DATA_LEN, 0);
  }
  if (spec.interval && spec.key.size() > 1) describe_fields(set, spec);
}

void describe_limits(nftnl_set* set, const SetSpec& spec) {
  if (spec.timeout && spec.timeout->count() > 0) {
    nftnl_set_set_u64(set, NFTNL_SET_TIMEOUT, static_cast<std::uint64_t>(spec.timeout->count()));
  }
  if (spec.size > 0) nftnl_set_set_u32(set, NFTNL_SET_DESC_SIZE, spec.size);
}

/// "type filter hook forward priority P; policy accept;"
void describe_hook(nftnl_chain* chain, const BaseChain& base) {
  nftnl_chain_set_str(chain, NFTNL_CHAIN_TYPE, "filter");
  nftnl_chain_set_u32(chain, NFTNL_CHAIN_HOOKNUM, NF_INET_FORWARD);  // NF_BR_FORWARD is the same number
  nftnl_chain_set_s32(chain, NFTNL_CHAIN_PRIO, base.priority);
  nftnl_chain_set_u32(chain, NFTNL_CHAIN_POLICY, NF_ACCEPT);
}

}  // namespace

void encode_table(netlink::MessageWriter& out, const TableKey& table, const AddTable& action) {
  const NftnlTable object(nftnl_table_alloc());
  nftnl_table_set_str(object.get(), NFTNL_TABLE_NAME, table.name.c_str());
  // Without the attribute an existing table keeps its flags.
  if (action.own) nftnl_table_set_u32(object.get(), NFTNL_TABLE_FLAGS, NFT_TABLE_F_OWNER | kTablePersist);
  const std::string userdata = comment_userdata(NFTNL_UDATA_TABLE_COMMENT, action.comment);
  if (!userdata.empty()) {
    nftnl_table_set_data(object.get(), NFTNL_TABLE_USERDATA, userdata.data(), length(userdata));
  }
  nftnl_table_nlmsg_build_payload(out.header(), object.get());
}

void encode_set(netlink::MessageWriter& out, const TableKey& table, const AddSet& action, std::uint32_t set_id) {
  const SetSpec& spec = *action.spec;
  const NftnlSet object(nftnl_set_alloc());
  nftnl_set* set = object.get();
  nftnl_set_set_str(set, NFTNL_SET_TABLE, table.name.c_str());
  nftnl_set_set_str(set, NFTNL_SET_NAME, action.set.c_str());
  nftnl_set_set_u32(set, NFTNL_SET_ID, set_id);
  nftnl_set_set_u32(set, NFTNL_SET_FLAGS, set_flags(spec));
  describe_values(set, spec);
  describe_limits(set, spec);
  if (spec.counters) nftnl_set_add_expr(set, nftnl_expr_alloc("counter"));  // the set owns it
  const std::string userdata = set_userdata(spec);
  nftnl_set_set_data(set, NFTNL_SET_USERDATA, userdata.data(), length(userdata));
  nftnl_set_nlmsg_build_payload(out.header(), set);
}

void encode_chain(netlink::MessageWriter& out, const TableKey& table, const AddChain& action) {
  const NftnlChain object(nftnl_chain_alloc());
  nftnl_chain* chain = object.get();
  nftnl_chain_set_str(chain, NFTNL_CHAIN_TABLE, table.name.c_str());
  nftnl_chain_set_str(chain, NFTNL_CHAIN_NAME, action.chain.c_str());
  if (action.spec->base) describe_hook(chain, *action.spec->base);
  const std::string userdata = comment_userdata(NFTNL_UDATA_CHAIN_COMMENT, action.spec->comment);
  if (!userdata.empty()) nftnl_chain_set_data(chain, NFTNL_CHAIN_USERDATA, userdata.data(), length(userdata));
  nftnl_chain_nlmsg_build_payload(out.header(), chain);
}

}  // namespace selvage::nft
