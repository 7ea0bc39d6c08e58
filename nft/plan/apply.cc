#include "nft/plan/apply.h"

#include <cerrno>
#include <optional>
#include <set>

#include "nft/model/fields.h"
#include "nft/model/intervals.h"
#include "nft/model/jumps.h"
#include "nft/plan/limits.h"
#include "nft/plan/operations.h"
#include "nft/text/text.h"

/// The kernel's rules for a transaction (net/netfilter/nf_tables_api.c), each checked on Linux 6.18 with nft(8). One
/// rule is stricter: a concatenated range around an existing one is refused here, while the kernel only checks whether
/// one of its two corners is taken.
namespace selvage::nft {
namespace {

/// Why the kernel refuses. `what` adds to the operation's description; may be empty.
struct Refusal {
  int code;
  std::string what;
  std::optional<ElementKey> element{};  ///< the refused one of a list
};
using Answer = std::optional<Refusal>;

/// Carries operations out on one table.
class Transaction {
 public:
  explicit Transaction(Ruleset& ruleset) : ruleset_(ruleset) {}

  Answer carry_out(const Operation& operation) {
    key_ = operation.table;
    Answer no = std::visit(*this, operation.action);
    if (no || is_element_list(operation.action)) return no;  // elements are checked by the layout of their set
    if (const auto fits = check_limits(operation); !fits) return Refusal{fits.error().code, fits.error().message};
    return {};
  }

  Answer operator()(const AddTable& action) {
    const Ownership ownership = action.own ? Ownership::owned : Ownership::open;
    const auto [table, added] = ruleset_.try_emplace(key_, Table{{}, {}, action.comment, ownership});
    return added || !action.own ? may_change(table->second) : own(table->second);
  }

  Answer operator()(const DeleteTable&) {
    const auto table = ruleset_.find(key_);
    if (table == ruleset_.end()) return Refusal{ENOENT, {}};
    if (Answer no = may_change(table->second)) return no;
    ruleset_.erase(table);
    return {};
  }

  template <class Action>
  Answer operator()(const Action& action) {
    const auto table = ruleset_.find(key_);
    if (table == ruleset_.end()) return Refusal{ENOENT, "no such table"};
    if (Answer no = may_change(table->second)) return no;
    if (is_base_chain(action) && taken_over_.contains(key_)) return Refusal{EINVAL, "taken over just now"};
    return run(table->second, action);
  }

 private:
  static bool is_element_list(const Action& action) {
    return std::holds_alternative<AddElements>(action) || std::holds_alternative<DeleteElements>(action);
  }

  static Answer may_change(const Table& table) {
    return table.ownership == Ownership::taken ? Answer(Refusal{EPERM, "another one owns the table"}) : Answer();
  }

  Answer own(Table& table) {
    if (table.ownership == Ownership::open) return Refusal{EOPNOTSUPP, "the table is open"};
    if (table.ownership == Ownership::orphaned) {
      table.ownership = Ownership::owned;
      taken_over_.insert(key_);
    }
    return may_change(table);
  }

  static bool is_base_chain(const AddChain& action) { return action.spec->base.has_value(); }
  template <class Other>
  static bool is_base_chain(const Other&) {
    return false;
  }

  static Answer run(Table& table, const AddSet& action) {
    if (action.spec->key.empty()) return Refusal{EINVAL, "no key"};
    const auto [set, added] = table.sets.try_emplace(action.set, Set{*action.spec, {}});
    if (!added && set->second.spec != *action.spec) return Refusal{EEXIST, {}};
    return {};
  }

  static Answer run(Table& table, const DeleteSet& action) {
    if (!table.sets.contains(action.set)) return Refusal{ENOENT, {}};
    if (is_set_used(table, action.set)) return Refusal{EBUSY, {}};
    table.sets.erase(action.set);
    return {};
  }

  static Answer run(Table& table, const AddChain& action) {
    const Chain& want = *action.spec;
    const auto [chain, added] = table.chains.try_emplace(action.chain, Chain{want.base, {}, want.comment});
    if (added || !want.base || chain->second.base == want.base) return {};
    return Refusal{chain->second.base ? EOPNOTSUPP : EEXIST, {}};
  }

  static Answer run(Table& table, const FlushChain& action) {
    const auto chain = table.chains.find(action.chain);
    if (chain == table.chains.end()) return Refusal{ENOENT, {}};
    chain->second.rules.clear();
    return {};
  }

  static Answer run(Table& table, const DeleteChain& action) {
    const auto chain = table.chains.find(action.chain);
    if (chain == table.chains.end()) return Refusal{ENOENT, {}};
    chain->second.rules.clear();
    if (is_chain_used(table, action.chain)) return Refusal{EBUSY, {}};
    table.chains.erase(chain);
    return {};
  }

  static Answer run(Table& table, const AddRule& action) {
    const auto chain = table.chains.find(action.chain);
    if (chain == table.chains.end()) return Refusal{ENOENT, {}};
    for (const Expression& expression : action.rule->expressions) {
      if (Answer no = std::visit([&](const auto& e) { return check(table, e); }, expression)) return no;
    }
    chain->second.rules.push_back(*action.rule);
    return {};
  }

  static Answer run(Table& table, const AddElements& action) {
    const auto set = table.sets.find(action.set);
    if (set == table.sets.end()) return Refusal{ENOENT, {}};
    OverlapFinder overlaps(set->second.spec, set->second.elements);
    for (const auto& [key, data] : *action.elements) {
      if (Answer no = add(table, set->second, overlaps, key, data)) {
        return Refusal{no->code, to_text(set->second.spec, key, data), key};
      }
    }
    return {};
  }

  static Answer run(Table& table, const DeleteElements& action) {
    const auto set = table.sets.find(action.set);
    if (set == table.sets.end()) return Refusal{ENOENT, {}};
    for (const ElementKey& key : *action.elements) {
      if (set->second.elements.erase(key) == 0) return Refusal{ENOENT, to_text(set->second.spec, key, {}), key};
    }
    return {};
  }

  /// Adding an identical element again is not an error; it keeps its comment.
  static Answer add(const Table& table, Set& set, OverlapFinder& overlaps, const ElementKey& key,
                    const ElementData& data) {
    if (!fits(set.spec, key) || (data.verdict != nullptr) != set.spec.verdict_map) return Refusal{EINVAL, {}};
    if (data.verdict) {
      if (Answer no = check(table, *data.verdict)) return no;
    }
    const auto old = set.elements.find(key);
    if (old != set.elements.end()) return old->second == data ? Answer() : Refusal{EEXIST, {}};
    if (set.spec.interval && overlaps.find(key) != nullptr) return Refusal{EEXIST, {}};
    if (set.spec.size != 0 && set.elements.size() >= set.spec.size) return Refusal{ENFILE, {}};
    set.elements.emplace(key, data);
    return {};
  }

  static bool fits(const SetSpec& spec, const ElementKey& key) {
    if (spec.interval) return is_range(spec, key);
    return key.first.size() == key_size(spec.key) && key.last.empty();
  }

  static Answer check(const Table& table, const Verdict& verdict) {
    if (verdict.code != Verdict::Code::jump && verdict.code != Verdict::Code::go_to) return {};
    const auto target = table.chains.find(verdict.chain);
    if (target == table.chains.end()) return Refusal{ENOENT, "chain " + verdict.chain};
    if (target->second.base) return Refusal{EOPNOTSUPP, "base chain " + verdict.chain};
    return {};
  }

  static Answer check(const Table& table, const Lookup& lookup) {
    const auto set = table.sets.find(lookup.set);
    if (set == table.sets.end()) return Refusal{ENOENT, "set " + lookup.set};
    const bool verdict_map = set->second.spec.verdict_map;
    if (verdict_map != lookup.to_verdict || (verdict_map && lookup.inverted)) return Refusal{EINVAL, lookup.set};
    return {};
  }

  static Answer check(const Table&, const Foreign& foreign) { return Refusal{EOPNOTSUPP, foreign.name}; }

  template <class Harmless>
  static Answer check(const Table&, const Harmless&) {
    return {};
  }

  Ruleset& ruleset_;
  TableKey key_;                   ///< of the current operation
  std::set<TableKey> taken_over_;  ///< orphans until this transaction
};

Error refused(const std::string& operation, const Refusal& refusal) {
  return fail_errno(refusal.what.empty() ? operation : operation + ": " + refusal.what, refusal.code).value();
}

RefusedPart refused_part(const Operation& operation, const Refusal& refusal) {
  RefusedPart refused{part_of(operation), refusal.code};
  refused.part.element = refusal.element;
  return refused;
}

/// The table whose jumps the kernel would refuse at the end.
std::optional<Error> refused_jumps(const Plan& plan, const Ruleset& ruleset) {
  for (const auto& [key, changes] : plan.tables) {
    const auto table = ruleset.find(key);
    if (table == ruleset.end() || !jumps_too_deep(table->second)) continue;
    return refused("commit table " + std::string(to_string(key.family)) + " " + key.name,
                   {EMLINK, "chains jump in a circle or too deep"});
  }
  return std::nullopt;
}

}  // namespace

tl::expected<Ruleset, CommitError> carry_out(const Plan& plan, Ruleset have) {
  Transaction transaction(have);
  std::optional<CommitError> error;
  for (const Operation& operation : operations(plan)) {
    const Answer no = transaction.carry_out(operation);
    if (!no) continue;
    if (!error) error.emplace(refused(describe(operation), *no));
    error->parts.push_back(refused_part(operation, *no));
  }
  if (error) return tl::unexpected(*error);
  if (const auto jumps = refused_jumps(plan, have)) return tl::unexpected<CommitError>(*jumps);
  return have;
}

Result<Ruleset> apply(const Plan& plan, Ruleset have) {
  auto after = carry_out(plan, std::move(have));
  if (!after) return fail(after.error().message, after.error().code);
  return std::move(*after);
}

}  // namespace selvage::nft
