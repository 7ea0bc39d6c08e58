#include <libnftnl/rule.h>  // includes <stdio.h>, which expr.h needs and does not include
// clang-format off
#include <libnftnl/expr.h>
// clang-format on
#include <libnftnl/udata.h>

#include <memory>

#include "nft/model/kernel_names.h"
#include "nft/model/limit_units.h"
#include "nft/wire/encode_parts.h"
#include "nft/wire/registers.h"
#include "nft/wire/userdata.h"

namespace selvage::nft {
namespace {

using NftnlRule = std::unique_ptr<nftnl_rule, decltype([](nftnl_rule* rule) { nftnl_rule_free(rule); })>;

/// Builds the kernel's expression for each of ours; the caller (a rule) owns the result.
struct Build {
  nftnl_expr* operator()(const Meta& meta) const {
    nftnl_expr* expr = nftnl_expr_alloc("meta");
    nftnl_expr_set_u32(expr, NFTNL_EXPR_META_KEY, number_of(kMetaKeys, meta.key));
    nftnl_expr_set_u32(expr, NFTNL_EXPR_META_DREG, register_number(meta.dreg));
    return expr;
  }

  nftnl_expr* operator()(const Payload& payload) const {
    nftnl_expr* expr = nftnl_expr_alloc("payload");
    nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_BASE, number_of(kPayloadBases, payload.base));
    nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_OFFSET, payload.offset);
    nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_LEN, payload.length);
    nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_DREG, register_number(payload.dreg));
    return expr;
  }

  nftnl_expr* operator()(const Ct& ct) const {
    nftnl_expr* expr = nftnl_expr_alloc("ct");
    nftnl_expr_set_u32(expr, NFTNL_EXPR_CT_KEY, number_of(kCtKeys, ct.key));
    nftnl_expr_set_u32(expr, NFTNL_EXPR_CT_DREG, register_number(ct.dreg));
    return expr;
  }

  nftnl_expr* operator()(const Cmp& cmp) const {
    nftnl_expr* expr = nftnl_expr_alloc("cmp");
    nftnl_expr_set_u32(expr, NFTNL_EXPR_CMP_SREG, register_number(cmp.sreg));
    nftnl_expr_set_u32(expr, NFTNL_EXPR_CMP_OP, number_of(kCmpOps, cmp.op));
    nftnl_expr_set(expr, NFTNL_EXPR_CMP_DATA, cmp.data.data(), length(cmp.data));
    return expr;
  }

  nftnl_expr* operator()(const Bitwise& bitwise) const {
    const std::string zero(bitwise.mask.size(), '\0');
    nftnl_expr* expr = nftnl_expr_alloc("bitwise");
    nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_SREG, register_number(bitwise.sreg));
    nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_DREG, register_number(bitwise.dreg));
    nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_OP, NFT_BITWISE_BOOL);
    nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_LEN, length(bitwise.mask));
    nftnl_expr_set(expr, NFTNL_EXPR_BITWISE_MASK, bitwise.mask.data(), length(bitwise.mask));
    nftnl_expr_set(expr, NFTNL_EXPR_BITWISE_XOR, zero.data(), length(zero));
    return expr;
  }

  nftnl_expr* operator()(const Lookup& lookup) const {
    nftnl_expr* expr = nftnl_expr_alloc("lookup");
    nftnl_expr_set_u32(expr, NFTNL_EXPR_LOOKUP_SREG, register_number(lookup.sreg));
    nftnl_expr_set_str(expr, NFTNL_EXPR_LOOKUP_SET, lookup.set.c_str());
    if (lookup.to_verdict) nftnl_expr_set_u32(expr, NFTNL_EXPR_LOOKUP_DREG, NFT_REG_VERDICT);
    if (lookup.inverted) nftnl_expr_set_u32(expr, NFTNL_EXPR_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
    return expr;
  }

  nftnl_expr* operator()(const Counter&) const { return nftnl_expr_alloc("counter"); }

  nftnl_expr* operator()(const Limit& limit) const {
    nftnl_expr* expr = nftnl_expr_alloc("limit");
    nftnl_expr_set_u64(expr, NFTNL_EXPR_LIMIT_RATE, limit.rate);
    nftnl_expr_set_u64(expr, NFTNL_EXPR_LIMIT_UNIT, number_of(kLimitUnits, limit.unit));
    nftnl_expr_set_u32(expr, NFTNL_EXPR_LIMIT_BURST, limit.burst);
    nftnl_expr_set_u32(expr, NFTNL_EXPR_LIMIT_TYPE, NFT_LIMIT_PKTS);
    nftnl_expr_set_u32(expr, NFTNL_EXPR_LIMIT_FLAGS, 0);
    return expr;
  }

  nftnl_expr* operator()(const Log& log) const {
    nftnl_expr* expr = nftnl_expr_alloc("log");
    if (!log.prefix.empty()) nftnl_expr_set_str(expr, NFTNL_EXPR_LOG_PREFIX, log.prefix.c_str());
    nftnl_expr_set_u16(expr, NFTNL_EXPR_LOG_GROUP, log.group);
    if (log.snaplen != 0) nftnl_expr_set_u32(expr, NFTNL_EXPR_LOG_SNAPLEN, log.snaplen);
    if (log.queue_threshold != 0) nftnl_expr_set_u16(expr, NFTNL_EXPR_LOG_QTHRESHOLD, log.queue_threshold);
    return expr;
  }

  nftnl_expr* operator()(const Verdict& verdict) const {
    nftnl_expr* expr = nftnl_expr_alloc("immediate");
    nftnl_expr_set_u32(expr, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
    nftnl_expr_set_u32(expr, NFTNL_EXPR_IMM_VERDICT, static_cast<std::uint32_t>(number_of(kVerdicts, verdict.code)));
    if (!verdict.chain.empty()) nftnl_expr_set_str(expr, NFTNL_EXPR_IMM_CHAIN, verdict.chain.c_str());
    return expr;
  }

  /// Refused before (encode.cc): an unknown expression cannot be encoded.
  nftnl_expr* operator()(const Foreign&) const { return nullptr; }
};

}  // namespace

void encode_rule(netlink::MessageWriter& out, const TableKey& table, const AddRule& action) {
  const NftnlRule object(nftnl_rule_alloc());
  nftnl_rule* rule = object.get();
  nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, table.name.c_str());
  nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, action.chain.c_str());
  for (const Expression& expression : action.rule->expressions) {
    nftnl_expr* built = std::visit(Build{}, expression);
    if (built != nullptr) nftnl_rule_add_expr(rule, built);
  }
  const std::string userdata = comment_userdata(NFTNL_UDATA_RULE_COMMENT, action.rule->comment);
  if (!userdata.empty()) nftnl_rule_set_data(rule, NFTNL_RULE_USERDATA, userdata.data(), length(userdata));
  nftnl_rule_nlmsg_build_payload(out.header(), rule);
}

}  // namespace selvage::nft
