#include "controller/events/event_recorder.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "k8s_client/json/json_decoder.h"
#include "k8s_client/json/json_splitter.h"

namespace selvage::controller {
namespace {

using std::chrono::milliseconds;

/// Over which all nodes spread what they write about the same object.
constexpr milliseconds kSpread{3000};
/// Of an answer no more is read.
constexpr std::size_t kMaxAnswer = 64U << 10U;

/// Keeps the answer to one post.
class Answer : public k8s_client::ResponseSink {
 public:
  bool head(const k8s_client::ResponseHead& head) override {
    head_ = head;
    return true;
  }
  bool body(std::string_view bytes) override {
    text_.append(bytes.substr(0, kMaxAnswer - text_.size()));
    return text_.size() < kMaxAnswer;
  }

  [[nodiscard]] int code() const { return head_.status; }
  /// What the server says about it.
  [[nodiscard]] k8s_client::ApiStatus status() const {
    const std::string padded = text_ + std::string(k8s_client::kJsonPadding, '\0');
    auto status = k8s_client::JsonDecoder().decode_status(code(), std::string_view(padded).substr(0, text_.size()));
    if (head_.retry_after) status.retry_after = head_.retry_after;
    return status;
  }

 private:
  k8s_client::ResponseHead head_;
  std::string text_;
};

/// It is there; another node may have made it.
bool is_written(int code) { return (code >= 200 && code < 300) || code == 409; }
/// The server is in trouble, or does not know us at the moment.
bool may_pass(int code) { return code >= 500 || code == 429 || code == 401; }

}  // namespace

EventRecorder::EventRecorder(std::string node) : node_(std::move(node)) {}

void EventRecorder::bad_object(const k8s_client::ObjectError& error) {
  auto event = bad_object_event(error, std::chrono::system_clock::now());
  if (!event) return;
  const std::lock_guard lock(mutex_);
  put(std::move(*event), milliseconds(std::uniform_int_distribution<milliseconds::rep>(0, kSpread.count())(random_)));
}

void EventRecorder::not_enforced(const std::string& note) {
  const std::lock_guard lock(mutex_);
  put(node_event(node_, note, std::chrono::system_clock::now()), {});
}

void EventRecorder::put(ClusterEvent event, Clock::duration delay) {
  const Moment now = Clock::now();
  backlog_.put(std::move(event), now, now + delay);
  changed_.notify_all();
}

void EventRecorder::stop() {
  const std::lock_guard lock(mutex_);
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
  std::unique_lock lock(mutex_);
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
  Answer answer;
  const auto answered = transport.post(request, to_json(waiting.event, node_), answer);
  const std::string name = waiting.event.name_space + "/" + waiting.event.name;
  if (!answered) {
    spdlog::debug("Event {}: {}", name, answered.error().message);
    return put_back(std::move(waiting), std::nullopt);
  }
  if (may_pass(answer.code())) return put_back(std::move(waiting), answer.status().retry_after);
  {
    const std::lock_guard lock(mutex_);
    backlog_.done();
  }
  if (!is_written(answer.code())) return tell_refusal(name, answer.status());
  if (std::exchange(forbidden_, false)) spdlog::info("Events are written again");
  spdlog::debug("Event {}: {}", name, answer.code() == 409 ? "another node has written it" : "written");
}

void EventRecorder::put_back(Waiting waiting, std::optional<std::chrono::seconds> at_least) {
  const std::lock_guard lock(mutex_);
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
