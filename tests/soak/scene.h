#pragma once

#include <memory>
#include <vector>

#include "stage.h"

namespace selvage::soak {

/// One soak: an agent on a stage, and random actions on it.
class Scene {
 public:
  explicit Scene(const Setting& setting) : stage_(setting) {}
  virtual ~Scene() = default;
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  /// Performs actions until then, or until a failure or an exception.
  void run(Moment until);

  Stage& stage() { return stage_; }
  /// More lines for the final report.
  [[nodiscard]] virtual std::string summary() const { return ""; }
  /// The last lines of the agent's log.
  [[nodiscard]] virtual std::string log_tail() const = 0;

 protected:
  struct Deed {
    unsigned weight;
    std::function<void()> act;
  };
  virtual void begin() = 0;
  [[nodiscard]] virtual std::vector<Deed> deeds() = 0;
  /// After each action.
  virtual void look() = 0;
  /// At the end, without a failure so far.
  virtual void end() {}

  /// Some objects change, or one many times.
  void change();
  void burst();

  Stage stage_;
};

/// The shipped program, killed, stopped and started continually.
[[nodiscard]] std::unique_ptr<Scene> restarts_scene(const Setting& setting);
/// The shipped program, never stopped: it must not grow.
[[nodiscard]] std::unique_ptr<Scene> steady_scene(const Setting& setting);
/// The agent's parts over a kernel that refuses and fails.
[[nodiscard]] std::unique_ptr<Scene> refusals_scene(const Setting& setting);

}  // namespace selvage::soak
