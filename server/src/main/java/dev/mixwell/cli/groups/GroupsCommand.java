package dev.mixwell.cli.groups;

import picocli.CommandLine.Command;

/** {@code mixwell groups}: what groups would be, before a run has them. */
@Command(
    name = "groups",
    mixinStandardHelpOptions = true,
    subcommands = TryCommand.class,
    description = "Looks at groups before a run has them.",
    footer = {"", "Example:", "  mixwell groups try 'source:wiki' --index index"})
public final class GroupsCommand {}
