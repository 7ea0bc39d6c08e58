#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace selvage::k8s_client {

/// One request to the API server.
struct Request {
  std::string target;  ///< path and query, percent-encoded: "/api/v1/pods?limit=500"
  /// The request fails when for so long no byte arrives, be it of the head or of the body.
  std::chrono::milliseconds idle_limit{30'000};
  bool metadata_only = false;  ///< of a list's objects only the metadata is sent (PartialObjectMetadataList)
  bool compressed = false;     ///< the body may come compressed (gzip); a sink sees it unpacked all the same
};

/// What comes before a response's body.
struct ResponseHead {
  int status = 0;                                   ///< HTTP status code (RFC 9110)
  std::optional<std::chrono::seconds> retry_after;  ///< header Retry-After, where it is a number of seconds
};

/// Takes a response in as it arrives. Called from a thread of the transport's or of the caller's of
/// `Transport::get` or `post`, one call at a time, and never after that has returned.
class ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  /// The head, once, before any of the body. False: the body is not wanted, the request succeeds.
  virtual bool head(const ResponseHead& head) = 0;
  /// A part of the body, cut anywhere. It is gone when this returns. While this works the socket is
  /// not read (back-pressure). False: no more is wanted, the request succeeds.
  virtual bool body(std::string_view bytes) = 0;
};

/// The way to an API server: one of the three seams that are replaced in tests. Thread-safe: several
/// requests may be under way at once, each in a thread of its own.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Sends a GET with the credentials of the moment, follows no redirect, and blocks until the
  /// response has ended. Success, whatever the status code, when all of the response arrived or the
  /// sink wanted no more. Error codes: ETIMEDOUT (the idle limit), ECANCELED (`stop`), EPROTO (a body
  /// that is shorter than announced or cannot be unpacked), ECONNREFUSED and the like where known, 0.
  virtual Result<void> get(const Request& request, ResponseSink& sink) = 0;

  /// The same with a POST of `json`, which makes an object. After an error it may have been made or not: nothing is
  /// sent twice.
  virtual Result<void> post(const Request& request, std::string_view json, ResponseSink& sink) = 0;

  /// Ends every request that is under way within milliseconds, and refuses all later ones. May be
  /// called from any thread, more than once.
  virtual void stop() = 0;
};

}  // namespace selvage::k8s_client
