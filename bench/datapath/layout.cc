#include "bench/datapath/testbed.h"
#include "bench/layouts/kube_router.h"
#include "bench/layouts/rule_per_policy.h"
#include "controller/agent/agent.h"
#include "controller/tables/render.h"
#include "controller/tables/unknown_endpoints.h"
#include "lab/command.h"
#include "nft/kernel/netlink_kernel.h"
#include "nft/model/fields.h"
#include "policy/compile/compiler.h"

namespace selvage::bench {
namespace {

Result<void> run_all(const lab::Namespace& where, const lab::Argv& argv, const std::string& input) {
  const Result<std::string> done = lab::run(where, argv, input);
  if (!done) return tl::unexpected<Error>(done.error());
  return {};
}

/// Puts all pods of the node on the fast path, as the agent does once it has checked the connection table.
void use_fast_path(nft::Ruleset& ruleset) {
  auto& sets = ruleset.at(controller::kInetTable).sets;
  sets.at(std::string(controller::kFastpathState)).elements[{nft::host_order(controller::kEstablished), {}}] = {};
  for (const IpFamily family : policy::kFamilies) {
    for (const auto& pod : sets.at(controller::local_pods_set(family)).elements) {
      sets.at(controller::fastpath_pods_set(family)).elements[pod.first] = {};
    }
  }
}

/// As the agent does, with its defaults. `fast_path`: as a second after the last change, else as right after it.
Result<void> load_selvage(const lab::Namespace& where, const std::vector<policy::Object>& objects, bool fast_path) {
  const auto compiler = policy::compile(objects, kSceneNode);
  controller::RenderOptions options;
  options.bridge_match = controller::BridgeMatch::port_kind;  // every kernel supports it
  options.log_group = controller::kDeniedGroup;
  const auto names = [&](policy::PodId id) { return compiler->pod_name(id); };
  nft::Ruleset ruleset = controller::render(compiler->result(), names, options);
  if (fast_path) use_fast_path(ruleset);
  const nft::Plan plan = nft::diff({}, ruleset);
  return where.inside([&]() -> Result<void> {
    const auto kernel = nft::NetlinkKernel::open();
    if (!kernel) return tl::unexpected<Error>(kernel.error());
    return (*kernel)->commit(plan);
  });
}

Result<void> load_kube_router(const lab::Namespace& where, const Flat& flat, const char* restore) {
  const KubeRouter rules = kube_router(flat);
  const Result<void> sets = run_all(where, {"ipset", "restore", "-exist"}, rules.ipset);
  if (!sets) return sets;
  return run_all(where, {restore}, rules.iptables);
}

}  // namespace

const char* to_string(Layout layout) {
  switch (layout) {
    case Layout::none:
      return "none";
    case Layout::none_again:
      return "none again";
    case Layout::selvage:
      return "Selvage";
    case Layout::selvage_no_fast_path:
      return "Selvage without fast path";
    case Layout::rule_per_policy:
      return "rule per policy";
    case Layout::iptables:
      return "iptables + ipset";
    case Layout::iptables_legacy:
      return "iptables-legacy + ipset";
    case Layout::calico_like:
      return "Calico-like";
  }
  return "";
}

Result<void> load(const lab::Namespace& where, Layout layout, const std::vector<policy::Object>& objects) {
  if (layout == Layout::none || layout == Layout::none_again) return {};
  if (layout == Layout::selvage || layout == Layout::selvage_no_fast_path) {
    return load_selvage(where, objects, layout == Layout::selvage);
  }
  Objects store;
  for (const policy::Object& object : objects) store.apply(policy::upsert(object));
  const Flat flat = flatten(store, kSceneNode);
  if (layout == Layout::iptables) return load_kube_router(where, flat, "iptables-restore");
  if (layout == Layout::iptables_legacy) return load_kube_router(where, flat, "iptables-legacy-restore");
  return run_all(where, {"nft", "-f", "-"},
                 layout == Layout::calico_like ? calico_like(flat) : to_text(rule_per_policy(flat)));
}

}  // namespace selvage::bench
