# Sourced by ./mixwell test, after python.bash: the tests of the Python package.

# count WORD LOG: the number before that word in pytest's summary, or 0.
count() {
  { grep -E '^=* *[0-9]+ (passed|failed|error|skipped).* in [0-9.]+s' "$2" | tail -n 1 | grep -oE "[0-9]+ $1" || echo 0; } | cut -d ' ' -f 1
}

# Checks and tests the Python package; the last line is the total.
test_python() {
  local log=$home/.mixwell/python-test.log failed=0 ended=0 found
  echo "---- python"
  if ! python_environment test; then
    echo "python: 0 passed, 1 failed (the environment could not be made)"
    return 1
  fi
  cd "$home/trainer-client/python"
  "$bin/ruff" check -q . || failed=$((failed + 1))
  "$bin/ruff" format -q --check . || failed=$((failed + 1))
  "$bin/mypy" || failed=$((failed + 1))
  "$bin/python" -m pytest -rs 2>&1 | tee "$log" || ended=$?
  found=$(($(count failed "$log") + $(count error "$log")))
  [ "$ended" = 0 ] || [ "$found" != 0 ] || found=1
  failed=$((failed + found))
  echo "python: $(count passed "$log") passed, $failed failed"
  [ "$failed" = 0 ]
}

# One file of the Python tests, and pytest's options.
test_python_file() {
  local extra=base
  [ -f "$home/trainer-client/python/tests/$1" ] || fail "there is no $1 in trainer-client/python/tests." 2
  ! grep -qE 'torch|transformers|lightning' "$home/trainer-client/python/tests/$1" || extra=test
  python_environment $extra || fail "the environment for Python could not be made; pip's errors stand above."
  cd "$home/trainer-client/python"
  exec "$bin/python" -m pytest "tests/$1" "${@:2}"
}
