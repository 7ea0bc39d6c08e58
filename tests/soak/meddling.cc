#include "meddling.h"

#include <array>

#include "tests/support/random_values.h"

namespace selvage::soak {
namespace {

constexpr Excuse kOpens{true, false};
constexpr Excuse kCloses{false, true};

constexpr std::array kMeddlings = {
    Meddling{kFlush, kOpens},
    Meddling{kFlush, kOpens},
    Meddling{"delete table inet selvage", kOpens},
    Meddling{"delete table bridge selvage", {}},
    Meddling{"flush table inet selvage", kOpens},
    Meddling{"flush chain inet selvage deny", kOpens},
    Meddling{"flush set inet selvage ingress-isolated4", kOpens},
    Meddling{"flush set inet selvage egress-isolated6", kOpens},
    Meddling{"insert rule inet selvage forward accept", kOpens},
    Meddling{"add table inet selvage { flags dormant; }", kOpens},
    Meddling{"flush map inet selvage ingress-peer4", kCloses},
    Meddling{"flush map inet selvage egress-cidr6", kCloses},
    Meddling{"flush set inet selvage local-pods4", kCloses},
    Meddling{"insert rule inet selvage forward drop", kCloses},
    Meddling{"add chain inet selvage forward { policy drop; }", kCloses},
    Meddling{"add chain inet selvage mine { type filter hook forward priority -5; }", {}},
};

}  // namespace

const Meddling& random_meddling(testing::Random& random) { return testing::pick(random, kMeddlings); }

}  // namespace selvage::soak
