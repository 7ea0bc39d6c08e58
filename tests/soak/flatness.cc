#include "flatness.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <span>

namespace selvage::soak {
namespace {

constexpr double kGrowthShare = 0.02;
constexpr double kGrowthKib = 7 << 10;
constexpr std::size_t kFewest = 12;

double median(std::span<const Usage> samples, double Usage::*member) {
  std::vector<double> values;
  for (const Usage& sample : samples) values.push_back(sample.*member);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Usage medians(std::span<const Usage> samples) {
  return {median(samples, &Usage::rss_kib), median(samples, &Usage::fds)};
}

std::string range(double early, double late) { return std::to_string(early) + " to " + std::to_string(late); }

}  // namespace

Result<Usage> usage_of(int pid) {
  const std::filesystem::path process = "/proc/" + std::to_string(pid);
  Usage usage;
  std::ifstream status(process / "status");
  for (std::string word; status >> word;)
    if (word == "VmRSS:") status >> usage.rss_kib;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(process / "fd", error), end; !error && entry != end;
       entry.increment(error))
    ++usage.fds;
  if (error || usage.rss_kib == 0)
    return fail("usage of process " + std::to_string(pid), error ? error.value() : ESRCH);
  return usage;
}

Growth growth(const std::vector<Usage>& samples) {
  if (samples.size() < kFewest) return {{}, {}, "too few samples: " + std::to_string(samples.size())};
  const auto warm = std::span(samples).subspan(samples.size() / 4);
  const std::size_t third = warm.size() / 3;
  Growth result{medians(warm.first(third)), medians(warm.last(third)), {}};
  if (result.late.fds > result.early.fds)
    result.complaint = "file descriptors grow from " + range(result.early.fds, result.late.fds);
  if (result.late.rss_kib > result.early.rss_kib * (1 + kGrowthShare) + kGrowthKib)
    result.complaint = "memory grows from " + range(result.early.rss_kib, result.late.rss_kib) + " KiB";
  return result;
}

}  // namespace selvage::soak
