#include "k8s_client/decode/timestamp.h"

#include <algorithm>
#include <chrono>

namespace selvage::k8s_client {
namespace {

/// Reads a text from its start, piece by piece; after a missing piece all others fail.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  /// Exactly `digits` digits.
  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char c = take();
      if (c < '0' || c > '9') ok_ = false;
      value = value * 10 + (c - '0');
    }
    return value;
  }
  void expect(char wanted) {
    if (take() != wanted) ok_ = false;
  }
  /// '\0' at the end.
  char take() {
    const char c = next();
    rest_.remove_prefix(std::min<std::size_t>(1, rest_.size()));
    return c;
  }
  [[nodiscard]] char next() const { return rest_.empty() ? '\0' : rest_.front(); }
  void skip_fraction() {
    if (next() != '.') return;
    take();
    number(1);
    while (next() >= '0' && next() <= '9') take();
  }
  [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  using namespace std::chrono;
  Scanner scan(text);
  const int y = scan.number(4);
  scan.expect('-');
  const int m = scan.number(2);
  scan.expect('-');
  const int d = scan.number(2);
  scan.expect('T');
  const int h = scan.number(2);
  scan.expect(':');
  const int minute = scan.number(2);
  scan.expect(':');
  const int s = scan.number(2);
  scan.skip_fraction();
  const char zone = scan.take();
  minutes offset{0};
  if (zone == '+' || zone == '-') {
    offset = hours(scan.number(2));
    scan.expect(':');
    offset += minutes(scan.number(2));
    if (zone == '-') offset = -offset;
  } else if (zone != 'Z') {
    return std::nullopt;
  }
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
  if (!scan.done() || !date.ok() || h > 23 || minute > 59 || s > 60) return std::nullopt;
  const auto time = sys_days{date} + hours(h) + minutes(minute) + seconds(s) - offset;
  return duration_cast<seconds>(time.time_since_epoch()).count();
}

}  // namespace selvage::k8s_client
