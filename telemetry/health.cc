#include "telemetry/health.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace selvage::telemetry {
namespace {

std::string in_seconds(Clock::duration duration) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(duration).count()) + " s";
}

std::vector<std::string> refused_reasons(const std::vector<Refusal>& refused) {
  std::vector<std::string> reasons;
  for (const Refusal& refusal : refused) {
    const std::string why = std::generic_category().message(refusal.code);
    const bool named = refusal.code == 0 || refusal.object.find(why) != std::string::npos;
    reasons.push_back("refused: " + refusal.object + (named ? "" : ": " + why) + "; it is retried");
  }
  return reasons;
}

std::vector<std::string> stale_reasons(const HealthFacts& facts, std::chrono::seconds limit, Moment now) {
  std::vector<std::string> reasons;
  for (const auto& [source, since] : facts.stale) {
    if (now - since <= limit) continue;
    reasons.push_back(source + " stale for " + in_seconds(now - since) + ", more than " + in_seconds(limit) +
                      "; the last known state is enforced, and the log has the reason");
  }
  return reasons;
}

std::vector<std::string> if_any(const std::string& reason) {
  return reason.empty() ? std::vector<std::string>{} : std::vector{reason};
}

}  // namespace

bool healthy(const HealthChecks& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const HealthCheck& check) { return check.ok(); });
}

HealthChecks readiness(const HealthFacts& facts, const HealthLimits& limits, Moment now) {
  return {
      {"commit",
       if_any(facts.committed ? "" : "nothing is committed yet: waiting for the first full list of the source")},
      {"refused", refused_reasons(facts.refused)},
      {"sources", stale_reasons(facts, limits.stale, now)},
      {"effective", if_any(facts.not_effective)},
      {"preflight", facts.preflight_failures},
  };
}

HealthChecks liveness(const HealthFacts& facts, const HealthLimits& limits, Moment now) {
  const LoopState& loop = facts.loop;
  if (!loop.at || now - *loop.at <= limits.stuck) return {{"loop", {}}};
  const std::string late = in_seconds(now - *loop.at);
  const std::string state = loop.working ? "a turn of the agent's loop takes " + late + " so far"
                                         : "a turn of the agent's loop is overdue by " + late;
  return {{"loop", {state + ", more than " + in_seconds(limits.stuck)}}};
}

void Health::set_committed() {
  const MutexLock lock(mutex_);
  facts_.committed = true;
}

void Health::set_refused(std::vector<Refusal> refused) {
  const MutexLock lock(mutex_);
  facts_.refused = std::move(refused);
}

void Health::set_stale(const std::string& source, std::optional<Moment> since) {
  const MutexLock lock(mutex_);
  facts_.stale.erase(source);
  if (since) facts_.stale.emplace(source, *since);
}

void Health::set_not_effective(std::string why) {
  const MutexLock lock(mutex_);
  facts_.not_effective = std::move(why);
}

void Health::set_preflight_failures(std::vector<std::string> failures) {
  const MutexLock lock(mutex_);
  facts_.preflight_failures = std::move(failures);
}

void Health::loop_works(Moment now) {
  const MutexLock lock(mutex_);
  facts_.loop = {true, now};
}

void Health::loop_waits(std::optional<Moment> until) {
  const MutexLock lock(mutex_);
  facts_.loop = {false, until};
}

HealthFacts Health::facts() const {
  const MutexLock lock(mutex_);
  return facts_;
}

}  // namespace selvage::telemetry
