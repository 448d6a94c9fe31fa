// http: requests and responses as bytes in, bytes out.
//
// Purpose.  Read HTTP/1.1 (RFC 9112) from a hostile peer piece by piece, find the route, word the answer: documents,
//   problems (RFC 9457), streams of events (WHATWG server-sent events). The client's side reads with the same parser.
//
// Promise.  (1) No socket, no clock, no thread: the same bytes give the same answer, however they were cut on the way.
//   (2) Every size is limited before it is held: first line, header fields, body by route. (3) A request means one thing:
//   two lengths, two hosts, a length beside chunks, an encoded slash are refused, not guessed. (4) Every refusal is a problem
//   document that names its rule, and reads back as the same refusal. (5) The routes are one table that can be listed.
//
// Map, in reading order.
//   message.h          Request, Response, Feed, Reply, Handler
//   parser.h/.cpp      RequestParser, ResponseParser: Beast reads a head (its one include), body.h what follows
//   target.h           paths and queries, percent-decoded strictly
//   router.h           the table of routes: 404, 405, 401, limits by route
//   problem.h          refusals as documents and back; the one table of statuses
//   respond.h          a response as bytes
//   event.h            server-sent events, written and read
//
// May use.  base, json, Boost.Beast's parser (parser.cpp only).
// May not use.  Asio's sockets, clocks, files, threads of its own.
//
// Tested by.  http_test.cpp, router_test.cpp; the laws as properties; tests/fuzz/http_fuzz.cpp (cut anywhere, the same requests).
#pragma once

#include "http/event.h"
#include "http/message.h"
#include "http/parser.h"
#include "http/problem.h"
#include "http/respond.h"
#include "http/router.h"
#include "http/target.h"
