package dev.mixwell.lab;

import dev.mixwell.cli.Program;
import dev.mixwell.cli.groups.GroupsCommand;
import dev.mixwell.cli.index.IndexCommand;
import dev.mixwell.cli.train.TrainCommand;
import dev.mixwell.demo.DemoCommand;
import dev.mixwell.experiment.ExperimentCommand;
import dev.mixwell.server.ServeCommand;
import dev.mixwell.simulate.SimulateCommand;
import dev.mixwell.verify.VerifyRunCommand;
import dev.mixwell.verify.formats.VerifyFormatsCommand;
import dev.mixwell.verify.mixers.VerifyMixersCommand;

/** The program {@code mixwell} with all its commands, as a checkout has it. */
public final class LabProgram {
  private LabProgram() {}

  public static void main(String[] arguments) {
    program().runAndExit(arguments);
  }

  static Program program() {
    return new Program(
        new DemoCommand(),
        new IndexCommand(),
        new GroupsCommand(),
        new ServeCommand(),
        new TrainCommand(),
        new VerifyRunCommand(),
        new ExperimentCommand(),
        new SimulateCommand(),
        new VerifyMixersCommand(),
        new VerifyFormatsCommand(),
        ScriptCommand.named("test", "Builds, checks and tests everything, or what is named."),
        ScriptCommand.named("soak", "Runs the long form of one promise's test."),
        ScriptCommand.named("fuzz", "Feeds a parser of shards with what a fuzzer makes up."),
        ScriptCommand.named("bench", "Measures what things cost on this machine."),
        ScriptCommand.named("format", "Formats all Java and Python sources."));
  }
}
