# ./dev demo: a registry with synthetic participants, served on this machine.
demo_data=build/demo
demo_participants=300

# Made beside its place and moved there whole, so that a broken-off start leaves nothing half-made.
make_demo() {
  local skerry=build/release/skerry new=$demo_data.new key=$demo_data-reviewer.key
  rm -rf "$new" "$key"
  "$skerry" init "$new" --pack poh &&
    "$skerry" generate --participants "$demo_participants" --seed 1 --data "$new" &&
    "$skerry" answer key "$key" --name "demonstration reviewer" --demonstration &&
    "$skerry" answer reviewer --key "$key" --data "$new" &&
    "$skerry" answer sign --key "$key" --all --data "$new" &&
    mv "$new" "$demo_data"
}

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

cmd_demo() {
  local port=8080 asked=''
  if [ "${1:-}" = --port ]; then
    port=${2:-}
    asked=1
    [[ $port =~ ^[0-9]+$ ]] && [ "$port" -ge 1 ] && [ "$port" -le 65535 ] || { say "Usage: ./dev demo [--port N], N from 1 to 65535" >&2; exit 2; }
  elif [ $# -gt 0 ]; then say "Usage: ./dev demo [--port N]" >&2; exit 2; fi
  cmd_build release
  [ -d "$demo_data" ] || step "Make a registry with $demo_participants synthetic participants" make_demo
  if taken "$port"; then
    [ -z "$asked" ] || stop "Port $port is already in use." "Choose another: ./dev demo --port N"
    while taken "$port"; do port=$((port + 1)); done
  fi
  local bench
  bench=$(build/release/skerry workbench link --role steward --name "demonstration desk" --data "$demo_data" --base-url "http://127.0.0.1:$port" 2>/dev/null)
  cat <<TEXT

${bold}  http://127.0.0.1:$port/${plain}

  The $demo_participants participants are synthetic and every page says so; the answers are signed by a "demonstration reviewer".
  Write and preview studies: $bench
  Real published cases (GA4GH phenopackets, files or folders) go into a registry of their own:
      build/release/skerry init build/cases
      build/release/skerry import phenopackets PATH... --data build/cases
      build/release/skerry serve --data build/cases --listen 127.0.0.1:0
  Start afresh: rm -r $demo_data. Stop: Ctrl-C.

TEXT
  exec build/release/skerry serve --data "$demo_data" --listen "127.0.0.1:$port"
}
