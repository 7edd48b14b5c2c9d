// must fail: Reading.* is private within this context|private constructor of class .*Reading
#include "index/reading.hpp"

skerry::index::Reading steal() { return skerry::index::Reading({}); }
