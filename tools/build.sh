# ./dev build
# build_tree PRESET [-DNAME=VALUE...] [TARGET...]
build_tree() {
  local preset=$1 precompile=OFF settings=()
  shift
  while [[ ${1:-} == -D* ]]; do settings+=("$1"); shift; done
  # Of the released program only the tests' headers: its rooms, and what is fuzzed, prove that each file includes what it uses.
  case $preset in dev | asan | tsan) precompile=ON ;; release) precompile=tests ;; esac
  mkdir -p build/log
  cmake --preset "$preset" -Wno-dev -DSKERRY_PCH=$precompile "${settings[@]}" >build/log/configure-"$preset".log 2>&1 || { cat build/log/configure-"$preset".log; return 1; }
  ninja -C "build/$preset" -j "$jobs" -k 20 "$@"
}

cmd_build() {
  local preset=${1:-release}
  grep -q "\"name\": \"$preset\", \"configurePreset\"" CMakePresets.json ||
    stop "There is no preset '$preset'." "Presets: $(grep -o "\"[a-z]*\", \"configurePreset\"" CMakePresets.json | cut -d"\"" -f2 | tr "\n" " ")"
  if [ "$preset" = release ]; then need build; else need build test; fi
  npm_install web
  step "Build build/$preset" build_tree "$preset"
  [ ! -x "build/$preset/skerry" ] || say "The program is build/$preset/skerry"
}

