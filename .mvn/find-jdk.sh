# Sourced by mvnw and chrysalis: sets JAVA_HOME to a JDK of at least $wanted_jdk, or says what to install.
wanted_jdk=25

jdk_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_fits() {
  found=$(jdk_version "$1") && [ -n "$found" ] && [ "$found" -ge "$wanted_jdk" ]
}

jdk_of_path() {
  on_path=$(command -v javac) || return 1
  resolved=$(readlink -f "$on_path" 2>/dev/null || printf '%s' "$on_path")
  dirname "$(dirname "$resolved")"
}

find_jdk() {
  for candidate in "${JAVA_HOME:-}" "$(jdk_of_path)" /usr/lib/jvm/* \
    "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*; do
    if [ -n "$candidate" ] && jdk_fits "$candidate"; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  cat >&2 <<'TXT'
error CHR-1001: no JDK 25 or later in JAVA_HOME, on the PATH, under /usr/lib/jvm, in SDKMAN or in /Library/Java
hint: install one (Debian: temurin-25-jdk or openjdk-25-jdk; SDKMAN: sdk install java 25-tem), or set JAVA_HOME
TXT
  return 1
}
