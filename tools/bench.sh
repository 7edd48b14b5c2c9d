# ./dev bench: how fast it is, on this machine.

# engine_beside_duckdb PARTICIPANTS,... RUNS: one run, every answer checked equal; a million participants take 40 million facts, a quarter of an
# hour and 8 GB of disk.
engine_beside_duckdb() {
  need build bench
  npm_install_duckdb
  step "Build the engine's benchmark" build_tree release -DSKERRY_BENCH=ON engine_timing make_registry
  say "" "${bold}The engine beside DuckDB${plain}"
  node bench/engine.mjs build/release "$1" "$2"
  [ ! -f build/bench/engine.json ] || node bench/growth.mjs build/bench/engine.json build/bench/engine-growth.svg
}

cmd_bench() {
  local faults='' program
  [ "${1:-}" != --faults ] || faults=1
  if [ "${1:-}" = --engine ]; then engine_beside_duckdb "${2:-10000,100000,1000000}" "${3:-9}"; return; fi
  need build bench
  npm_install web
  step "Build release with its benchmarks" build_tree release -DSKERRY_BENCH=ON
  if [ -n "$faults" ]; then
    say "A writer is killed 1,000 times (SIGKILL at random moments):"
    build/release/bench/ledger_kill build/release/bench/ledger_writer 1000
    return
  fi
  for program in build/release/bench/bench_*; do
    [ -x "$program" ] || continue
    say "" "${bold}$(basename "$program")${plain}"
    "$program"
  done
  engine_beside_duckdb 100000 9
  [ -d "$demo_data" ] || step "Make a registry with $demo_participants synthetic participants" make_demo
  say "" "${bold}The answer page against nginx, 32 connections${plain}"
  bench/http_page.sh --skerry build/release/skerry --data "$demo_data" --path /en/questions/treatment-approaches
}
