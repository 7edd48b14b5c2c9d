# ./dev bench: how fast it is, on this machine.
cmd_bench() {
  local faults='' program
  [ "${1:-}" != --faults ] || faults=1
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
  [ -d "$demo_data" ] || step "Make a registry with $demo_participants synthetic participants" make_demo
  say "" "${bold}The answer page against nginx, 32 connections${plain}"
  bench/http_page.sh --skerry build/release/skerry --data "$demo_data" --path /en/questions/treatment-approaches
}
