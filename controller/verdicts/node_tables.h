#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

#include "nft/model/table.h"
#include "policy/model/model.h"

namespace selvage::controller {

/// The tables that the agents of a cluster's nodes would write, made when they are first needed. Not thread-safe.
class NodeTables {
 public:
  /// `objects` must outlive this object.
  explicit NodeTables(std::span<const policy::Object> objects) : objects_(objects) {}

  /// Whether the flow's first packet passes the tables of the nodes at both ends. A node without a name has no tables.
  [[nodiscard]] bool accept(const policy::FlowKey& flow, const std::string& source_node,
                            const std::string& destination_node);

 private:
  [[nodiscard]] const nft::Ruleset& of(const std::string& node);

  std::span<const policy::Object> objects_;
  std::map<std::string, nft::Ruleset> tables_;  ///< by node
};

}  // namespace selvage::controller
