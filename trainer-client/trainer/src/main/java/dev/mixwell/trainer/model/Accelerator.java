package dev.mixwell.trainer.model;

import ai.djl.Device;
import ai.djl.engine.Engine;

/** Where the numbers are crunched: the first GPU that PyTorch sees, else the CPU. */
public final class Accelerator {
  private Accelerator() {}

  /** Loads PyTorch on its first call; it looks for nothing on the network. */
  public static Device device() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    return Engine.getEngine("PyTorch").getGpuCount() > 0 ? Device.gpu() : Device.cpu();
  }
}
