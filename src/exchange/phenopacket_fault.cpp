#include "exchange/phenopacket_parser.hpp"
namespace skerry::exchange {
Error fault_of(std::string_view json, std::string_view file) {
  return {ErrorCode::malformed, json.empty() ? "empty" : "is not JSON", {std::string(file), 0, 0, ""}};
}
}  // namespace skerry::exchange
