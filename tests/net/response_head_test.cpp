#include "net/response_head.hpp"

#include <gtest/gtest.h>

namespace skerry::net {
namespace {

TEST(HttpDate, IsWrittenAsTheStandardSays) {
  EXPECT_EQ(http_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(1'709'210'096), "Thu, 29 Feb 2024 12:34:56 GMT");
}

TEST(ResponseHead, IsWhatTheClientReads) {
  Response response;
  response.status = 404;
  response.headers = {{"ETag", "\"x\""}};
  response.body = std::make_shared<const std::string>("gone");
  std::string head;
  append_head(response, "today", ConnectionHeader::close, head);
  EXPECT_EQ(head,
            "HTTP/1.1 404 Not Found\r\nDate: today\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 4\r\nETag: \"x\"\r\n"
            "Connection: close\r\n\r\n");
}

TEST(ResponseHead, LeavesTheBodysHeadersOutWhereThereIsNoBody) {
  Response response;
  response.status = 204;
  std::string head;
  append_head(response, "today", ConnectionHeader::none, head);
  EXPECT_EQ(head, "HTTP/1.1 204 No Content\r\nDate: today\r\n\r\n");
}

TEST(ResponseHead, RefusesWhatCannotBeSent) {
  EXPECT_TRUE(check_head(Response{}));
  for (const int status : {0, -1, 100, 199, 600, 1000}) {
    Response response;
    response.status = status;
    EXPECT_FALSE(check_head(response)) << status;
  }
  Response typed;
  typed.content_type = "text/html\r\nX: y";
  EXPECT_FALSE(check_head(typed));
  Response empty;
  empty.body = nullptr;
  EXPECT_FALSE(check_head(empty));
  Response accented;
  accented.headers = {{"Content-Language", "caf\xC3\xA9\tok"}};
  EXPECT_TRUE(check_head(accented));
  Response injected;
  injected.headers = {{"X", "secret\n"}};
  ASSERT_FALSE(check_head(injected));
  EXPECT_EQ(check_head(injected).error().message.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace skerry::net
