#include "fact/fact.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace skerry {
namespace {

constexpr std::size_t text_bytes_max = 1 << 20;
constexpr std::size_t qualifiers_max = 1'000;

/// Length of the UTF-8 sequence at `at` (RFC 3629: no overlong forms, no surrogates), or 0 when it is not one.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const auto tail = [&](std::size_t i, unsigned low, unsigned high) { return at + i < text.size() && byte(i) >= low && byte(i) <= high; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return tail(1, 0x80, 0xbf) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const unsigned low = lead == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : 0xbf;
    return tail(1, low, high) && tail(2, 0x80, 0xbf) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const unsigned low = lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xf4 ? 0x8f : 0xbf;
    return tail(1, low, high) && tail(2, 0x80, 0xbf) && tail(3, 0x80, 0xbf) ? 4 : 0;
  }
  return 0;
}

/// Eight bytes at a time: nearly all text that is stored is ASCII.
std::size_t ascii_length(std::string_view text) {
  std::size_t at = 0;
  for (; text.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    if ((bytes & 0x8080808080808080U) != 0) break;
  }
  return at;
}

bool valid_utf8(std::string_view text) {
  for (std::size_t at = ascii_length(text); at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const auto length = utf8_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

/// Collects the first thing that is wrong; the later ones are not looked at.
class Checker {
 public:
  void text(std::string_view field, std::string_view value) {
    if (value.size() > text_bytes_max) {
      wrong(ErrorCode::too_large, field, "is longer than 1 MiB");
    } else if (!valid_utf8(value)) {
      wrong(ErrorCode::invalid_text, field, "is not valid UTF-8");
    }
  }
  void code(std::string_view field, const Code& value) {
    text(field, value.id);
    text(field, value.label);
  }
  void number(std::string_view field, double value) {
    if (!std::isfinite(value)) wrong(ErrorCode::out_of_range, field, "is not a finite number");
  }
  void moment(std::string_view field, const Moment& value) {
    if (const auto* date = std::get_if<PartialDate>(&value); date != nullptr && !date->valid()) {
      wrong(ErrorCode::out_of_range, field, "is not a day of the calendar");
    } else if (const auto* instant = std::get_if<Instant>(&value)) {
      const bool of_years_1_to_9999 = instant->seconds >= -62'135'596'800 && instant->seconds <= 253'402'300'799;
      if (!of_years_1_to_9999 || instant->nanoseconds < 0 || instant->nanoseconds > 999'999'999)
        wrong(ErrorCode::out_of_range, field, "is not an instant");
    } else if (const auto* coded = std::get_if<Code>(&value)) {
      code(field, *coded);
    } else if (const auto* stated = std::get_if<StatedTime>(&value)) {
      text(field, stated->text);
    }
  }
  void when(std::string_view field, const When& value) {
    moment(field, value.first);
    moment(field, value.last);
  }
  void quantity(std::string_view field, const Quantity& value) {
    number(field, value.number);
    code(field, value.unit);
    if (value.reference) {
      number(field, value.reference->low);
      number(field, value.reference->high);
      code(field, value.reference->unit);
    }
  }
  void variant(std::string_view field, const Variant& v) {
    for (const auto* part : {&v.id, &v.label, &v.description, &v.molecule_context, &v.vrs_reference_sequence, &v.acmg, &v.actionability,
                             &v.interpretation, &v.subject, &v.rest}) {
      text(field, *part);
    }
    for (const auto* part : {&v.gene, &v.structural_type, &v.allelic_state, &v.origin}) code(field, *part);
    for (const auto& expression : v.expressions) {
      for (const auto* part : {&expression.syntax, &expression.value, &expression.version}) text(field, *part);
    }
    if (v.vcf) {
      for (const auto* part : {&v.vcf->assembly, &v.vcf->chromosome, &v.vcf->id, &v.vcf->reference, &v.vcf->alternate, &v.vcf->quality,
                               &v.vcf->filter, &v.vcf->info}) {
        text(field, *part);
      }
    }
  }
  void value(std::string_view field, const Value& value) {
    std::visit(
        [&](const auto& held) {
          using T = std::decay_t<decltype(held)>;
          if constexpr (std::is_same_v<T, Code>) code(field, held);
          if constexpr (std::is_same_v<T, Quantity>) quantity(field, held);
          if constexpr (std::is_same_v<T, Text>) text(field, held.text);
          if constexpr (std::is_same_v<T, When>) when(field, held);
          if constexpr (std::is_same_v<T, Variant>) variant(field, held);
          if constexpr (std::is_same_v<T, Record>) {
            text(field, held.json);
            if (held.json.empty()) wrong(ErrorCode::malformed, field, "is an empty record; expected JSON");
          }
        },
        value);
  }
  void wrong(ErrorCode code, std::string_view field, std::string_view what) {
    if (!error_) error_ = Error{code, std::string(field) + " " + std::string(what), Place{{}, 0, 0, std::string(field)}};
  }
  [[nodiscard]] Result<void> result() && {
    if (error_) return fail(std::move(*error_));
    return {};
  }

 private:
  std::optional<Error> error_;
};

template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<Kind, 12> kind_names{{{Kind::person, "person"},
                                      {Kind::feature, "feature"},
                                      {Kind::measurement, "measurement"},
                                      {Kind::diagnosis, "diagnosis"},
                                      {Kind::variant, "variant"},
                                      {Kind::procedure, "procedure"},
                                      {Kind::treatment, "treatment"},
                                      {Kind::biosample, "biosample"},
                                      {Kind::file, "file"},
                                      {Kind::document, "document"},
                                      {Kind::experience, "experience"},
                                      {Kind::interpretation, "interpretation"}}};
constexpr Names<Status, 5> status_names{{{Status::present, "present"},
                                         {Status::absent, "absent"},
                                         {Status::not_recorded, "not_recorded"},
                                         {Status::refused, "refused"},
                                         {Status::retracted, "retracted"}}};
constexpr Names<Side, 5> side_names{
    {{Side::unknown, "unknown"}, {Side::left, "left"}, {Side::right, "right"}, {Side::both, "both"}, {Side::midline, "midline"}}};
constexpr Names<SourceKind, 5> source_names{{{SourceKind::participant, "participant"},
                                             {SourceKind::proxy, "proxy"},
                                             {SourceKind::clinician, "clinician"},
                                             {SourceKind::device, "device"},
                                             {SourceKind::publication, "publication"}}};

template <class Enum, std::size_t N>
std::string_view name_in(const Names<Enum, N>& names, Enum value) noexcept {
  for (const auto& [key, name] : names) {
    if (key == value) return name;
  }
  return "unknown";
}

template <class Enum, std::size_t N>
Result<Enum> parse_in(const Names<Enum, N>& names, std::string_view text, std::string_view what) {
  std::string all;
  for (const auto& [key, name] : names) {
    if (name == text) return key;
    all += (all.empty() ? "" : ", ") + std::string(name);
  }
  return fail(ErrorCode::unknown_value, "unknown " + std::string(what) + "; expected one of: " + all);
}

}  // namespace

Result<void> check(const Fact& fact) {
  Checker checker;
  if (fact.code.id.empty()) checker.wrong(ErrorCode::missing_field, "code", "has no id");
  checker.code("code", fact.code);
  checker.value("value", fact.value);
  checker.when("when", fact.when);
  checker.code("where", fact.where.site);
  checker.text("source", fact.source.reference);
  if (fact.source.kind == SourceKind::publication && fact.source.reference.empty()) {
    checker.wrong(ErrorCode::missing_field, "source", "is a publication without its id");
  }
  if (fact.qualifiers.size() > qualifiers_max) checker.wrong(ErrorCode::too_large, "qualifiers", "are more than 1,000");
  for (const auto& qualifier : fact.qualifiers) {
    checker.code("qualifiers", qualifier.role);
    checker.value("qualifiers", qualifier.value);
  }
  if (fact.status == Status::retracted && !fact.supersedes.set()) {
    checker.wrong(ErrorCode::missing_field, "supersedes", "is needed by a retraction");
  }
  return std::move(checker).result();
}

bool same_statement(const Fact& a, const Fact& b) {
  return a.kind == b.kind && a.code == b.code && a.status == b.status && a.value == b.value && a.when == b.when && a.where == b.where &&
         a.source == b.source && a.qualifiers == b.qualifiers;
}

std::string_view name_of(Kind kind) noexcept { return name_in(kind_names, kind); }
std::string_view name_of(Status status) noexcept { return name_in(status_names, status); }
std::string_view name_of(Side side) noexcept { return name_in(side_names, side); }
std::string_view name_of(SourceKind kind) noexcept { return name_in(source_names, kind); }
Result<Kind> parse_kind(std::string_view name) { return parse_in(kind_names, name, "kind"); }
Result<Status> parse_status(std::string_view name) { return parse_in(status_names, name, "status"); }
Result<Side> parse_side(std::string_view name) { return parse_in(side_names, name, "side"); }
Result<SourceKind> parse_source_kind(std::string_view name) { return parse_in(source_names, name, "source"); }

}  // namespace skerry
