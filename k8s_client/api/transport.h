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
  /// The request fails when no byte of head or body arrives for this long.
  std::chrono::milliseconds idle_limit{30'000};
  bool metadata_only = false;  ///< a list has its objects' metadata only (PartialObjectMetadataList)
  bool compressed = false;     ///< the body may be compressed (gzip); the sink gets it unpacked
};

/// The head of a response.
struct ResponseHead {
  int status = 0;                                   ///< HTTP status code (RFC 9110)
  std::optional<std::chrono::seconds> retry_after;  ///< header Retry-After, where it is a number of seconds
};

/// Receives a response as it arrives. Called in a thread of the transport or of the caller of `Transport::get` or
/// `post`, one call at a time, and never after these have returned.
class ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  /// The head, once, before the body. False: the body is not wanted; the request succeeds.
  virtual bool head(const ResponseHead& head) = 0;
  /// A part of the body, cut anywhere; valid during the call. The socket is not read meanwhile (back-pressure). False:
  /// no more is wanted; the request succeeds.
  virtual bool body(std::string_view bytes) = 0;
};

/// Sends requests to an API server: one of the three interfaces that tests replace. Thread-safe: several requests may
/// run at once, each in its own thread.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Sends a GET with the current credentials, follows no redirect, and blocks until the response has ended. Succeeds,
  /// whatever the status code, when the whole response arrived or the sink wanted no more. Error codes: ETIMEDOUT (the
  /// idle limit), ECANCELED (`stop`), EPROTO (a body that is shorter than announced or cannot be unpacked),
  /// ECONNREFUSED and the like where known, 0.
  virtual Result<void> get(const Request& request, ResponseSink& sink) = 0;

  /// Same with a POST of `json`, which creates an object. Nothing is sent twice, so after an error the object may exist
  /// or not.
  virtual Result<void> post(const Request& request, std::string_view json, ResponseSink& sink) = 0;

  /// Ends all running requests within milliseconds, and refuses later ones. From any thread, more than once.
  virtual void stop() = 0;
};

}  // namespace selvage::k8s_client
