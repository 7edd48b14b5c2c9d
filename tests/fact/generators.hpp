// Arbitrary facts for property tests: every kind of value and time, with text from the edges of Unicode.
// Everything made here passes fact::check.
#pragma once

#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "fact/fact.hpp"

namespace skerry::generators {

inline rc::Gen<std::string> text() {
  static const std::vector<std::string> pieces{"a", "Z",  "0",  " ",      ":", "\n", "\"", "\\", std::string("\0", 1),
                                               "é", "骨", "🦴", "\u202e", "HP"};
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)), [](const std::vector<std::string>& parts) {
    std::string out;
    for (const auto& part : parts) out += part;
    return out;
  });
}

inline rc::Gen<std::string> text_not_empty() {
  return rc::gen::map(text(), [](std::string value) { return value.empty() ? std::string("x") : value; });
}

inline rc::Gen<double> finite() {
  return rc::gen::oneOf(rc::gen::elementOf(std::vector<double>{0.0, -0.0, 1.5, -3.25, 5e-324, 1.7976931348623157e308}),
                        rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t bits) {
                          const auto number = std::bit_cast<double>(bits);
                          return std::isfinite(number) ? number : 0.5;
                        }));
}

inline rc::Gen<Code> code() { return rc::gen::construct<Code>(text(), text()); }

inline rc::Gen<Instant> instant() {
  return rc::gen::construct<Instant>(rc::gen::inRange<std::int64_t>(-62'135'596'800, 253'402'300'800),
                                     rc::gen::inRange<std::int32_t>(0, 1'000'000'000));
}

inline rc::Gen<PartialDate> date() {
  return rc::gen::map(rc::gen::tuple(rc::gen::inRange(1, 10'000), rc::gen::inRange(0, 13), rc::gen::inRange(0, 29)),
                      [](const std::tuple<int, int, int>& parts) {
                        const auto [year, month, day] = parts;
                        return PartialDate{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
                                           static_cast<std::uint8_t>(month == 0 ? 0 : day)};
                      });
}

inline rc::Gen<Age> age() {
  const auto part = [] {
    return rc::gen::map(rc::gen::maybe(rc::gen::arbitrary<std::int32_t>()),
                        [](const rc::Maybe<std::int32_t>& value) { return value ? std::optional<std::int32_t>(*value) : std::nullopt; });
  };
  return rc::gen::construct<Age>(part(), part(), part(), part(), part(), part(), part(),
                                 rc::gen::elementOf(std::vector<std::string>{"", ".5", ".25"}));
}

inline rc::Gen<Moment> moment() {
  return rc::gen::oneOf(
      rc::gen::cast<Moment>(instant()), rc::gen::cast<Moment>(date()), rc::gen::cast<Moment>(age()),
      rc::gen::cast<Moment>(rc::gen::construct<GestationalAge>(rc::gen::arbitrary<std::int32_t>(), rc::gen::inRange(0, 7))),
      rc::gen::cast<Moment>(code()), rc::gen::cast<Moment>(rc::gen::construct<StatedTime>(text())));
}

inline rc::Gen<When> when() {
  return rc::gen::map(rc::gen::tuple(rc::gen::inRange(0, 5), moment(), moment()), [](std::tuple<int, Moment, Moment> parts) {
    auto& [kind, first, last] = parts;
    switch (kind) {
      case 1: return When::at(std::move(first));
      case 2: return When::before(std::move(first));
      case 3: return When::after(std::move(first));
      case 4: return When::between(std::move(first), std::move(last));
      default: return When{};
    }
  });
}

inline rc::Gen<Quantity> quantity() {
  return rc::gen::map(rc::gen::tuple(finite(), code(), rc::gen::arbitrary<bool>(), finite(), finite(), code()),
                      [](std::tuple<double, Code, bool, double, double, Code> parts) {
                        auto& [number, unit, with_range, low, high, range_unit] = parts;
                        Quantity out{number, std::move(unit), std::nullopt};
                        if (with_range) out.reference = Quantity::Range{low, high, std::move(range_unit)};
                        return out;
                      });
}

inline rc::Gen<Variant> variant() {
  return rc::gen::exec([] {
    Variant v;
    for (auto* part : {&v.id, &v.label, &v.description, &v.molecule_context, &v.vrs_reference_sequence, &v.acmg, &v.actionability,
                       &v.interpretation, &v.subject, &v.rest}) {
      *part = *text();
    }
    for (auto* part : {&v.gene, &v.structural_type, &v.allelic_state, &v.origin}) *part = *code();
    const auto expressions = *rc::gen::inRange(0, 4);
    for (int i = 0; i < expressions; ++i) v.expressions.push_back({*text(), *text(), *text()});
    if (*rc::gen::arbitrary<bool>()) {
      v.vcf = Variant::Vcf{*text(), *text(), *rc::gen::arbitrary<std::uint64_t>(), *text(), *text(), *text(), *text(), *text(), *text()};
    }
    return v;
  });
}

inline rc::Gen<Value> value() {
  return rc::gen::oneOf(rc::gen::just(Value{}), rc::gen::cast<Value>(code()), rc::gen::cast<Value>(quantity()),
                        rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t number) { return Value{number}; }),
                        rc::gen::map(rc::gen::arbitrary<bool>(), [](bool yes) { return Value{yes}; }),
                        rc::gen::cast<Value>(rc::gen::construct<Text>(text())), rc::gen::cast<Value>(when()),
                        rc::gen::cast<Value>(variant()), rc::gen::cast<Value>(rc::gen::construct<Record>(text_not_empty())));
}

inline rc::Gen<std::vector<Qualifier>> qualifiers() {
  return rc::gen::resize(5, rc::gen::container<std::vector<Qualifier>>(rc::gen::construct<Qualifier>(code(), value())));
}

/// Without ids, participant, references to other facts or recorded_at: what a batch holds.
inline rc::Gen<Fact> statement() {
  return rc::gen::exec([] {
    Fact out;
    out.kind = static_cast<Kind>(*rc::gen::inRange(1, 13));
    out.code = {*text_not_empty(), *text()};
    out.status = static_cast<Status>(*rc::gen::inRange(1, 5));
    out.value = *value();
    out.when = *when();
    out.where = {*code(), static_cast<Side>(*rc::gen::inRange(0, 5))};
    out.source = {static_cast<SourceKind>(*rc::gen::inRange(1, 6)), *text_not_empty()};
    if (out.source.kind != SourceKind::publication && *rc::gen::arbitrary<bool>()) out.source.reference.clear();
    out.qualifiers = *qualifiers();
    return out;
  });
}

/// Every field.
inline rc::Gen<Fact> fact() {
  return rc::gen::exec([] {
    auto out = *statement();
    out.id.number = *rc::gen::arbitrary<std::int64_t>();
    out.participant.number = *rc::gen::arbitrary<std::int64_t>();
    out.part_of.number = *rc::gen::arbitrary<std::int64_t>();
    out.supersedes.number = *rc::gen::arbitrary<std::int64_t>();
    out.recorded_at = *instant();
    return out;
  });
}

}  // namespace skerry::generators

// rapidcheck prints what failed; a test's facts are nobody's.
namespace skerry {
inline void showValue(const Fact& fact, std::ostream& out) {
  out << "fact of kind " << name_of(fact.kind) << ", value " << fact.value.index();
}
inline void showValue(const When& when, std::ostream& out) { out << "time of kind " << static_cast<int>(when.kind); }
inline void showValue(const Qualifier& qualifier, std::ostream& out) { out << "qualifier with value " << qualifier.value.index(); }
}  // namespace skerry
