#include "controller/verdicts/read_objects.h"

#include <map>
#include <utility>

#include "controller/sources/feed.h"
#include "policy/tiers/stages.h"

namespace selvage::controller {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 30s;

}  // namespace

Result<ObjectsRead> read_objects(const SourceOptions& options, bool staged) {
  telemetry::Metrics metrics({}, Clock::now());  // not served
  telemetry::Health health;
  auto feed = Feed::start(options, {metrics, health});
  if (!feed) return tl::unexpected(feed.error());
  policy::Stages stages(staged ? policy::Mode::staged : policy::Mode::enforced);
  std::map<policy::ObjectKey, policy::Object> objects;
  const auto take = [&](const Mailbox::Contents& mail) {
    for (const auto& event : stages.take(mail.events).enforced) {
      if (event.object) {
        objects.insert_or_assign(event.key, *event.object);
      } else {
        objects.erase(event.key);
      }
    }
  };
  if (const auto listed = feed->await_first_list(take, {Clock::now() + kPatience}); !listed) {
    return tl::unexpected(listed.error());
  }
  ObjectsRead result;
  for (auto& entry : objects) result.objects.push_back(std::move(entry.second));
  result.complete = !feed->refused_any();
  return result;
}

}  // namespace selvage::controller
