#include "evidence/meaning.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "evidence/in_words.hpp"
#include "evidence/interval.hpp"
#include "evidence/outcome.hpp"

namespace skerry::evidence {
namespace {

using cohort::StatisticType;

std::string method_of(const cohort::Study& study) {
  switch (study.type) {
    case StatisticType::count: return "Count";
    case StatisticType::crosstab: return "Cross-table of counts";
    case StatisticType::proportion: break;
    case StatisticType::kaplan_meier:
      switch (study.time.interval) {
        case cohort::CurveInterval::plain: return "Kaplan-Meier, Greenwood variance, plain interval";
        case cohort::CurveInterval::log: return "Kaplan-Meier, Greenwood variance, log interval";
        case cohort::CurveInterval::log_log: return "Kaplan-Meier, Greenwood variance, log-log interval";
        case cohort::CurveInterval::arcsine: return "Kaplan-Meier, Greenwood variance, arcsine interval";
        case cohort::CurveInterval::logit: return "Kaplan-Meier, Greenwood variance, logit interval";
      }
      break;
    default: return {};
  }
  switch (study.proportion_interval) {
    case cohort::ProportionInterval::clopper_pearson: return "Clopper-Pearson exact interval";
    case cohort::ProportionInterval::mid_p: return "Mid-p exact interval";
    case cohort::ProportionInterval::wilson: return "Wilson score interval";
  }
  return {};
}

Label label_of(const cohort::Item& item) { return {item.id, item.title, item.code}; }

std::vector<Label> labels_of(const cohort::Grouping& grouping) {
  std::vector<Label> out;
  for (const auto& group : grouping.groups) out.push_back(label_of(group));
  return out;
}

Row row_of(const cohort::Study& study, std::size_t group) {
  Row row;
  if (study.by.groups.empty()) return row;
  const auto& item = study.by.groups[group];
  row.group = item.id;
  row.group_title = item.title;
  row.group_code = item.code;
  return row;
}

void count_rows(const cohort::Study& study, const Told& told, Figure& figure) {
  for (std::size_t g = 0; g < told.counts.size(); ++g) {
    auto row = row_of(study, g);
    row.id = row.group.empty() ? "people" : row.group;
    row.title = row.group_title;
    row.code = row.group_code;
    row.people = told.counts[g];
    figure.rows.push_back(std::move(row));
  }
}

void proportion_rows(const cohort::Study& study, const Layout& layout, const Told& told, Figure& figure) {
  for (std::size_t g = 0; g < layout.groups(); ++g) {
    for (std::size_t i = 0; i < layout.items(); ++i) {
      const auto& answers = told.answers[g * layout.items() + i];
      auto row = row_of(study, g);
      row.id = study.of[i].id;
      row.title = study.of[i].title;
      row.code = study.of[i].code;
      row.people = answers.people;
      row.present = answers.present;
      row.recorded = answers.recorded;
      row.contradictory = answers.contradictory;
      row.not_recorded = answers.not_recorded;
      const auto present = answers.present.number;
      const auto recorded = answers.recorded.number;
      if (present && recorded && *recorded > 0) {
        row.interval = interval_of(study.proportion_interval, *present, *recorded, study.level);
        if (*recorded >= percentage_people_min) row.proportion = static_cast<double>(*present) / static_cast<double>(*recorded);
      }
      figure.rows.push_back(std::move(row));
    }
  }
}

void table(const cohort::Study& study, const Told& told, Figure& figure) {
  Table out;
  out.row_title = study.by.title;
  out.column_title = study.columns.title;
  out.rows = labels_of(study.by);
  out.columns = labels_of(study.columns);
  out.cells = told.cross.cells;
  out.row_totals = told.cross.row_totals;
  out.column_totals = told.cross.column_totals;
  out.total = told.cross.total;
  out.not_grouped = told.cross.not_grouped;
  figure.table = std::move(out);
}

void curves(const cohort::Study& study, const Told& told, Figure& figure) {
  for (std::size_t g = 0; g < told.followed.size(); ++g) {
    const auto& followed = told.followed[g];
    Curve curve;
    if (!study.by.groups.empty()) curve.group = label_of(study.by.groups[g]);
    curve.people = followed.people;
    curve.undecidable = followed.undecidable;
    curve.not_recorded = followed.not_recorded;
    curve.steps = kaplan_meier(followed.leaving, study.time.interval, study.level, followed.staying);
    curve.grouped = followed.merged;
    const auto half = std::ranges::find_if(curve.steps, [](const Step& step) { return step.survival <= 0.5; });
    if (half != curve.steps.end()) curve.median = half->time;
    figure.curves.push_back(std::move(curve));
  }
}

void computed(const cohort::Study& study, const Told::Computed& from, Figure& figure) {
  if (only_outcome(study.type)) {
    figure.method = from.method;
    figure.in_result = InResult{from.people, from.left_out, from.undecidable, from.not_grouped};
  }
  figure.estimates = from.estimates;
  figure.tests = from.tests;
  figure.named_curves = from.curves;
}

/// What has to be said beside the numbers, each once.
class Notes {
 public:
  explicit Notes(Figure& figure) : figure_(figure) {}

  void write(const Told& told) {
    look(figure_.people);
    for (const auto& row : figure_.rows) of_row(row);
    if (figure_.table) of_table(*figure_.table);
    for (std::size_t i = 0; i < figure_.curves.size(); ++i) of_curve(figure_.curves[i], told.followed[i]);
    const auto floor = std::int64_t{told.floor};
    if (few_) add("figure.few", {{"floor", floor}}, fmt::format("Numbers of people below {} are not told.", floor));
    if (withheld_) {
      add("figure.withheld", {}, "Some other numbers are withheld, because a small one could be calculated from them.");
    }
    if (contradictory_ > 0) {
      add("figure.contradictory", {{"count", contradictory_}},
          fmt::format("{} records are contradictory (both present and absent) and are counted as neither.", contradictory_));
    }
    if (told.undecided.mark == Mark::few || told.undecided.number.value_or(0) > 0) {
      if (const auto count = told.undecided.number) {
        add("figure.undecided_count", {{"count", *count}},
            fmt::format("Left out: {} people of whom contradictory records or imprecise dates leave open whether they belong here.",
                        *count));
      } else {
        add("figure.undecided", {},
            "Left out: people of whom contradictory records or imprecise dates leave open whether they belong here.");
      }
    }
    if (counts_only_) {
      add("figure.counts_only", {{"least", percentage_people_min}},
          fmt::format("Below {} people numbers of people are given, not percentages.", percentage_people_min));
    }
    curve_notes(floor);
    if (told.computed) of_computed(*told.computed, floor);
  }

 private:
  void look(const Count& count) {
    few_ = few_ || count.mark == Mark::few;
    withheld_ = withheld_ || count.mark == Mark::withheld;
  }

  void of_row(const Row& row) {
    for (const auto* count : {&row.people, &row.present, &row.recorded, &row.contradictory, &row.not_recorded}) look(*count);
    contradictory_ += row.contradictory.number.value_or(0);
    counts_only_ = counts_only_ || (row.interval && !row.proportion);
  }

  void of_table(const Table& table) {
    for (const auto& row : table.cells) std::ranges::for_each(row, [&](const Count& count) { look(count); });
    for (const auto& count : table.row_totals) look(count);
    for (const auto& count : table.column_totals) look(count);
    look(table.total);
    look(table.not_grouped);
  }

  void of_curve(const Curve& curve, const Told::Followed& followed) {
    for (const auto* count : {&curve.people, &curve.undecidable, &curve.not_recorded}) look(*count);
    merged_ = merged_ || followed.merged;
    no_curve_ = no_curve_ || curve.steps.empty();
    undecidable_ = undecidable_ || curve.undecidable.mark != Mark::open || curve.undecidable.number.value_or(0) > 0;
  }

  void curve_notes(std::int64_t floor) {
    if (merged_) {
      add("figure.curve_grouped", {{"floor", floor}},
          fmt::format("Steps are grouped so that no number of people in them is below {}.", floor));
    }
    if (no_curve_) {
      add("figure.curve_too_few", {{"floor", floor}}, "Too few people could be followed to draw every curve.");
    }
    if (undecidable_) {
      add("figure.curve_undecidable", {}, "Left out of a curve: people whose dates are missing or too imprecise for its steps.");
    }
  }

  void of_computed(const Told::Computed& computed, std::int64_t floor) {
    const auto left = [&](const Count& count, const char* key, const char* why) {
      if (count.number.value_or(0) > 0) {
        add(key, {{"count", *count.number}}, fmt::format("Left out: {} people {}.", *count.number, why));
      } else if (count.mark != Mark::open) {
        add(std::string(key) + "_few", {{"floor", floor}}, fmt::format("Left out: fewer than {} people {}.", floor, why));
      }
    };
    left(computed.left_out, "figure.left_out", "of whom something was not recorded");
    left(computed.undecidable, "figure.left_out_dates", "whose dates are missing or too imprecise");
    left(computed.not_grouped, "figure.left_out_groups", "in none or several of the groups");
    if (std::ranges::any_of(computed.estimates, [](const EstimateRow& row) { return !row.told; })) {
      add("figure.rows_too_few", {{"floor", floor}},
          fmt::format("Groups in which a number of people is below {} are not told, and no tests.", floor));
    }
    if (std::ranges::any_of(computed.curves, [](const NamedCurve& named) { return named.curve.grouped; }) && !merged_) {
      add("figure.curve_grouped", {{"floor", floor}},
          fmt::format("Steps are grouped so that no number of people in them is below {}.", floor));
    }
    for (const auto& caution : computed.cautions) add(caution.key, {}, caution.english);
  }

  void add(std::string key, pack::Arguments arguments, std::string english) {
    figure_.notes.push_back({std::move(key), std::move(arguments), std::move(english)});
  }

  Figure& figure_;
  bool few_ = false, withheld_ = false, counts_only_ = false, merged_ = false, no_curve_ = false, undecidable_ = false;
  std::int64_t contradictory_ = 0;
};

}  // namespace

Figure meaning(const cohort::Study& study, const Layout& layout, const Told& told) {
  Figure figure;
  figure.study = study.id;
  figure.digest = study.digest;
  figure.title = study.title;
  figure.type = study.type;
  figure.method = method_of(study);
  figure.level = study.level;
  figure.unit = study.time.unit;
  figure.horizon = study.time.horizon;
  figure.floor = told.floor;
  figure.people = told.people;
  switch (study.type) {
    case StatisticType::count: count_rows(study, told, figure); break;
    case StatisticType::proportion: proportion_rows(study, layout, told, figure); break;
    case StatisticType::crosstab: table(study, told, figure); break;
    case StatisticType::kaplan_meier: curves(study, told, figure); break;
    default: break;
  }
  if (told.computed) computed(study, *told.computed, figure);
  Notes(figure).write(told);
  auto says = says_in_words(study, figure);
  figure.in_words = says.english;
  if (!says.english.empty()) figure.notes.insert(figure.notes.begin(), std::move(says));
  return figure;
}

}  // namespace skerry::evidence
