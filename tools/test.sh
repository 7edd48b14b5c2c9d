# ./dev test: everything the project promises, in the order of what it costs; ./dev fuzz, ./dev format.
concurrent_rooms="base fact ledger index consent net web"  # what the thread sanitizer runs
# addr2line names the lines where Debian's clang has no symbolizer of its own.
export ASAN_OPTIONS=${ASAN_OPTIONS:-allow_addr2line=1:strict_string_checks=1} TSAN_OPTIONS=${TSAN_OPTIONS:-allow_addr2line=1:halt_on_error=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-allow_addr2line=1:print_stacktrace=1}

# count_results LOG: "passed failed skipped" of the ctest, GoogleTest and node --test output in a log.
count_results() {
  awk '
    { sub(/\r$/, "") }
    match($0, /^[0-9]+: /) { test = substr($0, 1, RLENGTH - 2); line = substr($0, RLENGTH + 1) }
    !/^[0-9]+: / { line = $0 }
    /^[0-9]+: \[  PASSED  \] [0-9]+ test/ { split(line, w, " "); passed[test] += w[4]; seen[test] = 1 }
    /^[0-9]+: \[  FAILED  \] [0-9]+ tests?, listed/ { split(line, w, " "); failed[test] += w[4]; seen[test] = 1 }
    /^[0-9]+: \[  SKIPPED \] [0-9]+ tests?, listed/ { split(line, w, " "); skipped[test] += w[4]; seen[test] = 1 }
    match(line, /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: /) {
      number = line; sub(/^[^#]*#/, "", number); sub(/:.*/, "", number)
      if (line ~ / Passed +[0-9.]+ sec/) { if (!seen[number]) p++ } else if (line ~ /\*\*\*Skipped/) { if (!seen[number]) s++ }
      else if (!failed[number]) f++
    }
    /^# pass [0-9]+$/ { p += $3 }
    /^# (fail|cancelled) [0-9]+$/ { f += $3 }
    /^# (skipped|todo) [0-9]+$/ { s += $3 }
    END { for (t in seen) { p += passed[t]; f += failed[t]; s += skipped[t] } print p + 0, f + 0, s + 0 }' "$1"
}

# check NAME COMMAND...: a step of ./dev test. The tests its output counts are counted, or itself as one (a build only when it fails); the
# next step runs anyway.
check() {
  local name=$1 result=passed counts p f s
  attempt "$@" || result=failed
  counts=$(count_results "$log")
  read -r p f s <<<"$counts"
  if [ $((p + f + s)) -eq 0 ] && [ "$result" = passed ] && [[ $name != Build* ]]; then p=1; fi
  if [ "$result" = failed ] && [ "$f" -eq 0 ]; then f=1; fi
  if [ "$result" = passed ] && [ "$f" -gt 0 ]; then result=failed; fi
  rows+=("$result|$took|$p|$f|$s|$name")
  [ "$result" = passed ]
}

# leave_out NAME WHY: a step that cannot run because an earlier one failed.
leave_out() { rows+=("not run|0|0|1|0|$1 ($2)"); }

summary() {
  local row result seconds p f s name passed=0 failed=0 skipped=0
  say "" "${bold}Summary${plain}"
  printf '%-8s %6s %7s %7s %8s  %s\n' result s passed failed skipped step
  for row in "${rows[@]}"; do
    IFS='|' read -r result seconds p f s name <<<"$row"
    printf '%-8s %6d %7d %7d %8d  %s\n' "$result" "$seconds" "$p" "$f" "$s" "$name"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  done
  say "All in $SECONDS s. Logs: build/log"
  if [ "$skipped" -gt 0 ]; then say "$passed passed, $failed failed, $skipped skipped"; else say "$passed passed, $failed failed"; fi
  [ "$failed" -eq 0 ]
}

cpp_files() { find src tests bench fuzz -type d -name node_modules -prune -o -type f \( -name '*.cpp' -o -name '*.hpp' \) -print | sort; }

check_format() { cpp_files | xargs -r -P "$jobs" -n 20 clang-format-19 --dry-run --Werror; }
cmd_format() { need test; cpp_files | xargs -r -P "$jobs" -n 20 clang-format-19 -i; }
cmd_clean() { rm -rf build; say "Removed build/. (npm's packages stay in web/node_modules, the compiler's cache in $CCACHE_DIR.)"; }

unit_tests() { ctest --test-dir "build/$1" -j "$jobs" -V --timeout 900; }

# built_and_tested PRESET WORDS [-DNAME=VALUE...]: one build with its unit tests.
built_and_tested() {
  local preset=$1 words=$2
  shift 2
  if check "Build $preset: $words" build_tree "$preset" "$@"; then check "Unit tests: $words" unit_tests "$preset" || true
  else leave_out "Unit tests: $words" "does not build"; fi
}

thread_tests() {
  local room targets=() names
  for room in $concurrent_rooms; do compgen -G "tests/$room/*_test.cpp" >/dev/null && targets+=("test_$room"); done
  names=$(IFS='|'; echo "${targets[*]#test_}")
  if check "Build tsan: the concurrent rooms" build_tree tsan "${targets[@]}"; then
    check "Unit tests: clang-19, thread sanitizer" ctest --test-dir build/tsan -j "$jobs" -V --timeout 900 -R "^($names)\$" || true
  else leave_out "Unit tests: clang-19, thread sanitizer" "does not build"; fi
}

fuzz_targets() { find build/fuzz/fuzz -maxdepth 1 -type f -perm -u+x 2>/dev/null | sort; }

# fuzz_one PROGRAM SECONDS: from the seeds in fuzz/corpus/NAME; what was found stays in build/fuzz/found/NAME.
fuzz_one() {
  local name found seeds=()
  name=$(basename "$1")
  found=$root/build/fuzz/found/$name
  mkdir -p "$found" "$root/build/fuzz/corpus/$name"
  [ ! -d "fuzz/corpus/$name" ] || seeds=("$root/fuzz/corpus/$name")
  if "$1" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$found/" \
    "$root/build/fuzz/corpus/$name" "${seeds[@]}"; then return 0; fi
  for input in "$found"/*; do
    [ ! -e "$input" ] || echo "To see it again: $1 $input   (base64: $(head -c 600 "$input" | base64 -w0))"
  done
  return 1
}

cmd_fuzz() {
  local target=${1:-} seconds=${2:-60} program
  [[ $target =~ ^[0-9]+$ ]] && { seconds=$target; target=''; }
  need build test
  npm_install web
  if [ "$target" = differential ]; then
    npm_install_duckdb
    step "Build release" build_tree release -DSKERRY_TESTS=ON engine_answers
    check "Ask the engine and DuckDB $seconds random studies" differential release "$seconds" || true
    summary
    return
  fi
  step "Build fuzz" build_tree fuzz fuzz/all
  for program in $(fuzz_targets); do
    [ -z "$target" ] || [ "$(basename "$program")" = "$target" ] || continue
    check "Fuzz $(basename "$program") for $seconds s" fuzz_one "$program" "$seconds" || true
  done
  [ ${#rows[@]} -gt 0 ] || stop "There is no fuzz target '$target'." "Targets: $(fuzz_targets | xargs -rn1 basename | tr '\n' ' ')differential"
  summary
}

# The engine and DuckDB asked the same random questions: differential PRESET STUDIES [SEED]
differential() { node tests/differential/comparing.mjs "build/$1/tests/differential/engine_answers" "${@:2}"; }

# DuckDB comes from npm and is needed by nothing else: without it the comparison says that it is left out.
npm_install_duckdb() {
  (npm_install tests/differential) || say "    DuckDB could not be installed from npm: what needs it is left out."
}

journeys() { SKERRY_BINARY=$root/build/release/skerry node --test --test-reporter=tap tests/journeys/*.test.mjs; }

cmd_test() {
  local fast='' program
  [ "${1:-}" != --fast ] || fast=1
  need build test
  npm_install web
  if [ -n "$fast" ]; then built_and_tested dev "g++ 12"; summary; return; fi
  check "Format of the C++ files (clang-format)" check_format || true
  [ ! -d tests/tidy ] || check "Tidy test of the code itself" node --test --test-reporter=tap tests/tidy/*.test.mjs || true
  # The released program itself: what the optimiser makes of a mistake shows only there.
  built_and_tested release "g++ 12, optimised" -DSKERRY_TESTS=ON -DSKERRY_BENCH=ON
  npm_install_duckdb
  if [ -x build/release/tests/differential/engine_answers ]; then
    check "The engine beside DuckDB: 300 random studies" differential release 300 || true
  else leave_out "The engine beside DuckDB: 300 random studies" "does not build"; fi
  built_and_tested asan "clang-19, address and undefined-behaviour sanitizers"
  thread_tests
  if check "Build fuzz: clang-19, libFuzzer" build_tree fuzz fuzz/all; then
    for program in $(fuzz_targets); do check "Fuzz $(basename "$program") for 15 s" fuzz_one "$program" 15 || true; done
  fi
  if [ -x build/release/skerry ]; then check "Journeys in a real browser, with axe-core" journeys || true
  else leave_out "Journeys in a real browser, with axe-core" "the program does not build"; fi
  summary
}
