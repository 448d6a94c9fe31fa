// feeds: what devices and files say of where units are, read strictly, from bytes.
//
// Purpose.  Cursor-on-Target, the TAK Protocol, NMEA 0183 and AIS, GPX, GeoJSON and CSV in; positions of the model out, with a
//   refusal for each record that cannot be read. It runs on the party's own machine.
//
// Promise.  (1) Whole numbers all the way: no position is "not a number", no place out of range. (2) A record that cannot be
//   read is refused with its rule and its place, and the next one is read. (3) Stated limits: no input takes more memory
//   than a constant times its size. (4) What a device says it does not know (9999999, lat 91, speed 102.3) is missing here,
//   never a number. (5) No parser opens a file or a socket or reads a clock;
//   the spool has files, the gate has sockets.
//
// Map, in reading order.
//   reading.h       what every reader gives: Reading, Particulars, Readings
//   number.h        numbers and times of texts, as whole numbers
//   csv.h           rows; notices.h: sites and convoys as rows
//   xml.h           elements, by pugixml
//   cot.h           Cursor-on-Target as XML, and as positions
//   tak.h           the same as protobuf, and its framings
//   tak_stream.h    a connection of ATAK: negotiation and keep-alive
//   ais.h           the six-bit messages of ships
//   nmea.h          sentences: one's own receiver, and AIS around them
//   gpx.h, geojson.h  tracks as files
//   spool.h         fixes that wait to be signed, batches that wait to be sent, on disk
//   forward.h       signs them and sends them, in order
//   gate.h          connections and datagrams, a thread each
//   tak_out.h       what a party may see, as events for its devices; teller.h asks the server for it
//
// May use.  base, json, geo, ledger, model; http, net and client for sending; pugixml and protozero in .cpp files.
// Tested by.  *_test.cpp beside each file, tests/feeds on recorded traffic, tests/fuzz/{csv,cot,tak,nmea,gpx,geojson}_fuzz.cpp.
#pragma once

#include "feeds/cot.h"
#include "feeds/csv.h"
#include "feeds/forward.h"
#include "feeds/gate.h"
#include "feeds/geojson.h"
#include "feeds/gpx.h"
#include "feeds/nmea.h"
#include "feeds/number.h"
#include "feeds/reading.h"
#include "feeds/spool.h"
#include "feeds/tak.h"
#include "feeds/tak_out.h"
#include "feeds/tak_stream.h"
#include "feeds/teller.h"
