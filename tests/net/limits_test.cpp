// What a hostile or broken client cannot do to the others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "net/http.hpp"
#include "raw_client.hpp"

namespace skerry::net {
namespace {

using namespace std::chrono_literals;
using test::RawClient;
using test::RawResponse;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

Response hello(const Request&) {
  Response response;
  response.body = std::make_shared<const std::string>("hello");
  return response;
}

std::unique_ptr<Server> start(const Limits& limits, Handler handler = hello, unsigned workers = 2) {
  ServerOptions options;
  options.limits = limits;
  options.io_threads = 2;
  options.workers = workers;
  auto server = Server::start(std::move(options), std::move(handler));
  EXPECT_TRUE(server) << server.error().text();
  return std::move(*server);
}

int status_of(std::optional<RawResponse> response) { return response ? response->status : 0; }

TEST(Limits, AHundredStalledClientsDoNotSlowTheOthers) {
  const auto server = start({.read_time_max = 60s});
  std::vector<RawClient> stalled;
  for (int i = 0; i < 100; ++i) {
    stalled.emplace_back(server->port());
    ASSERT_TRUE(stalled.back().send(i % 2 == 0 ? "GET /en HT" : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"));
  }
  std::vector<std::chrono::steady_clock::duration> times;
  const auto from = std::chrono::steady_clock::now();
  RawClient client(server->port());
  for (int i = 0; i < 200; ++i) {
    const auto asked = std::chrono::steady_clock::now();
    ASSERT_TRUE(client.send(get));
    ASSERT_EQ(status_of(client.read()), 200);
    times.push_back(std::chrono::steady_clock::now() - asked);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - from, 5s);
  std::ranges::sort(times);
  EXPECT_LT(times[times.size() / 2], 100ms) << "the middle one";
  EXPECT_LT(times[times.size() * 99 / 100], 1s) << "one in a hundred";
  server->stop(0ms);
}

TEST(Limits, ARequestNotWholeInTimeIsAnsweredWith408) {
  const auto server = start({.read_time_max = 200ms});
  for (const std::string_view part : {"G", "GET / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab",
                                      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"}) {
    RawClient client(server->port());
    ASSERT_TRUE(client.send(part));
    const auto response = client.read();
    EXPECT_EQ(status_of(response), 408) << part;
    EXPECT_EQ(response.value_or(RawResponse{}).header("Connection"), "close");
    EXPECT_TRUE(client.closed_by_server());
  }
}

TEST(Limits, DribblingDoesNotBuyTime) {
  const auto server = start({.read_time_max = 300ms});
  RawClient client(server->port());
  auto dribble = std::async(std::launch::async, [&client] {
    for (int i = 0; i < 200 && client.send("X"); ++i) std::this_thread::sleep_for(20ms);
  });
  EXPECT_EQ(status_of(client.read(true, 3s)), 408);
  client.closed_by_server();
  dribble.wait();
}

TEST(Limits, AnIdleConnectionIsClosedWithoutAWord) {
  const auto server = start({.idle_time_max = 200ms});
  RawClient silent(server->port());
  RawClient used(server->port());
  ASSERT_TRUE(used.send(get));
  ASSERT_EQ(status_of(used.read()), 200);
  EXPECT_TRUE(silent.closed_by_server(3s));
  EXPECT_TRUE(used.closed_by_server(3s));
}

TEST(Limits, AClientThatDoesNotReadIsLetGo) {
  const auto server = start({.write_time_max = 200ms, .connections_max = 1}, [](const Request&) {
    Response response;
    response.body = std::make_shared<const std::string>(32U * 1024 * 1024, 'x');
    return response;
  });
  RawClient client(server->port());
  ASSERT_TRUE(client.send(get));
  const auto until = std::chrono::steady_clock::now() + 5s;
  bool admitted = false;
  while (!admitted && std::chrono::steady_clock::now() < until) {
    RawClient next(server->port());
    next.send(get);
    admitted = status_of(next.read(false)) == 200;
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_TRUE(admitted) << "its place is free again";
  server->stop(0ms);
}

TEST(Limits, AHeaderThatIsTooLargeIsAnsweredWith431) {
  const auto server = start({.header_bytes_max = 4096});
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(1024 * 1024, 'x'));
  EXPECT_EQ(status_of(client.read()), 431);
  RawClient just(server->port());
  ASSERT_TRUE(just.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(4000, 'x') + "\r\n\r\n"));
  EXPECT_EQ(status_of(just.read()), 200);
}

TEST(Limits, ABodyThatIsTooLargeIsAnsweredWith413AndTheAnswerArrives) {
  const auto server = start({.body_bytes_max = 1000});
  RawClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" + std::string(500'000, 'x'));
  EXPECT_EQ(status_of(client.read()), 413);
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Limits, MalformedRequestsAreAnsweredAndTheConnectionClosed) {
  const auto server = start({});
  const std::vector<std::pair<std::string, int>> cases{{"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
                                                       {"nonsense\r\n\r\n", 400},
                                                       {"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 405},
                                                       {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
                                                       {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505}};
  for (const auto& [request, status] : cases) {
    RawClient client(server->port());
    client.send(request + get);
    const auto response = client.read();
    EXPECT_EQ(status_of(response), status) << request;
    EXPECT_TRUE(client.closed_by_server()) << "what follows is not read as a request";
    if (status == 405) {
      EXPECT_NE(response.value_or(RawResponse{}).header("Allow"), "");
    }
  }
}

TEST(Limits, BeyondTheQueueTheAnswerIs503AndTheConnectionStays) {
  std::promise<void> go_on;
  const auto gate = go_on.get_future().share();
  std::atomic<int> begun = 0;
  const auto wait = [gate, &begun](const Request& request) {
    ++begun;
    gate.wait();
    return hello(request);
  };
  const auto server = start({.queue_max = 1}, wait, 1);
  RawClient running(server->port());
  ASSERT_TRUE(running.send(get));
  while (begun == 0) std::this_thread::sleep_for(1ms);
  // One waits in the queue; of the two others each finds it full or is the one that waits.
  std::vector<RawClient> others;
  for (int i = 0; i < 3; ++i) {
    others.emplace_back(server->port());
    ASSERT_TRUE(others.back().send(get));
  }
  std::vector<int> refused;
  for (int i = 0; i < 3; ++i) {
    const auto response = others[static_cast<std::size_t>(i)].read(true, 500ms);
    if (!response) continue;
    refused.push_back(i);
    EXPECT_EQ(response->status, 503);
    EXPECT_NE(response->header("Retry-After"), "");
  }
  EXPECT_EQ(refused.size(), 2U);
  go_on.set_value();
  EXPECT_EQ(status_of(running.read()), 200);
  for (const int i : refused) {
    auto& client = others[static_cast<std::size_t>(i)];
    ASSERT_TRUE(client.send(get));
    EXPECT_EQ(status_of(client.read()), 200) << "the refused one may ask again";
  }
}

TEST(Limits, BeyondTheConnectionsTheNextIsTurnedAway) {
  const auto server = start({.connections_max = 2});
  std::vector<RawClient> open;
  for (int i = 0; i < 2; ++i) {
    open.emplace_back(server->port());
    ASSERT_TRUE(open.back().send(get));
    ASSERT_EQ(status_of(open.back().read()), 200);
  }
  RawClient third(server->port());
  EXPECT_EQ(status_of(third.read()), 503);
  EXPECT_TRUE(third.closed_by_server());
  ASSERT_TRUE(open[0].send(get));
  EXPECT_EQ(status_of(open[0].read()), 200);
  open.pop_back();
  const auto until = std::chrono::steady_clock::now() + 5s;
  bool admitted = false;
  while (!admitted && std::chrono::steady_clock::now() < until) {
    RawClient next(server->port());
    next.send(get);
    admitted = status_of(next.read()) == 200;
  }
  EXPECT_TRUE(admitted) << "a place became free";
}

}  // namespace
}  // namespace skerry::net
