#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/mutex.h"
#include "k8s_client/api/transport.h"
#include "tests/support/wire.h"

namespace selvage::testing {

/// A Wire of a ScriptedTransport.
class ScriptedWire : public Wire {
 public:
  /// The JSON of a post; nothing: a get.
  [[nodiscard]] virtual std::optional<std::string> posted() const { return std::nullopt; }
  /// Waits until `ready` is true; checks it again after each ScriptedTransport::wake. False: the client is gone.
  virtual bool wait(const std::function<bool()>& ready) = 0;
  /// The request fails with this errno.
  virtual void fail(int code) = 0;
};

/// A Transport without a network: a script answers each request, in the thread that makes it. It fulfils the
/// contract of Transport for any number of threads.
class ScriptedTransport : public k8s_client::Transport {
 public:
  using Script = std::function<void(const k8s_client::Request&, ScriptedWire&)>;

  explicit ScriptedTransport(Script script) : script_(std::move(script)) {}

  Result<void> get(const k8s_client::Request& request, k8s_client::ResponseSink& sink) override {
    return exchange(request, std::nullopt, sink);
  }
  Result<void> post(const k8s_client::Request& request, std::string_view json,
                    k8s_client::ResponseSink& sink) override {
    return exchange(request, std::string(json), sink);
  }
  void stop() override;
  /// Makes waiting scripts check their condition again.
  void wake();

 private:
  class Connection;
  Result<void> exchange(const k8s_client::Request& request, std::optional<std::string> json,
                        k8s_client::ResponseSink& sink);

  Script script_;
  Mutex mutex_;
  ConditionVariable changed_;
  bool stopped_ GUARDED_BY(mutex_) = false;
};

}  // namespace selvage::testing
