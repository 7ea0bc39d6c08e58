#include "tests/support/prober.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <exception>

namespace selvage::testing {

Prober::Prober(std::vector<Expectation> expectations)
    : Prober([expectations = std::move(expectations)] { return surprises(expectations); }) {}

Prober::Prober(std::function<std::vector<std::string>()> round)
    : round_(std::move(round)), thread_([this] { loop(); }) {}

Prober::~Prober() {
  done_ = true;
  thread_.join();
}

void Prober::loop() {
  while (!done_) {
    std::vector<std::string> found;
    try {
      found = round_();
    } catch (const std::exception& error) {
      found.emplace_back(error.what());
    }
    const MutexLock lock(mutex_);
    surprises_.insert(surprises_.end(), found.begin(), found.end());
    ++rounds_;
    round_done_.notify_all();
  }
}

void Prober::check() {
  MutexLock lock(mutex_);
  // The current round began before this call.
  const std::size_t wanted = rounds_ + 2;
  const Moment limit = Clock::now() + std::chrono::seconds(60);
  while (rounds_ < wanted && round_done_.wait_until(lock, limit)) {
  }
  CHECK(rounds_ >= wanted);
  for (const std::string& surprise : surprises_) FAIL_CHECK(surprise);
  surprises_.clear();
}

}  // namespace selvage::testing
