// base: the words every other folder speaks in.
//
// Purpose.  Instants, spans, metres, indices, ids that can be read over a radio, bytes as text, refusals that name a rule,
//   checks that stay on, and the world's clock and chance as interfaces.
//
// Promise.  (1) No I/O: nothing here reads a clock, a file or a random number. (2) What is read strictly writes back the
//   same: base64, hexadecimal, times and ids are bijections on what they accept. (3) A quantity is a type: metres and
//   milliseconds do not add up.
//
// Map, in reading order.
//   check.h      a broken promise of our own stops the process, in release too
//   refusal.h    Result, Refusal and the rules; rule.def is their one table
//   instant.h    Instant, Millis, Interval; RFC 3339
//   quantity.h   Metres, EntryIndex
//   bytes.h      base64, hexadecimal, UTF-8, text that cannot deceive
//   id.h         MV-7Q4M-K2
//   ports.h      Clock and Entropy
//
// May use.  The standard library, tl::expected.
// Tested by.  base_test.cpp; the numbered laws as properties.
#pragma once
