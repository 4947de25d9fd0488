# Sourced by the scripts here, after ./mixwell: a Python, and environments of the Python package's tests.

# Sets python to one that can make environments.
find_python() {
  python=$(command -v python3 || true)
  { [ -n "$python" ] && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; } ||
    fail "no Python 3.10 or newer (python3) is on PATH. Install one (apt-get install python3, say)." 3
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python cannot make environments with pip. Install that (apt-get install python3-venv, say)." 3
}

# python_environment EXTRA: makes .mixwell/python-EXTRA with the package and what that extra of its pyproject.toml
# names, again when that changes, and sets bin to its programs' folder.
python_environment() {
  local package=$home/trainer-client/python environment=$home/.mixwell/python-$1 key indexes=()
  find_python
  bin=$environment/bin
  key=$(cat "$package/pyproject.toml" - <<<"$home $("$python" --version)" | sha256sum)
  [ "$(cat "$environment/made-for" 2>/dev/null)" != "$key" ] || return 0
  echo "mixwell: making an environment for Python ($1) ..." >&2
  rm -rf "$environment"
  mkdir -p "$home/.mixwell"
  "$python" -m venv "$environment" || return 1
  # PyPI's PyTorch for Linux brings gigabytes of CUDA; PyTorch's own index has one without.
  local cpu=https://download.pytorch.org/whl/cpu
  if [ "$1" = test ] && [ "$(uname)" = Linux ] && curl -sfL -o /dev/null --max-time 10 "$cpu/torch/"; then
    indexes=(--extra-index-url "$cpu")
  fi
  PIP_RETRIES=${PIP_RETRIES:-1} "$bin/python" -m pip install -q --disable-pip-version-check \
    "${indexes[@]}" -e "$package[$1]" >"$environment.log" 2>&1 || {
    tail -n 20 "$environment.log" >&2
    return 1
  }
  echo "$key" >"$environment/made-for"
}
