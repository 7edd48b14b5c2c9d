#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>

#include "net/http.hpp"
#include "raw_client.hpp"

namespace skerry::net {
namespace {

using namespace std::chrono_literals;
using test::RawClient;
using test::RawResponse;
using testing::HasSubstr;
using testing::Not;

Response text(std::string body) {
  Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

Response echo(const Request& request) {
  std::string said = request.method + " " + request.path;
  for (const auto& [name, value] : request.query) said += " " + name + "=" + value;
  if (!request.body.empty()) said += " <" + request.body + ">";
  return text(said);
}

std::unique_ptr<Server> start(ServerOptions options = {}, Handler handler = echo) {
  auto server = Server::start(std::move(options), std::move(handler));
  EXPECT_TRUE(server) << server.error().text();
  return std::move(*server);
}

std::string get(std::string_view path) { return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

RawResponse ask(RawClient& client, std::string_view request) {
  EXPECT_TRUE(client.send(request));
  const auto response = client.read();
  EXPECT_TRUE(response) << "no response";
  return response.value_or(RawResponse{});
}

TEST(Server, AnswersWithTheHandlersResponse) {
  const auto server = start();
  RawClient client(server->port());
  const auto response = ask(client, get("/en/a%20b?x=1&y=%C3%A9+z"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "GET /en/a b x=1 y=\xC3\xA9 z");
  EXPECT_EQ(response.header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_THAT(response.header("Date"), testing::EndsWith(" GMT"));
  EXPECT_EQ(response.header("Server"), "") << "the version is nobody's business";
  EXPECT_EQ(response.header("Connection"), "");
}

TEST(Server, TellsTheHandlerHeadersAndPeer) {
  Request seen;
  const auto server = start({}, [&seen](const Request& request) {
    seen = request;
    return text("");
  });
  RawClient client(server->port());
  ask(client, "POST /p HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nx-one: 2\r\nCookie: a=b\r\nCookie: c=d\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(seen.headers["x-one"], "1, 2");
  EXPECT_EQ(seen.headers["cookie"], "a=b; c=d");
  EXPECT_EQ(seen.headers["host"], "a");
  EXPECT_EQ(seen.body, "abc");
  EXPECT_EQ(seen.target, "/p");
  EXPECT_EQ(seen.remote, "127.0.0.1");
}

TEST(Server, AnswersHeadAsGetWithoutTheBody) {
  const auto server = start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + get("/y")));
  const auto head = client.read(false);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->header("Content-Length"), std::to_string(std::string("GET /x").size()));
  EXPECT_EQ(client.read().value_or(RawResponse{}).body, "GET /y") << "no byte of a body may stand between";
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  const auto server = start({.workers = 4}, [](const Request& request) {
    if (request.path == "/0") std::this_thread::sleep_for(50ms);
    return echo(request);
  });
  RawClient client(server->port());
  std::string requests;
  for (int i = 0; i < 20; ++i) requests += get("/" + std::to_string(i));
  ASSERT_TRUE(client.send(requests));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.read().value_or(RawResponse{}).body, "GET /" + std::to_string(i));
}

TEST(Server, TakesARequestByteByByte) {
  const auto server = start();
  RawClient client(server->port());
  for (const char byte :
       std::string("POST /slow HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")) {
    ASSERT_TRUE(client.send({&byte, 1}));
  }
  EXPECT_EQ(client.read().value_or(RawResponse{}).body, "POST /slow <abcde>");
}

TEST(Server, KeepsHttp10OpenOnlyWhenAsked) {
  const auto server = start();
  RawClient once(server->port());
  EXPECT_EQ(ask(once, "GET / HTTP/1.0\r\n\r\n").header("Connection"), "close");
  EXPECT_TRUE(once.closed_by_server());
  RawClient twice(server->port());
  EXPECT_EQ(ask(twice, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("Connection"), "keep-alive");
  EXPECT_EQ(ask(twice, get("/again")).body, "GET /again");
}

TEST(Server, ClosesWhenTheClientSaysSo) {
  const auto server = start();
  RawClient client(server->port());
  EXPECT_EQ(ask(client, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").header("Connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Server, SaysContinueBeforeAnAwaitedBody) {
  const auto server = start();
  RawClient client(server->port());
  ASSERT_TRUE(client.send("POST /c HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
  EXPECT_EQ(client.read(false).value_or(RawResponse{}).status, 100);
  ASSERT_TRUE(client.send("ok"));
  EXPECT_EQ(client.read().value_or(RawResponse{}).body, "POST /c <ok>");
}

TEST(Server, RefusesAnAwaitedBodyThatIsTooLargeWithoutAskingForIt) {
  const auto server = start({.limits = {.body_bytes_max = 10}});
  RawClient client(server->port());
  EXPECT_EQ(ask(client, "POST /c HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n").status, 413);
}

TEST(Server, AnswersFromTheFastPathFirst) {
  ServerOptions options;
  options.fast = [](const Request& request) -> std::optional<Response> {
    if (request.path == "/cached") return text("from the cache");
    return std::nullopt;
  };
  const auto server = start(std::move(options));
  RawClient client(server->port());
  EXPECT_EQ(ask(client, get("/cached")).body, "from the cache");
  EXPECT_EQ(ask(client, get("/other")).body, "GET /other");
}

TEST(Server, TurnsAnExceptionInto500AndGoesOn) {
  ServerOptions options;
  options.fast = [](const Request& request) -> std::optional<Response> {
    if (request.path == "/fast") throw std::runtime_error("secret");
    return std::nullopt;
  };
  const auto server = start(std::move(options), [](const Request& request) -> Response {
    if (request.path == "/throw") throw std::runtime_error("secret");
    if (request.path == "/odd") throw 1;
    return echo(request);
  });
  RawClient client(server->port());
  for (const std::string_view path : {"/throw", "/odd", "/fast"}) {
    const auto response = ask(client, get(path));
    EXPECT_EQ(response.status, 500);
    EXPECT_THAT(response.body, Not(HasSubstr("secret")));
  }
  EXPECT_EQ(ask(client, get("/fine")).status, 200);
}

TEST(Server, RefusesToSendAHeaderThatBeginsAnother) {
  const auto server = start({}, [](const Request& request) {
    Response response = text("body");
    for (const auto& [name, value] : request.query) response.headers.emplace_back(name, value);
    return response;
  });
  RawClient client(server->port());
  EXPECT_EQ(ask(client, get("/?Location=/fine")).header("Location"), "/fine");
  for (const std::string_view query : {"Location=/a%0d%0aSet-Cookie:x", "Location=%0a", "Location=%0d", "Bad%20name=x", "=x", "a%3a=x"}) {
    const auto response = ask(client, get("/?" + std::string(query)));
    EXPECT_EQ(response.status, 500) << query;
    EXPECT_THAT(response.head, Not(HasSubstr("Set-Cookie")));
  }
}

TEST(Server, WritesItsOwnHeadersOnlyOnce) {
  const auto server = start({}, [](const Request&) {
    Response response = text("body");
    response.headers = {{"content-length", "999"}, {"Transfer-Encoding", "chunked"}, {"Date", "never"}, {"ETag", "\"1\""}};
    return response;
  });
  RawClient client(server->port());
  const auto response = ask(client, get("/"));
  EXPECT_EQ(response.body, "body");
  EXPECT_EQ(response.header("Transfer-Encoding"), "");
  EXPECT_EQ(response.header("ETag"), "\"1\"");
  EXPECT_EQ(response.head.find("999"), std::string::npos);
}

TEST(Server, SendsNoBodyWith304) {
  const auto server = start({}, [](const Request&) {
    Response response = text("never sent");
    response.status = 304;
    return response;
  });
  RawClient client(server->port());
  ASSERT_TRUE(client.send(get("/") + get("/")));
  EXPECT_EQ(client.read(false).value_or(RawResponse{}).status, 304);
  EXPECT_EQ(client.read(false).value_or(RawResponse{}).status, 304);
}

TEST(Server, SaysThatThePortIsTaken) {
  const auto server = start();
  const auto second = Server::start({.port = server->port()}, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::in_use);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(server->port())));
}

TEST(Server, RefusesAnAddressItCannotRead) {
  for (const char* host : {"", "no such host", "300.1.1.1", "203.0.113.9"}) {
    const auto server = Server::start({.host = host}, echo);
    ASSERT_FALSE(server) << host;
    EXPECT_EQ(server.error().code, ErrorCode::usage) << host;
  }
  EXPECT_TRUE(Server::start({.host = "localhost"}, echo));
}

TEST(Server, ServesManyThreadsAtOnce) {
  const auto server = start({.io_threads = 4, .workers = 4});
  std::atomic<int> right = 0;
  std::vector<std::thread> clients;
  for (int t = 0; t < 8; ++t) {
    clients.emplace_back([&, t] {
      RawClient client(server->port());
      for (int i = 0; i < 50; ++i) {
        const std::string path = "/" + std::to_string(t) + "/" + std::to_string(i);
        client.send(get(path));
        const auto response = client.read();
        if (response && response->body == "GET " + path) ++right;
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(right, 400);
}

TEST(Stop, FinishesTheRequestUnderWay) {
  std::promise<void> begun;
  std::promise<void> go_on;
  auto gate = go_on.get_future().share();
  const auto server = start({}, [&](const Request& request) {
    begun.set_value();
    gate.wait();
    return echo(request);
  });
  RawClient idle(server->port());
  RawClient client(server->port());
  ASSERT_TRUE(client.send(get("/long")));
  begun.get_future().wait();
  auto stopping = std::async(std::launch::async, [&] { server->stop(10s); });
  EXPECT_TRUE(idle.closed_by_server()) << "an idle connection is not waited for";
  go_on.set_value();
  const auto response = client.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "GET /long");
  EXPECT_EQ(response->header("Connection"), "close");
  client.close();
  stopping.wait();
  EXPECT_FALSE(RawClient(server->port()).connected());
  server->stop();
}

TEST(Stop, DoesNotWaitLongerThanItsGrace) {
  const auto server = start({.limits = {.read_time_max = 60s}});
  RawClient client(server->port());
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"));
  RawClient other(server->port());
  ask(other, get("/"));
  server->stop(100ms);
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Stop, EndsWhatWasStalledInItsHeaderAtOnce) {
  const auto server = start({.limits = {.read_time_max = 60s}});
  RawClient client(server->port());
  ASSERT_TRUE(client.send("GET / HT"));
  const auto from = std::chrono::steady_clock::now();
  server->stop(60s);
  EXPECT_LT(std::chrono::steady_clock::now() - from, 30s);
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Stop, ComesWithASignal) {
  const auto server = start();
  RawClient client(server->port());
  ask(client, get("/"));
  std::thread sender([port = server->port()] {
    RawClient another(port);
    ask(another, get("/"));
    struct sigaction present{};
    do {  // before the server listens for it, the signal would end this program
      std::this_thread::sleep_for(5ms);
      ::sigaction(SIGTERM, nullptr, &present);
    } while (present.sa_handler == SIG_DFL);
    ::kill(::getpid(), SIGTERM);
  });
  server->run_until_signal();
  sender.join();
  EXPECT_TRUE(client.closed_by_server());
}

}  // namespace
}  // namespace skerry::net
