#!/usr/bin/env bash
# start-cache.sh JAVA CLASS_PATH OUTPUT
# Makes the cache (JEP 514) that lets `mixwell serve` start without loading its classes one by one: a
# server on a few documents lives through a run's first steps and stops as operators stop it; the JVM
# writes the cache when it ends. It is good for this JVM and for class paths that begin with this one.
set -euo pipefail
java=$1 class_path=$2 output=$3

work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill -9 "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# ask METHOD PATH [BODY [ACCEPT]]: over one connection that is kept, as trainers do.
ask() {
  local body=${3:-} status header length=0
  printf '%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: %s\r\nContent-Length: %d\r\n\r\n%s' \
    "$1" "$2" "${4:-*/*}" "${#body}" "$body" >&3
  IFS= read -t 20 -r status <&3
  while IFS= read -t 20 -r header <&3 && [ -n "${header%$'\r'}" ]; do
    header=${header,,}
    case $header in content-length:*) length=${header//[^0-9]/} ;; esac
  done
  head -c "$length" <&3 >/dev/null
  case $status in *" 20"[0-9]*) ;; *) echo "start-cache: $1 $2: $status" >&2 && return 1 ;; esac
}

for text in one two three four five six seven eight; do
  printf '{"text": "%s: a few words to cut rows from", "group": "a"}\n' "$text"
  printf '{"text": "%s: and others for another group", "group": "b"}\n' "$text"
done >"$work/documents.jsonl"
"$java" --enable-native-access=ALL-UNNAMED -cp "$class_path" dev.mixwell.server.ServerProgram index "$work/documents.jsonl" --out "$work/index" >"$work/log" 2>&1

"$java" "-XX:AOTCacheOutput=$work/cache" --enable-native-access=ALL-UNNAMED -cp "$class_path" \
  dev.mixwell.server.ServerProgram serve --index "$work/index" --data "$work/data" --port 0 >"$work/log" 2>&1 &
server=$!
port=
for ((i = 0; i < 400; i++)); do
  port=$(sed -n 's/.*serving http:[^ ]*:\([0-9]*\) .*/\1/p' "$work/log")
  [ -z "$port" ] || break
  kill -0 "$server"
  sleep 0.05
done
exec 3<>"/dev/tcp/127.0.0.1/$port"
ask GET /observe/health/ready
ask PUT /v1/runs/r '{"seed": 1, "batchRows": 2, "rowTokens": 8, "validationRows": 1, "validationShare": 0.3,
  "lookahead": 1, "mixer": {"name": "odm"},
  "groups": [{"name": "a", "query": "group:a"}, {"name": "b", "query": "group:b"}]}'
ask POST /v1/runs/r/attempts '{"fromStep": 0, "world": 1, "launchId": "start-cache"}'
for step in 0 1 2 3; do
  at=/v1/runs/r/attempts/0/steps/$step
  ask GET "$at/batch?rank=0"
  ask GET "$at/batch?rank=0" "" application/octet-stream
  ask GET "$at/plan"
  ask POST "$at/feedback" \
    '{"kind": "train", "groups": {"a": {"lossSum": 8, "tokens": 8}, "b": {"lossSum": 8, "tokens": 8}}}'
done
ask GET /v1/runs/r/mixture
ask GET /observe/metrics
exec 3>&-
kill "$server"
wait "$server" || true
server=
mv "$work/cache" "$output"
