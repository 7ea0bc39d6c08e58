#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "k8s_client/api/transport.h"
#include "k8s_client/json/json_decoder.h"
#include "k8s_client/json/json_splitter.h"
#include "k8s_client/watch/list_watch.h"
#include "k8s_client/watch/object_store.h"
#include "k8s_client/watch/watcher.h"

namespace selvage::k8s_client {

/// One request of a Watcher: splits the response, passes its parts to the state machine and the store, and reports the
/// changes to the observer. Lives as long as the request.
class Exchange : public ResponseSink {
 public:
  Exchange(Resource resource, const ListWatch::Get& get, ListWatch& list_watch, ObjectStore& store,
           JsonDecoder& decoder, WatchObserver& observer);

  bool head(const ResponseHead& head) override;
  bool body(std::string_view bytes) override;
  /// The request has ended with this result of Transport::get. Call it once, last.
  void end(const Result<void>& outcome);

 private:
  bool take(const JsonPart& part);
  bool take_item(std::string_view json);
  bool take_list_end(std::string_view json);
  bool take_event(std::string_view json);
  bool use(ListWatch::Use use, WatchEvent event);
  void deliver();
  void drop_all();

  Resource resource_;
  ListWatch::Get get_;
  ListWatch& list_watch_;
  ObjectStore& store_;
  JsonDecoder& decoder_;
  WatchObserver& observer_;

  JsonSplitter splitter_;
  Update update_;                           ///< not yet delivered
  bool list_whole_ = false;                 ///< to be reported to the observer
  bool complete_;                           ///< as last reported to the observer
  std::optional<Moment> incomplete_since_;  ///< when the first chunk of an incomplete part came
  std::optional<ResponseHead> refused_;     ///< head of a response with another status code than 200
  std::string refusal_;                     ///< its body
  std::optional<Error> garbage_;
  bool stalled_ = false;  ///< bytes keep coming, but no part is ever complete
  bool hung_up_ = false;
};

}  // namespace selvage::k8s_client
