#include "tests/support/scripted_transport.h"

#include <cerrno>

#include "base/clock.h"

namespace selvage::testing {

class ScriptedTransport::Connection : public ScriptedWire {
 public:
  Connection(ScriptedTransport& transport, const k8s_client::Request& request, std::optional<std::string> json,
             k8s_client::ResponseSink& sink)
      : transport_(transport), idle_limit_(request.idle_limit), json_(std::move(json)), sink_(sink) {}

  [[nodiscard]] std::optional<std::string> posted() const override { return json_; }

  bool head(const k8s_client::ResponseHead& head) override {
    headed_ = true;
    return send([&] { return sink_.head(head); });
  }

  bool write(std::string_view bytes) override {
    if (bytes.empty()) return !over();
    return send([&] { return sink_.body(bytes); });
  }

  void end() override {
    if (!over()) outcome_ = Result<void>();
  }

  void stall() override {
    wait([] { return false; });
  }

  bool wait(const std::function<bool()>& ready) override {
    if (over()) return false;
    const Moment limit = Clock::now() + idle_limit_;
    MutexLock lock(transport_.mutex_);
    bool is_ready = false;
    bool in_time = true;
    while (!transport_.stopped_ && !(is_ready = ready()) && in_time)
      in_time = transport_.changed_.wait_until(lock, limit);
    if (is_ready) return true;
    if (transport_.stopped_) note_stop();
    if (!outcome_) outcome_ = selvage::fail("nothing arrived", ETIMEDOUT);
    return false;
  }

  void fail(int code) override {
    if (!over()) outcome_ = selvage::fail("the request failed", code);
  }

  /// The script has returned.
  Result<void> outcome() {
    if (!over()) outcome_ = selvage::fail("the connection was cut", headed_ ? EPROTO : ECONNRESET);
    return *outcome_;
  }

 private:
  template <class Send>
  bool send(const Send& send) {
    if (over()) return false;
    if (!send()) outcome_ = Result<void>();
    return !over();
  }

  bool over() {
    if (outcome_) return true;
    const MutexLock lock(transport_.mutex_);
    if (transport_.stopped_) note_stop();
    return outcome_.has_value();
  }

  void note_stop() { outcome_ = selvage::fail("stopped", ECANCELED); }

  ScriptedTransport& transport_;
  std::chrono::milliseconds idle_limit_;
  std::optional<std::string> json_;
  k8s_client::ResponseSink& sink_;
  bool headed_ = false;
  std::optional<Result<void>> outcome_;
};

Result<void> ScriptedTransport::exchange(const k8s_client::Request& request, std::optional<std::string> json,
                                         k8s_client::ResponseSink& sink) {
  {
    const MutexLock lock(mutex_);
    if (stopped_) return fail("stopped", ECANCELED);
  }
  Connection connection(*this, request, std::move(json), sink);
  script_(request, connection);
  return connection.outcome();
}

void ScriptedTransport::stop() {
  const MutexLock lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

void ScriptedTransport::wake() {
  const MutexLock lock(mutex_);
  changed_.notify_all();
}

}  // namespace selvage::testing
