#include "http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "http/respond.h"

namespace wideberth::http {
namespace {

using base::Rule;
using testing::HasSubstr;

Route route(std::string method, std::string path, std::string operation) {
  Handler echo = [operation](const Request& request, const Reply& reply) {
    std::string text = operation + request.caller;
    for (const auto& [name, value] : request.parameters) text += " " + name + "=" + value;
    reply(json_response(text));
  };
  return Route{std::move(method), std::move(path), std::move(operation), "A test's route.", false, 10,
               {"as-of"},         std::move(echo)};
}

Response ask(const Router& router, std::string method, std::string path, Fields query = {}) {
  Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.query = std::move(query);
  Response response;
  int calls = 0;
  router.answer(std::move(request), [&](Response answer) { response = std::move(answer), ++calls; });
  EXPECT_EQ(calls, 1);
  return response;
}

TEST(HttpRouter, ChoosesTheMostParticularRowWhateverTheOrder) {
  std::vector<Route> rows{route("GET", "/{rest...}", "rest"),
                          route("GET", "/v1/{kind}", "kind"),
                          route("GET", "/v1/entries", "entries"),
                          route("POST", "/v1/entries", "submit"),
                          route("GET", "/", "root"),
                          route("GET", "/v1/entries/{index}", "entry"),
                          route("GET", "/log/tile/{level}/{path...}", "tile")};
  for (int turn = 0; turn < 2; ++turn) {
    Router router;
    for (const auto& row : rows) router.add(row);
    EXPECT_EQ(ask(router, "GET", "/").body, "root");
    EXPECT_EQ(ask(router, "GET", "/v1/entries").body, "entries");
    EXPECT_EQ(ask(router, "HEAD", "/v1/entries").body, "entries");
    EXPECT_EQ(ask(router, "POST", "/v1/entries").body, "submit");
    EXPECT_EQ(ask(router, "GET", "/v1/parties").body, "kind kind=parties");
    EXPECT_EQ(ask(router, "GET", "/v1/entries/7", {{"as-of", "9"}}).body, "entry index=7");
    EXPECT_EQ(ask(router, "GET", "/v1/entries/7/x").body, "rest rest=v1/entries/7/x");
    EXPECT_EQ(ask(router, "GET", "/log/tile/0/x001/067").body, "tile level=0 path=x001/067");
    const Response refused = ask(router, "DELETE", "/v1/entries");
    EXPECT_EQ(refused.status, 405);
    EXPECT_THAT(find_field(refused.headers, "Allow"), testing::Optional(testing::AnyOf("GET, HEAD, POST", "POST, GET, HEAD")));
    EXPECT_EQ(ask(router, "GET", "/v1/entries/7", {{"asof", "9"}}).status, 400);
    EXPECT_EQ(router.most_body("POST", "/v1/entries"), 10U);
    std::reverse(rows.begin(), rows.end());
  }
  Router one;
  one.add(route("GET", "/a", "a"));
  EXPECT_EQ(ask(one, "GET", "/b").status, 404);
  EXPECT_EQ(one.most_body("GET", "/b"), Router::kMostStrayBody);
}

TEST(HttpRouter, AsksTheGateOnlyWhereTheTableSaysSo) {
  Router router([](const Request& request) -> Result<std::string> {
    if (const auto token = request.query_value("as-of")) return "/" + std::string(*token);
    return base::refuse(Rule::server_stopping);
  });
  Route row = route("GET", "/mine", "mine");
  row.session = true;
  router.add(row).add(route("GET", "/all", "all"));
  EXPECT_EQ(ask(router, "GET", "/all").body, "all");
  EXPECT_EQ(ask(router, "GET", "/mine").status, 503);
  EXPECT_EQ(ask(router, "GET", "/mine", {{"as-of", "red"}}).body, "mine/red");
}

TEST(HttpRouter, AnswersForAHandlerThatThrows) {
  Router router;
  Route row = route("GET", "/", "breaks");
  row.handler = [](const Request&, const Reply&) { throw std::runtime_error("a private detail"); };
  router.add(row);
  const Response response = ask(router, "GET", "/");
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, testing::Not(HasSubstr("private")));
}

TEST(HttpRouterDeathTest, StopsAtATableThatContradictsItself) {
  EXPECT_DEATH(Router().add(route("GET", "/a/{x}", "a")).add(route("GET", "/a/{y}", "b")), "same_paths");
  EXPECT_DEATH(Router().add(route("GET", "/a", "a")).add(route("GET", "/b", "a")), "operation");
}

}  // namespace
}  // namespace wideberth::http
