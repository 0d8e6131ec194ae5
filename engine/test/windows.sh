#!/usr/bin/env bash
# The engine on Windows: builds it by mingw-w64 without warnings for x64 and x86, compares what the libraries export, and
# runs the Windows programs under wine: the tests, the stress run, unloading, and clients built against mingw-w64's own
# rtmv2.h and import library.
#
# What is missing is installed when this is run by root on Debian or a relative; everything else is made in build/. Where it
# can be neither found nor installed this says so and fails.
#
#     test/windows.sh [ROUNDS]      rounds a thread of the stress run
set -u
cd "$(dirname "$0")/.." || exit 1
rounds=${1:-5000}
build=build
limit=300 # seconds for one program: only a hang takes so long
# Wine is to leave nothing outside of build/, whoever runs this, with or without a home.
export HOME=$PWD/$build/wine/home WINEPREFIX=$PWD/$build/wine/prefix
export WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml,winemenubuilder.exe='
mkdir -p "$HOME"
log=$build/wine/log
passed=0
failed=0

# outcome NAME STATUS: counts one check; shows the log of one that failed.
outcome() {
  if [ "$2" -eq 0 ]; then
    passed=$((passed + 1))
    echo "ok $1"
  else
    failed=$((failed + 1))
    echo "FAIL $1"
    cat "$log"
  fi
}

# counted NAME STATUS: adds what a program counted in its last line, `N passed, N failed`; a program that ended badly
# without a failure to show for it is a failure itself.
counted() {
  local line ok bad
  line=$(tr -d '\r' <"$log" | grep -E '^[0-9]+ passed, [0-9]+ failed$' | tail -n 1)
  echo "$1: ${line:-ended with $2, without having counted}"
  read -r ok _ bad _ <<<"${line:-0 passed, 0 failed}"
  if [ "$bad" -eq 0 ] && { [ "$2" -ne 0 ] || [ "$ok" -eq 0 ]; }; then
    bad=1
  fi
  passed=$((passed + ok))
  failed=$((failed + bad))
  [ "$bad" -eq 0 ] || cat "$log"
}

# run NAME COMMAND...: a program that counts. Output goes to a file: programs under wine are not at ease with pipes.
run() {
  local name=$1
  shift
  timeout "$limit" "$@" >"$log" 2>&1 </dev/null
  counted "$name" $?
}

find_wine() {
  command -v wine || command -v wine64 || ls /usr/lib/wine/wine64 2>/dev/null
}

# Debian's packages of what is not there.
missing_packages() {
  command -v make >/dev/null || echo make
  command -v gcc >/dev/null || echo gcc libc6-dev
  command -v x86_64-w64-mingw32-gcc >/dev/null || echo gcc-mingw-w64-x86-64
  command -v i686-w64-mingw32-gcc >/dev/null || echo gcc-mingw-w64-i686
  find_wine >/dev/null || echo wine wine64
}

# A list that cannot be renewed does not stop the packages of the others from being installed.
install_packages() {
  apt-get -o Acquire::Retries=3 update || echo 'some package lists could not be renewed'
  DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 install -y --no-install-recommends "$@"
}

install_missing() {
  local missing
  read -r -d '' -a missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "missing: ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    echo "there is no apt-get to install them; these are Debian's names for them" >"$log"
    return 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    echo "only root can install them: apt-get install --no-install-recommends ${missing[*]}" >"$log"
    return 1
  fi
  install_packages "${missing[@]}" >"$log" 2>&1 || return 1
  read -r -d '' -a missing < <(missing_packages)
  [ ${#missing[@]} -eq 0 ] || { echo "still missing after that: ${missing[*]}" >>"$log"; return 1; }
}

# The last line, whose numbers the caller adds up.
finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

# silent NAME COMMAND...: succeeds and prints nothing: no warning of any compiler or linker.
silent() {
  local name=$1
  shift
  "$@" >"$log" 2>&1 && [ ! -s "$log" ]
  outcome "$name" $?
}

# What a Windows program needs beside itself comes with Windows.
needs_only_windows() {
  x86_64-w64-mingw32-objdump -p "$1" | sed -n 's/^\tDLL Name: //p' >"$log"
  [ -s "$log" ] && ! grep -qvixE 'kernel32\.dll|msvcrt\.dll|api-ms-win-crt-.*\.dll|rtm\.dll' "$log"
  outcome "$1 needs no DLL but those of Windows" $?
}

# Debian's wine64 runs x86 programs by itself when it has the x86 half of the DLLs, which is in a package for another
# architecture. That package is not installed: i386 packages of another age than the amd64 ones would make apt remove wine.
# The few files are taken out of it.
fetch_x86_dlls() {
  local apt=$PWD/$build/wine/apt version
  local options=(-o APT::Architecture=i386 -o APT::Architectures=i386 -o Dir::State::lists="$apt/lists"
    -o Dir::State::status=/dev/null -o Dir::Cache="$apt" -o Debug::NoLocking=1)
  version=$(dpkg-query -W -f '${Version}' libwine) || return 1
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  apt-get "${options[@]}" update # a source without i386 is no matter
  (cd "$apt" && apt-get "${options[@]}" download "libwine=$version") || return 1
  rm -rf "$build/wine/x86" && mkdir -p "$build/wine/x86"
  dpkg-deb --fsys-tarfile "$apt"/libwine_*_i386.deb |
    tar -x -C "$build/wine/x86" --strip-components=5 --wildcards \
      '*/i386-windows/ntdll.dll' '*/i386-windows/kernel32.dll' '*/i386-windows/kernelbase.dll' '*/i386-windows/msvcrt.dll'
  rm -rf "$apt"
}

use_x86_dlls() {
  [ -d "$build/wine/x86" ] || return 0
  cp "$build"/wine/x86/i386-windows/*.dll "$WINEPREFIX/drive_c/windows/syswow64/"
  export WINEDLLPATH=$PWD/$build/wine/x86
}

# Whether x86 programs run: any one will do. Wine may end with 0 without having run it.
x86_runs() {
  timeout "$limit" "$wine" $build/win32/rtm2-unload.exe $build/win32/rtm2.dll >"$log" 2>&1 </dev/null
  grep -q ' passed, ' "$log"
}

make_x86_run() {
  use_x86_dlls
  x86_runs && return
  fetch_x86_dlls >"$build/wine/fetch" 2>&1 || { cp "$build/wine/fetch" "$log"; return 1; }
  use_x86_dlls
  x86_runs
}

# The programs of one architecture.
run_windows() {
  local folder=$build/$1 program
  run "$1: tests" "$wine" "$folder/rtm2-test.exe"
  run "$1: stress" "$wine" "$folder/rtm2-stress.exe" "$rounds"
  run "$1: unloading" "$wine" "$folder/rtm2-unload.exe" "$folder/rtm2.dll"
  for program in client sweeper; do
    run "$1: $program of rtm.dll" "$wine" "$folder/client/$program.exe"
  done
}

install_missing
outcome 'mingw-w64 and wine are there' $?
[ "$failed" -eq 0 ] || finish # nothing below could run

silent 'no warning by mingw-w64' make -s -k -j2 windows
silent 'the library of this system' make -s all
run 'exports' test/exports.sh
for file in $build/win64/rtm2.dll $build/win32/rtm2.dll $build/win64/client/*.exe; do
  needs_only_windows "$file"
done

wine=$(find_wine | head -n 1)
timeout "$limit" "$wine" wineboot -i >"$log" 2>&1 </dev/null
outcome 'wine starts' $?
run_windows win64
make_x86_run
x86=$?
outcome 'wine runs x86 programs' $x86
[ $x86 -ne 0 ] || run_windows win32
finish
