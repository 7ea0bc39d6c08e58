#include "telemetry/packet_count.h"

namespace selvage::telemetry {

std::string to_string(Direction direction) { return direction == Direction::ingress ? "ingress" : "egress"; }

}  // namespace selvage::telemetry
