package dev.mixwell.serving;

import dev.mixwell.api.RunAnswer;
import dev.mixwell.api.RunLimits;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.group.ExtentsCache;
import dev.mixwell.group.GroupOverlap;
import dev.mixwell.group.GroupRows;
import dev.mixwell.opened.Dataset;
import dev.mixwell.opened.Datasets;
import dev.mixwell.run.Run;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.SqliteTimelineStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a data directory. A run that cannot be opened is refused with its reason at every
 * request, and does not keep the others from being served. Thread-safe.
 */
public final class Runs implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Runs.class.getName());

  /** A server holds at most so many runs. */
  public static final int MAX_RUNS = 1_000;

  private final DataDirectory data;
  private final Datasets datasets;
  private final Packing packing;
  private final ExtentsCache cache;
  private final LongSupplier clockMillis;
  private final ConcurrentNavigableMap<String, ServedRun> served = new ConcurrentSkipListMap<>();
  private final ConcurrentNavigableMap<String, Refusal> broken = new ConcurrentSkipListMap<>();

  /**
   * Opens every run there is.
   *
   * @param data stays the caller's to close
   * @param datasets stays the caller's to close
   * @param packing stays the caller's to close, before the datasets
   */
  public Runs(DataDirectory data, Datasets datasets, Packing packing, LongSupplier clockMillis) {
    this.data = data;
    this.datasets = datasets;
    this.packing = packing;
    this.cache = new ExtentsCache(data.cache(), datasets.manifests());
    this.clockMillis = clockMillis;
    for (String name : data.runs()) {
      try {
        served.put(name, open(name));
      } catch (Refusal refusal) {
        LOG.log(
            Level.ERROR,
            "run {0} is not served: {1}: {2}",
            name,
            refusal.type().slug(),
            refusal.detail());
        broken.put(name, refusal);
      }
    }
  }

  /** Names of all runs, those that cannot be opened too. */
  public List<String> names() {
    var names = new ArrayList<>(served.keySet());
    names.addAll(broken.keySet());
    names.sort(null);
    return names;
  }

  /** The runs that are served, by name. */
  public List<ServedRun> served() {
    return List.copyOf(served.values());
  }

  /**
   * @throws Refusal {@code run-not-found}, or why the run could not be opened
   */
  public ServedRun run(String name) {
    ServedRun run = served.get(name);
    if (run == null && broken.containsKey(name)) run = openLate(name);
    if (run != null) return run;
    throw new Refusal(
        ProblemType.RUN_NOT_FOUND,
        "There is no run `" + name + "`. Create it with PUT /v1/runs/" + name + ".");
  }

  /**
   * Opens a run that a failing disk kept from being opened, or from being served once it was
   * recorded. Null if there is no such run.
   */
  private synchronized @Nullable ServedRun openLate(String name) {
    ServedRun run = served.get(name);
    if (run != null) return run;
    Refusal why = broken.get(name);
    if (why != null && why.type() != ProblemType.STORAGE_FAILED) throw why;
    if (data.exists(name)) {
      run = open(name);
      served.put(name, run);
    }
    broken.remove(name);
    return run;
  }

  /**
   * @param isNew whether this request created it
   */
  public record Created(ServedRun run, boolean isNew) {}

  /**
   * Creates a run, or finds it if it exists with the same configuration.
   *
   * @throws Refusal {@code run-conflict}, or what is wrong with the configuration; nothing is
   *     created then
   */
  public synchronized Created create(String name, RunSpec spec) {
    RunLimits.check(spec);
    ServedRun existing = openLate(name);
    if (existing != null) return new Created(same(existing, spec), false);
    if (served.size() >= MAX_RUNS)
      throw new Refusal(
          ProblemType.TOO_MANY_REQUESTS,
          "The server holds " + MAX_RUNS + " runs, which is its limit.");
    Path folder = data.prepare(name);
    Event.RunCreated created = new RunFiles(folder).create(datasets.newest(), cache, spec);
    try (var store = SqliteTimelineStore.open(data.timeline(name))) {
      store.append(List.of(new Entry(0, clockMillis.getAsLong(), created)));
    }
    ServedRun run = open(name);
    served.put(name, run);
    LOG.log(
        Level.INFO,
        "run {0} created: {1} groups, {2} rows a step",
        name,
        spec.groups().size(),
        spec.batchRows());
    return new Created(run, true);
  }

  private static ServedRun same(ServedRun existing, RunSpec spec) {
    RunSpec recorded = existing.spec();
    if (recorded.equals(spec)) return existing;
    throw new Refusal(
            ProblemType.RUN_CONFLICT,
            "Run `%s` exists with another configuration, which never changes. Use another name, or GET the run to compare."
                .formatted(existing.run().name()))
        .with("configuration", recorded);
  }

  private ServedRun open(String name) {
    Run run = start(name);
    try {
      var files = new RunFiles(data.runDirectory(name));
      Dataset dataset = datasets.of(run.created().manifestSha256());
      List<GroupRows> groups = files.open(run.created());
      return new ServedRun(run, dataset, groups, answers(files.overlaps(dataset, groups)), packing);
    } catch (RuntimeException e) {
      run.close();
      throw e;
    }
  }

  private Run start(String name) {
    var store = SqliteTimelineStore.open(data.timeline(name));
    try {
      return Run.open(name, store, clockMillis);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static List<RunAnswer.Overlap> answers(List<GroupOverlap> overlaps) {
    var answers = new ArrayList<RunAnswer.Overlap>();
    for (GroupOverlap o : overlaps)
      answers.add(new RunAnswer.Overlap(o.first(), o.second(), o.documents()));
    return answers;
  }

  @Override
  public void close() {
    for (ServedRun run : served.values()) run.close();
  }
}
