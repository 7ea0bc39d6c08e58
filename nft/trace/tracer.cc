#include "nft/trace/tracer.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "nft/model/fields.h"
#include "nft/text/text.h"
#include "nft/text/text_values.h"
#include "nft/trace/packet_bytes.h"

namespace selvage::nft {
namespace {

constexpr std::size_t kJumpStackSize = 16;  // NFT_JUMP_STACK_SIZE

/// The sixteen 32-bit data registers.
class Registers {
 public:
  /// The rest of the last register becomes zero.
  void store(Register at, std::string_view bytes) {
    const std::size_t start = std::size_t{at} * 4;
    const std::size_t end = std::min(bytes_.size(), start + padded(bytes.size()));
    for (std::size_t i = start; i < end; ++i) bytes_[i] = i - start < bytes.size() ? bytes[i - start] : '\0';
  }
  [[nodiscard]] std::string load(Register at, std::size_t size) const {
    return std::string(bytes_.data(), bytes_.size()).substr(std::size_t{at} * 4, size);
  }

 private:
  std::array<char, 64> bytes_{};
};

/// A base chain and its place.
struct Start {
  const TableKey* key;
  const Table* table;
  std::string chain;
  std::int32_t priority;
};

std::vector<Start> starts(const Ruleset& ruleset, TableFamily family) {
  std::vector<Start> found;
  for (const auto& [key, table] : ruleset) {
    if (key.family != family) continue;
    for (const auto& [name, chain] : table.chains) {
      if (chain.base) found.push_back({&key, &table, name, chain.base->priority});
    }
  }
  std::ranges::stable_sort(found, {}, &Start::priority);
  return found;
}

}  // namespace

/// One packet in one base chain: nft_do_chain().
class ChainRun {
 public:
  ChainRun(Tracer& tracer, const Packet& packet, const Start& start, Trace& trace)
      : tracer_(tracer), packet_(packet), key_(*start.key), table_(*start.table), trace_(trace) {
    at_ = {start.chain, 0};
  }

  /// False: dropped.
  bool run() {
    for (;;) {
      const auto chain = table_.chains.find(at_.chain);
      if (chain == table_.chains.end() || at_.rule >= chain->second.rules.size()) {
        if (!pop()) return true;
        continue;
      }
      const Rule& rule = chain->second.rules[at_.rule];
      const std::optional<Verdict> verdict = evaluate(rule);
      if (verdict) trace_.hits.push_back({key_, at_.chain, &rule, *verdict});
      ++at_.rule;
      if (!verdict) continue;
      if (verdict->code == Verdict::Code::drop) return false;
      if (verdict->code == Verdict::Code::accept || !follow(*verdict)) return verdict->code != Verdict::Code::jump;
    }
  }

 private:
  struct Position {
    std::string chain;
    std::size_t rule = 0;
  };

  /// Jump, goto or return. False: the stack is full, or the base chain ended.
  bool follow(const Verdict& verdict) {
    if (verdict.code == Verdict::Code::return_) return pop();
    if (verdict.code == Verdict::Code::jump) {
      if (stack_.size() == kJumpStackSize) return false;
      stack_.push_back(at_);
    }
    at_ = {verdict.chain, 0};
    return true;
  }

  bool pop() {
    if (stack_.empty()) return false;
    at_ = stack_.back();
    stack_.pop_back();
    return true;
  }

  /// The rule's verdict, if it matches.
  std::optional<Verdict> evaluate(const Rule& rule) {
    for (const Expression& expression : rule.expressions) {
      verdict_.reset();
      if (!std::visit([this](const auto& e) { return step(e); }, expression)) return std::nullopt;
      if (verdict_) return verdict_;
    }
    return std::nullopt;
  }

  /// Each returns whether the rule continues; a verdict goes to `verdict_`.
  template <class AnyLoad>
  bool step(const AnyLoad& load) {
    const std::optional<std::string> bytes = read(packet_, key_.family, load);
    if (bytes) registers_.store(load.dreg, *bytes);
    return bytes.has_value();
  }
  bool step(const Cmp& e) { return (registers_.load(e.sreg, e.data.size()) == e.data) == (e.op == CmpOp::eq); }
  bool step(const Bitwise& e) {
    std::string value = registers_.load(e.sreg, e.mask.size());
    for (std::size_t i = 0; i < value.size(); ++i) value[i] = static_cast<char>(value[i] & e.mask[i]);
    registers_.store(e.dreg, value);
    return true;
  }
  bool step(const Lookup& e) {
    const auto set = table_.sets.find(e.set);
    if (set == table_.sets.end()) return false;
    const auto* element = find(set->second, registers_.load(e.sreg, key_size(set->second.spec.key)));
    if (element != nullptr && e.to_verdict && element->second.verdict) verdict_ = *element->second.verdict;
    return (element != nullptr) != e.inverted;
  }
  bool step(const Counter&) { return true; }
  bool step(const Limit&) { return true; }
  bool step(const Log& e) {
    trace_.logged.push_back(e.prefix);
    return true;
  }
  bool step(const Verdict& e) {
    verdict_ = e;
    return true;
  }
  bool step(const Foreign&) { return false; }

  const OverlapFinder::Elements::value_type* find(const Set& set, const std::string& key) {
    if (set.spec.interval) return tracer_.finder(set).find(key);
    const auto element = set.elements.find(ElementKey{key, {}});
    return element == set.elements.end() ? nullptr : &*element;
  }

  Tracer& tracer_;
  const Packet& packet_;
  const TableKey& key_;
  const Table& table_;
  Trace& trace_;
  Position at_;
  std::vector<Position> stack_;
  Registers registers_;
  std::optional<Verdict> verdict_;
};

Trace Tracer::run(const Packet& packet) {
  Trace result;
  const auto pass = [&](TableFamily family) {
    return std::ranges::all_of(starts(ruleset_, family),
                               [&](const Start& start) { return ChainRun(*this, packet, start, result).run(); });
  };
  result.accepted = (!packet.bridged || pass(TableFamily::bridge)) && (!is_ip(packet) || pass(TableFamily::inet));
  return result;
}

OverlapFinder& Tracer::finder(const Set& set) {
  return finders_.try_emplace(&set, set.spec, set.elements).first->second;
}

Trace trace(const Ruleset& ruleset, const Packet& packet) { return Tracer(ruleset).run(packet); }

std::string Trace::text() const {
  std::string out;
  for (const Hit& hit : hits) {
    out += std::string(to_string(hit.table.family)) + " " + hit.table.name + " " + hit.chain + ": " +
           to_text(*hit.rule) + " => " + verdict_text(hit.verdict) + "\n";
  }
  return out + (accepted ? "accepted" : "dropped");
}

}  // namespace selvage::nft
