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

/// A log that is told to the second, and what it wrote.
class Told {
 public:
  explicit Told(DenialLogOptions options = {})
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
    if (line.members.find("\"" + member + "\":") != std::string::npos) sum += Told::number(line, member);
  }
  return sum;
}

TEST_CASE("a flow's first denial is told at once") {
  Told told;
  told.deny(80);
  CHECK(told.only("count") == 1);
  told.deny(81);
  const auto lines = told.take();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].message.find("10.0.0.2:81") != std::string::npos);
}

TEST_CASE("repetitions are told as a sum after ten seconds, then each minute, until it is quiet") {
  Told told;
  told.deny(80);
  (void)told.take();
  told.pass(3s);
  told.deny(80, 37);
  told.pass(6s);
  CHECK(told.take().empty());
  told.pass(1s);
  auto lines = told.take();
  REQUIRE(lines.size() == 1);
  CHECK(Told::number(lines[0], "count") == 37);
  CHECK(Told::number(lines[0], "seconds") == 10);
  told.deny(80, 5);
  told.pass(59s);
  CHECK(told.take().empty());
  told.pass(1s);
  lines = told.take();
  REQUIRE(lines.size() == 1);
  CHECK(Told::number(lines[0], "count") == 5);
  CHECK(Told::number(lines[0], "seconds") == 60);
  told.pass(60s);
  CHECK(told.take().empty());
  CHECK(told.log().flows() == 0);
  CHECK_FALSE(told.log().due());
  told.deny(80);
  CHECK(told.only("count") == 1);
}

TEST_CASE("only what differs in direction, addresses, protocol or destination port is another flow") {
  Told told;
  Denial denial;
  denial.flow = {address("10.0.0.1"), address("10.0.0.2"), 6, 80};
  std::vector<Denial> others(6, denial);
  others[1].direction = policy::Direction::egress;
  others[2].flow.source = address("10.0.0.3");
  others[3].flow.destination = address("fd00::1");
  others[4].flow.protocol = 17;
  others[5].flow.destination_port = 81;
  for (const auto& other : others) told.deny(other);
  CHECK(told.take().size() == 6);
  denial.source_port = 1234;
  denial.when = WallTime(5s);
  told.deny(denial);
  CHECK(told.take().empty());
}

TEST_CASE("a sum tells the first source port and both times of what it sums") {
  Told told;
  Denial denial;
  denial.flow = {address("10.0.0.1"), address("10.0.0.2"), 6, 80};
  told.deny(denial);
  (void)told.take();
  denial.source_port = 1111;
  denial.when = WallTime(1'700'000'000s);
  told.deny(denial);
  denial.source_port = 2222;
  denial.when = WallTime(1'700'000'003s + 4ms);
  told.deny(denial);
  told.pass(10s);
  const auto lines = told.take();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].message.find("10.0.0.1:1111") != std::string::npos);
  const std::string& members = lines[0].members;
  CHECK(members.find(R"("first_seen":"2023-11-14T22:13:20.000Z")") != std::string::npos);
  CHECK(members.find(R"("last_seen":"2023-11-14T22:13:23.004Z")") != std::string::npos);
}

TEST_CASE("a flood of one flow is a line a minute, however many packets") {
  Told told;
  for (int second = 0; second < 70; ++second) {
    told.deny(80, 10'000);
    told.pass(1s);
  }
  const auto lines = told.take();
  CHECK(lines.size() == 3);
  CHECK(sum_of(lines, "count") == 700'000);
  CHECK(told.explanations() == 3);
}

TEST_CASE("lines come at a bounded rate, and flows that had to wait are told with their sums") {
  Told told({4096, 10s, 60s, 10, 50});
  for (std::uint16_t port = 1; port <= 300; ++port) told.deny(port, 2);
  CHECK(told.take().size() == 50);
  told.pass(10s);
  told.pass(60s);
  auto lines = told.take();
  CHECK(sum_of(lines, "count") == 300 * 2 - 50);
  CHECK(sum_of(lines, "unreported_packets") == 0);
  CHECK(lines.size() == 300);  // 50 repetitions of those told at first, 250 that waited
}

TEST_CASE("flows that are too many for the memory are summed up in one line") {
  Told told({100, 10s, 60s, 10, 20});
  for (std::uint16_t port = 1; port <= 5000; ++port) told.deny(port, 3);
  CHECK(told.log().flows() == 100);
  told.pass(0s);
  auto lines = told.take();
  REQUIRE(lines.size() == 21);  // of which the last says how many there were before it
  const auto left_out = Told::number(lines.back(), "unreported_packets");
  CHECK(Told::number(lines.back(), "unreported_flows") == 4900);
  told.pass(1000s);
  CHECK(left_out + sum_of(told.take(), "count") + 20 == 15'000);
  CHECK(told.log().flows() == 0);
  CHECK_FALSE(told.log().due());
}

TEST_CASE("a lasting flood of new flows writes no more than the rate, and one line about the rest each ten seconds") {
  Told told({1000, 10s, 60s, 10, 50});
  std::uint16_t port = 1;
  for (int i = 0; i < 1000; ++i) {  // a hundred seconds
    for (int j = 0; j < 50; ++j) told.deny(port++);
    told.pass(100ms);
  }
  const auto lines = told.take();
  CHECK(lines.size() <= 50 + 1000 + 11);
  CHECK(lines.size() >= 900);
  CHECK(told.log().flows() <= 1000);
  CHECK(told.explanations() <= 1050);
  CHECK(told.ticks() < 20'000);
}

TEST_CASE("the flow that was seen longest ago is forgotten first") {
  Told told({2, 10s, 60s, 10, 50});
  told.deny(1);
  told.deny(2);
  told.deny(1, 5);
  told.deny(3);  // 2 goes
  (void)told.take();
  told.deny(1);
  CHECK(told.take().empty());
  told.deny(2);
  CHECK(told.take().size() == 1);
}

TEST_CASE("packets that were lost on the way are told, once in ten seconds") {
  Told told;
  told.lose(3);
  told.lose(4);
  told.pass(0s);
  CHECK(told.only("lost") == 7);
  told.lose(5);
  told.pass(9s);
  CHECK(told.take().empty());
  told.pass(1s);
  CHECK(told.only("lost") == 5);
  CHECK_FALSE(told.log().due());
}

}  // namespace
}  // namespace selvage::testing
