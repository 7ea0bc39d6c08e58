#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "telemetry/packet_count.h"
#include "telemetry/process_stats.h"

/// Metrics that are computed at each scrape, as the library's families. For this room's own use.
namespace selvage::telemetry {

using Families = std::vector<prometheus::MetricFamily>;
using Labels = std::vector<prometheus::ClientMetric::Label>;

/// A family without series. `type` is Counter or Gauge.
[[nodiscard]] prometheus::MetricFamily family(std::string name, std::string help, prometheus::MetricType type);

/// Adds a series. `labels` hold UTF-8.
void add_series(prometheus::MetricFamily& family, Labels labels, double value);

/// Packets and bytes of each verdict in `counts`; counts with the same labels are added up.
[[nodiscard]] Families packet_families(const std::vector<PacketCount>& counts);

[[nodiscard]] Families process_families(const ProcessStats& stats);

}  // namespace selvage::telemetry
