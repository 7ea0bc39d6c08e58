#include "controller/sync/table_owner.h"

#include <spdlog/spdlog.h>

#include <cerrno>

#include "nft/kernel/probe.h"

namespace selvage::controller {

Result<nft::Ownership> wanted_ownership(TableOwner choice) {
  if (choice == TableOwner::off) return nft::Ownership::open;
  const auto supported = nft::supports_table_owner();
  if (!supported) return tl::unexpected(supported.error());
  if (*supported) return nft::Ownership::owned;
  if (choice == TableOwner::on) {
    return fail("--table-owner on: this kernel has no tables that outlive their owner (Linux 6.9 has them); use auto",
                EOPNOTSUPP);
  }
  spdlog::info("the kernel has no tables that outlive their owner: what others change in ours is put right afterwards");
  return nft::Ownership::open;
}

}  // namespace selvage::controller
