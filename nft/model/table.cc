#include "nft/model/table.h"

namespace selvage::nft {

const char* to_string(TableFamily family) { return family == TableFamily::inet ? "inet" : "bridge"; }

}  // namespace selvage::nft
