#include "bench/api_latency/watch_client.h"

#include <curl/curl.h>
#include <fcntl.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/cluster/api_client.h"

namespace selvage::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto kWatchPatience = 10s;
constexpr auto kWatchPause = 1ms;

curl_socket_t open_inside(void* where, curlsocktype /*purpose*/, curl_sockaddr* address) {
  const Result<UniqueFd> socket =
      static_cast<const lab::Namespace*>(where)->socket(address->family, address->socktype, address->protocol);
  return socket ? fcntl(socket->get(), F_DUPFD_CLOEXEC, 0) : CURL_SOCKET_BAD;
}

int asked_to_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

std::size_t note_answer(char*, std::size_t one, std::size_t count, void* answered) {
  *static_cast<std::atomic<bool>*>(answered) = true;
  return one * count;
}

}  // namespace

WatchClient::WatchClient(const testing::ApiServer& server, const std::string& path) {
  testing::ApiClient client(server);
  const auto list = nlohmann::json::parse(must(client.get(path + "?limit=1")));
  const std::string version = list.at("metadata").at("resourceVersion");
  const std::string target =
      path + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=7200&resourceVersion=" + version;
  thread_ = std::thread([this, &server, target] { watch(server, target); });
  const Moment deadline = Clock::now() + kWatchPatience;
  while (!answered_ && Clock::now() < deadline) std::this_thread::sleep_for(kWatchPause);
  if (answered_) return;
  stop_ = true;
  thread_.join();
  throw std::runtime_error("no answer to a watch of " + path);
}

WatchClient::~WatchClient() {
  stop_ = true;
  thread_.join();
}

void WatchClient::watch(const testing::ApiServer& server, const std::string& target) {
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), &curl_easy_cleanup);
  const std::string url = server.url() + target;
  const std::string ca = server.ca_file();
  const std::string certificate = server.file("admin.crt");
  const std::string key = server.file("admin.key");
  curl_easy_setopt(curl.get(), CURLOPT_OPENSOCKETFUNCTION, &open_inside);
  curl_easy_setopt(curl.get(), CURLOPT_OPENSOCKETDATA, server.where());
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_CAINFO, ca.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_SSLCERT, certificate.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_SSLKEY, key.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl.get(), CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, &note_answer);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &answered_);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &WatchClient::take);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &asked_to_stop);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &stop_);
  curl_easy_perform(curl.get());
}

std::size_t WatchClient::take(char* bytes, std::size_t one, std::size_t count, void* self) {
  const Moment now = Clock::now();
  auto& client = *static_cast<WatchClient*>(self);
  const MutexLock lock(client.mutex_);
  for (const char c : std::string_view(bytes, one * count)) {
    client.line_ += c;
    if (c != '\n') continue;
    const bool bookmark = client.line_.find(R"("BOOKMARK")") != std::string::npos;
    if (!bookmark && !client.first_) client.first_ = now;
    client.line_.clear();
  }
  return one * count;
}

void WatchClient::begin() {
  const MutexLock lock(mutex_);
  first_.reset();
}

std::optional<Moment> WatchClient::await() const {
  const Moment deadline = Clock::now() + kWatchPatience;
  while (Clock::now() < deadline) {
    {
      const MutexLock lock(mutex_);
      if (first_) return first_;
    }
    std::this_thread::sleep_for(kWatchPause);
  }
  return {};
}

}  // namespace selvage::bench
