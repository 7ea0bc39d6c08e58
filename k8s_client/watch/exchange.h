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

/// One request of a Watcher: takes the response apart, tells the state machine and the store what it
/// says, and the observer what that changes. Lives as long as the request.
class Exchange : public ResponseSink {
 public:
  Exchange(Resource resource, const ListWatch::Get& get, ListWatch& list_watch, ObjectStore& store,
           JsonDecoder& decoder, WatchObserver& observer);

  bool head(const ResponseHead& head) override;
  bool body(std::string_view bytes) override;
  /// The request is over, with what Transport::get returned. To be called once, at last.
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
  bool list_whole_ = false;                 ///< to be told to the observer
  bool complete_;                           ///< as the observer knows it
  std::optional<Moment> incomplete_since_;  ///< when the first chunk came of what is not whole yet
  std::optional<ResponseHead> refused_;     ///< head of a response that is no 200
  std::string refusal_;                     ///< its body
  std::optional<Error> garbage_;
  bool stalled_ = false;  ///< bytes keep coming and nothing is ever whole
  bool hung_up_ = false;
};

}  // namespace selvage::k8s_client
