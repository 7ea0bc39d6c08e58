#include "k8s_client/json/json_splitter.h"

#include <algorithm>

namespace selvage::k8s_client {
namespace {

/// Bytes that are kept of an oversized value.
constexpr std::size_t kOversizedStart = 64U << 10U;
/// Capacity that the buffer keeps for the next value; few objects are larger.
constexpr std::size_t kKeptCapacity = 1U << 20U;

}  // namespace

JsonSplitter::JsonSplitter(Shape shape) : shape_(shape) {}

bool JsonSplitter::at_end() const {
  if (error_ || in_value_) return false;
  return shape_ == Shape::stream || list_visited_;
}

Result<bool> JsonSplitter::feed(std::string_view bytes, const Visit& visit) {
  while (!bytes.empty() && !error_ && !stopped_) {
    const auto taken = step(bytes, visit);
    if (!taken) {
      error_ = Error{"the body is not an API server's JSON, within " + std::to_string(bytes.size()) +
                     " bytes from byte " + std::to_string(passed_) + ": " + taken.error().message};
      forget_value();
      break;
    }
    passed_ += taken->taken;
    bytes.remove_prefix(taken->taken);
    stopped_ = !taken->go_on;
  }
  if (error_) return fail(error_->message);
  return !stopped_;
}

Result<JsonSplitter::Step> JsonSplitter::step(std::string_view bytes, const Visit& visit) {
  if (in_value_) return step_in_value(bytes, visit);
  return shape_ == Shape::stream ? step_in_stream(bytes) : step_in_list(bytes, visit);
}

Result<JsonSplitter::Step> JsonSplitter::step_in_value(std::string_view bytes, const Visit& visit) {
  const JsonScan::Outcome outcome = scan_.scan(bytes);
  if (outcome.state == JsonScan::State::unmatched) return fail("unmatched closing bracket");
  value_bytes_ += outcome.taken;
  const std::string_view part = bytes.substr(0, outcome.taken);
  if (outcome.state == JsonScan::State::open) {
    keep(part);
    return Step{outcome.taken, true};
  }
  in_value_ = false;
  const bool go_on = visit(value(part, bytes.size() - part.size()));
  forget_value();
  return Step{outcome.taken, go_on};
}

Result<JsonSplitter::Step> JsonSplitter::step_in_stream(std::string_view bytes) {
  const auto first = std::find_if_not(bytes.begin(), bytes.end(), is_space);
  if (first != bytes.end()) {
    if (*first != '{') return fail("expected a JSON object");
    start_value();
  }
  return Step{static_cast<std::size_t>(first - bytes.begin()), true};
}

Result<JsonSplitter::Step> JsonSplitter::step_in_list(std::string_view bytes, const Visit& visit) {
  const auto taken = frame_.take(bytes);
  if (!taken) return fail(taken.error().message);
  Step result{taken->taken, true};
  if (taken->next == JsonFrame::Next::item) start_value();
  if (taken->next == JsonFrame::Next::done) {
    list_visited_ = true;
    const std::string padded = frame_.text() + std::string(kJsonPadding, '\0');
    result.go_on = visit({JsonPart::Kind::list, std::string_view(padded).substr(0, frame_.text().size())});
  }
  return result;
}

void JsonSplitter::start_value() {
  in_value_ = true;
  value_bytes_ = 0;
}

/// Keeps a part of a value for the next chunk.
void JsonSplitter::keep(std::string_view part) {
  const std::size_t most = value_bytes_ > kMaxJsonValueBytes ? kOversizedStart : kMaxJsonValueBytes;
  if (kept_.size() < most) kept_.append(part.substr(0, most - kept_.size()));
  if (kept_.size() <= most) return;
  kept_.resize(most);
  kept_.shrink_to_fit();
}

/// The value that ends in `last_part`, behind which `readable` bytes follow in the chunk.
JsonPart JsonSplitter::value(std::string_view last_part, std::size_t readable) {
  const bool oversized = value_bytes_ > kMaxJsonValueBytes;
  const auto kind = oversized ? JsonPart::Kind::oversized : JsonPart::Kind::value;
  if (kept_.empty() && !oversized && readable >= kJsonPadding) return {kind, last_part};
  keep(last_part);
  const std::size_t size = kept_.size();
  kept_.append(kJsonPadding, '\0');
  return {kind, std::string_view(kept_).substr(0, size)};
}

void JsonSplitter::forget_value() {
  kept_.clear();
  if (kept_.capacity() > kKeptCapacity) kept_.shrink_to_fit();
}

}  // namespace selvage::k8s_client
