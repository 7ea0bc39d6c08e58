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

/// Changes that others made to the watched tables, in complete transactions.
struct Interference {
  std::size_t changes = 0;            ///< objects that were added, changed or deleted
  std::vector<std::string> examples;  ///< a few, the most important first: "deleted chain inet selvage forward"
  std::vector<std::string> programs;  ///< the first few that did it, if the kernel reports them: "nft[4711]"
  bool unknown = false;               ///< notifications were lost: anything may have changed

  [[nodiscard]] bool any() const { return changes > 0 || unknown; }
};

/// Listens to the kernel's notifications of nf_tables (NFNLGRP_NFTABLES) for changes of certain tables by other sockets
/// than ours. For one thread; tied to the network
/// namespace in which it was opened. Format: the kernel's nf_tables_api.c, nft_commit_notify.
class RulesetMonitor {
 public:
  /// `tables` are watched, whether they exist or not. `own_port`: the netlink port of the socket
  /// whose changes are expected.
  static Result<RulesetMonitor> open(std::vector<TableKey> tables, std::uint32_t own_port);

  /// Readable when something changed anywhere in nf_tables; for poll(2).
  [[nodiscard]] int fd() const { return socket_.fd(); }
  /// Reads what has arrived, without waiting. A transaction whose end has not arrived yet is kept for the next call.
  [[nodiscard]] Interference take();

  /// Starts or stops listening. While any program of the machine listens, the kernel builds a notification for each
  /// committed element. Notifications that have arrived can still be taken.
  Result<void> listen(bool on);

 private:
  RulesetMonitor(netlink::Socket socket, std::vector<TableKey> tables, std::uint32_t own_port)
      : socket_(std::move(socket)), tables_(std::move(tables)), own_port_(own_port) {}
  struct Changes {
    std::size_t count = 0;
    std::set<std::pair<std::size_t, std::string>> examples;  ///< with their rank: 0 is the most important
    std::vector<std::string> programs;

    void add(std::size_t weight, std::string example);
    void add(const Changes& more);
  };

  /// `done`: the changes of complete transactions.
  void note(const netlink::Message& message, Changes& done);
  void note_change(int type, std::uint8_t family, const netlink::Attributes& attributes);
  /// The transaction is complete; `program` made it, if the name is known.
  void close_transaction(const std::string& program, Changes& done);

  netlink::Socket socket_;
  std::vector<TableKey> tables_;
  std::uint32_t own_port_;
  Changes transaction_;  ///< the arrived part of an unfinished one
};

}  // namespace selvage::nft
