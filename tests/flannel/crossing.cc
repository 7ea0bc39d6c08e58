#include "tests/flannel/crossing.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace selvage::testing {
namespace {

constexpr std::chrono::seconds kPatience{60};
constexpr milliseconds kPause{100};
/// As long as a probe that is to be answered may take, and as long as one is listened to that is to be silent.
constexpr milliseconds kAnswered{3000};
constexpr milliseconds kSilent{300};

}  // namespace

std::vector<Crossing> without_policies(std::vector<Crossing> crossings) {
  for (Crossing& crossing : crossings) crossing.allowed = crossing.without_them;
  return crossings;
}

std::vector<std::string> surprises(const std::vector<Crossing>& crossings, Closed closed) {
  std::vector<Probe> probes;
  for (const Crossing& crossing : crossings)
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
      probes.push_back({crossing.from,
                        crossing.transport,
                        {crossing.to.of(family), crossing.port},
                        crossing.allowed ? kAnswered : kSilent});
  const auto outcomes = run_probes(probes);
  if (!outcomes) throw std::runtime_error(outcomes.error().message);
  std::vector<std::string> wrong;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const Outcome expected = crossings[i / 2].allowed ? Outcome::answered : Outcome::silent;
    if ((*outcomes)[i] == expected) continue;
    if (!crossings[i / 2].allowed && closed == Closed::unanswered && (*outcomes)[i] != Outcome::answered) continue;
    wrong.push_back(crossings[i / 2].title + ", " + probes[i].to.address.to_string() + " port " +
                    std::to_string(probes[i].to.port) + "/" + to_string(probes[i].transport) + ": " +
                    to_string((*outcomes)[i]) + ", expected " + to_string(expected));
  }
  return wrong;
}

bool become(const std::vector<Crossing>& crossings) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::vector<std::string> wrong = surprises(crossings);
  while (!wrong.empty() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kPause);
    wrong = surprises(crossings);
  }
  for (const std::string& one : wrong) FAIL_CHECK(one);
  CHECK_FALSE(crossings.empty());
  return wrong.empty();
}

}  // namespace selvage::testing
