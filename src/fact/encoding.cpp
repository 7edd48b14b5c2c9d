#include "fact/encoding.hpp"

#include <limits>
#include <type_traits>

#include "fact/bytes.hpp"

namespace skerry {
namespace {

constexpr std::uint8_t fact_format = 1;
constexpr std::uint64_t qualifiers_max = 1'000;  // as fact::check allows

// Tags of Value and Moment and the bits of the flag bytes are stored: never reuse one.
enum class ValueTag : std::uint8_t {
  none = 0,
  code = 1,
  quantity = 2,
  quantity_with_range = 3,
  integer = 4,
  no = 5,
  yes = 6,
  text = 7,
  when = 8,
  variant = 9,
  record = 10
};
enum class MomentTag : std::uint8_t { instant = 0, date = 1, age = 2, gestational_age = 3, code = 4, words = 5 };

constexpr std::uint64_t has_value = 1, has_when = 2, has_site = 4, has_side = 8, has_reference = 16, has_qualifiers = 32, has_part_of = 64,
                        has_supersedes = 128, all_fact_flags = 255;
constexpr std::uint8_t when_kind_bits = 7, has_first = 8, has_last = 16;

// --- writing ---

void put(ByteWriter& out, const Code& code) {
  out.text(code.id);
  out.text(code.label);
}

void put(ByteWriter& out, Instant instant) {
  out.signed_number(instant.seconds);
  out.signed_number(instant.nanoseconds);
}

void put(ByteWriter& out, const Age& age) {
  const std::optional<std::int32_t>* const parts[] = {&age.years, &age.months,  &age.weeks,  &age.days,
                                                      &age.hours, &age.minutes, &age.seconds};
  unsigned told = age.fraction.empty() ? 0U : 128U;
  for (unsigned i = 0; i < 7; ++i) told |= parts[i]->has_value() ? 1U << i : 0U;
  out.byte(static_cast<std::uint8_t>(told));
  for (const auto* part : parts) {
    if (part->has_value()) out.signed_number(part->value());
  }
  if (!age.fraction.empty()) out.text(age.fraction);
}

void put_tag(ByteWriter& out, MomentTag tag) { out.byte(static_cast<std::uint8_t>(tag)); }
void put_tag(ByteWriter& out, ValueTag tag) { out.byte(static_cast<std::uint8_t>(tag)); }

struct MomentWriter {
  ByteWriter& out;
  void operator()(const Instant& instant) const {
    put_tag(out, MomentTag::instant);
    put(out, instant);
  }
  void operator()(const PartialDate& date) const {
    put_tag(out, MomentTag::date);
    out.signed_number(date.year);
    out.byte(date.month);
    out.byte(date.day);
  }
  void operator()(const Age& age) const {
    put_tag(out, MomentTag::age);
    put(out, age);
  }
  void operator()(const GestationalAge& age) const {
    put_tag(out, MomentTag::gestational_age);
    out.signed_number(age.weeks);
    out.signed_number(age.days);
  }
  void operator()(const Code& code) const {
    put_tag(out, MomentTag::code);
    put(out, code);
  }
  void operator()(const StatedTime& words) const {
    put_tag(out, MomentTag::words);
    out.text(words.text);
  }
};

void put(ByteWriter& out, const When& when) {
  const bool first = when.first != Moment{};
  const bool last = when.last != Moment{};
  out.byte(static_cast<std::uint8_t>(static_cast<unsigned>(when.kind) | (first ? has_first : 0U) | (last ? has_last : 0U)));
  if (first) std::visit(MomentWriter{out}, when.first);
  if (last) std::visit(MomentWriter{out}, when.last);
}

void put(ByteWriter& out, const Variant& v) {
  out.byte(v.vcf ? 1 : 0);
  for (const auto* part : {&v.id, &v.label, &v.description}) out.text(*part);
  put(out, v.gene);
  out.number(v.expressions.size());
  for (const auto& expression : v.expressions) {
    for (const auto* part : {&expression.syntax, &expression.value, &expression.version}) out.text(*part);
  }
  if (v.vcf) {
    const auto& vcf = *v.vcf;
    out.text(vcf.assembly);
    out.text(vcf.chromosome);
    out.number(vcf.position);
    for (const auto* part : {&vcf.id, &vcf.reference, &vcf.alternate, &vcf.quality, &vcf.filter, &vcf.info}) out.text(*part);
  }
  out.text(v.molecule_context);
  put(out, v.structural_type);
  out.text(v.vrs_reference_sequence);
  put(out, v.allelic_state);
  for (const auto* part : {&v.acmg, &v.actionability, &v.interpretation, &v.subject}) out.text(*part);
  put(out, v.origin);
  out.text(v.rest);
}

struct ValueWriter {
  ByteWriter& out;
  void operator()(std::monostate) const { put_tag(out, ValueTag::none); }
  void operator()(const Code& code) const {
    put_tag(out, ValueTag::code);
    put(out, code);
  }
  void operator()(const Quantity& quantity) const {
    put_tag(out, quantity.reference ? ValueTag::quantity_with_range : ValueTag::quantity);
    out.real(quantity.number);
    put(out, quantity.unit);
    if (!quantity.reference) return;
    out.real(quantity.reference->low);
    out.real(quantity.reference->high);
    put(out, quantity.reference->unit);
  }
  void operator()(std::int64_t number) const {
    put_tag(out, ValueTag::integer);
    out.signed_number(number);
  }
  void operator()(bool yes) const { put_tag(out, yes ? ValueTag::yes : ValueTag::no); }
  void operator()(const Text& text) const {
    put_tag(out, ValueTag::text);
    out.text(text.text);
  }
  void operator()(const When& when) const {
    put_tag(out, ValueTag::when);
    put(out, when);
  }
  void operator()(const Variant& variant) const {
    put_tag(out, ValueTag::variant);
    put(out, variant);
  }
  void operator()(const Record& record) const {
    put_tag(out, ValueTag::record);
    out.text(record.json);
  }
};

void put(ByteWriter& out, const Value& value) { std::visit(ValueWriter{out}, value); }

void put(ByteWriter& out, const std::vector<Qualifier>& qualifiers) {
  out.number(qualifiers.size());
  for (const auto& qualifier : qualifiers) {
    put(out, qualifier.role);
    put(out, qualifier.value);
  }
}

std::uint64_t flags_of(const Fact& fact, FactId part_of, FactId supersedes) {
  std::uint64_t flags = 0;
  if (fact.value.index() != 0) flags |= has_value;
  if (fact.when != When{}) flags |= has_when;
  if (!fact.where.site.empty()) flags |= has_site;
  if (fact.where.side != Side::unknown) flags |= has_side;
  if (!fact.source.reference.empty()) flags |= has_reference;
  if (!fact.qualifiers.empty()) flags |= has_qualifiers;
  if (part_of.set()) flags |= has_part_of;
  if (supersedes.set()) flags |= has_supersedes;
  return flags;
}

// --- reading ---

void take_into(ByteReader& in, std::string& to) { to = in.text(); }

Code take_code(ByteReader& in) {
  Code code;
  take_into(in, code.id);
  take_into(in, code.label);
  return code;
}

std::int32_t take_small(ByteReader& in) {
  const auto value = in.signed_number();
  if (value < std::numeric_limits<std::int32_t>::min() || value > std::numeric_limits<std::int32_t>::max()) {
    in.reject("a number is out of range");
    return 0;
  }
  return static_cast<std::int32_t>(value);
}

template <class Enum>
Enum take_enum(ByteReader& in, Enum first, Enum last) {
  const auto value = in.byte();
  if (in.ok() && (value < static_cast<std::uint8_t>(first) || value > static_cast<std::uint8_t>(last)))
    in.reject("an enumeration is unknown");
  return in.ok() ? static_cast<Enum>(value) : first;
}

Age take_age(ByteReader& in) {
  Age age;
  const unsigned told = in.byte();
  std::optional<std::int32_t>* const parts[] = {&age.years, &age.months, &age.weeks, &age.days, &age.hours, &age.minutes, &age.seconds};
  for (unsigned i = 0; i < 7; ++i) {
    if ((told & (1U << i)) != 0) *parts[i] = take_small(in);
  }
  if ((told & 128U) != 0) {
    take_into(in, age.fraction);
    if (age.fraction.empty()) in.reject("an empty part is written");
  }
  return age;
}

PartialDate take_date(ByteReader& in) {
  PartialDate date;
  const auto year = take_small(in);
  if (year < std::numeric_limits<std::int16_t>::min() || year > std::numeric_limits<std::int16_t>::max())
    in.reject("a year is out of range");
  date.year = in.ok() ? static_cast<std::int16_t>(year) : std::int16_t{0};
  date.month = in.byte();
  date.day = in.byte();
  return date;
}

Moment take_moment(ByteReader& in) {
  switch (take_enum(in, MomentTag::instant, MomentTag::words)) {
    case MomentTag::instant: {
      Instant instant;
      instant.seconds = in.signed_number();
      instant.nanoseconds = take_small(in);
      return instant;
    }
    case MomentTag::date: return take_date(in);
    case MomentTag::age: return take_age(in);
    case MomentTag::gestational_age: {
      GestationalAge age;
      age.weeks = take_small(in);
      age.days = take_small(in);
      return age;
    }
    case MomentTag::code: return take_code(in);
    case MomentTag::words: {
      StatedTime words;
      take_into(in, words.text);
      return words;
    }
  }
  return {};
}

When take_when(ByteReader& in) {
  When when;
  const auto head = in.byte();
  const auto kind = head & when_kind_bits;
  if (kind > static_cast<int>(WhenKind::between) || (head & ~(when_kind_bits | has_first | has_last)) != 0)
    in.reject("a time's kind is unknown");
  when.kind = in.ok() ? static_cast<WhenKind>(kind) : WhenKind::unknown;
  for (auto [bit, moment] : {std::pair{has_first, &when.first}, std::pair{has_last, &when.last}}) {
    if ((head & bit) == 0) continue;
    *moment = take_moment(in);
    if (*moment == Moment{}) in.reject("an empty part is written");
  }
  return when;
}

Variant::Vcf take_vcf(ByteReader& in) {
  Variant::Vcf vcf;
  take_into(in, vcf.assembly);
  take_into(in, vcf.chromosome);
  vcf.position = in.number();
  for (auto* part : {&vcf.id, &vcf.reference, &vcf.alternate, &vcf.quality, &vcf.filter, &vcf.info}) take_into(in, *part);
  return vcf;
}

Variant take_variant(ByteReader& in) {
  Variant v;
  const auto with_vcf = in.byte();
  if (with_vcf > 1) in.reject("a variant's flag is unknown");
  for (auto* part : {&v.id, &v.label, &v.description}) take_into(in, *part);
  v.gene = take_code(in);
  const auto expressions = in.number();
  if (expressions > in.left() / 3) in.reject("a count goes past the end");
  for (std::uint64_t i = 0; i < expressions && in.ok(); ++i) {
    auto& expression = v.expressions.emplace_back();
    for (auto* part : {&expression.syntax, &expression.value, &expression.version}) take_into(in, *part);
  }
  if (with_vcf == 1) v.vcf = take_vcf(in);
  take_into(in, v.molecule_context);
  v.structural_type = take_code(in);
  take_into(in, v.vrs_reference_sequence);
  v.allelic_state = take_code(in);
  for (auto* part : {&v.acmg, &v.actionability, &v.interpretation, &v.subject}) take_into(in, *part);
  v.origin = take_code(in);
  take_into(in, v.rest);
  return v;
}

Quantity take_quantity(ByteReader& in, bool with_range) {
  Quantity quantity;
  quantity.number = in.real();
  quantity.unit = take_code(in);
  if (with_range) {
    auto& range = quantity.reference.emplace();
    range.low = in.real();
    range.high = in.real();
    range.unit = take_code(in);
  }
  return quantity;
}

Value take_value(ByteReader& in) {
  switch (take_enum(in, ValueTag::none, ValueTag::record)) {
    case ValueTag::none: return {};
    case ValueTag::code: return take_code(in);
    case ValueTag::quantity: return take_quantity(in, false);
    case ValueTag::quantity_with_range: return take_quantity(in, true);
    case ValueTag::integer: return in.signed_number();
    case ValueTag::no: return false;
    case ValueTag::yes: return true;
    case ValueTag::text: return Text{std::string(in.text())};
    case ValueTag::when: return take_when(in);
    case ValueTag::variant: return take_variant(in);
    case ValueTag::record: return Record{std::string(in.text())};
  }
  return {};
}

std::vector<Qualifier> take_qualifiers(ByteReader& in) {
  std::vector<Qualifier> out;
  const auto count = in.number();
  if (count > in.left() / 3 || count > qualifiers_max) in.reject("a count goes past the end");
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    auto& qualifier = out.emplace_back();
    qualifier.role = take_code(in);
    qualifier.value = take_value(in);
  }
  return out;
}

void take_options(ByteReader& in, std::uint64_t flags, Fact& fact) {
  if ((flags & has_value) != 0) fact.value = take_value(in);
  if ((flags & has_when) != 0) fact.when = take_when(in);
  if ((flags & has_site) != 0) fact.where.site = take_code(in);
  if ((flags & has_side) != 0) fact.where.side = take_enum(in, Side::left, Side::midline);
  if ((flags & has_reference) != 0) take_into(in, fact.source.reference);
  if ((flags & has_qualifiers) != 0) fact.qualifiers = take_qualifiers(in);
  if ((flags & has_part_of) != 0) fact.part_of.number = in.signed_number();
  if ((flags & has_supersedes) != 0) fact.supersedes.number = in.signed_number();
}

template <class T>
Result<T> finished(const ByteReader& in, T&& value) {
  if (!in.ok()) return fail(ErrorCode::malformed, std::string(in.wrong()));
  if (in.left() != 0) return fail(ErrorCode::malformed, "there are bytes after the end");
  return std::forward<T>(value);
}

}  // namespace

void encode(const Value& value, std::string& out) {
  ByteWriter writer(out);
  put(writer, value);
}

void encode(const When& when, std::string& out) {
  ByteWriter writer(out);
  put(writer, when);
}

void encode(const std::vector<Qualifier>& qualifiers, std::string& out) {
  ByteWriter writer(out);
  put(writer, qualifiers);
}

void encode(const Fact& fact, std::string& out) {
  encode(fact, {fact.id, fact.participant, fact.part_of, fact.supersedes, fact.recorded_at}, out);
}

void encode(const Fact& fact, const Entered& entered, std::string& out) {
  ByteWriter writer(out);
  const auto flags = flags_of(fact, entered.part_of, entered.supersedes);
  writer.byte(fact_format);
  writer.signed_number(entered.id.number);
  writer.signed_number(entered.participant.number);
  put(writer, entered.recorded_at);
  writer.byte(static_cast<std::uint8_t>(fact.kind));
  writer.byte(static_cast<std::uint8_t>(fact.status));
  writer.byte(static_cast<std::uint8_t>(fact.source.kind));
  put(writer, fact.code);
  writer.number(flags);
  if ((flags & has_value) != 0) put(writer, fact.value);
  if ((flags & has_when) != 0) put(writer, fact.when);
  if ((flags & has_site) != 0) put(writer, fact.where.site);
  if ((flags & has_side) != 0) writer.byte(static_cast<std::uint8_t>(fact.where.side));
  if ((flags & has_reference) != 0) writer.text(fact.source.reference);
  if ((flags & has_qualifiers) != 0) put(writer, fact.qualifiers);
  if ((flags & has_part_of) != 0) writer.signed_number(entered.part_of.number);
  if ((flags & has_supersedes) != 0) writer.signed_number(entered.supersedes.number);
}

Result<Value> decode_value(std::string_view bytes) {
  ByteReader in(bytes);
  auto value = take_value(in);
  return finished(in, std::move(value));
}

Result<When> decode_when(std::string_view bytes) {
  ByteReader in(bytes);
  auto when = take_when(in);
  return finished(in, std::move(when));
}

Result<std::vector<Qualifier>> decode_qualifiers(std::string_view bytes) {
  ByteReader in(bytes);
  auto qualifiers = take_qualifiers(in);
  return finished(in, std::move(qualifiers));
}

Result<Fact> decode_fact(std::string_view bytes) {
  ByteReader in(bytes);
  Fact fact;
  if (in.byte() != fact_format) in.reject("the format is unknown");
  fact.id.number = in.signed_number();
  fact.participant.number = in.signed_number();
  fact.recorded_at.seconds = in.signed_number();
  fact.recorded_at.nanoseconds = take_small(in);
  fact.kind = take_enum(in, Kind::person, Kind::interpretation);
  fact.status = take_enum(in, Status::present, Status::retracted);
  fact.source.kind = take_enum(in, SourceKind::participant, SourceKind::publication);
  fact.code = take_code(in);
  const auto flags = in.number();
  if ((flags & ~all_fact_flags) != 0) in.reject("a fact's flag is unknown");
  take_options(in, flags, fact);
  if (in.ok() && flags_of(fact, fact.part_of, fact.supersedes) != flags) in.reject("an empty part is written");
  return finished(in, std::move(fact));
}

}  // namespace skerry
