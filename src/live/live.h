// live: where the units are now, whether they keep to what was notified, and who comes too near to whom.
//
// Purpose.  Fixes in, events out: position doubtful, off corridor, early, late, unnotified, composition; alerts for pairs of
//   units of different parties, graded, raised once and closed once.
//
// Promise.  (1) A pure fold over fixes: the same steps give the same events, byte for byte, on every compiler and processor.
//   (2) No pair within reach is missed, and no crossing between two fixes: the way between fixes is swept, not sampled.
//   (3) Whatever a source sends has a stated outcome (track.h, Taken). (4) Every alert that is raised is closed. (5) Nothing
//   here says whose fault it is.
//
// Map, in reading order.
//   fix.h          a fix; the units by number
//   track.h        the last fixes of a unit: plausible or doubtful, how it moves, at rest
//   settings.h     the numbers: from the agreement, else named defaults
//   approach.h     two tracks: how near they came, how near they will come
//   huge.h         memory for tables of many units
//   near.h         pairs as numbers; the six faces on which near units are looked for
//   join.h         all units at once;  cells.h   one unit at a time
//   alert.h        the alerts of a pair: raised once, closed once
//   proximity.h    a step: search, sweep, predict, judge
//   encounter.h    every meeting of two parties' units, benign ones included
//   conduct.h      what the tracks of an encounter show; conduct.def holds every number of every test
//   hull.h         the gap between two outlines that move and turn
//   alibi.h        could they have met? for tracks with long gaps; lens.h is its plane geometry
//   movement.h     what was notified, compiled, and where on it a unit is
//   conformance.h  off corridor, early, late, unnotified, composition, doubtful
//   remaining.h    what is left of a movement that runs late, and what it now conflicts with
//   house.h        Live: all of it behind one door
//
// May use.  base, json, geo, model, conflict.
// May not use.  Clocks, files, sockets, threads, the C library's sines.
// Tested by.  *_test.cpp beside each file; every search against asking every pair, to the byte.
#pragma once

#include "live/alert.h"
#include "live/alibi.h"
#include "live/approach.h"
#include "live/conduct.h"
#include "live/conformance.h"
#include "live/encounter.h"
#include "live/fix.h"
#include "live/house.h"
#include "live/hull.h"
#include "live/proximity.h"
#include "live/remaining.h"
#include "live/settings.h"
#include "live/track.h"
