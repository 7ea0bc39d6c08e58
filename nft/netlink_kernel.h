#pragma once

#include <memory>

#include "nft/kernel.h"
#include "nft/socket.h"

namespace selvage::nft {

/// The running kernel's nf_tables, over a netlink socket of its own, in the network namespace in
/// which it was opened. Needs CAP_NET_ADMIN.
class NetlinkKernel : public Kernel {
 public:
  static Result<std::unique_ptr<NetlinkKernel>> open();

  /// Fails with EAGAIN when the ruleset of the namespace kept changing while it was read.
  Result<Ruleset> read(std::span<const TableKey> tables) override;

  /// The error is that of the first operation that was refused; the message says how many more there
  /// were. Code ENOBUFS: the kernel's answers were lost and it is not known whether the transaction
  /// took place: read back.
  Result<void> commit(const Plan& plan) override;

 private:
  explicit NetlinkKernel(NetlinkSocket socket) : socket_(std::move(socket)) {}
  NetlinkSocket socket_;
};

}  // namespace selvage::nft
