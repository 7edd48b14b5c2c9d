# ./dev bench: how fast it is, on this machine.
cmd_bench() {
  local faults='' program
  [ "${1:-}" != --faults ] || faults=1
  need build bench
  web_assets
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
  if [ -x bench/http_page.sh ]; then
    say "" "${bold}The answer page against nginx${plain}"
    bench/http_page.sh
  fi
}
