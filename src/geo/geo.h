// geo: where things are, and when two movements can come too near: exactly, and with the same bits everywhere.
//
// Purpose.  Places as whole numbers, routes and areas as chords in ECEF with time windows, and the closed-form kernel that
//   answers for two of them: least distance, when, for which delays, how likely, how far to shift.
//
// Promise.  (1) Nothing is sampled: least distances and delay intervals are closed forms over whole pieces. (2) Every answer
//   is the same to the bit on every compiler, optimisation level and processor: + - * / and square root alone, and sine and
//   cosine of our own. (3) No pole and no antimeridian: everything but a line's own meaning happens in ECEF. (4) No conflict
//   is missed; what is reported beyond the separation lies within `bound_m` of it (at most 0.5 m). (5) Limits are stated.
//
// Map, in reading order.
//   place.h       a place as whole degrees x 10^7, and ECEF
//   trig.h        sine, cosine, arc tangent from + - * / and square root
//   vec.h         three doubles
//   text.h        places as people write them: DD, DMS, MGRS (GeographicLib, at the edge only)
//   route.h       what is notified: Route, Area
//   line.h        a geodesic or a lon-lat line, cut into chords
//   plan.h        compiled: pieces with windows, and a box tree over them; track.h the same on few lines of memory
//   polygon.h     inside or outside, by signs of triple products
//   pair.h        the kernel: two pieces, a convex quadratic over at most six sides
//   judge.h       the kernel on many pairs of pieces at once, in the lanes of the processor; the same bits
//   occupancy.h   two plans: meet()
//   answers.h     one plan against many: meet_all()
//
// May use.  base; GeographicLib in text.cpp only.
// May not use.  The C library's sine and cosine in anything that decides; clocks, files, threads.
// Errors.  A bad route or area is a Refusal that names its rule. A WB_CHECK here is our own slip.
// Tested by.  *_test.cpp beside each file (numbered laws as properties), and tests/oracle: another program with other
//   formulas (GeographicLib, dense sampling) that must agree on random pairs.
#pragma once

#include "geo/occupancy.h"
#include "geo/place.h"
#include "geo/plan.h"
#include "geo/route.h"
#include "geo/text.h"
