#include "cohort/quality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "cohort/quality_scan.hpp"
#include "fact/concepts.hpp"
#include "fact/span.hpp"

namespace skerry::cohort {
namespace {

using People = std::set<ParticipantId>;

void sort_findings(std::vector<QualityFinding>& findings) {
  const auto rank = [](const QualityFinding& f) {
    return std::tuple(f.kind, -static_cast<std::ptrdiff_t>(f.participants.size()), std::string_view(f.code.id),
                      std::string_view(f.other.id), std::string_view(f.group.id), std::string_view(f.source));
  };
  std::ranges::sort(findings, [&](const QualityFinding& a, const QualityFinding& b) { return rank(a) < rank(b); });
}

}  // namespace

std::string_view name_of(QualityKind kind) noexcept {
  switch (kind) {
    case QualityKind::present_and_absent: return "present_and_absent";
    case QualityKind::ancestor_absent: return "ancestor_absent";
    case QualityKind::rule: return "rule";
    case QualityKind::blanket_exclusion: return "blanket_exclusion";
    case QualityKind::before_birth: return "before_birth";
    case QualityKind::after_recording: return "after_recording";
  }
  return "";
}

std::string describe(const QualityFinding& finding) {
  const auto name = [](const Code& code) { return code.label.empty() ? code.id : code.id + " (" + code.label + ")"; };
  const auto people = finding.participants.size();
  const auto of_group = finding.group.empty() ? std::string{} : " with " + name(finding.group);
  switch (finding.kind) {
    case QualityKind::present_and_absent:
      return fmt::format("{} is both present and absent in {} people, at times that cannot be told apart", name(finding.code), people);
    case QualityKind::ancestor_absent:
      return fmt::format("{} is absent in {} people in whom {}, a kind of it, is present", name(finding.other), people, name(finding.code));
    case QualityKind::rule:
      return fmt::format("{} is present and {} absent in {} people (rule {})", name(finding.code), name(finding.other), people,
                         finding.rule);
    case QualityKind::blanket_exclusion:
      return fmt::format("{} is excluded in {} of {} people{} of {}, beside {} present in {} of {}", name(finding.code), finding.excluded,
                         finding.people, of_group, finding.source.empty() ? "one source" : finding.source, name(finding.other),
                         finding.related_present, finding.people);
    case QualityKind::before_birth: return fmt::format("{} is dated before the birth year in {} people", name(finding.code), people);
    case QualityKind::after_recording: return fmt::format("{} is dated after it was recorded in {} people", name(finding.code), people);
  }
  return {};
}

// --- the scan ---

QualityScan::QualityScan(const vocabulary::Vocabulary& vocabulary, std::span<const pack::QualityRule> rules)
    : vocabulary_(vocabulary), rules_(rules) {}

std::size_t QualityScan::number_of(const Code& code) {
  const auto* term = vocabulary_.find(code.id);
  const auto& id = term ? term->id : code.id;
  const auto [entry, fresh] = numbers_.try_emplace(id, codes_.size());
  if (fresh) codes_.push_back({id, term && !term->label.empty() ? term->label : code.label});
  return entry->second;
}

void QualityScan::add(const Fact& fact) {
  if (fact.participant != current_) end();
  current_ = fact.participant;
  ++facts_;
  dates(fact);
  const bool said = fact.status == Status::present || fact.status == Status::absent;
  if (!said) return;
  if (fact.kind == Kind::diagnosis && fact.status == Status::present) diagnoses_.insert(number_of(fact.code));
  if (fact.kind != Kind::feature || !fact.where.site.empty()) return;
  auto& about = statements_[number_of(fact.code)];
  (fact.status == Status::present ? about.present : about.absent).push_back(span_of(fact.when));
  about.source = source_number(fact.source.reference);
}

std::size_t QualityScan::source_number(const std::string& reference) {
  const auto found = std::ranges::find(sources_, reference);
  if (found != sources_.end()) return static_cast<std::size_t>(found - sources_.begin());
  sources_.push_back(reference);
  return sources_.size() - 1;
}

void QualityScan::dates(const Fact& fact) {
  const auto* year = std::get_if<std::int64_t>(&fact.value);
  if (fact.kind == Kind::person && fact.code.id == concepts::birth_year && year && *year >= 1 && *year <= 9999) {
    birth_ = span_of(When::at(PartialDate{static_cast<std::int16_t>(*year), 0, 0}));
  }
  const auto span = span_of(fact.when);
  if (span.axis != Span::Axis::calendar) return;
  dated_.push_back({number_of(fact.code), span});
  const bool recorded = fact.recorded_at != Instant{};
  if (recorded && span.low > day_of(fact.recorded_at)) late_[number_of(fact.code)].insert(current_);
}

/// A pair is absent and present at times that cannot be told apart.
bool QualityScan::clash(const std::vector<Span>& present, const std::vector<Span>& absent) {
  return std::ranges::any_of(present,
                             [&](const Span& p) { return std::ranges::any_of(absent, [&](const Span& a) { return !apart(p, a); }); });
}

void QualityScan::end() {
  if (!current_.set()) return;
  ++people_;
  if (birth_.known()) {
    for (const auto& [code, span] : dated_) {
      if (span.high < birth_.low) early_[code].insert(current_);
    }
  }
  for (const auto& [present, said] : statements_) {
    if (said.present.empty()) continue;
    for (const auto& [absent, other] : statements_) {
      if (!clash(said.present, other.absent)) continue;
      if (present == absent) {
        both_[present].insert(current_);
      } else if (is_a(present, absent)) {
        ancestors_[{present, absent}].insert(current_);
      }
      for (std::size_t r = 0; r < rules_.size(); ++r) {
        const bool matches =
            vocabulary_.is_a(codes_[present].id, rules_[r].present.id) && vocabulary_.is_a(rules_[r].absent.id, codes_[absent].id);
        if (matches) by_rule_[{r, present, absent}].insert(current_);
      }
    }
  }
  count_groups();
  statements_.clear();
  diagnoses_.clear();
  dated_.clear();
  birth_ = {};
  current_ = {};
}

bool QualityScan::is_a(std::size_t below, std::size_t above) {
  const auto [entry, fresh] = is_a_.try_emplace({below, above}, false);
  if (fresh) entry->second = vocabulary_.is_a(codes_[below].id, codes_[above].id);
  return entry->second;
}

/// Adds the person to the counts of each source, together and by diagnosis.
void QualityScan::count_groups() {
  std::map<std::size_t, std::vector<std::pair<std::size_t, bool>>> by_source;
  for (const auto& [code, said] : statements_) {
    by_source[said.source].emplace_back(code, !said.present.empty());
  }
  for (const auto& [source, statements] : by_source) {
    std::vector<std::size_t> groups{everyone};
    groups.insert(groups.end(), diagnoses_.begin(), diagnoses_.end());
    for (const auto group : groups) {
      auto& counts = groups_[{source, group}];
      ++counts.people;
      for (const auto& [code, present] : statements) (present ? counts.present : counts.excluded)[code].insert(current_);
    }
  }
}

bool QualityScan::related(std::size_t excluded, std::size_t present) {
  if (excluded == present) return false;
  if (is_a(present, excluded)) return true;
  return std::ranges::any_of(rules_, [&](const pack::QualityRule& rule) {
    return vocabulary_.is_a(codes_[present].id, rule.present.id) && vocabulary_.is_a(rule.absent.id, codes_[excluded].id);
  });
}

void QualityScan::blanket(std::vector<QualityFinding>& findings) {
  constexpr std::int64_t people_min = 20;
  constexpr std::int64_t share_percent_min = 90;
  for (const auto& [key, counts] : groups_) {
    if (counts.people < people_min) continue;
    for (const auto& [excluded, without] : counts.excluded) {
      const auto excluded_count = static_cast<std::int64_t>(without.size());
      if (excluded_count * 100 < counts.people * share_percent_min) continue;
      for (const auto& [present, with] : counts.present) {
        const auto present_count = static_cast<std::int64_t>(with.size());
        if (present_count * 4 < counts.people || !related(excluded, present)) continue;
        QualityFinding finding;
        finding.kind = QualityKind::blanket_exclusion;
        finding.code = codes_[excluded];
        finding.other = codes_[present];
        finding.source = sources_[key.first];
        if (key.second != everyone) finding.group = codes_[key.second];
        finding.people = counts.people;
        finding.excluded = excluded_count;
        finding.related_present = present_count;
        finding.participants.assign(without.begin(), without.end());
        findings.push_back(std::move(finding));
      }
    }
  }
}

QualityReport QualityScan::finish() {
  end();
  QualityReport report{people_, facts_, {}};
  const auto add = [&](QualityKind kind, std::size_t code, std::optional<std::size_t> other, const People& people) {
    QualityFinding finding;
    finding.kind = kind;
    finding.code = codes_[code];
    if (other) finding.other = codes_[*other];
    finding.participants.assign(people.begin(), people.end());
    report.findings.push_back(std::move(finding));
  };
  for (const auto& [code, people] : both_) add(QualityKind::present_and_absent, code, std::nullopt, people);
  for (const auto& [pair, people] : ancestors_) add(QualityKind::ancestor_absent, pair.first, pair.second, people);
  for (const auto& [key, people] : by_rule_) {
    add(QualityKind::rule, std::get<1>(key), std::get<2>(key), people);
    report.findings.back().rule = rules_[std::get<0>(key)].id;
  }
  blanket(report.findings);
  for (const auto& [code, people] : early_) add(QualityKind::before_birth, code, std::nullopt, people);
  for (const auto& [code, people] : late_) add(QualityKind::after_recording, code, std::nullopt, people);
  sort_findings(report.findings);
  return report;
}

Result<QualityReport> quality_report(const consent::View& view, const vocabulary::Vocabulary& vocabulary,
                                     std::span<const pack::QualityRule> rules) {
  QualityScan scan(vocabulary, rules);
  const auto read = view.for_each([&](const Fact& fact) {
    scan.add(fact);
    return true;
  });
  if (!read) return fail(read.error());
  auto report = scan.finish();
  report.people = static_cast<std::int64_t>(view.participants().size());
  return report;
}

QualityReport quality_report(std::span<const Fact> facts, const vocabulary::Vocabulary& vocabulary,
                             std::span<const pack::QualityRule> rules) {
  QualityScan scan(vocabulary, rules);
  for (const auto& fact : facts) scan.add(fact);
  return scan.finish();
}

}  // namespace skerry::cohort
