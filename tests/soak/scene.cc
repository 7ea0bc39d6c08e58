#include "scene.h"

#include "tests/support/random_values.h"

namespace selvage::soak {
namespace {

/// Between two actions: time in which the node enforces one state.
constexpr unsigned kCalm = 300;

}  // namespace

void Scene::run(Moment until) {
  begin();
  std::vector<Deed> all;
  for (const Deed& deed : deeds()) all.insert(all.end(), deed.weight, deed);
  while (Clock::now() < until && !stage_.complaints().any()) {
    testing::pick(stage_.random(), all).act();
    look();
    stage_.pause(kCalm);
  }
  if (!stage_.complaints().any()) end();
}

void Scene::change() {
  const World::Step step = stage_.world().change(1 + testing::below(stage_.random(), 5));
  stage_.note("change of " + std::to_string(step.events.size()) + " objects, first " + to_string(step.events[0].key));
  stage_.announce(step);
  stage_.write(step);
  stage_.converge();
}

void Scene::burst() {
  const World::Step step = stage_.world().burst();
  stage_.note("burst of " + std::to_string(step.events.size()) + " versions of " + to_string(step.events[0].key));
  stage_.announce(step);
  stage_.write(step);
  stage_.converge();
}

}  // namespace selvage::soak
