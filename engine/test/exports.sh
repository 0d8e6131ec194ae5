#!/usr/bin/env bash
# What the built libraries export: the documented functions of include/rtmv2.h and the Rtm2* ones, undecorated, and
# nothing else: in conformance.txt this is exported_names_are_undecorated. Asks mingw-w64, too, what its own rtmv2.h and import
# library have.
#
#     test/exports.sh [BUILD]
set -u
cd "$(dirname "$0")/.." || exit 1
build=${1:-build}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0
failed=0

# The names of the functions that a header declares, sorted.
declared() {
  grep -oE 'WINAPI Rtm[0-9A-Za-z]+\(' "$1" | sed -E 's/^WINAPI (.*)\($/\1/' | sort
}

# The names that an ELF or Mach-O library defines for others.
exported_elf() {
  nm -D --defined-only "$1" | awk '{ print $NF }' | sort
}

exported_mach_o() {
  nm -gU "$1" | awk '{ sub(/^_/, "", $NF); print $NF }' | sort
}

# The names in a DLL's export table; a function exported by number alone counts as one without name.
exported_dll() {
  x86_64-w64-mingw32-objdump -p "$1" | awk '
    /^Export Address Table --/ { part = "functions"; next }
    /^\[Ordinal\/Name Pointer\] Table/ { part = "names"; next }
    NF == 0 { part = "" }
    part == "functions" { unnamed++ }
    part == "names" { unnamed--; print $NF }
    END { while (unnamed-- > 0) print "(no name)" }' | sort
}

# same NAME WANTED GOT: whether two lists are the same.
same() {
  if [ -s "$2" ] && diff "$2" "$3" >"$out/diff"; then
    passed=$((passed + 1))
    echo "ok $1"
  else
    failed=$((failed + 1))
    echo "FAIL $1: < is missing, > is too much"
    cat "$out/diff"
  fi
}

declared include/rtmv2.h >"$out/all"
grep -v '^Rtm2' "$out/all" >"$out/documented"
echo 57 >"$out/57"
wc -l <"$out/documented" | tr -d ' ' >"$out/number"
same 'include/rtmv2.h declares 57 documented functions' "$out/57" "$out/number"

if [ "$(uname -s)" = Darwin ]; then
  exported_mach_o "$build/librtm2.dylib" >"$out/native"
else
  exported_elf "$build/librtm2.so" >"$out/native"
fi
same "the library for $(uname -s) exports them and the Rtm2* functions" "$out/all" "$out/native"
for system in win64 win32; do
  exported_dll "$build/$system/rtm2.dll" >"$out/$system"
  same "$system/rtm2.dll exports them and the Rtm2* functions" "$out/all" "$out/$system"
done

header=$(printf '#include <windows.h>\n#include <rtmv2.h>\n' | x86_64-w64-mingw32-gcc -M -x c - | tr ' ' '\n' | grep '/rtmv2\.h$')
declared "$header" >"$out/mingw"
same "mingw-w64's rtmv2.h declares the same functions" "$out/documented" "$out/mingw"
x86_64-w64-mingw32-nm "$(x86_64-w64-mingw32-gcc -print-file-name=librtm.a)" 2>"$out/nm" |
  awk '$2 == "T" { print $3 }' | grep -xFf "$out/documented" | sort >"$out/imported"
same "mingw-w64's librtm.a imports each of them" "$out/documented" "$out/imported"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
