// The kernel in four lanes, where there can be so many.
#include "geo/judge_lanes.h"

#ifdef WIDEBERTH_WIDE_LANES

namespace wideberth::geo {

const Judges kFourLanes{Kernel<4>::nearest_ever, Kernel<4>::nearest_possible, Kernel<4>::nearest_planned, Kernel<4>::judge,
                        PlaceKernel<4>::places};

}  // namespace wideberth::geo

#endif
