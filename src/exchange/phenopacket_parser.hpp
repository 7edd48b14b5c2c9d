// read_phenopacket with its memory kept from packet to packet, for bulk import and benchmarks.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "exchange/phenopackets.hpp"

namespace simdjson::dom {
class element;
}

namespace skerry::exchange {

struct ParseTimes {
  std::chrono::nanoseconds parse{};  ///< JSON text to tokens
  std::chrono::nanoseconds map{};    ///< tokens to facts
};

/// One a thread.
class PacketParser {
 public:
  PacketParser();
  ~PacketParser();
  PacketParser(const PacketParser&) = delete;
  PacketParser& operator=(const PacketParser&) = delete;

  /// As read_phenopacket. `readable_bytes`: how many bytes from json's start may be read, for the parser looks ahead; when they
  /// are too few the text is copied.
  Result<Parsed> parse(std::string_view json, std::size_t readable_bytes, std::string_view file, ParseTimes* times);

 private:
  Result<Parsed> map(const simdjson::dom::element& document, std::size_t json_bytes, std::string_view file);
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::string canonical_;
};

/// What is wrong with a text that is not JSON, with line, column and the path down to the fault. Never fails to find one: a text
/// that is JSON after all (a number beyond every range, say) is called malformed at its start.
[[nodiscard]] Error fault_of(std::string_view json, std::string_view file);

}  // namespace skerry::exchange
