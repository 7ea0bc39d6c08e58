#include "k8s_client/http/receiver.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <utility>

#include "base/ascii.h"

namespace selvage::k8s_client {
namespace {

/// Limit for one call of a sink, so that a stop need not wait for a large piece.
constexpr std::size_t kMaxAtOnce = 64UL * 1024;
/// The library releases a connection within microseconds; if it does not, the connection is not reused.
constexpr std::chrono::seconds kMaxForRelease{5};

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text) {
  const auto seconds = parse_number<std::uint32_t>(text);
  return seconds ? std::optional(std::chrono::seconds(*seconds)) : std::nullopt;
}

/// RFC 9110, 15: a response with this status has no body.
bool is_without_body(const RawHead& head) {
  return head.status == 204 || head.status == 304 || (head.transfer_encoding.empty() && head.content_length == "0");
}

}  // namespace

Receiver::Receiver(Connection& connection, ResponseStream& stream, const ServerLabel& server, const StopSignal& stop,
                   std::chrono::milliseconds idle_limit, ResponseSink& sink)
    : connection_(connection), stream_(stream), server_(server), stop_(stop), idle_limit_(idle_limit), sink_(sink) {}

Outcome Receiver::run() {
  for (;;) {
    const auto step = stream_.take();
    if (!step) {
      const Wake wake = wait();
      if (wake != Wake::ready) return give_up(tl::unexpected(wait_error(wake, server_.url + ": waiting for bytes")));
      continue;
    }
    if (step->kind == ResponseStream::Step::Kind::end) return end(step->failure);
    const auto go_on = take(*step);
    if (stop_.stopped()) return give_up(tl::unexpected(wait_error(Wake::stopped, server_.url)));
    if (!go_on) return give_up(tl::unexpected(go_on.error()));
    if (!*go_on) return give_up({});
  }
}

/// Only bytes count: without an event from the library, a part may just be incomplete.
Wake Receiver::wait() {
  Moment deadline = Clock::now() + idle_limit_;
  for (;;) {
    const Wake wake = wait_for(stream_.get(), POLLIN, stop_, deadline);
    if (wake != Wake::timed_out) return wake;
    deadline = connection_.last_byte() + idle_limit_;
    if (deadline <= Clock::now()) return wake;
  }
}

Result<bool> Receiver::take(const ResponseStream::Step& step) {
  if (step.kind == ResponseStream::Step::Kind::head) return take_head(step.head);
  return take_piece(step.piece);
}

Result<bool> Receiver::take_head(const RawHead& head) {
  answered_ = true;
  if (head.status < 200) return malformed("status " + std::to_string(head.status) + " is not an answer");
  if (!sink_.head({head.status, parse_retry_after(head.retry_after)})) return false;
  const auto chosen = choose_decoding(head);
  if (!chosen) return tl::unexpected(chosen.error());
  return true;
}

Result<void> Receiver::choose_decoding(const RawHead& head) {
  if (is_without_body(head)) return {};
  if (!head.transfer_encoding.empty() && !equals_ignoring_case(head.transfer_encoding, "chunked")) {
    return malformed("Transfer-Encoding is not chunked");
  }
  // A body that ends with the connection could be cut short without notice.
  const bool has_end = !head.transfer_encoding.empty() || parse_number<std::uint64_t>(head.content_length).has_value();
  if (!has_end && head.status < 300) return malformed("the body has neither Content-Length nor chunks");
  const auto& encoding = head.content_encoding;
  if (encoding.empty() || equals_ignoring_case(encoding, "identity")) return {};
  if (!equals_ignoring_case(encoding, "gzip")) return malformed("Content-Encoding is not gzip");
  auto inflater = Inflater::make();
  if (!inflater) return tl::unexpected(inflater.error());
  inflater_.emplace(std::move(*inflater));
  return {};
}

Result<bool> Receiver::take_piece(std::string_view piece) {
  if (!inflater_) return deliver(piece);
  Result<bool> delivered = true;
  const auto fed = inflater_->feed(piece, [&](std::string_view bytes) {
    delivered = deliver(bytes);
    return delivered && *delivered;
  });
  if (!fed) return malformed(fed.error().message);
  return delivered;
}

/// Passes bytes to the sink. A stop counts as "wants no more" here; `run` distinguishes them.
Result<bool> Receiver::deliver(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t part = std::min(bytes.size(), kMaxAtOnce);
    if (!sink_.body(bytes.substr(0, part)) || stop_.stopped()) return false;
    bytes.remove_prefix(part);
  }
  return true;
}

Outcome Receiver::end(const std::optional<LibraryFailure>& failure) {
  if (failure && failure->code == ETIMEDOUT) return give_up(fail(server_.url + ": the server is gone", ETIMEDOUT));
  if (failure && answered_) return give_up(malformed("the body was cut short"));
  if (failure) {
    Outcome outcome = give_up(tl::unexpected(describe(*failure, connection_, server_)));
    outcome.unanswered = true;
    return outcome;
  }
  if (inflater_ && !inflater_->at_end()) return give_up(malformed("the compressed body was cut short"));
  wait_for_release();
  return {{}, false, stream_.released()};
}

Outcome Receiver::give_up(Result<void> result) {
  // In this order, so that the library finds the connection closed when it gives up.
  connection_.shut_down();
  stream_.abandon();
  return {std::move(result), false, false};
}

/// Until then the library might open another connection for the next request.
void Receiver::wait_for_release() {
  const Moment deadline = Clock::now() + kMaxForRelease;
  while (!stream_.released()) {
    if (wait_for(stream_.get(), POLLIN, stop_, deadline) != Wake::ready) return;
    [[maybe_unused]] const auto nothing = stream_.take();
  }
}

tl::unexpected<Error> Receiver::malformed(const std::string& what) const {
  return fail(server_.url + ": " + what, EPROTO);
}

}  // namespace selvage::k8s_client
