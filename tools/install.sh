# What ./dev installs: Debian packages (packages.txt) and npm packages (the locks).
# packages_of SECTION...: "package command" of each line of packages.txt in these sections.
packages_of() {
  awk -v wanted=" $* " '
    { sub(/#.*/, "") }
    /^\[/ { section = substr($1, 2, length($1) - 2); next }
    NF && index(wanted, " " section " ") { sub(/^command=/, "", $2); print $1, ($2 == "" ? "-" : $2) }' packages.txt
}

missing_packages() {
  local package name wanted=()
  while read -r package name; do
    if [ "$name" = - ] || ! command -v "$name" >/dev/null; then wanted+=("$package"); fi
  done < <(packages_of "$@")
  [ ${#wanted[@]} -gt 0 ] || return 0
  comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) \
           <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^ii *//p' | sort -u)
}

install_packages() {
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq || return
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
}

has_sudo() { command -v sudo >/dev/null; }
system_name() {
  if [ -r /etc/os-release ]; then (. /etc/os-release && echo "${ID:-} ${VERSION_ID:-}"); else echo 'an unknown system'; fi
}

# need SECTION...: installs what is missing of these sections of packages.txt.
need() {
  [ -z "${SKERRY_SKIP_PACKAGES:-}" ] || return 0
  local system missing
  system=$(system_name)
  if ! command -v dpkg-query >/dev/null || [ "$system" != 'debian 12' ]; then
    stop "Skerry is built and tested on Debian 12; this is $system." \
      "Use a Debian 12 container or machine, or install what packages.txt lists and run: SKERRY_SKIP_PACKAGES=1 ./dev ..."
  fi
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ] && ! has_sudo; then
    stop "Packages are missing, and this is neither root nor a system with sudo. As root, run:" \
      "  apt-get update && apt-get install --no-install-recommends $(tr '\n' ' ' <<<"$missing")"
  fi
  # shellcheck disable=SC2086  # one argument a package
  attempt "Install $(wc -w <<<"$missing") Debian packages" install_packages $missing ||
    stop "Debian packages could not be installed. Is this machine online, and is /etc/apt/sources.list right?"
}

# npm_install FOLDER: npm ci, unless node_modules is already what the lock asks for.
npm_install() {
  local folder=$1 lock
  [ -f "$folder/package-lock.json" ] || return 0
  lock=$(cat "$folder/package.json" "$folder/package-lock.json" | sha256sum)
  [ "$(cat "$folder/node_modules/.installed-lock" 2>/dev/null)" != "$lock" ] || return 0
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 attempt "Install the npm packages of $folder/package-lock.json" \
    npm --prefix "$folder" ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
    stop "npm packages could not be installed. Is this machine online?"
  echo "$lock" >"$folder/node_modules/.installed-lock"
}


