package dev.mixwell.proofs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What another JVM holds, by the JDK's jcmd and the kernel. It must run with {@link #FLAG}.
 *
 * @param heapBytes of live objects, after a collection
 * @param directBytes outside the heap, of buffers mostly
 * @param descriptors open files and sockets
 * @param objects live ones of our own classes, by class
 */
record Footprint(
    long heapBytes,
    long directBytes,
    long descriptors,
    long threads,
    SortedMap<String, Long> objects) {
  static final String FLAG = "-XX:NativeMemoryTracking=summary";

  /** The histogram's last line: instances, bytes. */
  private static final Pattern LIVE = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

  /** A line of one of our classes: place, instances, bytes, name. */
  private static final Pattern OURS =
      Pattern.compile("\\d+:\\s+(\\d+)\\s+\\d+\\s+(dev\\.mixwell\\.\\S+)");

  private static final Pattern OTHER = Pattern.compile("Other \\(reserved=(\\d+)");
  private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");

  static Footprint of(long pid) throws IOException, InterruptedException {
    String histogram = jcmd(pid, "GC.class_histogram");
    long direct = number(OTHER, jcmd(pid, "VM.native_memory", "summary", "scale=B"));
    Path process = Path.of("/proc", Long.toString(pid));
    long threads = number(THREADS, Files.readString(process.resolve("status")));
    try (var open = Files.list(process.resolve("fd"))) {
      long live = number(LIVE, histogram);
      return new Footprint(live, direct, open.count(), threads, objects(histogram));
    }
  }

  private static SortedMap<String, Long> objects(String histogram) {
    var objects = new TreeMap<String, Long>();
    Matcher line = OURS.matcher(histogram);
    while (line.find()) objects.put(line.group(2), Long.parseLong(line.group(1)));
    return objects;
  }

  private static String jcmd(long pid, String... command) throws IOException, InterruptedException {
    var all = new ArrayList<String>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    all.add(Long.toString(pid));
    all.addAll(List.of(command));
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) throw new IOException(printed);
    return printed;
  }

  private static long number(Pattern pattern, String text) throws IOException {
    Matcher found = pattern.matcher(text);
    if (!found.find()) throw new IOException("no " + pattern + " in " + text);
    return Long.parseLong(found.group(1));
  }

  @Override
  public String toString() {
    return "%,d bytes of heap, %,d direct, %d descriptors, %d threads"
        .formatted(heapBytes, directBytes, descriptors, threads);
  }
}
