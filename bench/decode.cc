// The cost of reading a list of pods: split and decoded as its bytes arrive, compared with readers that first build a
// tree of the whole body.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "bench/dom_readers.h"
#include "bench/durations.h"
#include "bench/heap_peak.h"
#include "bench/need.h"
#include "bench/pod_json.h"
#include "k8s_client/json/json_decoder.h"
#include "k8s_client/json/json_splitter.h"

namespace selvage::bench {
namespace {

using k8s_client::JsonPart;
using Pods = std::vector<policy::Pod>;

constexpr std::size_t kPods = 10'000;
constexpr std::size_t kChunk = 16U << 10U;
constexpr std::size_t kRounds = 9;

/// Feeds the body in chunks, as a socket gives them, and visits each part.
template <class Visit>
void split(const std::string& body, const Visit& visit) {
  k8s_client::JsonSplitter splitter(k8s_client::JsonSplitter::Shape::list);
  for (std::size_t at = 0; at < body.size(); at += kChunk) {
    static_cast<void>(need(splitter.feed(std::string_view(body).substr(at, kChunk), visit)));
  }
  if (!splitter.at_end()) need(Result<void>(fail("the list does not end")));
}

/// Decodes each pod and gives it to `take`.
template <class Take>
void stream(const std::string& body, const Take& take) {
  k8s_client::JsonDecoder decoder;
  split(body, [&](const JsonPart& part) {
    if (part.kind != JsonPart::Kind::value) return true;
    auto item = decoder.decode_object(k8s_client::Resource::pods, part.text);
    if (item.error) need(Result<void>(fail(to_string(*item.error))));
    take(std::get<policy::Pod>(std::move(*item.object)));
    return true;
  });
}

Pods read_streaming(const std::string& body) {
  Pods pods;
  stream(body, [&](policy::Pod pod) { pods.push_back(std::move(pod)); });
  return pods;
}

Pods read_and_drop(const std::string& body) {
  stream(body, [](const policy::Pod& /*pod*/) {});
  return {};
}

Pods read_nothing(const std::string& body) {
  split(body, [](const JsonPart&) { return true; });
  return {};
}

struct Reader {
  const char* name;
  Pods (*read)(const std::string& body);
  bool yields_pods = true;
};
constexpr std::array kReaders = {
    Reader{"JsonSplitter and JsonDecoder", read_streaming}, Reader{"nlohmann::json", read_with_nlohmann},
    Reader{"web::json (cpprestsdk)", read_with_cpprest},    Reader{"the first, pods not kept", read_and_drop, false},
    Reader{"JsonSplitter alone", read_nothing, false},
};

struct Measured {
  std::vector<double> ms;
  std::vector<double> ratio;  ///< of each round, to the first reader's time in it
  std::size_t peak = 0;       ///< bytes on the heap, without the body
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::size_t peak_of(const Reader& reader, const std::string& body, const Pods& expected) {
  start_heap_count();
  const bool same = reader.read(body) == expected;
  const std::size_t peak = stop_heap_count();
  if (reader.yields_pods && !same) need(Result<void>(fail(std::string(reader.name) + " reads other pods")));
  return peak;
}

double time_of(const Reader& reader, const std::string& body) {
  const Moment start = Clock::now();
  const Pods pods = reader.read(body);
  return ms(Clock::now() - start);
}

void run() {
  const std::string body = pod_list_json(kPods);
  const Pods expected = read_streaming(body);
  std::array<Measured, kReaders.size()> measured;
  for (std::size_t i = 0; i < kReaders.size(); ++i) measured[i].peak = peak_of(kReaders[i], body, expected);
  for (std::size_t round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < kReaders.size(); ++i) {
      measured[i].ms.push_back(time_of(kReaders[i], body));
      measured[i].ratio.push_back(measured[i].ms.back() / measured[0].ms.back());
    }
  }
  std::printf("%zu pods, %zu bytes each, chunks of %zu bytes, %zu rounds\n\n", kPods, body.size() / kPods, kChunk,
              kRounds);
  std::printf("| reader | time, ms (median) | times the first | MB/s | peak memory, MiB | times the first |\n");
  std::printf("|---|---|---|---|---|---|\n");
  for (std::size_t i = 0; i < kReaders.size(); ++i) {
    const double time = median(measured[i].ms);
    std::printf("| %s | %.1f | %.2f | %.0f | %.2f | %.2f |\n", kReaders[i].name, time, median(measured[i].ratio),
                static_cast<double>(body.size()) / time / 1e3, static_cast<double>(measured[i].peak) / (1U << 20U),
                static_cast<double>(measured[i].peak) / static_cast<double>(measured[0].peak));
  }
}

}  // namespace
}  // namespace selvage::bench

int main() {
  selvage::bench::run();
  return 0;
}
