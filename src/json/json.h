// json: the text that parties send and receive, read strictly and written exactly.
//
// Purpose.  Turn untrusted JSON (RFC 8259) into a tree that nothing can surprise, walk it with refusals that say where,
//   and write JSON without a rounding.
//
// Promise.  (1) Strict: valid UTF-8, no member named twice, nothing but white space after the end, no integer beyond 2^53,
//   stated limits of size and depth. (2) Every refusal of a Reader carries the JSON pointer (RFC 6901) of the place it is
//   about. (3) What a Writer writes, parse accepts, and reads back as the same value. (4) No text crashes it.
//
// Map, in reading order.
//   value.h      Value: the immutable tree; Limits and parse
//   reader.h     Reader: a cursor that checks kinds, ranges and names
//   writer.h     Writer: streaming output, compact or indented
//   parse.cpp    the one place that includes simdjson
//   fault.h      where a text stops being JSON, in line and column, for the message only
//
// May use.  base, simdjson (parse.cpp only).
// May not use.  Clocks, files, sockets, threads, exceptions.
//
// Tested by.  json_test.cpp; the laws as properties; tests/fuzz/json_fuzz.cpp (parse, write, parse again: the same).
#pragma once

#include "json/reader.h"
#include "json/value.h"
#include "json/writer.h"
