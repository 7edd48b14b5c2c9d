// must fail: SegmentReading.* is private within this context|private constructor of class .*SegmentReading
#include "index/reading.hpp"

skerry::index::SegmentReading steal() { return skerry::index::SegmentReading(nullptr, nullptr); }
