// The bytes of a row of the release ledger.
#include <sodium.h>
#include <zlib.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "disclosure/release_ledger.hpp"

namespace skerry::disclosure {
namespace {

namespace json = boost::json;
using evidence::Contributions;

constexpr std::size_t unpacked_bytes_max = 256u << 20;

void put(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<char>((number & 0x7f) | 0x80));
  out.push_back(static_cast<char>(number));
}

/// Reads what `put` wrote; false at the end or when a number does not fit.
class Numbers {
 public:
  explicit Numbers(std::string_view bytes) : bytes_(bytes) {}
  bool next(std::uint64_t& out) {
    out = 0;
    for (unsigned shift = 0; shift < 63 && at_ < bytes_.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      out |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  [[nodiscard]] bool done() const { return at_ == bytes_.size(); }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

std::string flat(const Contributions& people) {
  std::string out;
  put(out, people.participants.size());
  std::uint64_t last = 0;
  std::size_t cell = 0;
  for (std::size_t i = 0; i < people.participants.size(); ++i) {
    const auto number = static_cast<std::uint64_t>(people.participants[i].number);
    put(out, number - last);
    last = number;
    put(out, people.ends[i] - cell);
    for (; cell < people.ends[i]; ++cell) put(out, people.cells[cell]);
  }
  return out;
}

bool unflat(std::string_view bytes, Contributions& out) {
  Numbers numbers(bytes);
  std::uint64_t people = 0;
  std::uint64_t last = 0;
  if (!numbers.next(people) || people > numbers.left()) return false;
  for (std::uint64_t i = 0; i < people; ++i) {
    std::uint64_t step = 0;
    std::uint64_t cells = 0;
    if (!numbers.next(step) || step == 0 || step > (std::uint64_t{1} << 62) - last || !numbers.next(cells) || cells == 0 ||
        cells > numbers.left()) {
      return false;
    }
    last += step;
    out.participants.push_back({static_cast<std::int64_t>(last)});
    for (std::uint64_t c = 0; c < cells; ++c) {
      std::uint64_t cell = 0;
      if (!numbers.next(cell) || cell > 0xffff'ffffu) return false;
      out.cells.push_back(static_cast<std::uint32_t>(cell));
    }
    out.ends.push_back(static_cast<std::uint32_t>(out.cells.size()));
  }
  return numbers.done();
}

const unsigned char* bytes_of(const std::string& text) { return static_cast<const unsigned char*>(static_cast<const void*>(text.data())); }
unsigned char* bytes_of(std::string& text) { return static_cast<unsigned char*>(static_cast<void*>(text.data())); }

std::string pack_bytes(const std::string& plain) {
  uLongf length = compressBound(plain.size());
  std::string packed(length, '\0');
  if (compress2(bytes_of(packed), &length, bytes_of(plain), plain.size(), 6) != Z_OK) return {};
  packed.resize(length);
  std::string text(sodium_base64_ENCODED_LEN(packed.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes_of(packed), packed.size(), sodium_base64_VARIANT_ORIGINAL);
  text.resize(text.size() - 1);  // the final NUL
  return text;
}

bool unpack_bytes(std::string_view text, std::size_t length, std::string& plain) {
  if (length > unpacked_bytes_max) return false;
  std::string packed(text.size(), '\0');
  std::size_t packed_length = 0;
  if (sodium_base642bin(bytes_of(packed), packed.size(), text.data(), text.size(), nullptr, &packed_length, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0) {
    return false;
  }
  // zlib packs a thousand to one at best, so a row cannot ask for much more memory than it is long.
  if (length / 1'100 > packed_length) return false;
  plain.assign(length, '\0');
  uLongf plain_length = length;
  return uncompress(bytes_of(plain), &plain_length, bytes_of(packed), packed_length) == Z_OK && plain_length == length;
}

Result<Release> from_json(const json::object& row) {
  Release out;
  out.study = row.at("study").as_string();
  auto digest = parse_digest(std::string_view(row.at("digest").as_string()));
  auto chain = parse_digest(std::string_view(row.at("chain").as_string()));
  auto result = parse_digest(std::string_view(row.at("result").as_string()));
  auto at = parse_instant(std::string_view(row.at("at").as_string()));
  if (!digest || !chain || !result || !at) return fail(ErrorCode::malformed, "A row of the release ledger is damaged");
  out.digest = *digest;
  out.result = *result;
  out.snapshot = {row.at("sequence").to_number<std::int64_t>(), *chain, *at};
  out.floor = row.at("floor").to_number<int>();
  for (const auto& set : row.at("opened").as_array()) {
    OpenedSet opened{std::string(set.at("measure").as_string()), {}};
    for (const auto& cell : set.at("cells").as_array()) opened.cells.push_back(cell.to_number<std::uint32_t>());
    out.opened.push_back(std::move(opened));
  }
  if (const auto* variables = row.if_contains("variables")) {
    for (const auto& variable : variables->as_array()) out.variables.emplace_back(variable.as_string());
  }
  if (const auto* computed = row.if_contains("computed")) out.computed = computed->as_string();
  auto people = parse_digest(std::string_view(row.at("people_digest").as_string()));
  if (!people) return fail(ErrorCode::malformed, "A row of the release ledger is damaged");
  out.people_digest = *people;
  out.packed = row.at("people").as_string();
  out.packed_people_bytes = row.at("people_bytes").to_number<std::size_t>();
  return out;
}

}  // namespace

std::string encode(const Release& release) {
  const auto people = flat(release.people);
  json::array opened;
  for (const auto& set : release.opened) {
    opened.push_back(json::object{{"measure", set.measure}, {"cells", json::array(set.cells.begin(), set.cells.end())}});
  }
  json::object row{{"format", 1},
                   {"study", release.study},
                   {"digest", to_hex(release.digest)},
                   {"sequence", release.snapshot.sequence},
                   {"chain", to_hex(release.snapshot.chain)},
                   {"at", to_text(release.snapshot.at)},
                   {"floor", release.floor},
                   {"result", to_hex(release.result)},
                   {"opened", std::move(opened)},
                   {"people_digest", to_hex(digest_of(people))},
                   {"people_bytes", people.size()},
                   {"people", pack_bytes(people)}};
  if (!release.variables.empty()) row["variables"] = json::array(release.variables.begin(), release.variables.end());
  if (!release.computed.empty()) row["computed"] = release.computed;
  return json::serialize(row);
}

Result<Release> decode_release_head(std::string_view row) {
  try {
    return from_json(json::parse(row).as_object());
  } catch (const std::exception&) {
    return fail(ErrorCode::malformed, "A row of the release ledger is damaged");
  }
}

Result<void> unpack_people(Release& release) {
  std::string plain;
  const bool whole = unpack_bytes(release.packed, release.packed_people_bytes, plain) && digest_of(plain) == release.people_digest &&
                     unflat(plain, release.people);
  if (!whole) return fail(ErrorCode::malformed, "A row of the release ledger is damaged");
  release.packed.clear();
  release.packed_people_bytes = 0;
  return {};
}

Result<Release> decode_release(std::string_view row) {
  auto release = decode_release_head(row);
  if (!release) return release;
  if (auto unpacked = unpack_people(*release); !unpacked) return fail(std::move(unpacked.error()));
  return release;
}

Digest people_digest(const Contributions& people) { return digest_of(flat(people)); }

Digest result_digest(const evidence::Told& told) {
  Hasher hasher;
  const auto add = [&](const evidence::Count& count) {
    hasher.add_number(static_cast<std::uint64_t>(count.mark)).add_number(static_cast<std::uint64_t>(count.number.value_or(-1)));
  };
  hasher.add_number(static_cast<std::uint64_t>(told.floor));
  add(told.people);
  add(told.undecided);
  for (const auto& count : told.counts) add(count);
  for (const auto& row : told.answers) {
    for (const auto* count : {&row.people, &row.present, &row.recorded, &row.contradictory, &row.not_recorded}) add(*count);
  }
  for (const auto& row : told.cross.cells) {
    for (const auto& count : row) add(count);
  }
  for (const auto& count : told.cross.row_totals) add(count);
  for (const auto& count : told.cross.column_totals) add(count);
  add(told.cross.total);
  add(told.cross.not_grouped);
  for (const auto& followed : told.followed) {
    for (const auto* count : {&followed.people, &followed.undecidable, &followed.not_recorded}) add(*count);
    for (const auto& step : followed.leaving) {
      hasher.add_number(static_cast<std::uint64_t>(step.time))
          .add_number(static_cast<std::uint64_t>(step.events))
          .add_number(static_cast<std::uint64_t>(step.censored));
      if (step.entered != 0) hasher.add_number(static_cast<std::uint64_t>(step.entered));
    }
  }
  if (told.computed) hasher.add(computed_text(told));
  return hasher.finish();
}

}  // namespace skerry::disclosure
