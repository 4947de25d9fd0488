package dev.mixwell.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.mixwell.trainer.model.Accelerator;
import dev.mixwell.trainer.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final ModelConfig MODEL = new ModelConfig(4, 2, 1, 2, 1, true);

  private final NDManager manager =
      Engine.getEngine("PyTorch").newBaseManager(Accelerator.device());

  @TempDir Path directory;

  @AfterEach
  void close() {
    manager.close();
  }

  private static Checkpoint at(long step) {
    return new Checkpoint(Checkpoint.VERSION, "demo", 3, step, step, "launch", 1, MODEL, null);
  }

  private Map<String, NDArray> arrays(float a, float b) {
    var arrays = new TreeMap<String, NDArray>();
    arrays.put("a", manager.create(new float[] {a, Float.MIN_VALUE, -0f, 1e30f}, new Shape(2, 2)));
    arrays.put("b", manager.create(new float[] {b}, new Shape(1)));
    return arrays;
  }

  @Test
  void whatWasSavedComesBackToTheBit() throws IOException {
    var checkpoints = new Checkpoints(directory, 2);
    assertNull(checkpoints.newest());
    Map<String, NDArray> saved = arrays(0.1f, 7);
    checkpoints.save(at(5), saved);
    Checkpoint newest = checkpoints.newest();
    assertEquals(at(5).withSha256(newest.sha256()), newest);
    Map<String, NDArray> loaded = arrays(0, 0);
    checkpoints.load(newest, loaded);
    for (String name : saved.keySet())
      assertArrayEquals(saved.get(name).toFloatArray(), loaded.get(name).toFloatArray(), 0);
  }

  @Test
  void anUnfinishedCheckpointIsNotThere() throws IOException {
    var checkpoints = new Checkpoints(directory, 2);
    checkpoints.save(at(5), arrays(1, 1));
    Files.createDirectory(directory.resolve(".step-9.part"));
    Files.writeString(directory.resolve(".step-9.part/tensors.safetensors"), "half");
    assertEquals(5, checkpoints.newest().step());
    checkpoints.save(at(9), arrays(2, 2));
    assertEquals(9, checkpoints.newest().step());
  }

  @Test
  void onlyTheNewestStayAndASecondOneOfAStepReplacesTheFirst() throws IOException {
    var checkpoints = new Checkpoints(directory, 2);
    for (long step : new long[] {1, 2, 10, 10}) checkpoints.save(at(step), arrays(step, step));
    assertEquals(2, checkpoints.all().size());
    Map<String, NDArray> loaded = arrays(0, 0);
    checkpoints.load(checkpoints.newest(), loaded);
    assertEquals(10, loaded.get("b").getFloat());
  }

  @Test
  void everyFlippedBitAndEveryCutIsNoticed() throws IOException {
    var checkpoints = new Checkpoints(directory, 2);
    checkpoints.save(at(5), arrays(1, 1));
    Path file = directory.resolve("step-5/tensors.safetensors");
    byte[] whole = Files.readAllBytes(file);
    for (int seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      byte[] bytes = whole.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      if (seed % 4 == 0) bytes = Arrays.copyOf(whole, random.nextInt(whole.length));
      Files.write(file, bytes);
      assertThrows(
          IOException.class,
          () -> checkpoints.load(checkpoints.newest(), arrays(0, 0)),
          "seed " + seed);
    }
  }

  @Test
  void anotherModelsArraysAreRefused() throws IOException {
    var checkpoints = new Checkpoints(directory, 2);
    checkpoints.save(at(5), arrays(1, 1));
    Map<String, NDArray> other = arrays(0, 0);
    other.put("b", manager.zeros(new Shape(2)));
    assertThrows(IOException.class, () -> checkpoints.load(checkpoints.newest(), other));
    other.remove("b");
    assertThrows(IOException.class, () -> checkpoints.load(checkpoints.newest(), other));
  }
}
