#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "controller/sync/reconciler.h"
#include "tests/controller/recording_kernel.h"
#include "tests/support/policy_cases.h"

namespace selvage::testing {

using Ids = std::set<std::string>;
using Addresses = std::set<std::string>;

inline host::Flow flow(std::string id, std::string_view from, std::string_view to, std::uint16_t port_number) {
  return {std::move(id), 6, address(from), address(to), 40000, port_number};
}

inline policy::Event deny(policy::NetworkPolicy policy) { return policy::upsert(std::move(policy)); }

inline policy::NetworkPolicy no_ingress() { return ingress_policy("prod/in", where({is("app", "api")}), {}); }
inline policy::NetworkPolicy no_egress() { return egress_policy("prod/out", where({is("app", "web")}), {}); }

/// A reconciler over a connection table that the test writes.
struct CutterNode {
  explicit CutterNode(RecordingKernel& of) : kernel(of) {
    for (const auto& object : world_with({})) reconciler.apply({policy::upsert(object)});
  }

  void sync(const std::vector<policy::Event>& events = {}) {
    reconciler.apply(events);
    REQUIRE(reconciler.sync(now));
  }
  controller::ConnectionCutter& cutter() { return reconciler.cutter(); }
  /// Goes to the moment at which the cutter wants to run, and runs it.
  Result<controller::ConnectionCutter::Report> try_run() {
    REQUIRE(cutter().due());
    now = std::max(now, *cutter().due());
    return reconciler.judge_connections(now);
  }
  controller::ConnectionCutter::Report run() {
    const auto report = try_run();
    REQUIRE(report);
    return *report;
  }
  nft::Set& set(std::string_view name = controller::kCut) {
    return kernel.fake.ruleset().at(controller::kInetTable).sets.at(std::string(name));
  }
  /// The pods' addresses whose connections' packets are not judged each.
  Addresses fast_path() {
    Addresses pods;
    if (set(controller::kFastpathState).elements.empty()) return pods;
    for (const IpFamily family : policy::kFamilies) {
      for (const auto& entry : set(controller::fastpath_pods_set(family)).elements) {
        pods.insert(IpAddress::from_bytes(family, entry.first.first.data()).to_string());
      }
    }
    return pods;
  }
  /// The addresses of all pods of the node, but these.
  Addresses pods_without(const Addresses& others) {
    Addresses pods;
    for (const auto& [address, local] : reconciler.snapshot().result().local.values()) {
      if (!others.contains(address.to_string())) pods.insert(address.to_string());
    }
    return pods;
  }
  Ids cut() {
    Ids ids;
    for (const auto& entry : set().elements) ids.insert(entry.first.first);
    return ids;
  }

  RecordingKernel& kernel;
  std::vector<host::Flow> flows;
  bool table_unreadable = false;
  int readings = 0;
  Moment now{std::chrono::hours(24)};
  controller::Reconciler reconciler{kernel,
                                    [this](const std::function<void(const host::Flow&)>& visit) -> Result<void> {
                                      ++readings;
                                      if (table_unreadable) return fail_errno("dump", EPERM);
                                      for (const auto& one : flows) visit(one);
                                      return {};
                                    },
                                    kNode,
                                    {}};
};

}  // namespace selvage::testing
