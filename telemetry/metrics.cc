#include "telemetry/metrics.h"

#include <prometheus/text_serializer.h>

#include <cstring>
#include <utility>

#include "telemetry/metric_parts.h"

namespace selvage::telemetry {
namespace {

double seconds(std::chrono::duration<double> duration) { return duration.count(); }

/// "ENOSPC"; "none" where no system error was involved.
std::string errno_name(int code) {
  if (code == 0) return "none";
  const char* name = strerrorname_np(code);
  return name != nullptr ? name : "unknown";
}

}  // namespace

Metrics::Metrics(const BuildInfo& build, Moment started, ReadPacketCounts read_packets)
    : parts_(std::make_unique<Parts>(build, started, std::move(read_packets))) {}

Metrics::~Metrics() = default;

void Metrics::sync_succeeded(Clock::duration took, Moment now, WallTime wall) {
  parts_->sync_duration.Observe(seconds(took));
  parts_->last_success.Set(seconds(wall.time_since_epoch()));
  parts_->set_success(now);
}

void Metrics::sync_failed(Clock::duration took, int code) {
  parts_->sync_duration.Observe(seconds(took));
  parts_->sync_errors[errno_name(code)].Increment();
}

void Metrics::committed(Clock::duration took) { parts_->commit_duration.Observe(seconds(took)); }

void Metrics::set_pending_changes(std::size_t changes) { parts_->pending_changes.Set(static_cast<double>(changes)); }

void Metrics::event_enforced(Clock::duration since_receipt) {
  parts_->event_to_enforced.Observe(seconds(since_receipt));
}

void Metrics::set_objects(std::string_view kind, std::size_t count) {
  parts_->objects[kind].Set(static_cast<double>(count));
}

void Metrics::count_bad_object(std::string_view kind, std::size_t count) {
  parts_->bad_objects[kind.empty() ? "unknown" : kind].Increment(static_cast<double>(count));
}

void Metrics::set_refused_objects(std::string_view kind, std::size_t count) {
  parts_->refused_objects[kind].Set(static_cast<double>(count));
}

void Metrics::set_isolated_pods(Direction direction, std::size_t pods) {
  parts_->isolated_pods[to_string(direction)].Set(static_cast<double>(pods));
}

void Metrics::set_fastpath_addresses(std::size_t addresses) {
  parts_->fastpath_addresses.Set(static_cast<double>(addresses));
}

void Metrics::set_staged_policies(std::size_t policies) { parts_->staged_policies.Set(static_cast<double>(policies)); }
void Metrics::set_unsupported_policies(std::string_view api_group, std::string_view kind, std::size_t policies) {
  parts_->unsupported_policies.Add({{"api_group", valid_utf8(api_group)}, {"kind", valid_utf8(kind)}})
      .Set(static_cast<double>(policies));
}
void Metrics::set_classes(std::size_t classes) { parts_->classes.Set(static_cast<double>(classes)); }

void Metrics::set_elements(std::string_view set_kind, std::size_t elements) {
  parts_->set_elements[set_kind].Set(static_cast<double>(elements));
}

void Metrics::count_watch_restart(std::string_view resource) { parts_->watch_restarts[resource].Increment(); }

void Metrics::set_stale(std::string_view resource, std::optional<Moment> since, Moment now) {
  parts_->set_stale(valid_utf8(resource), since, now);
}

void Metrics::count_interference(std::size_t changes) {
  parts_->interference.Increment();
  parts_->interference_changes.Increment(static_cast<double>(changes));
}

void Metrics::set_table_ownership(TableOwnership ownership) {
  const auto is = [&](TableOwnership state) { return ownership == state ? 1.0 : 0.0; };
  parts_->table_ownership["open"].Set(is(TableOwnership::open));
  parts_->table_ownership["owned"].Set(is(TableOwnership::owned));
  parts_->table_ownership["taken"].Set(is(TableOwnership::taken));
}

void Metrics::self_checked(std::size_t divergent) {
  parts_->self_checks.Increment();
  parts_->divergent_objects.Set(static_cast<double>(divergent));
}

void Metrics::self_check_failed() { parts_->self_check_errors.Increment(); }

void Metrics::count_denied_log_dropped(std::uint64_t packets) {
  parts_->denied_log_dropped.Increment(static_cast<double>(packets));
}

std::string Metrics::page(Moment now) { return prometheus::TextSerializer().Serialize(parts_->collect(now)); }

}  // namespace selvage::telemetry
