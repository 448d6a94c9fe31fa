// net: sockets and TLS, the world's clock and chance.
//
// Purpose.  Carry http's bytes between a router and many peers, none of whom is trusted to be quick, honest or alive; let the
//   client side dial out; and be the real Clock and Entropy that everything else is handed.
//
// Promise.  (1) Nothing waits for a peer without an end: head, body, answer, silence each have a time, and one coarse sweep
//   watches them all. (2) Nothing grows without a bound: connections in all and by peer, requests in flight on each, bytes
//   held for a slow reader. (3) Answers leave in the order of the questions, whichever thread they come from. (4) A stop
//   takes no new work, lets answers in flight leave, ends feeds, and is over within the time stated. (5) No input ends the
//   process.
//
// Map, in reading order.
//   server.h            listen, port, stop; the limits
//   accept.h/.cpp       connections and datagrams in, blocking, for feeds
//   dial.h/.cpp         one blocking connection out, plain or TLS, with time-outs
//   system.h/.cpp       SystemClock, SystemEntropy
//   connection.h/.cpp   (inside) one peer: questions in, answers out in order, feeds, times
//   server.cpp          (inside) Asio: accept, read, write, sweep, stop
//   tls.h/.cpp          (inside) contexts from files
//
// Threads.  One I/O thread to a Server; handlers are called on it and must not block; a Reply comes from any thread.
//   Coroutines are free functions that take what they use by value (docs: compiler traps), and live in server.cpp only.
//
// May use.  base, http, Boost.Asio, OpenSSL, libsodium. Here and nowhere else: sockets, clocks, random numbers.
// Tested by.  net_test.cpp, tls_test.cpp: real sockets on loopback, every limit, slow and half-closed peers, TLS, stops in
// mid-air.
#pragma once

#include "net/dial.h"
#include "net/server.h"
#include "net/system.h"
