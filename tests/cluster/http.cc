#include "tests/cluster/http.h"

#include <fcntl.h>

#include <stdexcept>

namespace selvage::testing {
namespace {

constexpr long kPatienceSeconds = 60;

std::size_t append(char* bytes, std::size_t one, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(bytes, one * count);
  return one * count;
}

curl_socket_t open_inside(void* where, curlsocktype /*purpose*/, curl_sockaddr* address) {
  const Result<UniqueFd> socket = static_cast<const lab::Namespace*>(where)->socket(
      address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  return socket ? ::fcntl(socket->get(), F_DUPFD_CLOEXEC, 0) : CURL_SOCKET_BAD;
}

struct HeaderList {
  explicit HeaderList(const std::vector<std::string>& headers) {
    // curl would ask whether it may send a large body, and wait for the answer.
    list = curl_slist_append(list, "Expect:");
    for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
  }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl_slist_free_all(list); }

  curl_slist* list = nullptr;
};

}  // namespace

template <class Value>
void Http::set(CURLoption option, Value value) {
  if (const CURLcode code = curl_easy_setopt(handle_.get(), option, value); code != CURLE_OK)
    throw std::runtime_error(std::string("curl_easy_setopt: ") + curl_easy_strerror(code));
}

Http::Http(const lab::Namespace* where, const TlsFiles& tls) {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  handle_.reset(kReady == CURLE_OK ? curl_easy_init() : nullptr);
  if (!handle_) throw std::runtime_error("curl_easy_init failed");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_NOPROXY, "*");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_TIMEOUT, kPatienceSeconds);
  set(CURLOPT_WRITEFUNCTION, &append);
  if (where != nullptr) {
    set(CURLOPT_OPENSOCKETFUNCTION, &open_inside);
    set(CURLOPT_OPENSOCKETDATA, where);
  }
  if (!tls.ca.empty()) set(CURLOPT_CAINFO, tls.ca.c_str());
  if (!tls.certificate.empty()) {
    set(CURLOPT_SSLCERT, tls.certificate.c_str());
    set(CURLOPT_SSLKEY, tls.key.c_str());
  }
}

ApiResponse Http::request(const std::string& method, const std::string& url, const std::vector<std::string>& headers,
                          const std::string& body) {
  const HeaderList list(headers);
  ApiResponse response;
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_HTTPHEADER, list.list);
  set(CURLOPT_WRITEDATA, &response.body);
  set(CURLOPT_POSTFIELDS, body.c_str());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  if (body.empty()) set(CURLOPT_HTTPGET, 1L);
  set(CURLOPT_CUSTOMREQUEST, method.c_str());
  const CURLcode code = curl_easy_perform(handle_.get());
  if (code != CURLE_OK) throw std::runtime_error(method + " " + url + ": " + curl_easy_strerror(code));
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &response.status);
  return response;
}

}  // namespace selvage::testing
