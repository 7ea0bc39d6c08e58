#include "controller/sources/unsupported_poll.h"

#include <spdlog/fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <vector>

#include "k8s_client/json/object_count.h"

namespace selvage::controller {
namespace {

using k8s_client::UnsupportedKind;

constexpr std::chrono::seconds kIdleLimit{30};
constexpr std::chrono::minutes kInterval{5};

/// Counts one kind, in the first of its API versions that the server has. `served` are all of these; nothing: not
/// known.
void count_kind(k8s_client::Transport& transport, const UnsupportedKind& kind,
                const std::optional<std::vector<std::string>>& served, std::chrono::milliseconds idle_limit,
                UnsupportedFindings& findings) {
  for (const std::string_view version : kind.api_versions) {
    if (version.empty() || (served && std::ranges::find(*served, version) == served->end())) continue;
    const std::string path = "/apis/" + std::string(version) + "/" + std::string(kind.resource);
    const auto count = k8s_client::count_objects(transport, path, idle_limit);
    if (!count) {
      findings.error = count.error();
      return;
    }
    if (count->code == 200) {
      findings.counts[{std::string(version), std::string(kind.kind)}] = count->objects;
      return;
    }
    spdlog::debug("{}: the API server answered {}; not counted", path, count->code);
    if (count->code == 403) {
      findings.forbidden.insert(std::string(kind.resource) + "." + std::string(k8s_client::group_of(version)));
    } else if (count->code != 404) {
      findings.error = Error{path + ": the API server answered " + std::to_string(count->code), 0};
      return;
    }
  }
}

}  // namespace

UnsupportedFindings count_unsupported_policies(k8s_client::Transport& transport, std::chrono::milliseconds idle_limit) {
  UnsupportedFindings findings;
  std::optional<std::vector<std::string>> served;
  auto listed = k8s_client::list_api_versions(transport, idle_limit);
  if (listed) served = std::move(*listed);
  if (!listed && listed.error().code != 0) {
    findings.error = listed.error();
    return findings;
  }
  for (const UnsupportedKind& kind : k8s_client::unsupported_kinds()) {
    count_kind(transport, kind, served, idle_limit, findings);
    if (findings.error) break;  // the server may be busy
  }
  return findings;
}

void UnsupportedPoll::run(k8s_client::Transport& transport) {
  while (wait(poll(transport))) {
  }
}

Clock::duration UnsupportedPoll::poll(k8s_client::Transport& transport) {
  const UnsupportedFindings found = count_unsupported_policies(transport, kIdleLimit);
  const bool forbidden = !found.forbidden.empty();
  if (forbidden && !std::exchange(forbidden_, true)) {
    spdlog::info("policies of other APIs are not counted; grant list on {}", fmt::join(found.forbidden, ", "));
  }
  if (found.error) {
    spdlog::debug("policies of other APIs: {}", found.error->message);
    report_.update(found.counts);
    return backoff_.fail();
  }
  // What may not be listed any more is there, as far as anybody knows.
  forbidden ? report_.update(found.counts) : report_.set(found.counts);
  backoff_.succeed();
  // By chance, so that the agents of a cluster do not ask all at once.
  std::uniform_real_distribution<double> share(0.75, 1.25);
  std::random_device device;
  return std::chrono::duration_cast<Clock::duration>(kInterval * share(device));
}

bool UnsupportedPoll::wait(Clock::duration time) {
  const Moment deadline = Clock::now() + time;
  MutexLock lock(mutex_);
  while (!stopped_) {
    if (!stopping_.wait_until(lock, deadline)) break;
  }
  return !stopped_;
}

void UnsupportedPoll::stop() {
  const MutexLock lock(mutex_);
  stopped_ = true;
  stopping_.notify_all();
}

}  // namespace selvage::controller
