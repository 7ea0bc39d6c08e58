#include "nft/model/statements.h"

#include <linux/netfilter/nf_conntrack_common.h>

#include "nft/model/fields.h"
#include "nft/model/selectors.h"

namespace selvage::nft {
namespace {

std::string one_byte(std::uint8_t value) { return std::string(1, static_cast<char>(value)); }

/// Whether the rule has "meta KEY == value" already.
bool establishes(const Rule& rule, MetaKey key, std::uint8_t value) {
  const Expressions& list = rule.expressions;
  for (std::size_t i = 1; i < list.size(); ++i) {
    const auto* load = std::get_if<Meta>(&list[i - 1]);
    const auto* compare = std::get_if<Cmp>(&list[i]);
    if (load && compare && load->key == key && *compare == Cmp{CmpOp::eq, load->dreg, one_byte(value)}) return true;
  }
  return false;
}

/// meta KEY == value, once per rule.
void require(Rule& rule, MetaKey key, std::uint8_t value) {
  if (value == 0 || establishes(rule, key, value)) return;
  rule.expressions.emplace_back(Meta{key, 0});
  rule.expressions.emplace_back(Cmp{CmpOp::eq, 0, one_byte(value)});
}

/// As nft(8) does in the inet family: the rule matches the protocol before it reads a header of it.
void require_header(Rule& rule, const SelectorInfo& info) {
  if (info.l4proto != 0 && establishes(rule, MetaKey::l4proto, info.l4proto)) return;
  require(rule, MetaKey::nfproto, info.nfproto);
  require(rule, MetaKey::l4proto, info.l4proto);
}

/// Loads the key's fields into consecutive registers from register 0 on. nft(8) also adds a byteorder for the protocol
/// in an interval concatenation; that has no effect on a value of one byte, so the rules here omit it, and list the
/// same.
void load_key(Rule& rule, const std::vector<Selector>& key) {
  for (const Selector selector : key) require_header(rule, info_of(selector));
  Register next = 0;
  for (const Selector selector : key) {
    const Load& load = info_of(selector).load;
    rule.expressions.push_back(load_into(load, next));
    next = static_cast<Register>(next + padded(size_of(load)) / 4);
  }
}

}  // namespace

RuleBuilder& RuleBuilder::equals(Selector selector, std::string value) {
  load_key(rule_, {selector});
  if (info_of(selector).type == FieldType::ifname) value.resize(field_size(FieldType::ifname), '\0');
  rule_.expressions.emplace_back(Cmp{CmpOp::eq, 0, std::move(value)});
  return *this;
}

RuleBuilder& RuleBuilder::in(const std::vector<Selector>& key, std::string set) {
  load_key(rule_, key);
  rule_.expressions.emplace_back(Lookup{std::move(set), 0, false, false});
  return *this;
}

RuleBuilder& RuleBuilder::not_in(const std::vector<Selector>& key, std::string set) {
  load_key(rule_, key);
  rule_.expressions.emplace_back(Lookup{std::move(set), 0, false, true});
  return *this;
}

RuleBuilder& RuleBuilder::vmap(const std::vector<Selector>& key, std::string map) {
  load_key(rule_, key);
  rule_.expressions.emplace_back(Lookup{std::move(map), 0, true, false});
  return *this;
}

RuleBuilder& RuleBuilder::ct_direction_reply() {
  rule_.expressions.emplace_back(Ct{CtKey::direction, 0});
  rule_.expressions.emplace_back(Cmp{CmpOp::eq, 0, one_byte(1)});
  return *this;
}

RuleBuilder& RuleBuilder::ct_state(std::uint32_t bits) { return any_bit(CtKey::state, bits); }

RuleBuilder& RuleBuilder::ct_status_dnat() { return any_bit(CtKey::status, IPS_DST_NAT); }

RuleBuilder& RuleBuilder::any_bit(CtKey key, std::uint32_t bits) {
  rule_.expressions.emplace_back(Ct{key, 0});
  rule_.expressions.emplace_back(Bitwise{0, 0, host_order(bits)});
  rule_.expressions.emplace_back(Cmp{CmpOp::neq, 0, host_order(0)});
  return *this;
}

RuleBuilder& RuleBuilder::counter() {
  rule_.expressions.emplace_back(Counter{});
  return *this;
}

RuleBuilder& RuleBuilder::limit(std::uint64_t rate, std::uint32_t burst) {
  rule_.expressions.emplace_back(Limit{rate, LimitUnit::second, burst});
  return *this;
}

RuleBuilder& RuleBuilder::log(Log log) {
  rule_.expressions.emplace_back(std::move(log));
  return *this;
}

Rule RuleBuilder::build() {
  Rule rule = std::move(rule_);
  rule_ = {};
  return rule;
}

Rule RuleBuilder::verdict(Verdict::Code code, std::string chain) {
  rule_.expressions.emplace_back(Verdict{code, std::move(chain)});
  return build();
}

}  // namespace selvage::nft
