// The kernel in eight lanes, where there can be so many.
#include "geo/judge_lanes.h"

#ifdef WIDEBERTH_WIDE_LANES

namespace wideberth::geo {

const Judges kEightLanes{Kernel<8>::nearest_ever, Kernel<8>::nearest_possible, Kernel<8>::nearest_planned, Kernel<8>::judge,
                         PlaceKernel<8>::places};

}  // namespace wideberth::geo

#endif
