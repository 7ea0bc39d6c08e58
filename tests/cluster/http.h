#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <vector>

#include "lab/netns.h"

namespace selvage::testing {

/// What an HTTP server answered.
struct ApiResponse {
  long status = 0;   ///< HTTP status code
  std::string body;  ///< whole
};

struct TlsFiles {
  std::string ca;           ///< certificate of the authority that the server's has to be signed by
  std::string certificate;  ///< of the client; empty: none
  std::string key;          ///< of `certificate`
};

/// HTTP/1.1 client, one request at a time, whose connection is kept for the next one. Throws std::runtime_error when
/// there is no whole answer within a minute. One thread at a time.
class Http {
 public:
  /// Its sockets are in `where` (null: in the namespace of the thread that asks).
  explicit Http(const lab::Namespace* where, const TlsFiles& tls = {});

  /// `headers`: "Name: value".
  ApiResponse request(const std::string& method, const std::string& url, const std::vector<std::string>& headers = {},
                      const std::string& body = {});

 private:
  struct Cleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  template <class Value>
  void set(CURLoption option, Value value);

  std::unique_ptr<CURL, Cleanup> handle_;
};

}  // namespace selvage::testing
