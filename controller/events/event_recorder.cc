#include "controller/events/event_recorder.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "k8s_client/json/short_answer.h"

namespace selvage::controller {
namespace {

using std::chrono::milliseconds;

/// Over which all nodes spread what they write about the same object.
constexpr milliseconds kSpread{3000};
/// It is there; another node may have made it.
bool is_written(int code) { return (code >= 200 && code < 300) || code == 409; }
/// The server is in trouble, or does not know us at the moment.
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
    tell_dropped();
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
  if (!is_written(answer.code())) return tell_refusal(name, answer.status());
  if (std::exchange(forbidden_, false)) spdlog::info("Events are written again");
  spdlog::debug("Event {}: {}", name, answer.code() == 409 ? "another node has written it" : "written");
}

void EventRecorder::put_back(Waiting waiting, std::optional<std::chrono::seconds> at_least) {
  const MutexLock lock(mutex_);
  backlog_.put_back(std::move(waiting), Clock::now(), at_least.value_or(std::chrono::seconds(0)));
}

/// A right that is missing is told of once.
void EventRecorder::tell_refusal(const std::string& event, const k8s_client::ApiStatus& status) {
  if (status.namespace_terminating || status.code == 404) return;  // whose namespace goes needs no Event
  if (status.code == 403) {
    if (std::exchange(forbidden_, true)) return;
    spdlog::warn("Events are not written for want of the right to create them; all else goes on: {}", status.message);
  } else if (lines_.take(Clock::now())) {
    spdlog::warn("Event {} is refused and left out: {} {}", event, status.code, status.message);
  }
}

void EventRecorder::tell_dropped() {
  if (dropped_ == 0 || !lines_.take(Clock::now())) return;
  spdlog::info("{} Events were left out, there are too many", std::exchange(dropped_, 0));
}

}  // namespace selvage::controller
