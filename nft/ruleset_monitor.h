#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "nft/socket.h"
#include "nft/table.h"

namespace selvage::nft {

/// What others did to tables that are watched.
struct Interference {
  std::size_t changes = 0;            ///< objects that were added, changed or deleted
  std::vector<std::string> examples;  ///< the first few: "deleted chain inet selvage forward"
  std::string program;                ///< command name of who did it, where the kernel says; the last one
  bool unknown = false;               ///< notifications are missing: anything may have changed

  [[nodiscard]] bool any() const { return changes > 0 || unknown; }
};

/// Listens to the kernel's notifications of changes to nf_tables (NFNLGRP_NFTABLES) for those that
/// touch certain tables and come from another socket than ours. One thread; tied to the network
/// namespace in which it was opened.
class RulesetMonitor {
 public:
  /// `tables` are watched, whether they exist or not. `own_port`: the netlink port of the socket
  /// whose changes are expected.
  static Result<RulesetMonitor> open(std::vector<TableKey> tables, std::uint32_t own_port);

  /// Readable when something changed anywhere in nf_tables; for poll(2).
  [[nodiscard]] int fd() const { return socket_.fd(); }
  /// Takes in what has arrived, without waiting.
  [[nodiscard]] Interference take();

  /// Stops or begins to listen. While anybody on a machine listens the kernel builds a notification for
  /// each element that is committed; what arrived before can still be taken.
  Result<void> listen(bool on);

 private:
  RulesetMonitor(NetlinkSocket socket, std::vector<TableKey> tables, std::uint32_t own_port)
      : socket_(std::move(socket)), tables_(std::move(tables)), own_port_(own_port) {}
  void note(const Message& message, Interference& found);

  NetlinkSocket socket_;
  std::vector<TableKey> tables_;
  std::uint32_t own_port_;
};

}  // namespace selvage::nft
