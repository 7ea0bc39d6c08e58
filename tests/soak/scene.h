#pragma once

#include <memory>
#include <vector>

#include "stage.h"

namespace selvage::soak {

/// One soak: an agent on a stage, and random things that are done to it.
class Scene {
 public:
  explicit Scene(const Setting& setting) : stage_(setting) {}
  virtual ~Scene() = default;
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  /// Does one thing after the other until then, or until something is wrong or throws.
  void run(Moment until);

  Stage& stage() { return stage_; }
  /// What else is to be told in the end.
  [[nodiscard]] virtual std::string summary() const { return ""; }
  /// The agent's last words.
  [[nodiscard]] virtual std::string log_tail() const = 0;

 protected:
  struct Deed {
    unsigned weight;
    std::function<void()> act;
  };
  virtual void begin() = 0;
  [[nodiscard]] virtual std::vector<Deed> deeds() = 0;
  /// After each deed.
  virtual void look() = 0;
  /// When all is done and right so far.
  virtual void end() {}

  /// Some objects change, or one many times.
  void change();
  void burst();

  Stage stage_;
};

/// The program that is shipped, killed, stopped and started all the time.
[[nodiscard]] std::unique_ptr<Scene> restarts_scene(const Setting& setting);
/// The program that is shipped, never stopped: it must not grow.
[[nodiscard]] std::unique_ptr<Scene> steady_scene(const Setting& setting);
/// The agent's parts over a kernel that refuses and fails.
[[nodiscard]] std::unique_ptr<Scene> refusals_scene(const Setting& setting);

}  // namespace selvage::soak
