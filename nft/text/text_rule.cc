#include <linux/netfilter.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/ip_protocol.h"
#include "nft/model/selectors.h"
#include "nft/text/text.h"
#include "nft/text/text_values.h"

namespace selvage::nft {
namespace {

const char* base_name(PayloadBase base) {
  if (base == PayloadBase::link) return "@ll";
  return base == PayloadBase::network ? "@nh" : "@th";
}

const char* key_name(MetaKey key) { return key == MetaKey::nfproto ? "meta nfproto" : "meta l4proto"; }

const char* key_name(CtKey key) {
  if (key == CtKey::state) return "ct state";
  if (key == CtKey::status) return "ct status";
  return key == CtKey::direction ? "ct direction" : "ct id";
}

/// How nft(8) writes a load that it has no name for.
std::string raw_name(const Meta& load) { return key_name(load.key); }
std::string raw_name(const Ct& load) { return key_name(load.key); }
std::string raw_name(const Payload& load) {
  return std::string(base_name(load.base)) + "," + std::to_string(load.offset * 8) + "," +
         std::to_string(load.length * 8);
}

/// The load of a register, and the mask applied to it.
struct Loaded {
  Register reg;
  Load load;
  std::string mask;
};

/// Walks a rule's expressions, remembers loads that were not used yet, and collects words. As in nft(8), a comparison
/// that only ensures a protocol is dropped once something reads that protocol's header.
class RuleText {
 public:
  void operator()(const Meta& e) { loaded_.push_back({e.dreg, e, {}}); }
  void operator()(const Payload& e) { loaded_.push_back({e.dreg, e, {}}); }
  void operator()(const Ct& e) { loaded_.push_back({e.dreg, e, {}}); }
  void operator()(const Bitwise& e) {
    for (Loaded& l : loaded_) {
      if (l.reg == e.sreg) l = {e.dreg, l.load, e.mask};
    }
  }
  void operator()(const Cmp& e) {
    const auto found = std::ranges::find(loaded_, e.sreg, &Loaded::reg);
    if (found != loaded_.end()) compare(*found, e);
    loaded_.clear();
  }
  void operator()(const Lookup& e) {
    std::string key;
    for (const Loaded& l : loaded_) key += (key.empty() ? "" : " . ") + name_of(l.load);
    const char* relation = e.to_verdict ? " vmap @" : (e.inverted ? " != @" : " @");
    words_.push_back(key + relation + e.set);
    loaded_.clear();
  }
  void operator()(const Counter&) { words_.emplace_back("counter"); }
  void operator()(const Limit& e) { words_.push_back(limit_text(e)); }
  void operator()(const Log& e) { words_.push_back(log_text(e)); }
  void operator()(const Verdict& e) { words_.push_back(verdict_text(e)); }
  void operator()(const Foreign& e) { words_.push_back("<" + e.name + ">"); }

  [[nodiscard]] std::string text() const {
    std::string all;
    for (const std::string& word : words_) {
      if (!word.empty()) all += (all.empty() ? "" : " ") + word;
    }
    return all;
  }

 private:
  /// A protocol that the rule has matched, and the place of that in `words_`.
  struct Established {
    std::uint8_t value = 0;
    std::optional<std::size_t> word;
  };

  void compare(const Loaded& loaded, const Cmp& e) {
    const std::string relation = e.op == CmpOp::neq ? " != " : " ";
    const auto* ct = std::get_if<Ct>(&loaded.load);
    if (ct && ct->key == CtKey::state && !loaded.mask.empty()) {
      words_.push_back("ct state " + ct_state_text(loaded.mask));
    } else if (ct && ct->key == CtKey::status && !loaded.mask.empty()) {
      words_.push_back("ct status " + ct_status_text(loaded.mask));
    } else {
      words_.push_back(name_of(loaded.load) + relation + value_of(loaded.load, e.data));
      if (const auto* meta = std::get_if<Meta>(&loaded.load); meta && e.op == CmpOp::eq) establish(*meta, e.data);
    }
  }

  void establish(const Meta& load, const std::string& data) {
    const Established now{static_cast<std::uint8_t>(big_endian(data)), words_.size() - 1};
    if (load.key == MetaKey::nfproto) nfproto_ = now;
    if (load.key == MetaKey::l4proto) l4proto_ = now;
  }

  void take_back(Established& protocol) {
    if (protocol.word) words_[*protocol.word].clear();
    protocol.word.reset();
  }

  std::string name_of(const Load& load) {
    const SelectorInfo* info = find_selector(load, nfproto_.value, l4proto_.value);
    if (info == nullptr) return std::visit([](const auto& l) { return raw_name(l); }, load);
    if (info->nfproto != 0) take_back(nfproto_);
    if (info->l4proto != 0) take_back(l4proto_);
    if (info->selector == Selector::th_dport) return port_name();
    return info->name;
  }

  /// nft(8) prefixes a port with the protocol that the rule has matched.
  std::string port_name() {
    const std::uint8_t protocol = l4proto_.value;
    if (!ip_protocol::has_ports(protocol)) return "th dport";
    take_back(l4proto_);
    return value_text(FieldType::inet_proto, std::string_view(reinterpret_cast<const char*>(&protocol), 1)) + " dport";
  }

  [[nodiscard]] std::string value_of(const Load& load, const std::string& data) const {
    if (load == Load(Ct{CtKey::direction, std::visit([](const auto& l) { return l.dreg; }, load)})) {
      return big_endian(data) == 0 ? "original" : "reply";
    }
    const auto* meta = std::get_if<Meta>(&load);
    if (meta && meta->key == MetaKey::nfproto) return big_endian(data) == NFPROTO_IPV4 ? "ipv4" : "ipv6";
    const SelectorInfo* info = find_selector(load, nfproto_.value, l4proto_.value);
    if (info == nullptr) return hex_text(data);
    return info->type ? value_text(*info->type, data) : std::to_string(big_endian(data));
  }

  std::vector<Loaded> loaded_;
  std::vector<std::string> words_;
  Established nfproto_;
  Established l4proto_;
};

}  // namespace

std::string to_text(const Rule& rule) {
  RuleText text;
  for (const Expression& expression : rule.expressions) std::visit(text, expression);
  std::string out = text.text();
  if (!rule.comment.empty()) out += (out.empty() ? "comment " : " comment ") + in_quotes(rule.comment);
  return out;
}

}  // namespace selvage::nft
