#include "controller/events/event_recorder.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "k8s_client/json/short_answer.h"

namespace selvage::controller {
namespace {

using std::chrono::milliseconds;

/// All nodes spread their Events about the same object over this time.
constexpr milliseconds kSpread{3000};
/// The Event exists; another node may have created it.
bool is_written(int code) { return (code >= 200 && code < 300) || code == 409; }
/// The server has failed, or does not accept our credentials at the moment.
bool may_pass(int code) { return code >= 500 || code == 429 || code == 401; }

}  // namespace

EventRecorder::EventRecorder(std::string node) : node_(std::move(node)) {}

void EventRecorder::bad_object(const k8s_client::ObjectError& error) {
  auto event = bad_object_event(error, WallClock::now());
  if (!event) return;
  const MutexLock lock(mutex_);
  put(std::move(*event), milliseconds(std::uniform_int_distribution<milliseconds::rep>(0, kSpread.count())(random_)));
}

void EventRecorder::not_enforced(const std::string& note) {
  const MutexLock lock(mutex_);
  put(node_event(node_, note, WallClock::now()), {});
}

void EventRecorder::put(ClusterEvent event, Clock::duration delay) {
  const Moment now = Clock::now();
  backlog_.put(std::move(event), now, now + delay);
  changed_.notify_all();
}

void EventRecorder::stop() {
  const MutexLock lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

void EventRecorder::run(k8s_client::Transport& transport) {
  while (auto waiting = next()) {
    write(transport, std::move(*waiting));
    log_dropped();
  }
}

std::optional<EventRecorder::Waiting> EventRecorder::next() {
  MutexLock lock(mutex_);
  while (!stopped_) {
    dropped_ += backlog_.take_dropped();
    if (auto waiting = backlog_.take(Clock::now())) return waiting;
    if (const auto due = backlog_.due()) {
      changed_.wait_until(lock, *due);
    } else {
      changed_.wait(lock);
    }
  }
  return std::nullopt;
}

void EventRecorder::write(k8s_client::Transport& transport, Waiting waiting) {
  k8s_client::Request request;
  request.target = path_of(waiting.event);
  k8s_client::ShortAnswer answer;
  const auto answered = transport.post(request, to_json(waiting.event, node_), answer);
  const std::string name = waiting.event.name_space + "/" + waiting.event.name;
  if (!answered) {
    spdlog::debug("Event {}: {}", name, answered.error().message);
    return put_back(std::move(waiting), std::nullopt);
  }
  if (may_pass(answer.code())) return put_back(std::move(waiting), answer.status().retry_after);
  {
    const MutexLock lock(mutex_);
    backlog_.done();
  }
  if (!is_written(answer.code())) return log_refusal(name, answer.status());
  if (std::exchange(forbidden_, false)) spdlog::info("Events are written again");
  spdlog::debug("Event {}: {}", name, answer.code() == 409 ? "another node has written it" : "written");
}

void EventRecorder::put_back(Waiting waiting, std::optional<std::chrono::seconds> at_least) {
  const MutexLock lock(mutex_);
  backlog_.put_back(std::move(waiting), Clock::now(), at_least.value_or(std::chrono::seconds(0)));
}

/// A missing permission is logged once.
void EventRecorder::log_refusal(const std::string& event, const k8s_client::ApiStatus& status) {
  if (status.namespace_terminating || status.code == 404) return;  // the namespace is being deleted
  if (status.code == 403) {
    if (std::exchange(forbidden_, true)) return;
    spdlog::warn("Events are not written, because the permission to create them is missing: {}", status.message);
  } else if (lines_.take(Clock::now())) {
    spdlog::warn("Event {} was refused and is dropped: {} {}", event, status.code, status.message);
  }
}

void EventRecorder::log_dropped() {
  if (dropped_ == 0 || !lines_.take(Clock::now())) return;
  spdlog::info("{} Events were dropped by the rate limit", std::exchange(dropped_, 0));
}

}  // namespace selvage::controller
