#include "faulty_agent.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <future>

#include "controller/agent/agent.h"
#include "controller/agent/enforcer.h"
#include "controller/agent/poll_loop.h"
#include "controller/sources/folder_source.h"
#include "host/bridges.h"
#include "must.h"

namespace selvage::soak {
namespace {

constexpr std::chrono::seconds kPatience{60};

controller::AgentOptions options_of(const std::filesystem::path& manifests) {
  controller::AgentOptions options;
  options.manifests = manifests;
  options.node = "node-1";
  options.table_owner = controller::TableOwner::off;
  options.log_denied_group.reset();
  options.self_check_interval = std::chrono::seconds(5);
  return options;
}

}  // namespace

FaultyAgent::FaultyAgent(const lab::Namespace& where, std::filesystem::path manifests, std::uint64_t seed)
    : where_(where), manifests_(std::move(manifests)), seed_(seed), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  thread_ = std::thread([this] {
    const Result<void> ran = where_.inside([this] { return run(); });
    const std::lock_guard lock(mutex_);
    failure_ = ran ? "" : ran.error().message;
  });
}

FaultyAgent::~FaultyAgent() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  eventfd_write(wake_.get(), 1);
  thread_.join();
}

void FaultyAgent::check_running() {
  const std::lock_guard lock(mutex_);
  if (!failure_.empty()) throw std::runtime_error("the agent has ended: " + failure_);
}

void FaultyAgent::treat(const std::function<void(testing::FaultyKernel&)>& treatment) {
  const auto done = std::make_shared<std::promise<void>>();
  {
    const std::lock_guard lock(mutex_);
    orders_.emplace_back([treatment, done](testing::FaultyKernel& kernel) {
      treatment(kernel);
      done->set_value();
    });
  }
  eventfd_write(wake_.get(), 1);
  if (done->get_future().wait_for(kPatience) != std::future_status::ready)
    throw std::runtime_error("the agent's loop does not turn");
}

void FaultyAgent::obey(testing::FaultyKernel& kernel) {
  eventfd_t ignored = 0;
  eventfd_read(wake_.get(), &ignored);
  const std::lock_guard lock(mutex_);
  for (const auto& order : orders_) order(kernel);
  orders_.clear();
}

Result<void> FaultyAgent::run() {
  const controller::AgentOptions options = options_of(manifests_);
  auto render = controller::render_options(options);
  if (!render) return tl::unexpected(render.error());
  const auto kernel = must(nft::WatchedKernel::open({controller::kOurTables.begin(), controller::kOurTables.end()}));
  testing::FaultyKernel faulty(*kernel, seed_);
  telemetry::Metrics metrics({"soak", ""}, Clock::now());
  telemetry::Health health;
  controller::Enforcer enforcer(options, faulty, kernel.get(), *render, {metrics, health});
  const auto mailbox = must(controller::Mailbox::open());
  auto links = must(host::LinkMonitor::open());
  enforcer.look_at_links();
  const auto source = must(controller::FolderSource::start(manifests_, *mailbox, metrics));
  controller::PollLoop loop;
  loop.on_readable(wake_.get(), [&] {
    obey(faulty);
    const std::lock_guard lock(mutex_);
    if (stop_) loop.stop();
  });
  loop.on_readable(mailbox->fd(), [&] { enforcer.take(mailbox->take()); });
  loop.on_readable(links.fd(), [&] {
    if (links.drain()) enforcer.look_at_links();
  });
  loop.on_readable([&] { return kernel->fd(); }, [&] { enforcer.take_interference(); });
  loop.on_due([&] { return enforcer.due(); }, [&] { enforcer.act(); });
  return loop.run();
}

}  // namespace selvage::soak
