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

  /// What others change in other tables meanwhile does not disturb it: tables that we own cannot have
  /// changed, of others two readings in a row must agree, unless nothing at all changed during one. Fails
  /// with EAGAIN when the tables themselves kept changing.
  Result<Ruleset> read(std::span<const TableKey> tables) override;

  /// The error is that of the first operation that was refused; the message says how many more there
  /// were. What does not fit a message is refused before the kernel sees any of the plan. Code ENOBUFS: the kernel's
  /// answers were lost and it is not known whether the transaction took place: read back.
  CommitResult commit(const Plan& plan) override;

  /// The number of the ruleset's present state, all tables of the network namespace together; each
  /// transaction adds one.
  Result<std::uint32_t> generation();
  /// The netlink port that our transactions come from.
  [[nodiscard]] std::uint32_t port() const { return socket_.port(); }

 private:
  explicit NetlinkKernel(netlink::Socket socket) : socket_(std::move(socket)) {}
  netlink::Socket socket_;
};

}  // namespace selvage::nft
