// Reads HTML as strictly as a browser is lenient: whatever is not on the lists is a fault.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::answers {

/// The first fault of the HTML an answer may be made of; empty when there is none.
class AllowedHtml {
 public:
  explicit AllowedHtml(std::string_view html) : html_(html) {}

  std::string first_fault() {
    while (at_ < html_.size() && fault_.empty()) {
      if (html_[at_] == '<') {
        tag();
      } else if (html_[at_] == '&') {
        reference();
      } else if (html_[at_] == '>') {
        fault_ = "a bare '>'";
      } else {
        ++at_;
      }
    }
    if (fault_.empty() && !open_.empty()) fault_ = "not closed: " + std::string(open_.back());
    return fault_;
  }

 private:
  static constexpr std::array<std::string_view, 25> elements{"p",  "h2", "h3",  "h4",   "h5",    "h6",     "ul",        "ol",  "li",
                                                             "hr", "br", "pre", "code", "em",    "strong", "a",         "sup", "table",
                                                             "tr", "th", "td",  "div",  "thead", "tbody",  "blockquote"};
  static constexpr std::array<std::string_view, 10> attributes{"id",    "class",      "href",  "rel",   "role",
                                                               "title", "aria-label", "scope", "start", "tabindex"};

  static bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

  std::string_view name() {
    const auto start = at_;
    while (at_ < html_.size() && is_name(html_[at_])) ++at_;
    return html_.substr(start, at_ - start);
  }

  bool take(std::string_view expected) {
    if (!html_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }

  void tag() {
    ++at_;
    if (take("/")) {
      const auto closed = name();
      if (open_.empty() || open_.back() != closed || !take(">")) {
        fault_ = "closed out of order: " + std::string(closed);
      } else {
        open_.pop_back();
      }
      return;
    }
    const auto element = name();
    if (std::find(elements.begin(), elements.end(), element) == elements.end()) {
      fault_ = "element " + std::string(element);
      return;
    }
    if (element == "a" && std::find(open_.begin(), open_.end(), "a") != open_.end()) fault_ = "a link in a link";
    while (fault_.empty() && take(" ")) attribute();
    if (fault_.empty() && !take(">")) fault_ = "tag not ended: " + std::string(element);
    if (element != "hr" && element != "br") open_.push_back(element);
  }

  void attribute() {
    const auto attribute_name = name();
    if (std::find(attributes.begin(), attributes.end(), attribute_name) == attributes.end()) {
      fault_ = "attribute " + std::string(attribute_name);
      return;
    }
    if (!take("=\"")) {
      fault_ = "attribute without quotes: " + std::string(attribute_name);
      return;
    }
    const auto start = at_;
    while (at_ < html_.size() && html_[at_] != '"' && fault_.empty()) {
      if (html_[at_] == '<' || html_[at_] == '>') fault_ = "bracket in an attribute";
      if (html_[at_] == '&') {
        reference();
      } else {
        ++at_;
      }
    }
    const auto value = html_.substr(start, at_ - start);
    if (!take("\"")) fault_ = "attribute not ended";
    const bool own = value.starts_with('#') || (value.starts_with('/') && !value.starts_with("//"));
    if (attribute_name == "href" && !own && !value.starts_with("https://")) fault_ = "address " + std::string(value);
  }

  void reference() {
    for (const auto* known : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
      if (take(known)) return;
    }
    fault_ = "a bare '&'";
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::vector<std::string_view> open_;
  std::string fault_;
};

}  // namespace skerry::answers
