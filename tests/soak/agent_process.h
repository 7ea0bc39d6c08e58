#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "flatness.h"
#include "lab/command.h"
#include "network.h"

namespace selvage::soak {

/// The shipped program as the agent of node 1, seen from outside. Failures throw std::runtime_error.
class AgentProcess {
 public:
  /// Follows `manifests`; log and sockets are in `place`. `network` must outlive this object.
  AgentProcess(const Network& network, std::filesystem::path binary, std::filesystem::path manifests,
               std::filesystem::path place);

  /// Starts it with this --table-owner.
  void start(const std::string& table_owner);
  /// Ends it with this signal.
  void stop(int signal);
  void signal(int number) const;
  /// Throws when it has ended by itself.
  void check_running();

  /// `selvage verify`: nothing, or its findings.
  [[nodiscard]] std::optional<std::string> verify() const;
  /// The current value of a metric without labels, from /metrics.
  [[nodiscard]] double metric(const std::string& name) const;
  [[nodiscard]] Usage usage() const;
  /// Whether the kernel shows an owner of the tables.
  [[nodiscard]] bool owns_tables() const;
  /// The last lines of its log.
  [[nodiscard]] std::string log_tail() const;
  /// Empties a log that has grown large.
  void trim_log() const;

 private:
  const Network& network_;
  std::filesystem::path binary_;
  std::filesystem::path manifests_;
  std::filesystem::path place_;
  std::optional<lab::Process> process_;
};

/// `selvage verify` of this node with `more` options: nothing, or its findings.
[[nodiscard]] std::optional<std::string> verify_node(const Network& network, const std::filesystem::path& binary,
                                                     const std::filesystem::path& manifests, const lab::Argv& more);

}  // namespace selvage::soak
