#include "answers/answer_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "answers/allowed_html.hpp"
#include "answers/html.hpp"

namespace skerry::answers {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<pack::Source>& sources() {
  static const std::vector<pack::Source> all{{"one", "First A. \"Quoted\" <b>. 2001", "https://example.org/1", true},
                                             {"two", "Second B. 2002", "https://example.org/2", false},
                                             {"three", "Third C. 2003", "", true}};
  return all;
}

Result<RenderedAnswer> render(std::string_view markdown) { return render_answer(markdown, sources(), {"answers/x.en.md", 3, {}}); }

std::string html_of(std::string_view markdown) {
  const auto answer = render(markdown);
  return answer ? answer->html : "error: " + answer.error().text();
}

std::string error_of(std::string_view markdown) {
  const auto answer = render(markdown);
  return answer ? "no error: " + answer->html : answer.error().text();
}

TEST(AnswerText, IsHtmlWithHeadingsUnderThePages) {
  EXPECT_EQ(html_of("# Care\n\nOne *two* **three** `x<y`.\n\n- a\n- b\n"),
            "<h3 id=\"answer-1\">Care</h3>\n<p>One <em>two</em> <strong>three</strong> "
            "<code>x&lt;y</code>.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
}

TEST(AnswerText, IsReadFromAViewAndNotPastItsEnd) {
  const std::string_view text = "One [link](/y) and `code` and more";
  const std::vector<char> exact(text.begin(), text.end());  // nothing behind its end: the address sanitizer looks
  EXPECT_EQ(html_of({exact.data(), exact.size()}), html_of(text));
  const std::string longer = std::string(text) + "\n\n# Not a part of it";
  EXPECT_EQ(html_of(std::string_view(longer).substr(0, text.size())), html_of(text));
}

TEST(AnswerText, MarksThatCrossAreAnError) {
  EXPECT_THAT(error_of("[oad;<x]&s230;[oad;<x]&s230;!cript:al*********ez[&gt;<*********1t) <c[&gt9<********Q**]***"
                       "*********************;**d<x]Alez[&gt;<*********1t) <c[&gt%;<***********]*sr!cript:ome ulex"
                       "t* with *** [@one] and more [@one; @two].\n\n- a\n- b `code`\n\n[link](https://example.org/a\?b*"
                       "*****2t) <c[&gt*;<***********]*sr[x"),
              HasSubstr("cross each other"));
  EXPECT_THAT(error_of("# Care\nt*text* with **n#[[i(](/\xd1\x88)rte[[i(](/\xd1\x88[[@*//ttps:/Yex)rte[[i(](1"),
              HasSubstr("cross each other"));
}

TEST(AnswerText, OutlineHasNoGap) {
  const auto answer = render("### a\n\n###### b\n\n##### c\n\n# d\n\n## e\n\n### f\n\n#### g\n\n##### h\n");
  ASSERT_TRUE(answer);
  std::vector<int> levels;
  for (const auto& heading : answer->headings) levels.push_back(heading.level);
  EXPECT_EQ(levels, (std::vector<int>{3, 4, 4, 3, 4, 5, 6, 6}));
  EXPECT_EQ(answer->headings[4].id, "answer-5");
  EXPECT_EQ(answer->headings[4].text, "e");
}

TEST(AnswerText, HeadingTextIsPlain) {
  const auto answer = render("# Bone & *skin* &amp; `a<b`\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->headings[0].text, "Bone & skin & a<b");
}

TEST(AnswerText, CitationsAreNumberedByFirstUse) {
  const auto answer = render("A [@two]. B [@one; @two].\n\n- C [@one][@three]\n");
  ASSERT_TRUE(answer) << answer.error().text();
  ASSERT_EQ(answer->cited.size(), 3u);
  EXPECT_EQ(answer->cited[0].source_id, "two");
  EXPECT_EQ(answer->cited[0].number, 1u);
  EXPECT_FALSE(answer->cited[0].read);
  EXPECT_EQ(answer->cited[0].uses, (std::vector<std::string>{"cite-1", "cite-3"}));
  EXPECT_EQ(answer->cited[1].anchor, "source-one");
  EXPECT_EQ(answer->cited[1].uses, (std::vector<std::string>{"cite-2", "cite-4"}));
  EXPECT_EQ(answer->cited[2].number, 3u);
  EXPECT_THAT(answer->html, HasSubstr("<sup class=\"citation\">[<a href=\"#source-two\" id=\"cite-1\" role=\"doc-noteref\" "
                                      "aria-label=\"1: Second B. 2002\" title=\"1: Second B. 2002\">1</a>]</sup>"));
  EXPECT_THAT(answer->html, HasSubstr(">2</a>, <a "));
  EXPECT_EQ(AllowedHtml(answer->html).first_fault(), "");
}

TEST(AnswerText, CitationLabelIsThePagesAndEscaped) {
  RenderOptions options;
  options.citation_label = [](std::size_t number, const pack::Source& source) {
    return std::to_string(number) + ", source: <" + source.id + "> \"q\"";
  };
  const auto answer = render_answer("A [@one].", sources(), options);
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->html, HasSubstr("aria-label=\"1, source: &lt;one&gt; &quot;q&quot;\""));
  EXPECT_THAT(html_of("A [@one]."), HasSubstr("First A. &quot;Quoted&quot; &lt;b&gt;. 2001"));
}

TEST(AnswerText, CitationErrorsNameFileAndLine) {
  EXPECT_EQ(error_of("One.\n\nTwo.\nThree [@nobody].\n"), "answers/x.en.md:4: the citation [@nobody] names no source of this question");
  EXPECT_THAT(error_of("One [@one].\n\n- x\n- y [@two; @none]\n"), HasSubstr("x.en.md:4: the citation [@none]"));
  for (const auto* text : {"[@]", "[@one", "[@one;]", "[@one; two]", "[@one,@two]", "[@One]", "[@one ]", "[@one;\n@two]", "[@*one*]"}) {
    EXPECT_THAT(error_of(text), HasSubstr("x.en.md:1: expected a citation such as")) << text;
  }
  EXPECT_THAT(error_of("x\n\n# A [@one]\n"), HasSubstr(":3: a citation cannot stand in a heading"));
  EXPECT_THAT(error_of("[see [@one] there](https://example.org)"), HasSubstr("a citation cannot stand in a heading or a link"));
  EXPECT_THAT(error_of("A [@one].\n\n[@one]: https://example.org/evil\n"), HasSubstr(":1: a citation cannot be a link"));
  EXPECT_THAT(error_of("a\n\n[<https://b.org> x](/y)"), HasSubstr(":3: a link cannot stand in a link"));
  EXPECT_THAT(error_of("[@one](https://example.org)"), HasSubstr("a citation cannot be a link"));
}

TEST(AnswerText, WhatOnlyLooksLikeACitationIsText) {
  EXPECT_EQ(html_of("a \\[@one] b"), "<p>a [@one] b</p>\n");
  EXPECT_EQ(html_of("`[@nobody]`"), "<p><code>[@nobody]</code></p>\n");
  EXPECT_EQ(html_of("x\\\\[@two]").find("error"), std::string::npos);
  EXPECT_THAT(html_of("x\\\\[@two]"), HasSubstr("<p>x\\<sup"));
  EXPECT_EQ(html_of("[one] a@b.org @one"), "<p>[one] a@b.org @one</p>\n");
}

TEST(AnswerText, LinksGoToHttpsOrStayHere) {
  EXPECT_EQ(html_of("[x](https://example.org/a?b=1&amp;c=2#d)"),
            "<p><a href=\"https://example.org/a?b=1&amp;c=2#d\" rel=\"external noopener noreferrer\">x</a></p>\n");
  EXPECT_EQ(html_of("[x](/questions/what-is-poh \"title\")"), "<p><a href=\"/questions/what-is-poh\">x</a></p>\n");
  EXPECT_EQ(html_of("[x](#answer-1)"), "<p><a href=\"#answer-1\">x</a></p>\n");
  EXPECT_EQ(html_of("<https://example.org/>"),
            "<p><a href=\"https://example.org/\" rel=\"external noopener noreferrer\">https://example.org/</a></p>\n");
  EXPECT_THAT(html_of("[x](https://example.org/ü)"), HasSubstr("href=\"https://example.org/%C3%BC\""));
  for (const auto* address : {"javascript:alert(1)",
                              "JaVaScRiPt:alert(1)",
                              "java&#115;cript:alert(1)",
                              "&#x6A;avascript:alert(1)",
                              "javascript&colon;alert(1)",
                              "<java\tscript:alert(1)>",
                              "data:text/html;base64,PHN2Zz4=",
                              "vbscript:x",
                              "http://example.org",
                              "//example.org/x",
                              "/\\example.org",
                              "https:example.org",
                              "https://",
                              "https://a@example.org/",
                              "https://example.org:pw@evil.org/",
                              "https://[::1]/",
                              "https://localhost/",
                              "mailto:a@b.org",
                              "ftp://example.org",
                              "x.html",
                              "?q",
                              "",
                              "<https://a b.org/>",
                              "https://exa&quot;mple.org/",
                              "HTTPS://example.org/",
                              "<https://example.org/\"onclick=alert(1)>",
                              "https://example.org/&#10;x",
                              "file:///etc/passwd",
                              "blob:https://example.org/"}) {
    EXPECT_THAT(error_of("first\n\n[x](" + std::string(address) + ")"), HasSubstr("x.en.md:")) << address;
  }
  EXPECT_THAT(error_of("a\n\n[x](http://example.org)"), HasSubstr(":3: a link must begin with https://"));
  EXPECT_THAT(error_of("<mailto:a@b.org> <a@b.org>"), HasSubstr("a link must begin with https://"));
}

TEST(AnswerText, HtmlIsTextAndImagesAreRefused) {
  for (const auto* text : {"<script>alert(1)</script>",
                           "<img src=x onerror=alert(1)>",
                           "a <b onclick=x>b</b>",
                           "<!-- c -->",
                           "<?php x ?>",
                           "<![CDATA[x]]>",
                           "<div>\n<p>x\n</div>",
                           "</p><p>",
                           "&lt;script&gt;",
                           "&#60;script&#62;",
                           "&#x3c;img&#x3E;",
                           "&#0;&#xD800;&#x110000;&#99999999999;",
                           "&unknown; &amp; & &amp;lt;",
                           "a\n===\n<b>\n---\n",
                           "```<b>\n<script>\n```",
                           "~~~js\" onload=\"x\n</code>\n~~~",
                           "> <b>",
                           "|<b>|a|\n|---|:---:|\n|<i>|`|`|",
                           "    <indented>",
                           "\"'`<>&",
                           "<a href=\"javascript:alert(1)\">x</a>",
                           "7. x\n8. y"}) {
    const auto answer = render(text);
    ASSERT_TRUE(answer) << text << ": " << answer.error().text();
    EXPECT_EQ(AllowedHtml(answer->html).first_fault(), "") << text << " gave " << answer->html;
    EXPECT_THAT(answer->html, Not(HasSubstr("<script"))) << text;
  }
  EXPECT_EQ(html_of("<b>x</b>"), "<p>&lt;b&gt;x&lt;/b&gt;</p>\n");
  EXPECT_THAT(error_of("a\n\nb ![alt](https://example.org/x.png)"), HasSubstr(":3: an image is not allowed"));
}

TEST(AnswerText, TablesCanBeReachedAndRead) {
  EXPECT_EQ(
      html_of("|a|b|\n|---|---:|\n|1|2|\n"),
      "<div class=\"answer-table\" tabindex=\"0\"><table>\n<thead>\n<tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr>\n</thead>\n"
      "<tbody>\n<tr><td>1</td><td>2</td></tr>\n</tbody>\n</table></div>\n");
}

TEST(AnswerText, TextThatIsNoTextIsRefused) {
  EXPECT_THAT(error_of("a\nb\xff"), HasSubstr("not valid UTF-8"));
  EXPECT_THAT(error_of(std::string_view("a\nb\0c", 5)), HasSubstr("x.en.md:2: a control character"));
  EXPECT_THAT(error_of("a\x1b[31m"), HasSubstr("a control character"));
  EXPECT_EQ(render(std::string(64 * 1024 + 1, 'a')).error().code, ErrorCode::too_large);
  EXPECT_EQ(render(std::string(1 << 20, '[')).error().code, ErrorCode::too_large);
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "> ";
  EXPECT_EQ(render(deep + "x").error().code, ErrorCode::too_deep);
  EXPECT_EQ(html_of(""), "");
}

std::string repeated(std::string_view part, std::size_t bytes = 64 * 1024) {
  std::string out;
  while (out.size() + part.size() <= bytes) out += part;
  return out;
}

TEST(AnswerText, PatternsThatSlowParsersAreQuick) {
  std::string definitions;
  for (int i = 0; definitions.size() < 40'000; ++i) definitions += "[" + std::to_string(i) + "]: /u\n";
  for (const auto& text : {repeated("["),
                           repeated("]"),
                           repeated("[a]("),
                           repeated("[ (]("),
                           repeated("*a_ "),
                           repeated("**a *b "),
                           repeated("`a``"),
                           repeated("<a"),
                           repeated("a <![CDATA["),
                           repeated("a <? "),
                           repeated("a <!A "),
                           repeated("> "),
                           repeated("- "),
                           repeated("1. "),
                           repeated("[a](/b) "),
                           repeated("[x](</"),
                           repeated("&#"),
                           repeated("|a"),
                           repeated("|a", 30'000) + "\n" + repeated("|---", 34'000),
                           repeated("\\["),
                           repeated("![["),
                           repeated("~~~\n"),
                           repeated("[@one]"),
                           repeated("a\n\n"),
                           repeated("- a\n"),
                           repeated("[a]: /b\n"),
                           definitions + repeated("[0] ", 20'000),
                           repeated("x\n=\n"),
                           repeated("_a*"),
                           repeated("\t"),
                           repeated("*")}) {
    const auto start = std::chrono::steady_clock::now();
    const auto answer = render(text);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    EXPECT_LT(seconds, 5.0) << text.substr(0, 12);
    if (seconds > 0.2) RecordProperty("slow_" + std::to_string(static_cast<unsigned char>(text[0])), std::to_string(seconds));
    if (answer) {
      EXPECT_EQ(AllowedHtml(answer->html).first_fault(), "") << text.substr(0, 12);
    }
  }
}

/// Markdown-like text: the characters and pieces that mean something, in any order.
rc::Gen<std::string> markdown_like() {
  const auto pieces = rc::gen::elementOf(std::vector<std::string>{"[",
                                                                  "]",
                                                                  "(",
                                                                  ")",
                                                                  "[@one]",
                                                                  "[@two; @one]",
                                                                  "@",
                                                                  "<",
                                                                  ">",
                                                                  "&",
                                                                  "&lt;",
                                                                  "&#106;",
                                                                  "\"",
                                                                  "'",
                                                                  "`",
                                                                  "```\n",
                                                                  "*",
                                                                  "**",
                                                                  "_",
                                                                  "#",
                                                                  "# ",
                                                                  "\n",
                                                                  "\n\n",
                                                                  "- ",
                                                                  "1. ",
                                                                  "> ",
                                                                  "|",
                                                                  "|a|b|\n|---|---|\n",
                                                                  "!",
                                                                  "javascript:",
                                                                  "https://a.org/",
                                                                  "/x",
                                                                  "<script>",
                                                                  "<a href=\"",
                                                                  "onload=",
                                                                  "\\",
                                                                  ":",
                                                                  "a",
                                                                  "bone",
                                                                  " ",
                                                                  "  \n",
                                                                  "\t",
                                                                  "é",
                                                                  "=",
                                                                  "---\n",
                                                                  "<!--",
                                                                  "&colon;",
                                                                  "data:",
                                                                  "[x](/y)",
                                                                  "<https://b.org>"});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(pieces), [](const std::vector<std::string>& parts) {
    std::string out;
    for (const auto& part : parts) out += part;
    return out;
  });
}

RC_GTEST_PROP(AnswerText, AnyMarkdownGivesAllowedHtmlOrAnError, ()) {
  const auto text = *markdown_like();
  const auto answer = render(text);
  RC_CLASSIFY(answer.has_value());
  if (answer) {
    RC_ASSERT(AllowedHtml(answer->html).first_fault() == std::string());
  } else {
    RC_ASSERT(answer.error().code != ErrorCode::internal);
    RC_ASSERT(answer.error().place.line > 0u);
  }
}

RC_GTEST_PROP(AnswerText, EscapedTextHasNoMarkup, (const std::string& text)) {
  std::string escaped;
  append_escaped(escaped, text);
  RC_ASSERT(AllowedHtml(escaped).first_fault() == std::string());
}

TEST(AllowedHtml, FindsWhatIsNotAllowed) {
  for (const auto* html : {"<script>", "<p onclick=\"x\">", "<a href=\"javascript:x\">", "<p>", "</p>", "<p></b>", "a & b", "<p class=x>",
                           "<a href=\"//x\">", "<IMG>", "<p <b>>", "<a href=\"/x\"><a href=\"/y\"></a></a>", "<p class=\"a<\">"}) {
    EXPECT_NE(AllowedHtml(html).first_fault(), "") << html;
  }
  EXPECT_EQ(AllowedHtml("<p>a &amp; <br><a href=\"/x\">b</a></p>").first_fault(), "");
}

}  // namespace
}  // namespace skerry::answers
