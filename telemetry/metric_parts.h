#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <atomic>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/mutex.h"
#include "telemetry/families.h"
#include "telemetry/metrics.h"
#include "telemetry/plain_text.h"
#include "telemetry/stale_time.h"

namespace selvage::telemetry {

/// A family whose series differ in one label; series of the given values exist from the start. Thread-safe, as the
/// library is.
template <class Metric>
class Labelled {
 public:
  Labelled(prometheus::Family<Metric>& family, std::string label, std::initializer_list<const char*> values)
      : family_(family), label_(std::move(label)) {
    for (const char* value : values) (*this)[value];
  }

  Metric& operator[](std::string_view value) { return family_.Add({{label_, valid_utf8(value)}}); }

 private:
  prometheus::Family<Metric>& family_;
  std::string label_;
};

/// The implementation of Metrics. Members are in the order of the page.
class Metrics::Parts {
 public:
  Parts(const BuildInfo& build, Moment started, ReadPacketCounts read_packets);

  /// All series as of `now`; reads the kernel's counters and /proc.
  [[nodiscard]] Families collect(Moment now);
  void set_success(Moment now);
  void set_stale(const std::string& resource, std::optional<Moment> since, Moment now);

 private:
  [[nodiscard]] Families read_families();
  [[nodiscard]] Families time_families(Moment now);

  ReadPacketCounts read_packets_;
  Mutex mutex_;
  Moment succeeded_ GUARDED_BY(mutex_);                        ///< the last success, or the start
  std::map<std::string, StaleTime> stale_ GUARDED_BY(mutex_);  ///< by resource
  prometheus::Registry registry_;

 public:
  prometheus::Histogram& sync_duration;
  prometheus::Histogram& commit_duration;
  prometheus::Histogram& event_to_enforced;
  Labelled<prometheus::Counter> sync_errors;
  prometheus::Gauge& pending_changes;
  prometheus::Gauge& last_success;
  Labelled<prometheus::Gauge> objects;
  Labelled<prometheus::Counter> bad_objects;
  Labelled<prometheus::Gauge> refused_objects;
  Labelled<prometheus::Gauge> isolated_pods;
  prometheus::Gauge& fastpath_addresses;
  prometheus::Gauge& classes;
  prometheus::Gauge& staged_policies;
  prometheus::Family<prometheus::Gauge>& unsupported_policies;
  Labelled<prometheus::Gauge> set_elements;
  Labelled<prometheus::Counter> watch_restarts;
  prometheus::Counter& interference;
  prometheus::Counter& interference_changes;
  Labelled<prometheus::Gauge> table_ownership;
  prometheus::Gauge& divergent_objects;
  prometheus::Counter& self_checks;
  prometheus::Counter& self_check_errors;
  prometheus::Counter& denied_log_dropped;
  Labelled<prometheus::Counter> scrape_errors;
};

}  // namespace selvage::telemetry
