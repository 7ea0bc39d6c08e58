#include "k8s_client/watch/exchange.h"

#include <cerrno>
#include <utility>

namespace selvage::k8s_client {
namespace {

/// Limit for the body of an error.
constexpr std::size_t kMaxRefusalBytes = 64U << 10U;

JsonSplitter::Shape shape_of(ListWatch::Get::Body body) {
  return body == ListWatch::Get::Body::list ? JsonSplitter::Shape::list : JsonSplitter::Shape::stream;
}

}  // namespace

Exchange::Exchange(Resource resource, const ListWatch::Get& get, ListWatch& list_watch, ObjectStore& store,
                   JsonDecoder& decoder, WatchObserver& observer)
    : resource_(resource),
      get_(get),
      list_watch_(list_watch),
      store_(store),
      decoder_(decoder),
      observer_(observer),
      splitter_(shape_of(get.body)),
      complete_(store.complete()) {}

bool Exchange::head(const ResponseHead& head) {
  if (head.status != 200) {
    refused_ = head;
    return true;
  }
  if (get_.begins_list) store_.begin_list();
  list_watch_.accepted(Clock::now());
  observer_.health(resource_, list_watch_.health());
  return true;
}

bool Exchange::body(std::string_view bytes) {
  const Moment now = Clock::now();
  if (!incomplete_since_) incomplete_since_ = now;
  if (refused_) {
    refusal_.append(bytes.substr(0, kMaxRefusalBytes - refusal_.size()));
    return refusal_.size() < kMaxRefusalBytes && now - *incomplete_since_ <= get_.idle_limit;
  }
  const auto going_on = splitter_.feed(bytes, [this](const JsonPart& part) { return take(part); });
  if (!going_on) garbage_ = going_on.error();
  deliver();
  stalled_ = incomplete_since_ && now - *incomplete_since_ > get_.idle_limit;
  return going_on && *going_on && !stalled_;
}

bool Exchange::take(const JsonPart& part) {
  incomplete_since_.reset();
  if (part.kind == JsonPart::Kind::list) return take_list_end(part.text);
  return get_.body == ListWatch::Get::Body::list ? take_item(part.text) : take_event(part.text);
}

bool Exchange::take_item(std::string_view json) {
  store_.add_item(decoder_.decode_object(resource_, json), update_);
  return true;
}

bool Exchange::take_list_end(std::string_view json) {
  const auto meta = decoder_.decode_list_meta(json);
  if (!meta) {
    garbage_ = meta.error();
    return false;
  }
  if (list_watch_.page(*meta, Clock::now())) {
    store_.finish_list(update_);
    list_whole_ = true;
  }
  return true;
}

bool Exchange::take_event(std::string_view json) {
  auto event = decoder_.decode_event(resource_, json);
  if (!event) {
    garbage_ = event.error();
    return false;
  }
  const ListWatch::Use use_of_it = list_watch_.event(*event, Clock::now());
  return use(use_of_it, std::move(*event));
}

bool Exchange::use(ListWatch::Use use, WatchEvent event) {
  switch (use) {
    case ListWatch::Use::apply:
      if (event.type == WatchEvent::Type::deleted) {
        store_.remove(*event.object.key, update_);
      } else {
        store_.upsert(std::move(event.object), update_);
      }
      return true;
    case ListWatch::Use::list_item:
      store_.add_item(std::move(event.object), update_);
      return true;
    case ListWatch::Use::list_whole:
      store_.finish_list(update_);
      list_whole_ = true;
      return true;
    case ListWatch::Use::nothing:
      return true;
    case ListWatch::Use::hang_up:
      // The reason why the object cannot be used is reported all the same.
      if (event.object.error) update_.errors.push_back(std::move(*event.object.error));
      hung_up_ = true;
      return false;
  }
  return false;
}

void Exchange::deliver() {
  const bool was_complete = std::exchange(complete_, store_.complete());
  if (!update_.events.empty() || !update_.errors.empty() || list_whole_ || complete_ != was_complete) {
    observer_.changed(resource_, std::exchange(update_, {}), complete_);
  }
  if (!std::exchange(list_whole_, false)) return;
  observer_.listed(resource_, store_.size());
  observer_.health(resource_, list_watch_.health());
}

/// The resource is absent: the list of its objects is whole, and empty.
void Exchange::drop_all() {
  store_.begin_list();
  store_.finish_list(update_);
  list_whole_ = true;
  deliver();
}

void Exchange::end(const Result<void>& outcome) {
  const Moment now = Clock::now();
  if (refused_) {
    refusal_.append(kJsonPadding, '\0');
    const std::string_view text = std::string_view(refusal_).substr(0, refusal_.size() - kJsonPadding);
    ApiStatus status = decoder_.decode_status(refused_->status, text);
    if (refused_->retry_after) status.retry_after = refused_->retry_after;
    const bool was_absent = list_watch_.absent();
    list_watch_.refused(status, now);
    if (list_watch_.absent() && !was_absent) drop_all();
  } else if (garbage_) {
    list_watch_.broken({garbage_->message, EBADMSG}, now);
  } else if (hung_up_) {
    return;
  } else if (stalled_) {
    list_watch_.broken({"the response is too slow: no complete object within the idle limit", ETIMEDOUT}, now);
  } else if (!outcome) {
    list_watch_.broken(outcome.error(), now);
  } else if (!splitter_.at_end()) {
    list_watch_.broken({"the response ended in the middle of an object", EPROTO}, now);
  } else {
    list_watch_.ended(now);
  }
}

}  // namespace selvage::k8s_client
