# Sourced by the scripts here, after ./mixwell: what is compiled of a module's tests.

# Compiles a module with its tests, and sets test_path to its class path.
test_classes() {
  local target=$home/$1/target
  maven -q -pl "$1" -am package dependency:build-classpath -Dmdep.skip=false -DskipTests -Dspotless.check.skip=true \
    -Dclass-path.scope=test -Dmdep.outputFile=target/test-classpath >&2 || fail "the build failed; its errors stand above."
  test_path=$target/test-classes:$target/classes:$(cat "$target/test-classpath")
}
