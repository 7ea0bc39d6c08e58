#include "flatness.h"

#include <unistd.h>

#include <catch2/catch.hpp>

namespace selvage::soak {
namespace {

std::vector<Usage> samples_of(const std::function<Usage(double)>& at) {
  std::vector<Usage> samples;
  for (int i = 0; i < 300; ++i) samples.push_back(at(i / 300.0));
  return samples;
}

}  // namespace

TEST_CASE("what warms up and then moves about a level is flat") {
  const auto samples = samples_of([](double t) {
    return Usage{t < 0.2 ? 20000 * t : 20000 + 900 * (t * 40 - int(t * 40)), 20};
  });
  CHECK(growth(samples).complaint.empty());
}

TEST_CASE("a leak of memory, or of descriptors, is none") {
  CHECK_FALSE(growth(samples_of([](double t) { return Usage{20000 + 16000 * t, 20}; })).complaint.empty());
  CHECK_FALSE(growth(samples_of([](double t) { return Usage{20000, 20 + int(t * 6) * 1.0}; })).complaint.empty());
}

TEST_CASE("single samples out of line are no growth, and too few samples prove nothing") {
  auto samples = samples_of([](double) { return Usage{20000, 20}; });
  samples[250] = {90000, 40};
  CHECK(growth(samples).complaint.empty());
  samples.resize(5);
  CHECK_FALSE(growth(samples).complaint.empty());
}

TEST_CASE("this process uses memory and descriptors, one that is gone does not") {
  const auto own = usage_of(getpid());
  REQUIRE(own);
  CHECK(own->rss_kib > 100);
  CHECK(own->fds >= 3);
  CHECK_FALSE(usage_of(1 << 30));
}

}  // namespace selvage::soak
