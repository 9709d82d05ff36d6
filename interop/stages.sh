# The stages of ./materi test; sourced by it.
# shellcheck shell=bash

stages=(java java25 external interop browser)

run_stages() {
  local stage began report=() chosen=("$@")
  [ ${#chosen[@]} -gt 0 ] || chosen=("${stages[@]}")
  for stage in "${chosen[@]}"; do
    [[ " ${stages[*]} " == *" $stage "* ]] || fail "there is no stage '$stage' (./materi test --help)"
  done
  need_java
  for stage in "${chosen[@]}"; do
    began=$SECONDS
    say "== $stage"
    "stage_$stage" || fail "the stage '$stage' failed"
    report+=("$(printf '%-10s %4d s' "$stage" $((SECONDS - began)))")
  done
  printf '%s\n' "${report[@]}"
}

# The engine is compared with yjs and ywasm for two minutes, in the same histories each time: a check that finds something new
# would stop whoever changed something else. A developer's build begins elsewhere each time.
HISTORIES=-Dcrdt.seed=40261127

# Two modules at a time: the comparison takes one core, and what stands on no engine waits for its services meanwhile.
stage_java() {
  "$home/mvnw" -B -ntp -T 2 -f "$home/pom.xml" verify -Dcrdt.seconds=120 "$HISTORIES"
}

# The compiled classes of the build above on the other Java, nothing compiled again: the engine whole, and of what stands on it
# the tests that go through everything which could differ there.
stage_java25() {
  local java
  java=$(find /usr/lib/jvm -maxdepth 3 -path '*25*/bin/java' 2>/dev/null | head -n 1)
  if [ -z "$java" ]; then
    say "Java 25 is not installed here; its tests are left out."
    return
  fi
  "$home/mvnw" -B -ntp -f "$home/pom.xml" test -Djvm="$java" "$HISTORIES" -Dcrdt.seconds=5 -Dsurefire.failIfNoSpecifiedTests=false \
    -Dtest='ai/materi/crdt/**/*Test,ai.materi.platform.node.BootTest,GrpcDoorTest,RedisGateTest,ClusterBusTest,LiveContentTest'
}

# Tests of what talks to the services, and of the whole house, on servers that somebody else started.
stage_external() {
  "$home/interop/with-services" "$home/mvnw" -B -ntp -f "$home/pom.xml" test -pl platform,gateway -am \
    -Dtest='PostgresTest,RedisGateTest,ai.materi.platform.node.BootTest,EventsTest,SessionTest,LiveContentTest,SubDocumentsTest#itGoes*' -Dsurefire.failIfNoSpecifiedTests=false
}

need_clients() {
  need_node
  if stale "$home/interop/node_modules/.package-lock.json" "$home/interop/package-lock.json"; then
    npm --prefix "$home/interop" ci --no-progress
  fi
}

# A stage is called where its failure is to be told, and there the shell does not end at a step that fails: each asks for the
# one before.
stage_interop() {
  need_clients && build && npm --prefix "$home/interop" test && kills_beside_faults
}

# Both wait for servers that start more than they compute.
kills_beside_faults() {
  local log=$home/target/kills.log kills failed=0
  npm --prefix "$home/interop" run kills >"$log" 2>&1 &
  kills=$!
  "$home/interop/chaos" --short --seed 1 --unhurried || failed=$?
  wait $kills || failed=$?
  cat "$log"
  return $failed
}

stage_browser() {
  need_clients && build && need_chromium && need_page_libraries &&
    npm --prefix "$home/canvas" test && npm --prefix "$home/interop" run browser
}

need_chromium() {
  command -v chromium >/dev/null 2>&1 || [ -n "${CHROMIUM:-}" ] ||
    fail "the browser tests need Chromium (Debian: apt-get install chromium), or its path in CHROMIUM"
}

need_page_libraries() {
  [ -d "$home/canvas/node_modules" ] || npm --prefix "$home/canvas" ci --no-progress
}
