#!/usr/bin/env python3
"""Writes the sheets of this scenario: invented sites and convoys, on an invented plain laid over empty desert.

The same figures each time (a generator of its own, so that no version of Python changes them). A test compares."""
import csv
import io
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
WEST, SOUTH, WIDE, HIGH = 20.2, 20.2, 1.6, 1.6  # degrees; the area of the agreement is 0.2 wider on each side
COLUMNS = ["id", "subject", "places", "names", "earliest", "latest", "radius_m", "half_width_m", "column_length_m", "platform_class",
           "organisation", "consent", "marking", "vehicles", "people", "purpose", "focal_point", "holding_points"]
PURPOSES = ["Clinic", "Water point", "School", "Store", "Guest house", "Shelter", "Bakery", "Pumping station"]
BODIES = ["Aid body A (invented)", "Aid body B (invented)", "Aid body C (invented)"]


class Draw:
    """Numbers from 0 to below 1, the same for ever (Park and Miller, 1988: 48271 x mod 2^31 - 1)."""

    def __init__(self, seed):
        self.state = seed

    def __call__(self):
        self.state = self.state * 48271 % 2147483647
        return self.state / 2147483647


def place(lat, lon):
    return f"{lat:.4f}N {lon:.4f}E"


def time(day, minutes):
    return f"2021-03-{day + minutes // 1440:02d}T{minutes % 1440 // 60:02d}:{minutes % 60:02d}:00Z"


def site(name, draw, until):
    """A site no nearer than some 300 m to another one: on a lattice of 50 by 50, each cell once."""
    kind = PURPOSES[int(draw() * len(PURPOSES))]
    return {"id": name, "subject": "site", "names": f"{kind} {name} (invented)", "earliest": "2021-03-04T06:00:00Z", "latest": until,
            "radius_m": str(40 + 20 * int(draw() * 6)), "platform_class": "site", "organisation": BODIES[int(draw() * 3)], "consent": "yes",
            "marking": "day night" if draw() < 0.7 else "day", "purpose": kind, "focal_point": f"+000 {int(draw() * 10**6):06d} (invented)"}


def sites(draw):
    cells, rows = set(), []
    while len(rows) < 300:
        cell = (int(draw() * 50), int(draw() * 50))
        if cell in cells:
            continue
        cells.add(cell)
        n = len(rows)
        name, until = ((f"S-{n + 1:03d}", "2021-05-31T18:00:00Z") if n < 220 else
                       (f"R-{n - 219:03d}", "2021-03-09T18:00:00Z") if n < 280 else (f"E-{n - 279:03d}", "2021-03-09T18:00:00Z"))
        row = site(name, draw, until)
        row["places"] = place(SOUTH + HIGH * (cell[0] + 0.2 + 0.6 * draw()) / 50, WEST + WIDE * (cell[1] + 0.2 + 0.6 * draw()) / 50)
        rows.append(row)
    # What another organisation files once more: one by its name in capitals, one a few metres off.
    again = dict(rows[11], id="D-1", names=rows[11]["names"].upper())
    beside = dict(rows[57], id="D-2", names="Beside it (invented)")
    lat, lon = rows[57]["places"].replace("N", "").replace("E", "").split()
    beside["places"] = place(float(lat) + 0.0001, float(lon))
    return rows + [again, beside]


def convoys(draw):
    rows = []
    for n in range(40):
        lat, lon = SOUTH + HIGH * (0.1 + 0.8 * draw()), WEST + WIDE * (0.1 + 0.8 * draw())
        ends = [(lat, lon)]
        for _ in range(2):
            ends.append((min(SOUTH + HIGH, max(SOUTH, ends[-1][0] + 0.3 * (draw() - 0.5))), min(WEST + WIDE, max(WEST, ends[-1][1] + 0.3 * (draw() - 0.5)))))
        day, start = 5 + n % 4, 330 + 15 * int(draw() * 16)
        at = [start, start + 70, start + 140]
        rows.append({"id": f"C-{n + 1:02d}", "subject": "movement", "places": "; ".join(place(*e) for e in ends),
                     "names": f"Depot {n % 5 + 1} (invented); Halt {n + 1} (invented); Village {n + 1} (invented)",
                     "earliest": "; ".join(time(day, m) for m in at), "latest": "; ".join(time(day, m + late) for m, late in zip(at, (20, 20, 300))), "half_width_m": "100",
                     "column_length_m": str(50 * (2 + int(draw() * 8))), "platform_class": "vehicle", "organisation": BODIES[n % 3], "consent": "yes",
                     "marking": "day night thermal", "vehicles": f"{2 + int(draw() * 8)} lorry; 1 car", "people": str(6 + int(draw() * 20)),
                     "purpose": "Flour and medicine", "focal_point": f"+000 {int(draw() * 10**6):06d} (invented)",
                     "holding_points": f"the halt = {place(*ends[1])}"})
    return rows


def faulty(rows):
    """Six rows as they come by e-mail: four cannot be read."""
    wrong = [dict(rows[n]) for n in range(6)]
    wrong[1]["places"] = "somewhere north"
    wrong[2]["earliest"], wrong[2]["latest"] = wrong[2]["latest"], wrong[2]["earliest"]
    wrong[3]["marking"] = "roof"
    wrong[5]["id"] = wrong[4]["id"]
    return wrong


def sheet(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def main():
    into = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    all_sites = sites(Draw(20210301))
    for name, rows in (("sites.csv", all_sites), ("sites-faulty.csv", faulty(all_sites)), ("convoys.csv", convoys(Draw(340)))):
        (into / name).write_text(sheet(rows))


main()
