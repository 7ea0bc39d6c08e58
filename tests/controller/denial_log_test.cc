#include "controller/denials/denial_log.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/token_bucket.h"
#include "tests/support/case_objects.h"

namespace selvage::testing {
namespace {

using namespace std::chrono_literals;
using controller::Denial;
using controller::DenialLine;
using controller::DenialLog;
using controller::DenialLogOptions;

/// A denial log with a clock of whole seconds, and the lines that it wrote.
class LoggedDenials {
 public:
  explicit LoggedDenials(DenialLogOptions options = {})
      : log_([this](policy::Direction direction, const policy::FlowKey& flow) { return explain(direction, flow); },
             [this](const DenialLine& line) { lines_.push_back(line); }, options) {}

  void deny(std::uint16_t port, std::size_t times = 1) {
    Denial denial;
    denial.flow = {address("10.0.0.1"), address("10.0.0.2"), 6, port};
    denial.source_port = next_source_port_++;
    deny(denial, times);
  }
  void deny(const Denial& denial, std::size_t times = 1) {
    for (; times > 0; --times) log_.note(denial, now_);
  }
  void lose(std::size_t packets) { log_.note_lost(packets); }

  /// Lets time pass, and ticks whenever the log wants it.
  void pass(Clock::duration time) {
    const Moment end = now_ + time;
    for (auto due = log_.due(); due && *due <= end; due = log_.due()) {
      now_ = std::max(now_, *due);
      REQUIRE(++ticks_ < 1'000'000);
      log_.tick(now_);
    }
    now_ = end;
  }

  /// The lines since the last call.
  std::vector<DenialLine> take() { return std::exchange(lines_, {}); }
  /// Of the only line since the last call, a number.
  std::uint64_t only(const std::string& member) {
    const auto lines = take();
    REQUIRE(lines.size() == 1);
    return number(lines[0], member);
  }
  static std::uint64_t number(const DenialLine& line, const std::string& member) {
    const std::string& text = line.members;
    const auto at = text.find("\"" + member + "\":");
    INFO(text);
    REQUIRE(at != std::string::npos);
    return std::stoull(text.substr(at + member.size() + 3));
  }

  [[nodiscard]] const DenialLog& log() const { return log_; }
  [[nodiscard]] std::size_t explanations() const { return explanations_; }
  [[nodiscard]] std::size_t ticks() const { return ticks_; }

 private:
  policy::Explanation explain(policy::Direction direction, const policy::FlowKey& flow) {
    ++explanations_;
    policy::Explanation explanation;
    explanation.direction = direction;
    explanation.flow = flow;
    explanation.source.address = flow.source;
    explanation.destination.address = flow.destination;
    return explanation;
  }

  DenialLog log_;
  std::vector<DenialLine> lines_;
  Moment now_ = Moment{} + 1000h;
  std::size_t explanations_ = 0;
  std::size_t ticks_ = 0;
  std::uint16_t next_source_port_ = 40000;
};

std::uint64_t sum_of(const std::vector<DenialLine>& lines, const std::string& member) {
  std::uint64_t sum = 0;
  for (const auto& line : lines) {
    if (line.members.find("\"" + member + "\":") != std::string::npos) sum += LoggedDenials::number(line, member);
  }
  return sum;
}

TEST_CASE("a flow's first denial is logged at once") {
  LoggedDenials logged;
  logged.deny(80);
  CHECK(logged.only("count") == 1);
  logged.deny(81);
  const auto lines = logged.take();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].message.find("10.0.0.2:81") != std::string::npos);
}

TEST_CASE("repetitions are logged as a sum after ten seconds, then each minute, until it is quiet") {
  LoggedDenials logged;
  logged.deny(80);
  (void)logged.take();
  logged.pass(3s);
  logged.deny(80, 37);
  logged.pass(6s);
  CHECK(logged.take().empty());
  logged.pass(1s);
  auto lines = logged.take();
  REQUIRE(lines.size() == 1);
  CHECK(LoggedDenials::number(lines[0], "count") == 37);
  CHECK(LoggedDenials::number(lines[0], "seconds") == 10);
  logged.deny(80, 5);
  logged.pass(59s);
  CHECK(logged.take().empty());
  logged.pass(1s);
  lines = logged.take();
  REQUIRE(lines.size() == 1);
  CHECK(LoggedDenials::number(lines[0], "count") == 5);
  CHECK(LoggedDenials::number(lines[0], "seconds") == 60);
  logged.pass(60s);
  CHECK(logged.take().empty());
  CHECK(logged.log().flows() == 0);
  CHECK_FALSE(logged.log().due());
  logged.deny(80);
  CHECK(logged.only("count") == 1);
}

TEST_CASE("only what differs in direction, addresses, protocol or destination port is another flow") {
  LoggedDenials logged;
  Denial denial;
  denial.flow = {address("10.0.0.1"), address("10.0.0.2"), 6, 80};
  std::vector<Denial> others(6, denial);
  others[1].direction = policy::Direction::egress;
  others[2].flow.source = address("10.0.0.3");
  others[3].flow.destination = address("fd00::1");
  others[4].flow.protocol = 17;
  others[5].flow.destination_port = 81;
  for (const auto& other : others) logged.deny(other);
  CHECK(logged.take().size() == 6);
  denial.source_port = 1234;
  denial.when = WallTime(5s);
  logged.deny(denial);
  CHECK(logged.take().empty());
}

TEST_CASE("a sum has the first source port and both times of what it sums") {
  LoggedDenials logged;
  Denial denial;
  denial.flow = {address("10.0.0.1"), address("10.0.0.2"), 6, 80};
  logged.deny(denial);
  (void)logged.take();
  denial.source_port = 1111;
  denial.when = WallTime(1'700'000'000s);
  logged.deny(denial);
  denial.source_port = 2222;
  denial.when = WallTime(1'700'000'003s + 4ms);
  logged.deny(denial);
  logged.pass(10s);
  const auto lines = logged.take();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].message.find("10.0.0.1:1111") != std::string::npos);
  const std::string& members = lines[0].members;
  CHECK(members.find(R"("first_seen":"2023-11-14T22:13:20.000Z")") != std::string::npos);
  CHECK(members.find(R"("last_seen":"2023-11-14T22:13:23.004Z")") != std::string::npos);
}

TEST_CASE("a flood of one flow is a line a minute, however many packets") {
  LoggedDenials logged;
  for (int second = 0; second < 70; ++second) {
    logged.deny(80, 10'000);
    logged.pass(1s);
  }
  const auto lines = logged.take();
  CHECK(lines.size() == 3);
  CHECK(sum_of(lines, "count") == 700'000);
  CHECK(logged.explanations() == 3);
}

TEST_CASE("lines come at a bounded rate, and flows that had to wait are logged with their sums") {
  LoggedDenials logged({4096, 10s, 60s, 10, 50});
  for (std::uint16_t port = 1; port <= 300; ++port) logged.deny(port, 2);
  CHECK(logged.take().size() == 50);
  logged.pass(10s);
  logged.pass(60s);
  auto lines = logged.take();
  CHECK(sum_of(lines, "count") == 300 * 2 - 50);
  CHECK(sum_of(lines, "unreported_packets") == 0);
  CHECK(lines.size() == 300);  // 50 repetitions of those logged at first, 250 that waited
}

TEST_CASE("flows that are too many for the memory are summed up in one line") {
  LoggedDenials logged({100, 10s, 60s, 10, 20});
  for (std::uint16_t port = 1; port <= 5000; ++port) logged.deny(port, 3);
  CHECK(logged.log().flows() == 100);
  logged.pass(0s);
  auto lines = logged.take();
  REQUIRE(lines.size() == 21);  // of which the last says how many there were before it
  const auto left_out = LoggedDenials::number(lines.back(), "unreported_packets");
  CHECK(LoggedDenials::number(lines.back(), "unreported_flows") == 4900);
  logged.pass(1000s);
  CHECK(left_out + sum_of(logged.take(), "count") + 20 == 15'000);
  CHECK(logged.log().flows() == 0);
  CHECK_FALSE(logged.log().due());
}

TEST_CASE("a lasting flood of new flows writes no more than the rate, and one line about the rest each ten seconds") {
  LoggedDenials logged({1000, 10s, 60s, 10, 50});
  std::uint16_t port = 1;
  for (int i = 0; i < 1000; ++i) {  // a hundred seconds
    for (int j = 0; j < 50; ++j) logged.deny(port++);
    logged.pass(100ms);
  }
  const auto lines = logged.take();
  CHECK(lines.size() <= 50 + 1000 + 11);
  CHECK(lines.size() >= 900);
  CHECK(logged.log().flows() <= 1000);
  CHECK(logged.explanations() <= 1050);
  CHECK(logged.ticks() < 20'000);
}

TEST_CASE("the flow that was seen longest ago is forgotten first") {
  LoggedDenials logged({2, 10s, 60s, 10, 50});
  logged.deny(1);
  logged.deny(2);
  logged.deny(1, 5);
  logged.deny(3);  // 2 goes
  (void)logged.take();
  logged.deny(1);
  CHECK(logged.take().empty());
  logged.deny(2);
  CHECK(logged.take().size() == 1);
}

TEST_CASE("packets that were lost on the way are logged, once in ten seconds") {
  LoggedDenials logged;
  logged.lose(3);
  logged.lose(4);
  logged.pass(0s);
  CHECK(logged.only("lost") == 7);
  logged.lose(5);
  logged.pass(9s);
  CHECK(logged.take().empty());
  logged.pass(1s);
  CHECK(logged.only("lost") == 5);
  CHECK_FALSE(logged.log().due());
}

}  // namespace
}  // namespace selvage::testing
