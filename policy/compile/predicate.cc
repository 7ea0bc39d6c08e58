#include "policy/compile/predicate.h"

#include <algorithm>

namespace selvage::policy {
namespace {

/// Appends fields with their lengths before them, so that no two lists of fields give one text.
class CanonicalText {
 public:
  CanonicalText& add(const std::string& field) {
    text_ += std::to_string(field.size()) + ":" + field;
    return *this;
  }
  CanonicalText& add(std::size_t number) { return add(std::to_string(number)); }
  CanonicalText& add(const LabelSelector& selector) {
    add(selector.requirements.size());
    for (const auto& requirement : selector.requirements) {
      add(requirement.key).add(static_cast<std::size_t>(requirement.op)).add(requirement.values.size());
      for (const auto& value : requirement.values) add(value);
    }
    return *this;
  }
  CanonicalText& add(const Anyone&) { return add("anyone"); }
  CanonicalText& add(const PodScope& scope) {
    add("pods").add(scope.namespace_name).add(scope.namespace_selector.has_value() ? "by-labels" : "by-name");
    if (scope.namespace_selector) add(*scope.namespace_selector);
    return add(scope.pod_selector);
  }
  CanonicalText& add(const BlockList& list) {
    add("blocks");
    for (const auto& block : list.blocks) {
      add(block.cidr.to_string()).add(block.except.size());
      for (const auto& except : block.except) add(except.to_string());
    }
    return *this;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string describe_peer(const Anyone&) { return "anyone"; }

std::string describe_peer(const PodScope& scope) {
  std::string text = "ns=" + scope.namespace_name;
  if (scope.namespace_selector) {
    const std::string labels = scope.namespace_selector->to_string();
    text = labels.empty() ? "ns=*" : "ns[" + labels + "]";
  }
  const std::string pods = scope.pod_selector.to_string();
  return pods.empty() ? text : text + " " + pods;
}

std::string describe_peer(const BlockList& list) {
  std::string text;
  for (const auto& block : list.blocks) {
    if (text.size() > kLongDescription) return text + ", ...";
    text += (text.empty() ? "" : ", ") + block.cidr.to_string();
    for (const auto& except : block.except) text += " except " + except.to_string();
  }
  return text;
}

}  // namespace

std::vector<Predicate> predicates_of(const PolicyRule& rule, Direction direction) {
  std::vector<Predicate> result;
  BlockList list;
  for (const auto& term : rule.match.peers) {
    if (std::holds_alternative<Anyone>(term.set)) return {{direction, Anyone{}, std::nullopt}};
    if (const auto* block = std::get_if<IpBlock>(&term.set)) {
      list.blocks.push_back(*block);
    } else {
      result.push_back({direction, std::get<PodScope>(term.set), std::nullopt});
    }
  }
  std::sort(list.blocks.begin(), list.blocks.end());
  list.blocks.erase(std::unique(list.blocks.begin(), list.blocks.end()), list.blocks.end());
  if (!list.blocks.empty()) result.push_back({direction, std::move(list), std::nullopt});
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

std::string canonical(const Predicate& predicate) {
  CanonicalText text;
  text.add(index(predicate.direction));
  std::visit([&](const auto& peer) { text.add(peer); }, predicate.peer);
  if (const auto& port = predicate.port) {
    text.add("port").add(port->name).add(static_cast<std::size_t>(port->protocol)).add(port->number);
  }
  return text.take();
}

std::string describe(const Predicate& predicate) {
  std::string text = std::visit([](const auto& peer) { return describe_peer(peer); }, predicate.peer);
  if (const auto& port = predicate.port) {
    text += std::string(" ") + to_string(port->protocol) + " " + port->name + "=" + std::to_string(port->number);
  }
  return text;
}

}  // namespace selvage::policy
