#include "controller/verdicts/node_tables.h"

#include "controller/selfcheck/forwarded_packet.h"
#include "controller/tables/render.h"
#include "nft/trace/tracer.h"
#include "policy/compile/compiler.h"

namespace selvage::controller {

const nft::Ruleset& NodeTables::of(const std::string& node) {
  const auto [tables, missing] = tables_.try_emplace(node);
  if (missing) {
    const RenderOptions options;
    policy::Compiler compiler(node);
    for (const auto& object : objects_) compiler.apply(policy::upsert(object));
    const policy::Snapshot& snapshot = compiler.update();
    tables->second = render(
        snapshot.result(), [&](policy::PodId id) { return snapshot.pod_name(id); }, options);
  }
  return tables->second;
}

bool NodeTables::accept(const policy::FlowKey& flow, const std::string& source_node,
                        const std::string& destination_node) {
  const std::string bridge = RenderOptions().pod_bridges.front();
  const auto passes = [&](const std::string& node) {
    const bool from_pod = node == source_node;
    const bool to_pod = node == destination_node;
    return node.empty() || nft::trace(of(node), forwarded_packet(flow, from_pod, to_pod, bridge)).accepted;
  };
  return passes(source_node) && (source_node == destination_node || passes(destination_node));
}

}  // namespace selvage::controller
