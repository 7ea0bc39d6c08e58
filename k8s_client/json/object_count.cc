#include "k8s_client/json/object_count.h"

#include <cerrno>
#include <optional>

#include "k8s_client/json/json_decoder.h"
#include "k8s_client/json/json_splitter.h"
#include "k8s_client/json/short_answer.h"

namespace selvage::k8s_client {
namespace {

/// Room for hundreds of groups.
constexpr std::size_t kMaxGroupList = std::size_t{1} << 20U;

/// Counts the items of a list, and takes its metadata.
class CountedList : public ResponseSink {
 public:
  bool head(const ResponseHead& head) override {
    code_ = head.status;
    return code_ == 200;
  }
  bool body(std::string_view bytes) override {
    const auto fed = splitter_.feed(bytes, [this](const JsonPart& part) { return take(part); });
    if (!fed) fault_ = fed.error();
    return fed && *fed;
  }
  [[nodiscard]] Result<ObjectCount> count() const {
    if (code_ != 200) return ObjectCount{code_, 0};
    if (fault_) return tl::unexpected(*fault_);
    if (!meta_) return fail("the list is incomplete", EPROTO);
    const std::size_t unknown = meta_->continue_token.empty() ? 0 : 1;
    return ObjectCount{code_, items_ + static_cast<std::size_t>(meta_->remaining_items.value_or(unknown))};
  }

 private:
  bool take(const JsonPart& part) {
    if (part.kind != JsonPart::Kind::list) {
      ++items_;
      return true;
    }
    auto meta = JsonDecoder().decode_list_meta(part.text);
    if (meta) meta_ = std::move(*meta);
    if (!meta) fault_ = meta.error();
    return meta_.has_value();
  }

  JsonSplitter splitter_{JsonSplitter::Shape::list};
  int code_ = 0;
  std::size_t items_ = 0;
  std::optional<ListMeta> meta_;
  std::optional<Error> fault_;
};

}  // namespace

Result<ObjectCount> count_objects(Transport& transport, const std::string& path, std::chrono::milliseconds idle_limit) {
  Request request;
  request.target = path + "?limit=1";
  request.idle_limit = idle_limit;
  request.metadata_only = true;
  CountedList list;
  if (auto got = transport.get(request, list); !got) return tl::unexpected(got.error());
  return list.count();
}

Result<std::vector<std::string>> list_api_versions(Transport& transport, std::chrono::milliseconds idle_limit) {
  Request request;
  request.target = "/apis";
  request.idle_limit = idle_limit;
  request.compressed = true;
  ShortAnswer answer(kMaxGroupList);
  if (auto got = transport.get(request, answer); !got) return tl::unexpected(got.error());
  if (answer.code() != 200) return fail("the API server answered " + std::to_string(answer.code()) + " to /apis");
  return answer.api_versions();
}

}  // namespace selvage::k8s_client
