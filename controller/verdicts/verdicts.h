#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/verdicts/flow_query.h"
#include "controller/verdicts/node_tables.h"
#include "policy/tiers/decide.h"

namespace selvage::controller {

/// The answer to one line of queries.
struct VerdictLine {
  std::string text;          ///< one line of JSON (docs/verdicts.md)
  bool unanswered = false;   ///< the line cannot be read, or names something that does not exist
  bool contradicts = false;  ///< the tables judge otherwise than the policies
};

/// Says what policy says of flows in the whole cluster, by the ordered model (policy::decide). Not thread-safe.
class Verdicts {
 public:
  /// `objects`: all that exist, staged policies left out. `tables`: whether the tables of the nodes judge, too.
  Verdicts(std::vector<policy::Object> objects, bool tables);

  /// Answers one line of queries.
  [[nodiscard]] VerdictLine answer(std::string_view line);

 private:
  /// One end of a flow, found.
  struct End {
    IpAddress address;
    const policy::Pod* pod = nullptr;  ///< that has the address, also on the host's network; none: another address
  };

  [[nodiscard]] Result<std::vector<End>> ends_of(const FlowEnd& end, const char* member) const;
  [[nodiscard]] Result<std::pair<End, End>> resolve(const FlowQuery& query) const;
  [[nodiscard]] const policy::Pod* owner_of(const IpAddress& address) const;

  std::vector<policy::Object> objects_;
  policy::ClusterState state_;
  std::optional<NodeTables> tables_;
};

}  // namespace selvage::controller
