#include "controller/sync/table_owner.h"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <utility>

#include "nft/kernel/probe.h"

namespace selvage::controller {

Result<nft::Ownership> wanted_ownership(TableOwner choice) {
  if (choice == TableOwner::off) return nft::Ownership::open;
  const auto supported = nft::supports_table_owner();
  if (!supported) return tl::unexpected(supported.error());
  if (*supported) return nft::Ownership::owned;
  if (choice == TableOwner::on) {
    return fail("--table-owner on: this kernel does not support owned tables (Linux 6.9 does); use auto", EOPNOTSUPP);
  }
  spdlog::info("the kernel does not support owned tables: changes by other programs are reverted afterwards");
  return nft::Ownership::open;
}

nft::Plan plan_to_open(nft::Ruleset have) {
  std::erase_if(have, [](const auto& entry) {
    const nft::Ownership ownership = entry.second.ownership;
    return ownership == nft::Ownership::open || ownership == nft::Ownership::taken;
  });
  nft::Ruleset owned;  // without contents, so as not to copy large tables: `diff` only needs the other ownership
  for (auto& [key, table] : have) owned[key].ownership = std::exchange(table.ownership, nft::Ownership::open);
  return nft::diff(owned, std::move(have));
}

}  // namespace selvage::controller
