# What ./dev shows: numbered steps, their progress, their logs.
steps=0
rows=()           # of the summary: "result|seconds|passed|failed|skipped|name"
bold='' red='' green='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'; fi

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "${red}$1${plain}" >&2; shift; [ $# -eq 0 ] || printf '%s\n' "$@" >&2; exit 1; }

# Reads a step's output and shows how far it is: the newest line on a terminal, else ninja's count every 20 seconds.
progress() {
  local line shown=$SECONDS width
  width=$(tput cols 2>/dev/null || echo 100)
  while IFS= read -r line; do
    if [ -t 1 ]; then printf '\r\e[K    %s' "${line:0:width-6}"
    elif [[ $line =~ ^\[[0-9]+/[0-9]+\] ]] && [ $((SECONDS - shown)) -ge 20 ]; then shown=$SECONDS; say "    ${line:0:110}"; fi
  done
  [ ! -t 1 ] || printf '\r\e[K'
}

# attempt NAME COMMAND...: runs a step with its output in a log; says how it went; returns its status.
attempt() {
  local name=$1 begun=$SECONDS status=0
  shift
  steps=$((steps + 1))
  log=$logs/$(printf '%02d' "$steps")-$(tr -cs 'a-z0-9' - <<<"${name,,}" | sed 's/-*$//').log
  say "${bold}[$steps]${plain} $name"
  { "$@" 2>&1 </dev/null | tee "$log" | progress; } || status=$?
  took=$((SECONDS - begun))
  if [ "$status" -eq 0 ]; then say "    ${green}done${plain} in $took s"
  else
    say "    ${red}failed${plain} after $took s; the last lines of $log:"
    grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Scanning)' "$log" | tail -n "${SKERRY_TAIL:-40}" | sed 's/^/    | /'
  fi
  return "$status"
}
step() { attempt "$@" || exit 1; }

