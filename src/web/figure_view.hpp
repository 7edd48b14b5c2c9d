// A released figure as a page shows it: a sentence, a chart, tables, notes. Takes nothing that disclosure/ has not released.
#pragma once

#include <string>

#include "web/figure_desk.hpp"
#include "web/phrases.hpp"
#include "web/templates.hpp"

namespace skerry::web {

/// Data of figure.mustache. `id` begins the ids inside the charts; unique in the page.
[[nodiscard]] Data figure_data(const ReleasedFigure& figure, const Phrases& phrases, const std::string& id);
/// The same with only a sentence in it, when there is no figure to show.
[[nodiscard]] Data figure_problem(const Error& error, const Phrases& phrases);

/// "Based on 80 people in the registry on 3 May 2026 (snapshot 7)."
[[nodiscard]] std::string based_on(const ReleasedFigure& figure, const Phrases& phrases);
/// The figure in one line, for a list; may be empty.
[[nodiscard]] std::string headline(const ReleasedFigure& figure, const Phrases& phrases);

}  // namespace skerry::web
