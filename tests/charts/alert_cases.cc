#include "tests/charts/alert_cases.h"

namespace selvage::testing {
namespace {

/// The metric on one node, with more labels (PromQL, "a=\"b\"").
PromQuestion::Series on_n1(const std::string& metric, const std::string& values, const std::string& labels = "") {
  return {metric + "{job=\"selvage\",instance=\"n1\"" + (labels.empty() ? "" : ",") + labels + "}", values};
}
PromQuestion::Series on_n2(const std::string& metric, const std::string& values, const std::string& labels) {
  return {metric + "{job=\"selvage\",instance=\"n2\"," + labels + "}", values};
}

std::vector<AlertCase> cases_of_syncs() {
  return {
      {"SelvageDown", "10m", {on_n1("up", "0x20")}, {on_n1("up", "1x20")}},
      {"SelvageSyncSlow",
       "35m",
       {on_n1("selvage_sync_duration_seconds_bucket", "0x40", "le=\"1\""),
        on_n1("selvage_sync_duration_seconds_bucket", "0+1x40", "le=\"4\""),
        on_n1("selvage_sync_duration_seconds_bucket", "0+1x40", "le=\"+Inf\"")},
       {on_n1("selvage_sync_duration_seconds_bucket", "0+1x40", "le=\"1\""),
        on_n1("selvage_sync_duration_seconds_bucket", "0+1x40", "le=\"4\""),
        on_n1("selvage_sync_duration_seconds_bucket", "0+1x40", "le=\"+Inf\"")}},
      {"SelvageCommitSlow",
       "35m",
       {on_n1("selvage_commit_duration_seconds_bucket", "0x40", "le=\"1\""),
        on_n1("selvage_commit_duration_seconds_bucket", "0+1x40", "le=\"4\""),
        on_n1("selvage_commit_duration_seconds_bucket", "0+1x40", "le=\"+Inf\"")},
       {on_n1("selvage_commit_duration_seconds_bucket", "0+1x40", "le=\"1\""),
        on_n1("selvage_commit_duration_seconds_bucket", "0+1x40", "le=\"4\""),
        on_n1("selvage_commit_duration_seconds_bucket", "0+1x40", "le=\"+Inf\"")}},
      {"SelvageEnforcedLate",
       "35m",
       {on_n1("selvage_event_to_enforced_seconds_bucket", "0x40", "le=\"1\""),
        on_n1("selvage_event_to_enforced_seconds_bucket", "0+1x40", "le=\"4\""),
        on_n1("selvage_event_to_enforced_seconds_bucket", "0+1x40", "le=\"+Inf\"")},
       {on_n1("selvage_event_to_enforced_seconds_bucket", "0+1x40", "le=\"1\""),
        on_n1("selvage_event_to_enforced_seconds_bucket", "0+1x40", "le=\"4\""),
        on_n1("selvage_event_to_enforced_seconds_bucket", "0+1x40", "le=\"+Inf\"")}},
      {"SelvageSyncErrors",
       "12m",
       {on_n1("selvage_sync_errors_total", "0+1x15", "errno=\"ENOSPC\"")},
       {on_n1("selvage_sync_errors_total", "0+1x15", "errno=\"EPERM\"")}},
      {"SelvageChangesPending",
       "6m",
       {on_n1("selvage_pending_changes", "5x10")},
       {on_n1("selvage_pending_changes", "5 0 5 0 5 0 5 0 5 0")}},
      {"SelvageLastSuccessOld",
       "6m",
       {on_n1("selvage_last_success_timestamp_seconds", "0x10"), on_n1("selvage_pending_changes", "1x10")},
       {on_n1("selvage_last_success_timestamp_seconds", "0x10"), on_n1("selvage_pending_changes", "0x10")}},
      {"SelvageNoSuccess",
       "6m",
       {on_n1("selvage_since_last_success_seconds", "300x10"), on_n1("selvage_pending_changes", "1x10")},
       {on_n1("selvage_since_last_success_seconds", "300x10"), on_n1("selvage_pending_changes", "0x10")}},
  };
}

std::vector<AlertCase> cases_of_the_cluster() {
  return {
      {"SelvageNodesDisagree",
       "15m",
       {on_n1("selvage_objects", "3x20", "kind=\"NetworkPolicy\""),
        on_n2("selvage_objects", "4x20", "kind=\"NetworkPolicy\"")},
       {on_n1("selvage_objects", "3x20", "kind=\"NetworkPolicy\""),
        on_n2("selvage_objects", "4x8 3x12", "kind=\"NetworkPolicy\"")}},
      {"SelvageBadObjects",
       "15m",
       {on_n1("selvage_bad_objects_total", "0x5 1x15", "kind=\"Pod\"")},
       {on_n1("selvage_bad_objects_total", "1x20", "kind=\"Pod\"")}},
      {"SelvageObjectsRefused",
       "6m",
       {on_n1("selvage_refused_objects", "1x10", "kind=\"element\"")},
       {on_n1("selvage_refused_objects", "1x4 0x6", "kind=\"element\"")}},
      {"SelvageNobodyIsolated",
       "15m",
       {on_n1("selvage_isolated_pods", "0x20", "direction=\"ingress\""),
        on_n1("selvage_objects", "3x20", "kind=\"NetworkPolicy\"")},
       {on_n1("selvage_isolated_pods", "0x20", "direction=\"ingress\""),
        on_n1("selvage_objects", "0x20", "kind=\"NetworkPolicy\"")}},
      {"SelvageFastPathOff",
       "7h",
       {on_n1("selvage_fastpath_addresses", "0x500"), on_n1("selvage_isolated_pods", "3x500", "direction=\"ingress\"")},
       {on_n1("selvage_fastpath_addresses", "0x200 1 0x299"),
        on_n1("selvage_isolated_pods", "3x500", "direction=\"ingress\"")}},
      {"SelvageManyClasses", "3m", {on_n1("selvage_classes", "10001x5")}, {on_n1("selvage_classes", "10000x5")}},
      {"SelvageManyElements",
       "3m",
       {on_n1("selvage_set_elements", "150000x5", "set=\"peers\""),
        on_n1("selvage_set_elements", "150000x5", "set=\"ports\"")},
       {on_n1("selvage_set_elements", "100000x5", "set=\"peers\""),
        on_n1("selvage_set_elements", "100000x5", "set=\"ports\"")}},
      {"SelvageWatchRestarts",
       "12m",
       {on_n1("selvage_watch_restarts_total", "0+2x15", "resource=\"pods\"")},
       {on_n1("selvage_watch_restarts_total", "0+0.5x15", "resource=\"pods\"")}},
      {"SelvageStale",
       "8m",
       {on_n1("selvage_watch_stale_seconds_total", "0+60x10", "resource=\"pods\"")},
       {on_n1("selvage_watch_stale_seconds_total", "0+30x10", "resource=\"pods\"")}},
  };
}

std::vector<AlertCase> cases_of_tables() {
  return {
      {"SelvageInterference",
       "9m",
       {on_n1("selvage_interference_total", "0x5 1x10")},
       {on_n1("selvage_interference_total", "1x15")}},
      {"SelvageInterferenceFlood",
       "12m",
       {on_n1("selvage_interference_changes_total", "0+200x15")},
       {on_n1("selvage_interference_changes_total", "0+50x15")}},
      {"SelvageTablesTaken",
       "12m",
       {on_n1("selvage_table_ownership", "1x15", "state=\"taken\"")},
       {on_n1("selvage_table_ownership", "1x6 0 1x8", "state=\"taken\"")}},
      {"SelvageDivergent",
       "3m",
       {on_n1("selvage_divergent_objects", "1x5")},
       {on_n1("selvage_divergent_objects", "0x5")}},
      {"SelvageNoSelfChecks",
       "200m",
       {on_n1("selvage_self_checks_total", "5x210")},
       {on_n1("selvage_self_checks_total", "5x130 6x80")}},
      {"SelvageSelfCheckErrors",
       "61m",
       {on_n1("selvage_self_check_errors_total", "0+1x70")},
       {on_n1("selvage_self_check_errors_total", "0+0.02x70")}},
  };
}

constexpr const char* kStagedLabels = R"(direction="ingress",namespace="prod",pod="api-0",policies="prod/a")";

std::vector<AlertCase> cases_of_packets() {
  return {
      {"SelvageDeniedLogDrops",
       "8m",
       {on_n1("selvage_denied_log_dropped_packets_total", "0+12000x10")},
       {on_n1("selvage_denied_log_dropped_packets_total", "0+600x10")}},
      {"SelvageDeniedPackets",
       "25m",
       {on_n1("selvage_denied_packets_total", "0+120x30", "direction=\"ingress\",namespace=\"prod\",pod=\"api-0\"")},
       {on_n1("selvage_denied_packets_total", "0+6x30", "direction=\"ingress\",namespace=\"prod\",pod=\"api-0\"")}},
      {"SelvageDeniedBytes",
       "12m",
       {on_n1("selvage_denied_bytes_total", "0+120000000x15",
              "direction=\"ingress\",namespace=\"prod\",pod=\"api-0\"")},
       {on_n1("selvage_denied_bytes_total", "0+600x15", "direction=\"ingress\",namespace=\"prod\",pod=\"api-0\"")}},
      {"SelvageUnsupportedPolicies",
       "15m",
       {on_n1("selvage_unsupported_policies", "2x20", "api_group=\"cilium.io\",kind=\"CiliumNetworkPolicy\"")},
       {on_n1("selvage_unsupported_policies", "0x20", "api_group=\"cilium.io\",kind=\"CiliumNetworkPolicy\"")}},
      {"SelvageUnknownEndpointDroppedPackets",
       "25m",
       {on_n1("selvage_unknown_endpoint_dropped_packets_total", "0+120x30", "direction=\"egress\"")},
       {on_n1("selvage_unknown_endpoint_dropped_packets_total", "0+6x30", "direction=\"egress\"")}},
      {"SelvageUnknownEndpointDroppedBytes",
       "12m",
       {on_n1("selvage_unknown_endpoint_dropped_bytes_total", "0+120000000x15", "direction=\"egress\"")},
       {on_n1("selvage_unknown_endpoint_dropped_bytes_total", "0+600x15", "direction=\"egress\"")}},
      {"SelvageCutPackets",
       "45m",
       {on_n1("selvage_cut_packets_total", "0+1200x50")},
       {on_n1("selvage_cut_packets_total", "0+60x50")}},
      {"SelvageCutBytes",
       "12m",
       {on_n1("selvage_cut_bytes_total", "0+120000000x15")},
       {on_n1("selvage_cut_bytes_total", "0+600x15")}},
      {"SelvagePolicyUnused",
       "350h",
       {on_n1("selvage_policy_allowed_packets_total", "5x360", "direction=\"ingress\",policies=\"prod/a\"")},
       {on_n1("selvage_policy_allowed_packets_total", "0+1x360", "direction=\"ingress\",policies=\"prod/a\"")},
       "1h"},
      {"SelvagePolicyBusy",
       "12m",
       {on_n1("selvage_policy_allowed_bytes_total", "0+120000000000x15", "direction=\"ingress\",policies=\"prod/a\"")},
       {on_n1("selvage_policy_allowed_bytes_total", "0+600x15", "direction=\"ingress\",policies=\"prod/a\"")}},
  };
}

std::vector<AlertCase> cases_of_staged_policies() {
  return {
      {"SelvageStagedPolicyForgotten",
       "170h",
       {on_n1("selvage_staged_policies", "2x175")},
       {on_n1("selvage_staged_policies", "2x160 0x15")},
       "1h"},
      {"SelvageStagedWouldDeny",
       "20m",
       {on_n1("selvage_staged_denied_packets_total", "0x5 1x25", kStagedLabels)},
       {on_n1("selvage_staged_denied_packets_total", "5x30", kStagedLabels)}},
      {"SelvageStagedWouldDenyBytes",
       "12m",
       {on_n1("selvage_staged_denied_bytes_total", "0+120000000x15", kStagedLabels)},
       {on_n1("selvage_staged_denied_bytes_total", "0+600x15", kStagedLabels)}},
  };
}

std::vector<AlertCase> cases_of_the_process() {
  return {
      {"SelvageScrapeErrors",
       "12m",
       {on_n1("selvage_scrape_errors_total", "0x5 1x15", "part=\"packets\"")},
       {on_n1("selvage_scrape_errors_total", "1x20", "part=\"packets\"")}},
      {"SelvageVersionsDiffer",
       "70m",
       {on_n1("selvage_build_info", "1x80", "version=\"1\""), on_n2("selvage_build_info", "1x80", "version=\"2\"")},
       {on_n1("selvage_build_info", "1x80", "version=\"1\""), on_n2("selvage_build_info", "1x80", "version=\"1\"")}},
      {"SelvageBusy",
       "35m",
       {on_n1("process_cpu_seconds_total", "0+60x40")},
       {on_n1("process_cpu_seconds_total", "0+6x40")}},
      {"SelvageRestarts",
       "59m",
       {on_n1("process_start_time_seconds", "1x20 2x20 3x10 4x10")},
       {on_n1("process_start_time_seconds", "1x20 2x40")}},
      {"SelvageMemory",
       "3m",
       {on_n1("process_resident_memory_bytes", "600000000x5")},
       {on_n1("process_resident_memory_bytes", "100000000x5")}},
      {"SelvageMemoryGrows",
       "13h",
       {on_n1("process_virtual_memory_bytes", "0+60000000x170")},
       {on_n1("process_virtual_memory_bytes", "0+600x170")},
       "5m"},
      {"SelvageFileDescriptors",
       "3m",
       {on_n1("process_open_fds", "900x5"), on_n1("process_max_fds", "1000x5")},
       {on_n1("process_open_fds", "100x5"), on_n1("process_max_fds", "1000x5")}},
      {"SelvageFileDescriptorLimit", "3m", {on_n1("process_max_fds", "256x5")}, {on_n1("process_max_fds", "1024x5")}},
      {"SelvageThreads", "3m", {on_n1("process_threads", "50x5")}, {on_n1("process_threads", "10x5")}},
  };
}

}  // namespace

std::vector<AlertCase> alert_cases() {
  std::vector<AlertCase> all;
  for (const auto& part : {cases_of_syncs(), cases_of_the_cluster(), cases_of_tables(), cases_of_packets(),
                           cases_of_staged_policies(), cases_of_the_process()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace selvage::testing
