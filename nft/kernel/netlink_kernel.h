#pragma once

#include <cstdint>
#include <memory>

#include "netlink/socket.h"
#include "nft/plan/kernel.h"

namespace selvage::nft {

/// The running kernel's nf_tables, over a netlink socket of its own, in the network namespace in
/// which it was opened. Needs CAP_NET_ADMIN.
class NetlinkKernel : public Kernel {
 public:
  static Result<std::unique_ptr<NetlinkKernel>> open();

  /// Changes of other tables meanwhile do no harm: tables that we own cannot have changed; for others two reads in a
  /// row must agree, unless nothing changed during one. Fails with EAGAIN when the tables themselves kept changing.
  Result<Ruleset> read(std::span<const TableKey> tables) override;

  /// The error is that of the first refused operation; the message has the number of the others. Values that do not fit
  /// a message are refused before the kernel sees the plan. Code ENOBUFS: the kernel's answers were lost, and it is not
  /// known whether the transaction took place: read back.
  CommitResult commit(const Plan& plan) override;

  /// The generation of the ruleset of the network namespace, all tables together; each transaction adds one.
  Result<std::uint32_t> generation();
  /// The netlink port of our transactions.
  [[nodiscard]] std::uint32_t port() const { return socket_.port(); }

 private:
  explicit NetlinkKernel(netlink::Socket socket) : socket_(std::move(socket)) {}
  netlink::Socket socket_;
};

}  // namespace selvage::nft
