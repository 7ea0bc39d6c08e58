#include "nft/plan/plan_part.h"

#include <iterator>

namespace selvage::nft {
namespace {

using Kind = PlanPart::Kind;

const ElementKey& key_of(const std::pair<const ElementKey, ElementData>& element) { return element.first; }
const ElementKey& key_of(const ElementKey& element) { return element; }

/// Fills in a part from an action.
struct FillIn {
  PlanPart& part;
  std::optional<std::size_t> element;

  void operator()(const AddTable&) const {}
  void operator()(const DeleteTable&) const { part.deletion = true; }
  void operator()(const AddSet& action) const { name(Kind::set, action.set); }
  void operator()(const DeleteSet& action) const { name(Kind::set, action.set, true); }
  void operator()(const AddChain& action) const { name(Kind::chain, action.chain); }
  void operator()(const FlushChain& action) const { name(Kind::chain, action.chain, true); }
  void operator()(const DeleteChain& action) const { name(Kind::chain, action.chain, true); }
  void operator()(const AddRule& action) const {
    name(Kind::rule, action.chain);
    part.rule = action.index;
  }
  void operator()(const AddElements& action) const { elements(action, false); }
  void operator()(const DeleteElements& action) const { elements(action, true); }

 private:
  void name(Kind kind, const std::string& name, bool deletion = false) const {
    part.kind = kind;
    part.name = name;
    part.deletion = deletion;
  }
  template <class Elements>
  void elements(const Elements& action, bool deletion) const {
    name(Kind::element, action.set, deletion);
    if (!element || *element >= action.elements->size()) return;
    part.element = key_of(*std::next(action.elements->begin(), static_cast<std::ptrdiff_t>(*element)));
  }
};

}  // namespace

PlanPart part_of(const Operation& operation, std::optional<std::size_t> element) {
  PlanPart part;
  part.table = operation.table;
  std::visit(FillIn{part, element}, operation.action);
  return part;
}

const char* to_string(PlanPart::Kind kind) {
  switch (kind) {
    case PlanPart::Kind::table:
      return "table";
    case PlanPart::Kind::set:
      return "set";
    case PlanPart::Kind::chain:
      return "chain";
    case PlanPart::Kind::rule:
      return "rule";
    case PlanPart::Kind::element:
      return "element";
  }
  return "?";
}

}  // namespace selvage::nft
