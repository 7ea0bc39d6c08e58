#include "k8s_client/api/api_object.h"

namespace selvage::k8s_client {

std::string to_string(const ObjectError& error) {
  return error.object + ": " + (error.field.empty() ? "" : error.field + ": ") + error.message;
}

}  // namespace selvage::k8s_client
