#include "telemetry/families.h"

#include <map>
#include <utility>

#include "telemetry/plain_text.h"

namespace selvage::telemetry {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

struct Sum {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
};

/// The metrics of one verdict: "<name>_packets_total" and "<name>_bytes_total".
struct VerdictMetrics {
  std::string name;
  std::string help;
};

VerdictMetrics metrics_of(PacketVerdict verdict) {
  switch (verdict) {
    case PacketVerdict::denied:
      return {"selvage_denied", "that policies deny, by isolated local pod"};
    case PacketVerdict::unknown_endpoint_dropped:
      return {"selvage_unknown_endpoint_dropped", "from or to addresses of no known pod, dropped at the pod bridges"};
    case PacketVerdict::cut:
      return {"selvage_cut", "of established connections that policies now deny"};
    case PacketVerdict::staged:
      return {"selvage_staged_denied", "that staged policies would deny, by local pod and denying policies"};
    case PacketVerdict::allowed:
      break;
  }
  return {"selvage_policy_allowed", "that policies allow, by allowing policies"};
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + valid_utf8(name);
  return text;
}

Labels labels_of(const PacketCount& count) {
  Labels labels;
  if (count.direction) labels.push_back({"direction", to_string(*count.direction)});
  const bool staged = count.verdict == PacketVerdict::staged;
  if (staged || count.verdict == PacketVerdict::denied) {
    labels.push_back({"namespace", valid_utf8(count.namespace_name)});
    labels.push_back({"pod", valid_utf8(count.pod)});
  }
  if (staged || count.verdict == PacketVerdict::allowed) labels.push_back({"policies", joined(count.policies)});
  return labels;
}

MetricFamily gauge(std::string name, std::string help, double value) {
  MetricFamily made = family(std::move(name), std::move(help), MetricType::Gauge);
  add_series(made, {}, value);
  return made;
}

}  // namespace

MetricFamily family(std::string name, std::string help, MetricType type) {
  MetricFamily made;
  made.name = std::move(name);
  made.help = std::move(help);
  made.type = type;
  return made;
}

void add_series(MetricFamily& family, Labels labels, double value) {
  prometheus::ClientMetric series;
  series.label = std::move(labels);
  (family.type == MetricType::Counter ? series.counter.value : series.gauge.value) = value;
  family.metric.push_back(std::move(series));
}

Families packet_families(const std::vector<PacketCount>& counts) {
  // Prometheus rejects a page with two series of the same labels.
  std::map<PacketVerdict, std::map<Labels, Sum>> sums;
  for (const PacketCount& count : counts) {
    Sum& sum = sums[count.verdict][labels_of(count)];
    sum.packets += count.packets;
    sum.bytes += count.bytes;
  }
  Families families;
  for (const auto& [verdict, series] : sums) {
    const VerdictMetrics names = metrics_of(verdict);
    MetricFamily packets = family(names.name + "_packets_total", "Packets " + names.help, MetricType::Counter);
    MetricFamily bytes = family(names.name + "_bytes_total", "Bytes of packets " + names.help, MetricType::Counter);
    for (const auto& [labels, sum] : series) {
      add_series(packets, labels, static_cast<double>(sum.packets));
      add_series(bytes, labels, static_cast<double>(sum.bytes));
    }
    families.push_back(std::move(packets));
    families.push_back(std::move(bytes));
  }
  return families;
}

Families process_families(const ProcessStats& stats) {
  MetricFamily cpu =
      family("process_cpu_seconds_total", "User and system CPU time spent in seconds", MetricType::Counter);
  add_series(cpu, {}, stats.cpu_seconds);
  const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
  return {
      cpu,
      gauge("process_start_time_seconds", "Start time of the process since the Unix epoch in seconds",
            stats.start_time_seconds),
      gauge("process_resident_memory_bytes", "Resident memory size in bytes", number(stats.resident_memory_bytes)),
      gauge("process_virtual_memory_bytes", "Virtual memory size in bytes", number(stats.virtual_memory_bytes)),
      gauge("process_open_fds", "Number of open file descriptors", number(stats.open_fds)),
      gauge("process_max_fds", "Maximum number of open file descriptors", number(stats.max_fds)),
      gauge("process_threads", "Number of threads", number(stats.threads)),
  };
}

}  // namespace selvage::telemetry
