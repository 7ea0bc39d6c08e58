#include "controller/refusals/find_refused.h"

#include "controller/refusals/quarantine.h"

namespace selvage::controller {
namespace {

constexpr int kMaxTries = 100;

using Parts = std::span<const nft::PlanPart>;

class Search {
 public:
  Search(Parts parts, const TryWithout& try_without) : try_without_(try_without), out_(parts.begin(), parts.end()) {}

  Result<std::map<nft::PlanPart, int>> run(Parts parts) {
    if (auto closed = try_without_(out_); !closed) return tl::unexpected(closed.error());
    if (auto done = halves(parts); !done) return tl::unexpected(done.error());
    return guilty_;
  }

 private:
  /// Adds those of `parts` back that the kernel accepts; all are omitted so far. An error ends the search.
  Result<void> put_back(Parts parts) {
    if (parts.empty()) return {};
    if (++tries_ > kMaxTries) return fail("the search for the refused parts takes too long");
    OmittedParts without = out_;
    for (const auto& part : parts) without.erase(part);
    const auto done = try_without_(without);
    if (done) {
      out_ = std::move(without);
      return {};
    }
    if (is_passing(done.error().code)) return done;
    if (parts.size() > 1) return halves(parts);
    guilty_[parts.front()] = done.error().code;
    return {};
  }

  Result<void> halves(Parts parts) {
    if (parts.size() == 1) return put_back(parts);
    const std::size_t half = parts.size() / 2;
    if (auto done = put_back(parts.first(half)); !done) return done;
    return put_back(parts.subspan(half));
  }

  const TryWithout& try_without_;
  OmittedParts out_;
  std::map<nft::PlanPart, int> guilty_;
  int tries_ = 0;
};

}  // namespace

Result<std::map<nft::PlanPart, int>> find_refused(Parts parts, const TryWithout& try_without) {
  if (parts.empty()) return fail("nothing can be left out");
  return Search(parts, try_without).run(parts);
}

}  // namespace selvage::controller
