#include "bench/api_latency/samples.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <iterator>
#include <string>

namespace selvage::bench {
namespace {

constexpr std::size_t kParts = 5;

template <class Field>
std::vector<double> values_of(const std::vector<Sample>& samples, Field field) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(std::invoke(field, sample));
  return values;
}

/// Lowest and highest median of consecutive parts: shows whether the machine's speed was constant.
std::string spread(const std::vector<double>& values) {
  std::vector<double> medians;
  for (std::size_t part = 0; part < kParts; ++part) {
    const auto at = [&](std::size_t i) {
      return values.begin() + static_cast<std::ptrdiff_t>(i * values.size() / kParts);
    };
    medians.push_back(quantile({at(part), at(part + 1)}, 0.5));
  }
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.1f-%.1f", *std::min_element(medians.begin(), medians.end()),
                *std::max_element(medians.begin(), medians.end()));
  return text.data();
}

void print_line(std::size_t pods, std::size_t policies, const std::string& what, const std::vector<Sample>& samples) {
  const std::vector<double> judged = values_of(samples, &Sample::judged);
  const std::vector<double> watched = values_of(samples, &Sample::watched);
  const std::vector<double> after = values_of(samples, [](const Sample& s) { return s.judged - s.watched; });
  std::printf("| %zu | %zu | %s | %zu | %.1f (%s) | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f |\n", pods, policies,
              what.c_str(), samples.size(), quantile(judged, 0.5), spread(judged).c_str(), quantile(judged, 0.95),
              quantile(judged, 0.99), quantile(judged, 1), quantile(watched, 0.5), quantile(watched, 0.99),
              quantile(after, 0.5), quantile(after, 0.99));
}

/// The slowest ones, to find them in logs.
void print_slowest(std::vector<Sample> samples) {
  const std::size_t count = std::min<std::size_t>(samples.size(), 3);
  std::partial_sort(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count), samples.end(),
                    [](const Sample& a, const Sample& b) { return a.judged > b.judged; });
  for (std::size_t i = 0; i < count; ++i) {
    const auto seconds = std::chrono::duration<double>(samples[i].accepted.time_since_epoch()).count();
    std::fprintf(stderr, "slow: %s, %s, accepted at second %.3f of its hour, %.1f ms, watch client %.1f ms\n",
                 to_string(samples[i].kind), samples[i].allows ? "allows" : "denies", std::fmod(seconds, 3600),
                 samples[i].judged, samples[i].watched);
  }
}

template <class Condition>
std::vector<Sample> those(const std::vector<Sample>& samples, Condition condition) {
  std::vector<Sample> chosen;
  std::copy_if(samples.begin(), samples.end(), std::back_inserter(chosen), condition);
  return chosen;
}

}  // namespace

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

void report(std::size_t pods, std::size_t policies, const std::vector<Sample>& samples, double cpu) {
  std::printf(
      "\n| pods | policies | change | n | p50, ms (spread) | p95 | p99 | most | watch client p50 | p99 "
      "| agent after it p50 | p99 |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  print_line(pods, policies, "all", samples);
  for (const ChangeKind kind : {ChangeKind::policy, ChangeKind::pod_labels, ChangeKind::namespace_labels})
    print_line(pods, policies, to_string(kind), those(samples, [&](const Sample& s) { return s.kind == kind; }));
  for (const bool allows : {true, false})
    print_line(pods, policies, allows ? "allows" : "denies",
               those(samples, [&](const Sample& s) { return s.allows == allows; }));
  std::size_t strays = 0;
  for (const Sample& sample : samples) strays += sample.strays;
  const std::vector<double> resolution = values_of(samples, &Sample::resolution);
  const std::vector<double> request = values_of(samples, &Sample::request);
  std::printf(
      "\nCPU of the agent %.2f ms a change; requests took p50 %.1f, p99 %.1f ms; packets apart p50 %.2f, "
      "p99 %.2f ms; %zu allowed packets lost\n",
      cpu / static_cast<double>(samples.size()), quantile(request, 0.5), quantile(request, 0.99),
      quantile(resolution, 0.5), quantile(resolution, 0.99), strays);
  print_slowest(samples);
}

}  // namespace selvage::bench
