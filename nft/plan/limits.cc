#include "nft/plan/limits.h"

#include <linux/netfilter/nf_log.h>
#include <linux/netfilter/nf_tables.h>

#include <cerrno>

#include "nft/model/fields.h"

namespace selvage::nft {
namespace {

constexpr std::size_t kMaxExpressions = 128;  // NFT_RULE_MAXEXPRS of net/netfilter/nf_tables.h

bool name_fits(const std::string& name) { return name.size() < NFT_NAME_MAXLEN; }

Result<void> check_name(const std::string& name) {
  if (name_fits(name)) return {};
  return fail_errno("a name of " + std::to_string(name.size()) + " bytes", ENAMETOOLONG);
}

/// Whether an expression fits.
struct Fits {
  bool operator()(const Cmp& cmp) const { return cmp.data.size() <= NFT_DATA_VALUE_MAXLEN; }
  bool operator()(const Bitwise& bitwise) const { return bitwise.mask.size() <= NFT_DATA_VALUE_MAXLEN; }
  bool operator()(const Lookup& lookup) const { return name_fits(lookup.set); }
  bool operator()(const Limit& limit) const { return limit.rate > 0 && limit.burst > 0; }
  bool operator()(const Log& log) const { return log.prefix.size() < NF_LOG_PREFIXLEN; }
  bool operator()(const Verdict& verdict) const { return name_fits(verdict.chain); }
  bool operator()(const Foreign&) const { return false; }
  template <class Other>
  bool operator()(const Other&) const {
    return true;
  }
};

bool key_fits(const SetSpec& spec) { return !spec.key.empty() && key_size(spec.key) <= NFT_DATA_VALUE_MAXLEN; }

bool element_fits(const SetSpec& spec, std::size_t size, const ElementKey& key) {
  return key.first.size() == size && key.last.size() == (spec.interval ? size : 0);
}

template <class Elements>
Result<void> check_elements(const SetSpec& spec, const Elements& elements) {
  if (!key_fits(spec)) return fail_errno("the set's key", EINVAL);
  const std::size_t size = key_size(spec.key);
  for (const auto& element : elements) {
    if constexpr (std::is_same_v<Elements, std::set<ElementKey>>) {
      if (!element_fits(spec, size, element)) return fail_errno("an element's key", EINVAL);
    } else {
      if (!element_fits(spec, size, element.first)) return fail_errno("an element's key", EINVAL);
      if (element.second.verdict && !name_fits(element.second.verdict->chain)) {
        return fail_errno("an element's chain", ENAMETOOLONG);
      }
    }
  }
  return {};
}

struct Check {
  Result<void> operator()(const AddTable&) const { return {}; }
  Result<void> operator()(const DeleteTable&) const { return {}; }
  Result<void> operator()(const AddSet& action) const {
    if (!key_fits(*action.spec)) return fail_errno("the set's key", EINVAL);
    return check_name(action.set);
  }
  Result<void> operator()(const DeleteSet& action) const { return check_name(action.set); }
  Result<void> operator()(const AddChain& action) const { return check_name(action.chain); }
  Result<void> operator()(const FlushChain& action) const { return check_name(action.chain); }
  Result<void> operator()(const DeleteChain& action) const { return check_name(action.chain); }
  Result<void> operator()(const AddRule& action) const {
    const Expressions& expressions = action.rule->expressions;
    if (expressions.size() > kMaxExpressions) return fail_errno("too many expressions", EINVAL);
    for (std::size_t i = 0; i < expressions.size(); ++i) {
      if (!std::visit(Fits{}, expressions[i])) return fail_errno("expression " + std::to_string(i), EINVAL);
    }
    return check_name(action.chain);
  }
  Result<void> operator()(const AddElements& action) const { return check_elements(*action.spec, *action.elements); }
  Result<void> operator()(const DeleteElements& action) const { return check_elements(*action.spec, *action.elements); }
};

}  // namespace

Result<void> check_limits(const Operation& operation) {
  if (auto name = check_name(operation.table.name); !name) return name;
  return std::visit(Check{}, operation.action);
}

}  // namespace selvage::nft
