#include "telemetry/metric_parts.h"

namespace selvage::telemetry {
namespace {

/// From a quarter of a millisecond, a commit of one element, to ten seconds.
const prometheus::Histogram::BucketBoundaries kSeconds{0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                       0.1,     0.25,   0.5,   1,      2.5,   5,    10};
constexpr std::initializer_list<const char*> kKinds = {"Namespace", "NetworkPolicy", "Pod"};
constexpr std::initializer_list<const char*> kResources = {"namespaces", "networkpolicies", "pods"};

/// "gcc 12.2.0" or "clang Debian Clang 14.0.6".
std::string compiler() {
#ifdef __clang__
  return "clang " __clang_version__;
#else
  return "gcc " __VERSION__;
#endif
}

auto& counters(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
auto& gauges(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}
auto& histogram(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, kSeconds);
}
auto& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return counters(registry, name, help).Add({});
}
auto& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return gauges(registry, name, help).Add({});
}

double seconds_of(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

Metrics::Parts::Parts(const BuildInfo& build, Moment started, ReadPacketCounts read_packets)
    : read_packets_(std::move(read_packets)),
      succeeded_(started),
      sync_duration(histogram(registry_, "selvage_sync_duration_seconds",
                              "Time from computing the desired tables to the kernel's answer, failed syncs included")),
      commit_duration(histogram(registry_, "selvage_commit_duration_seconds", "Duration of an nftables transaction")),
      event_to_enforced(histogram(registry_, "selvage_event_to_enforced_seconds",
                                  "Time from the receipt of an event until it is enforced")),
      sync_errors(counters(registry_, "selvage_sync_errors_total", "Syncs that failed, by errno"), "errno", {}),
      pending_changes(gauge(registry_, "selvage_pending_changes", "Changes that are not committed yet")),
      last_success(gauge(registry_, "selvage_last_success_timestamp_seconds",
                         "Time of the last successful sync since the Unix epoch; 0: never")),
      objects(gauges(registry_, "selvage_objects", "Known objects, by kind"), "kind", kKinds),
      bad_objects(
          counters(registry_, "selvage_bad_objects_total", "Versions of objects that could not be decoded, by kind"),
          "kind", kKinds),
      refused_objects(gauges(registry_, "selvage_refused_objects",
                             "Objects that the kernel rejects, replaced by a fallback, by kind"),
                      "kind", {"table", "set", "chain", "rule", "element"}),
      isolated_pods(gauges(registry_, "selvage_isolated_pods", "Pods of this node that a policy isolates"), "direction",
                    {"ingress", "egress"}),
      fastpath_addresses(gauge(registry_, "selvage_fastpath_addresses",
                               "Addresses of pods whose established connections take the fast path")),
      classes(gauge(registry_, "selvage_classes", "Classes of peer addresses, one chain each")),
      staged_policies(gauge(registry_, "selvage_staged_policies", "Staged policies, which deny nothing")),
      unsupported_policies(
          gauges(registry_, "selvage_unsupported_policies", "Policies of other APIs, which are not enforced")),
      set_elements(gauges(registry_, "selvage_set_elements", "Elements of all sets and maps of a kind"), "set", {}),
      watch_restarts(counters(registry_, "selvage_watch_restarts_total", "Restarted watches"), "resource", kResources),
      interference(counter(registry_, "selvage_interference_total",
                           "Times that other programs changed the tables, or may have")),
      interference_changes(counter(registry_, "selvage_interference_changes_total",
                                   "Objects of the tables that other programs changed")),
      table_ownership(gauges(registry_, "selvage_table_ownership", "1 for the current ownership, 0 for others"),
                      "state", {"open", "owned", "taken"}),
      divergent_objects(gauge(registry_, "selvage_divergent_objects",
                              "Objects of the tables that differed from the desired ones at the last self-check")),
      self_checks(counter(registry_, "selvage_self_checks_total", "Completed self-checks")),
      self_check_errors(counter(registry_, "selvage_self_check_errors_total", "Failed self-checks")),
      denied_log_dropped(counter(registry_, "selvage_denied_log_dropped_packets_total",
                                 "Denied packets that the kernel logged and that appear in no line of the log")),
      scrape_errors(counters(registry_, "selvage_scrape_errors_total", "Parts of this page that could not be read"),
                    "part", {"packets", "process"}) {
  gauges(registry_, "selvage_build_info", "1, with the program's version, revision and compiler as labels")
      .Add({{"version", valid_utf8(build.version)},
            {"revision", build.revision.empty() ? "unknown" : valid_utf8(build.revision)},
            {"compiler", valid_utf8(compiler())}})
      .Set(1);
  for (const char* resource : kResources) stale_[resource];
}

void Metrics::Parts::set_success(Moment now) {
  const MutexLock lock(mutex_);
  succeeded_ = now;
}

void Metrics::Parts::set_stale(const std::string& resource, std::optional<Moment> since, Moment now) {
  const MutexLock lock(mutex_);
  stale_[resource].set(since, now);
}

Families Metrics::Parts::time_families(Moment now) {
  prometheus::MetricFamily since =
      family("selvage_since_last_success_seconds", "Time since the last successful sync, or since the start",
             prometheus::MetricType::Gauge);
  prometheus::MetricFamily stale =
      family("selvage_watch_stale_seconds_total", "Time in which changes of a resource could not be received",
             prometheus::MetricType::Counter);
  const MutexLock lock(mutex_);
  add_series(since, {}, seconds_of(std::max(now - succeeded_, Clock::duration{0})));
  for (const auto& [resource, time] : stale_) {
    add_series(stale, {{"resource", resource}}, seconds_of(time.total(now)));
  }
  return {since, stale};
}

Families Metrics::Parts::read_families() {
  Families families;
  const auto add = [&](Families more) { std::move(more.begin(), more.end(), std::back_inserter(families)); };
  if (read_packets_) {
    const auto counts = read_packets_();
    if (counts) add(packet_families(*counts));
    if (!counts) scrape_errors["packets"].Increment();
  }
  const auto stats = read_process_stats();
  if (stats) add(process_families(*stats));
  if (!stats) scrape_errors["process"].Increment();
  return families;
}

Families Metrics::Parts::collect(Moment now) {
  // Parts that can fail come first, so that the page counts its own failures.
  Families read = read_families();
  Families all = registry_.Collect();
  for (Families more : {time_families(now), std::move(read)}) {
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace selvage::telemetry
