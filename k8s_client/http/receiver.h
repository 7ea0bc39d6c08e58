#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "k8s_client/api/transport.h"
#include "k8s_client/http/connection.h"
#include "k8s_client/http/failure.h"
#include "k8s_client/http/inflate.h"
#include "k8s_client/http/wait.h"

namespace selvage::k8s_client {

/// How a request over one connection ended.
struct Outcome {
  Result<void> result;
  bool unanswered = false;  ///< no answer: over another connection it may succeed
  bool reusable = false;    ///< the connection can take the next request
};

/// Passes one response to its sink, in the thread that calls `run`: the sink is not used by another thread, nor after
/// `run` has returned.
class Receiver {
 public:
  Receiver(Connection& connection, ResponseStream& stream, const ServerLabel& server, const StopSignal& stop,
           std::chrono::milliseconds idle_limit, ResponseSink& sink);

  /// Runs until the response has ended, the sink wants no more, the idle limit has passed or `stop` is set.
  Outcome run();

 private:
  [[nodiscard]] Wake wait();
  /// Returns whether to continue.
  Result<bool> take(const ResponseStream::Step& step);
  Result<bool> take_head(const RawHead& head);
  Result<bool> take_piece(std::string_view piece);
  Result<bool> deliver(std::string_view bytes);
  Result<void> choose_decoding(const RawHead& head);
  Outcome end(const std::optional<LibraryFailure>& failure);
  Outcome give_up(Result<void> result);
  void wait_for_release();
  [[nodiscard]] tl::unexpected<Error> malformed(const std::string& what) const;

  Connection& connection_;
  ResponseStream& stream_;
  const ServerLabel& server_;
  const StopSignal& stop_;
  const std::chrono::milliseconds idle_limit_;
  ResponseSink& sink_;
  bool answered_ = false;
  std::optional<Inflater> inflater_;
};

}  // namespace selvage::k8s_client
