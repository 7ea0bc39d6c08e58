#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "lab/echo.h"
#include "lab/node.h"

namespace selvage::soak {

/// Served everywhere: TCP by an echo, UDP by the counters of datagrams.
inline constexpr std::array<std::uint16_t, 3> kPorts = {80, 81, 8080};
/// For connections that are held open.
inline constexpr std::uint16_t kHeldPort = 8081;

/// The node under test, and the machines around it.
inline constexpr unsigned kNodeNumber = 1;
inline constexpr const char* kNodeName = "node-1";

struct Machine {
  const lab::Host* host = nullptr;
  unsigned node = 0;  ///< 0: outside of the cluster
};

/// An attempted connection: machines by their index in Network::machines.
struct Tuple {
  std::size_t from = 0;
  std::size_t to = 0;
  IpFamily family = IpFamily::v4;
  lab::Transport transport = lab::Transport::udp;
  std::uint16_t port = 80;
  /// What of it is asked about: its first packet, the replies as well (the edge is in their way, too), or what policy
  /// says alone, without the edge.
  enum class Part : std::uint8_t { first_packet, both_ways, policy } part = Part::first_packet;

  friend auto operator<=>(const Tuple&, const Tuple&) = default;
};

/// Node 1 with six pods' namespaces and two for the canary, node 2 with two, and a host outside. The World
/// assigns pods to namespaces.
class Network {
 public:
  Network();

  [[nodiscard]] const std::vector<Machine>& machines() const { return machines_; }
  /// Machines before this one are those of pods that come and go.
  [[nodiscard]] std::size_t pod_machines() const { return 8; }
  /// Source and target of canaries; not among the machines.
  [[nodiscard]] const lab::Host& canary_source() const { return *canaries_[0]; }
  [[nodiscard]] const lab::Host& canary_target() const { return *canaries_[1]; }
  [[nodiscard]] const lab::Namespace& node() const { return nodes_.front().space(); }
  /// All connections of one transport that node 1 judges, with TCP replies.
  [[nodiscard]] std::vector<Tuple> tuples(lab::Transport transport, std::vector<std::uint16_t> ports) const;
  /// "machine 3 (10.244.1.13) > machine 0 (10.244.1.10) UDP 80".
  [[nodiscard]] std::string describe(const Tuple& tuple) const;

 private:
  lab::Underlay underlay_;
  std::deque<lab::Node> nodes_;
  std::deque<lab::Host> outside_;
  std::vector<Machine> machines_;
  std::vector<lab::Host*> canaries_;
  lab::EchoService echo_;
};

}  // namespace selvage::soak
