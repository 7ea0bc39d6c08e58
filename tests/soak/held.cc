#include "held.h"

#include <algorithm>
#include <utility>

#include "lab/command.h"
#include "tests/support/random_values.h"

namespace selvage::soak {
namespace {

constexpr std::size_t kMax = 12;
constexpr lab::milliseconds kAllowed{8000};
constexpr lab::milliseconds kDenied{100};
/// Replies end when the connection table has been read, at the latest by the second reading, a second later. One that
/// took long may have been just before, and the agent rests then, five seconds at most.
constexpr std::chrono::seconds kCut{15};

/// What the node under test knows of connections.
std::string known_connections(const Network& network) {
  std::string known;
  for (const lab::Argv& look : {lab::Argv{"grep", std::to_string(kHeldPort), "/proc/net/nf_conntrack"},
                                lab::Argv{"conntrack", "-L", "-p", "udp", "-o", "id,extended"},
                                lab::Argv{"nft", "list", "set", "inet", "selvage", "cut"},
                                lab::Argv{"nft", "list", "set", "inet", "selvage", "fastpath-state"},
                                lab::Argv{"nft", "list", "set", "inet", "selvage", "fastpath-pods4"}}) {
    known += "\n" + lab::run(network.node(), look).value_or("nothing");
  }
  return known;
}

}  // namespace

Held::Held(const Network& network, Timeline& timeline, Complaints& complaints, std::uint64_t seed)
    : network_(network),
      timeline_(timeline),
      complaints_(complaints),
      random_(seed),
      tuples_(network.tuples(lab::Transport::tcp, {kHeldPort})) {
  for (Tuple tuple : network.tuples(lab::Transport::udp, {kHeldPort})) {
    tuple.part = Tuple::Part::both_ways;
    tuples_.push_back(tuple);
  }
}

void Held::check() {
  connections_.remove_if([&](Connection& connection) { return !look_at(connection); });
  open_some();
}

bool Held::look_at(Connection& connection) {
  const Moment now = Clock::now();
  const Possible since = timeline_.possible(connection.tuple, connection.since, now);
  const Possible present = timeline_.possible(connection.tuple, now, now);
  lab::Flow& flow = connection.flow;
  const std::string name = network_.describe(connection.tuple);
  if (present.drop) {
    // Where it is the edge that drops, it may do so in one direction only.
    Tuple by_policy = connection.tuple;
    by_policy.part = Tuple::Part::policy;
    if (!timeline_.possible(by_policy, now, now).drop) return false;
    if (flow.client_reaches_server(kDenied)) complaints_.add("held, and its client is heard although denied: " + name);
    const Moment until = Clock::now() + kCut;
    bool heard = true;
    while (heard && Clock::now() < until) heard = flow.server_reaches_client(kDenied);
    // Where the connection's entry has expired, what the server sends begins one of its own, which may be allowed.
    Tuple back = by_policy;
    std::swap(back.from, back.to);
    back.port = 50000;  // the client's, which no policy names
    heard = heard && !timeline_.possible(back, now, Clock::now()).pass;
    if (heard) complaints_.add("held, and its server is heard although denied: " + name + known_connections(network_));
    ++cut_;
    return false;
  }
  // What some state of its time denied may have been cut, and be slow to go on: no verdict.
  if (since.drop) return false;
  if (!flow.client_reaches_server(kAllowed)) complaints_.add("held, and its client is not heard: " + name);
  if (!flow.server_reaches_client(kAllowed)) complaints_.add("held, and its server is not heard: " + name);
  ++kept_;
  connection.since = now;
  return true;
}

void Held::open_some() {
  for (int tries = 0; tries < 6 && connections_.size() < kMax; ++tries) {
    const Tuple& tuple = testing::pick(random_, tuples_);
    const Moment now = Clock::now();
    const bool busy = std::any_of(connections_.begin(), connections_.end(), [&](const Connection& other) {
      return other.tuple.to == tuple.to && other.tuple.family == tuple.family &&
             other.tuple.transport == tuple.transport;
    });
    if (busy || timeline_.possible(tuple, now, now).drop) continue;
    const lab::Host* client = network_.machines()[tuple.from].host;
    auto flow =
        lab::Flow::open({client, network_.machines()[tuple.to].host, tuple.family, tuple.transport, kHeldPort, 0});
    // Connection tracking has to know who began before policy changes.
    if (flow && flow->client_reaches_server(kAllowed)) {
      connections_.push_back({tuple, std::move(*flow), now});
    } else {
      complaints_.add("cannot be opened: " + network_.describe(tuple) + (flow ? "" : ": " + flow.error().message));
    }
  }
}

}  // namespace selvage::soak
