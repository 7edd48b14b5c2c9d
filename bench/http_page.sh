#!/usr/bin/env bash
# Requests per second of a page from Skerry's server against nginx sending the same bytes as a file, both on this machine:
# wrk with 32 connections, first one, then the other, three times; the medians and their ratio (the goal is 0.5 or more).
#
#   bench/http_page.sh [--build DIR] [--seconds S]                 a made-up page of 30 KB from the cache (the fast path)
#   bench/http_page.sh --skerry BINARY --data DIR [--path /en/]    the page as `skerry serve` sends it
#   --json                                                         one line of JSON instead of the table
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build/release skerry='' data='' path=/en/ seconds=5 json=''
while [ $# -gt 0 ]; do
  case $1 in
    --build) build=$2; shift 2 ;;
    --skerry) skerry=$2; shift 2 ;;
    --data) data=$2; shift 2 ;;
    --path) path=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    --json) json=1; shift ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
if [ -n "$skerry" ] && [ -z "$data" ]; then echo "--skerry needs --data" >&2; exit 2; fi
nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || { echo "nginx-light is not installed" >&2; exit 2; }
command -v wrk >/dev/null || { echo "wrk is not installed" >&2; exit 2; }

work=$(mktemp -d)
started=()
finish() {
  for pid in "${started[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

free_port() { node "$root/bench/http_free_port.mjs"; }
answers() { curl -fsS -o /dev/null "$1" 2>/dev/null; }
wait_for() {
  for _ in $(seq 100); do
    if answers "$1"; then return; fi
    sleep 0.1
  done
  echo "$1 does not answer" >&2
  cat "$work"/*.log >&2
  exit 1
}

port=$(free_port)
if [ -n "$skerry" ]; then
  "$skerry" serve --data "$data" --listen "127.0.0.1:$port" >"$work/skerry.log" 2>&1 &
else
  path=/page.html
  head -c 22500 /dev/urandom | base64 -w 0 >"$work/source"  # 30,000 bytes that do not compress
  "$build/bench/http_page_server" "$port" "$work/source" >"$work/skerry.log" 2>&1 &
fi
started+=($!)
ours=http://127.0.0.1:$port$path
wait_for "$ours"

# The very bytes Skerry sends, as a file for nginx.
mkdir "$work/www"
curl -fsS "$ours" -o "$work/www/page.html"
bytes=$(stat -c %s "$work/www/page.html")
port=$(free_port)
cat >"$work/nginx.conf" <<CONF
daemon off; master_process on; worker_processes auto; pid $work/nginx.pid; error_log $work/nginx.log;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; default_type text/html; open_file_cache max=10;
  client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
  server { listen 127.0.0.1:$port; root $work/www; }
}
CONF
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work" "$work/www"
  sed -i '1i user nobody nogroup;' "$work/nginx.conf"
fi
"$nginx" -c "$work/nginx.conf" -p "$work" >"$work/nginx.out.log" 2>&1 &
started+=($!)
theirs=http://127.0.0.1:$port/page.html
wait_for "$theirs"
[ "$(curl -fsS "$theirs" | cksum)" = "$(cksum <"$work/www/page.html")" ] || { echo "nginx sends other bytes" >&2; exit 1; }

# measure URL: requests per second; a run with failed requests does not count.
measure() {
  local report
  report=$(wrk -c32 -t2 -d"${seconds}s" "$1")
  if grep -qE 'Non-2xx|Socket errors' <<<"$report"; then printf '%s\n' "$report" >&2; return 1; fi
  awk '/^Requests\/sec:/ { print $2 }' <<<"$report"
}
median() { printf '%s\n' "$@" | sort -n | sed -n 2p; }

a=() b=()
for _ in 1 2 3; do
  a+=("$(measure "$ours")")
  b+=("$(measure "$theirs")")
done
skerry_rate=$(median "${a[@]}") nginx_rate=$(median "${b[@]}")
ratio=$(awk -v a="$skerry_rate" -v b="$nginx_rate" 'BEGIN { printf "%.2f", a / b }')
if [ -n "$json" ]; then
  printf '{"page_bytes":%d,"skerry_per_second":%s,"nginx_per_second":%s,"ratio":%s}\n' "$bytes" "$skerry_rate" "$nginx_rate" "$ratio"
else
  printf '%-8s %10s requests/s (%s)\n' skerry "$skerry_rate" "${a[*]}" nginx "$nginx_rate" "${b[*]}"
  printf 'ratio    %10s of nginx, %d bytes a page, 32 connections (goal: at least 0.5)\n' "$ratio" "$bytes"
fi
