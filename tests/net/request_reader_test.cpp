#include "net/request_reader.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace skerry::net {
namespace {

using State = RequestReader::State;

/// Offers `bytes` in pieces of `piece` bytes, as a connection does; the bytes not taken are left in it.
State feed_in_pieces(RequestReader& reader, std::string& bytes, std::size_t piece) {
  std::size_t offered = 0;
  while (reader.state() != State::done && reader.state() != State::refused) {
    if (offered == bytes.size()) break;
    offered = std::min(offered + piece, bytes.size());
    const std::size_t taken = reader.feed(std::string_view(bytes).substr(0, offered));
    bytes.erase(0, taken);
    offered -= taken;
  }
  return reader.state();
}

/// The status a request is refused with, 200 when it is read whole, 0 when more is awaited: the same for any way of cutting it.
int outcome(const std::string& request, const Limits& limits = {}) {
  int first = -1;
  for (const std::size_t piece : {request.size() + 1, std::size_t{1}, std::size_t{7}}) {
    RequestReader reader(limits);
    std::string bytes = request;
    const State state = feed_in_pieces(reader, bytes, piece);
    const int status = state == State::refused ? reader.refused_status() : state == State::done ? 200 : 0;
    if (first == -1) first = status;
    EXPECT_EQ(status, first) << "in pieces of " << piece << ":\n" << request;
  }
  return first;
}

struct Case {
  std::string request;
  int status;
};

TEST(RequestReader, RefusesWhatIsNotARequest) {
  const std::vector<Case> cases{
      {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"GET / HTTP/1.1\r\nHost:a\r\n\r\n", 200},
      {"GET / HTTP/1.1\r\n\r\n", 400},                        // no Host
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},  // two
      {"GET / HTTP/1.0\r\n\r\n", 200},
      {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /\r\n\r\n", 400},  // HTTP/0.9
      {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"GET / http/1.1\r\nHost: a\r\n\r\n", 505},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"get / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"\x16\x03\x01\x02", 400},  // TLS on the plain port
      {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\n: nameless\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: a\x01"
       "b\r\n\r\n",
       400},
      {"GET /../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /%2e%2e/x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET http://h/a HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405},
      {"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
      {"PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n", 417},
      {"GET / HTTP/1.1\r\nHost: a\r\n", 0},
  };
  for (const auto& [request, status] : cases) EXPECT_EQ(outcome(request), status) << request;
}

TEST(RequestReader, RefusesBodiesThatCanBeReadInTwoWays) {
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::vector<Case> cases{
      {post + "Content-Length: 3\r\n\r\nabc", 200},
      {post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
      {post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
      {post + "Content-Length: 3, 3\r\n\r\nabc", 400},
      {post + "Content-Length: +3\r\n\r\nabc", 400},
      {post + "Content-Length: -3\r\n\r\nabc", 400},
      {post + "Content-Length: 0x3\r\n\r\nabc", 400},
      {post + "Content-Length: 3 3\r\n\r\nabc", 400},
      {post + "Content-Length:\r\n\r\n", 400},
      {post + "Content-Length: 99999999999999999999999\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200},
      {post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 400},
      {post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {post + "Transfer-Encoding: identity\r\n\r\n", 501},
      {post + "Transfer-Encoding: xchunked\r\n\r\n", 501},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400},
  };
  for (const auto& [request, status] : cases) EXPECT_EQ(outcome(request), status) << request;
}

TEST(RequestReader, HoldsItsLimits) {
  const Limits small{.header_bytes_max = 200, .body_bytes_max = 10};
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(outcome(post + "Content-Length: 10\r\n\r\n0123456789", small), 200);
  EXPECT_EQ(outcome(post + "Content-Length: 11\r\n\r\n", small), 413);
  EXPECT_EQ(outcome(post + "Transfer-Encoding: chunked\r\n\r\nb\r\n", small), 413);
  EXPECT_EQ(outcome(post + "Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n6\r\n012345\r\n", small), 413);
  EXPECT_EQ(outcome("GET /" + std::string(300, 'a'), small), 431);
  EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(300, 'a'), small), 431);
  EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(120, 'a') + "\r\n\r\n", small), 200);
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 30; ++i) many += "X-" + std::to_string(i) + ": aaaa\r\n";
  EXPECT_EQ(outcome(many + "\r\n", small), 431) << "also line by line";
}

TEST(RequestReader, LeavesTheNextRequestAlone) {
  for (const std::size_t piece : {std::size_t{1000}, std::size_t{1}}) {
    RequestReader reader(Limits{});
    std::string bytes = "POST /a?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcHEAD /b HTTP/1.0\r\n\r\n";
    ASSERT_EQ(feed_in_pieces(reader, bytes, piece), State::done);
    EXPECT_TRUE(reader.keep_alive());
    const Request first = reader.take();
    EXPECT_EQ(first.body, "abc");
    EXPECT_EQ(first.path, "/a");
    EXPECT_EQ(reader.state(), State::head);
    ASSERT_EQ(feed_in_pieces(reader, bytes, piece), State::done);
    EXPECT_TRUE(reader.is_head());
    EXPECT_TRUE(reader.is_http_1_0());
    EXPECT_FALSE(reader.keep_alive());
    const Request second = reader.take();
    EXPECT_EQ(second.method, "GET");
    EXPECT_TRUE(second.body.empty());
    EXPECT_TRUE(second.query.empty());
    EXPECT_FALSE(second.headers.contains("content-length"));
    EXPECT_TRUE(bytes.empty());
  }
}

TEST(RequestReader, DoesNotTakeATrailerForAHeader) {
  RequestReader reader(Limits{});
  std::string bytes = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nCookie: session=stolen\r\n\r\n";
  ASSERT_EQ(feed_in_pieces(reader, bytes, 1000), State::done);
  EXPECT_FALSE(reader.take().headers.contains("cookie"));
}

RC_GTEST_PROP(RequestReaderProperty, SaysTheSameHoweverTheBytesAreCut, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("GET / HTTP/1.1\r\n", "POST /a HTTP/1.1\r\n", "Host: a\r\n", "\r\n", "Content-Length: 4\r\n",
                                    "Transfer-Encoding: chunked\r\n", "abcd", "4\r\nabcd\r\n", "0\r\n\r\n", "\r", "\n", ":", " ", "X"));
  std::string all;
  for (const auto& piece : pieces) all += piece;
  const auto run = [&all](std::size_t piece) {
    RequestReader reader(Limits{});
    std::string bytes = all;
    std::vector<std::string> said;
    while (feed_in_pieces(reader, bytes, piece) == State::done) {
      const Request request = reader.take();
      said.push_back(request.method + request.path + request.body);
    }
    said.push_back(std::to_string(reader.state() == State::refused ? reader.refused_status() : 0));
    return said;
  };
  auto whole = run(all.size() + 1);
  auto cut = run(1);
  // Where a request never ends, one may have seen already that it is no request.
  const auto last_whole = whole.back();
  const auto last_cut = cut.back();
  whole.pop_back();
  cut.pop_back();
  RC_ASSERT(whole == cut);
  RC_ASSERT(last_whole == last_cut || last_whole == "0" || last_cut == "0");
}

}  // namespace
}  // namespace skerry::net
