#include "tests/support/faulty_kernel.h"

#include <array>
#include <cerrno>
#include <utility>

namespace selvage::testing {
namespace {

const nft::ElementKey& key_of(const std::pair<const nft::ElementKey, nft::ElementData>& element) {
  return element.first;
}
const nft::ElementKey& key_of(const nft::ElementKey& element) { return element; }

/// Calls `visit` with each part of the operation until it refuses one.
struct EachPart {
  nft::PlanPart part;
  const std::function<bool(const nft::PlanPart&)>& visit;

  void operator()(const nft::AddElements& action) { elements(*action.elements); }
  void operator()(const nft::DeleteElements& action) { elements(*action.elements); }
  template <class Other>
  void operator()(const Other&) {
    visit(part);
  }
  template <class Elements>
  void elements(const Elements& list) {
    for (const auto& element : list) {
      part.element = key_of(element);
      if (visit(part)) return;
    }
  }
};

bool use_up(std::size_t& left) {
  if (left == 0) return false;
  if (left != FaultyKernel::kAlways) --left;
  return true;
}

}  // namespace

bool FaultyKernel::by_chance() { return fault_rate_ > 0 && random_() % 100 < fault_rate_; }

Result<nft::Ruleset> FaultyKernel::read(std::span<const nft::TableKey> tables) {
  ++reads_;
  if (use_up(failed_reads_.left)) return fail_errno("read (injected)", failed_reads_.code);
  if (by_chance()) return fail_errno("read (injected by chance)", random_() % 2 == 0 ? EINTR : EAGAIN);
  return inner_.read(tables);
}

int FaultyKernel::met_by(const nft::PlanPart& part, std::vector<bool>& met) const {
  for (std::size_t i = 0; i < refusals_.size(); ++i) {
    if (refusals_[i].left == 0 || !refusals_[i].matches(part)) continue;
    met[i] = true;
    return refusals_[i].code;
  }
  return 0;
}

std::vector<nft::RefusedPart> FaultyKernel::refused_parts(const nft::Plan& plan) {
  std::vector<nft::RefusedPart> refused;
  std::vector<bool> met(refusals_.size());
  const std::function<bool(const nft::PlanPart&)> visit = [&](const nft::PlanPart& part) {
    const int code = met_by(part, met);
    if (code != 0) refused.push_back({part, code});
    return code != 0;
  };
  if (refusals_.empty()) return refused;
  for (const auto& operation : nft::operations(plan)) {
    std::visit(EachPart{nft::part_of(operation), visit}, operation.action);
  }
  for (std::size_t i = 0; i < met.size(); ++i) {
    if (met[i]) use_up(refusals_[i].left);
  }
  return refused;
}

nft::CommitResult FaultyKernel::fail_with(int code) {
  ++faults_;
  return fail_errno("commit (injected)", code);
}

nft::CommitResult FaultyKernel::commit(const nft::Plan& plan) {
  if (plan.empty()) return inner_.commit(plan);
  ++commits_;
  if (use_up(failed_commits_.left)) return fail_with(failed_commits_.code);
  const bool trouble = by_chance();
  const int code = std::array{EINTR, ENOMEM, ENOBUFS}.at(trouble ? random_() % 3 : 0);
  if (trouble && (code != ENOBUFS || random_() % 2 == 0)) return fail_with(code);
  auto refused = refused_parts(plan);
  if (!refused.empty()) {
    ++faults_;
    const Error first = fail_errno("commit (injected): " + refused.front().part.name, refused.front().code).value();
    return tl::unexpected(nft::CommitError(first, std::move(refused)));
  }
  auto done = inner_.commit(plan);
  return done && (trouble || use_up(lost_answers_)) ? fail_with(ENOBUFS) : done;
}

void FaultyKernel::refuse(Matches matches, int code, std::size_t times) {
  refusals_.push_back({std::move(matches), code, times});
}

void FaultyKernel::heal() {
  refusals_.clear();
  failed_commits_ = {};
  failed_reads_ = {};
  lost_answers_ = 0;
  fault_rate_ = 0;
}

FaultyKernel::Matches added_element(std::string set, std::string key_begins) {
  return [set = std::move(set), key = std::move(key_begins)](const nft::PlanPart& part) {
    return part.kind == nft::PlanPart::Kind::element && !part.deletion && part.name == set && part.element &&
           part.element->first.starts_with(key);
  };
}

FaultyKernel::Matches added_part(nft::PlanPart::Kind kind, std::string name_begins) {
  return [kind, name = std::move(name_begins)](const nft::PlanPart& part) {
    return part.kind == kind && !part.deletion && part.name.starts_with(name);
  };
}

}  // namespace selvage::testing
