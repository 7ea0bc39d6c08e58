#include "tcp_tries.h"

#include "lab/probe.h"
#include "must.h"
#include "tests/support/random_values.h"

namespace selvage::soak {
namespace {

constexpr int kAtOnce = 8;
constexpr lab::milliseconds kPause{150};
/// An expected answer may take some retransmissions; without one, the wait is short.
constexpr lab::milliseconds kAllowed{8000};
constexpr lab::milliseconds kDenied{200};

}  // namespace

TcpTries::TcpTries(const Network& network, Timeline& timeline, Complaints& complaints, std::uint64_t seed)
    : network_(network),
      timeline_(timeline),
      complaints_(complaints),
      random_(seed),
      tuples_(network.tuples(lab::Transport::tcp, {kPorts.begin(), kPorts.end()})),
      thread_([this] { loop(); }) {}

TcpTries::~TcpTries() {
  done_ = true;
  thread_.join();
}

void TcpTries::loop() {
  try {
    while (!done_) {
      round();
      std::this_thread::sleep_for(kPause);
    }
  } catch (const std::exception& error) {
    complaints_.add(std::string("TCP connections cannot be tried: ") + error.what());
  }
}

void TcpTries::round() {
  const Moment begun = Clock::now();
  std::vector<Tuple> tuples;
  std::vector<lab::Probe> probes;
  for (int i = 0; i < kAtOnce; ++i) {
    const Tuple& tuple = tuples.emplace_back(testing::pick(random_, tuples_));
    const lab::Endpoint to{network_.machines()[tuple.to].host->addresses.of(tuple.family), tuple.port};
    const bool denied = timeline_.possible(tuple, begun, begun).drop;
    probes.push_back({&network_.machines()[tuple.from].host->space, tuple.transport, to, denied ? kDenied : kAllowed});
  }
  const auto outcomes = must(lab::run_probes(probes));
  const Moment ended = Clock::now();
  for (std::size_t i = 0; i < tuples.size(); ++i) {
    const bool answered = outcomes[i] == lab::Outcome::answered || outcomes[i] == lab::Outcome::refused;
    ++tried_;
    if (answered) ++answered_;
    const Possible possible = timeline_.possible(tuples[i], begun, ended);
    if (answered ? possible.pass : possible.drop) continue;
    complaints_.add((answered ? "connected although no state of its time allows it: "
                              : "not connected although all states of its time allow it: ") +
                    network_.describe(tuples[i]));
  }
}

}  // namespace selvage::soak
