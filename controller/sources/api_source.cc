#include "controller/sources/api_source.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "controller/events/event_recorder.h"
#include "k8s_client/http/rest_transport.h"

namespace selvage::controller {

using k8s_client::Resource;

Result<std::unique_ptr<ApiSource>> ApiSource::start(const k8s_client::ApiConfig& config,
                                                    const k8s_client::ListWatchOptions& options, Mailbox& mailbox,
                                                    const Monitoring& monitoring) {
  auto transport = k8s_client::open_rest_transport(config);
  if (!transport) return tl::unexpected(transport.error());
  return std::unique_ptr<ApiSource>(new ApiSource(std::move(*transport), options, mailbox, monitoring));
}

ApiSource::ApiSource(std::unique_ptr<k8s_client::Transport> transport, const k8s_client::ListWatchOptions& options,
                     Mailbox& mailbox, const Monitoring& monitoring)
    : transport_(std::move(transport)),
      mailbox_(mailbox),
      monitoring_(monitoring),
      followers_(k8s_client::resource_rows().size()),
      unsupported_(monitoring.metrics) {
  k8s_client::WatchObserver& observer = *this;
  for (const auto& row : k8s_client::resource_rows()) {
    follower(row.resource).watcher =
        std::make_unique<k8s_client::Watcher>(row.resource, options, *transport_, observer);
  }
  // The threads report to this object, so they start when it is complete.
  for (Follower& each : followers_) each.thread = std::thread([&watcher = *each.watcher] { watcher.run(); });
  if (monitoring_.events != nullptr) events_ = std::thread([this] { monitoring_.events->run(*transport_); });
  unsupported_thread_ = std::thread([this] { unsupported_.run(*transport_); });
}

ApiSource::~ApiSource() {
  for (Follower& each : followers_) each.watcher->stop();
  if (monitoring_.events != nullptr) monitoring_.events->stop();
  unsupported_.stop();
  transport_->stop();
  unsupported_thread_.join();
  if (events_.joinable()) events_.join();
  for (Follower& each : followers_) each.thread.join();
}

ApiSource::Follower& ApiSource::follower(Resource resource) {
  return followers_.at(static_cast<std::size_t>(resource));
}

void ApiSource::changed(Resource resource, k8s_client::Update update, bool complete) {
  for (const auto& error : update.errors) {
    refused_any_ = true;
    monitoring_.metrics.count_bad_object(row_of(resource).kind);
    spdlog::error("{}; the last good version stays in use, or the fail-closed fallback", k8s_client::to_string(error));
    if (monitoring_.events != nullptr) monitoring_.events->bad_object(error);
  }
  const MutexLock lock(mutex_);
  follower(resource).complete = complete;
  const bool all =
      std::all_of(followers_.begin(), followers_.end(), [](const Follower& each) { return each.complete; });
  mailbox_.put(std::move(update.events), all);
}

void ApiSource::listed(Resource resource, std::size_t objects) {
  spdlog::debug("{}: listed {}", row_of(resource).name, objects);
  const MutexLock lock(mutex_);
  follower(resource).listed = true;
  if (std::all_of(followers_.begin(), followers_.end(), [](const Follower& each) { return each.listed; })) {
    mailbox_.put_synced();
  }
}

void ApiSource::health(Resource resource, const k8s_client::WatchHealth& health) {
  const Moment now = Clock::now();
  Follower& followed = follower(resource);
  followed.log.note(resource, health, now);
  const std::string name(row_of(resource).name);
  monitoring_.metrics.set_stale(name, health.stale_since, now);
  monitoring_.health.set_stale(name, health.stale_since);
  const bool was_stale = std::exchange(followed.stale, health.stale_since.has_value());
  if (followed.stale && !was_stale) monitoring_.metrics.count_watch_restart(name);
}

}  // namespace selvage::controller
