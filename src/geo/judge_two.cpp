// The kernel in two lanes, which every processor has.
#include "geo/judge_lanes.h"

namespace wideberth::geo {

const Judges kTwoLanes{Kernel<2>::nearest_ever, Kernel<2>::nearest_possible, Kernel<2>::nearest_planned, Kernel<2>::judge,
                       PlaceKernel<2>::places};

}  // namespace wideberth::geo
