#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "netlink/socket.h"
#include "nft/model/table.h"

namespace selvage::nft {

/// What others did to tables that are watched, in transactions that are complete.
struct Interference {
  std::size_t changes = 0;            ///< objects that were added, changed or deleted
  std::vector<std::string> examples;  ///< a few, the weightiest first: "deleted chain inet selvage forward"
  std::vector<std::string> programs;  ///< the first few who did it, where the kernel says: "nft[4711]"
  bool unknown = false;               ///< notifications are missing: anything may have changed

  [[nodiscard]] bool any() const { return changes > 0 || unknown; }
};

/// Listens to the kernel's notifications of changes to nf_tables (NFNLGRP_NFTABLES) for those that
/// touch certain tables and come from another socket than ours. One thread; tied to the network
/// namespace in which it was opened. Format: the kernel's nf_tables_api.c, nft_commit_notify.
class RulesetMonitor {
 public:
  /// `tables` are watched, whether they exist or not. `own_port`: the netlink port of the socket
  /// whose changes are expected.
  static Result<RulesetMonitor> open(std::vector<TableKey> tables, std::uint32_t own_port);

  /// Readable when something changed anywhere in nf_tables; for poll(2).
  [[nodiscard]] int fd() const { return socket_.fd(); }
  /// Takes in what has arrived, without waiting. A transaction whose end has not arrived yet is kept for
  /// the next call.
  [[nodiscard]] Interference take();

  /// Stops or begins to listen. While anybody on a machine listens the kernel builds a notification for
  /// each element that is committed; what arrived before can still be taken.
  Result<void> listen(bool on);

 private:
  RulesetMonitor(netlink::Socket socket, std::vector<TableKey> tables, std::uint32_t own_port)
      : socket_(std::move(socket)), tables_(std::move(tables)), own_port_(own_port) {}
  struct Changes {
    std::size_t count = 0;
    std::set<std::pair<std::size_t, std::string>> examples;  ///< with their weight: 0 is the heaviest
    std::vector<std::string> programs;

    void add(std::size_t weight, std::string example);
    void add(const Changes& more);
  };

  /// `done`: what complete transactions did.
  void note(const netlink::Message& message, Changes& done);
  void note_change(int type, std::uint8_t family, const netlink::Attributes& attributes);
  /// The transaction is complete and was that program's, if it has a name.
  void close_transaction(const std::string& program, Changes& done);

  netlink::Socket socket_;
  std::vector<TableKey> tables_;
  std::uint32_t own_port_;
  Changes transaction_;  ///< as much as has arrived of one whose end is awaited
};

}  // namespace selvage::nft
