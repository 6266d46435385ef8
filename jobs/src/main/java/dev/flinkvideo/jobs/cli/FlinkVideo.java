package dev.flinkvideo.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The launcher. Exit codes: 0 is done (or ended by Ctrl-C, where nothing else ends it), 1 is a
 * failure with a message of one line, 2 is bad usage or input that cannot be worked with, 130 is
 * ended by Ctrl-C before it was done. Results go to standard output, everything else to standard
 * error.
 */
@Command(
    name = "flink-video",
    description = "Live-video analytics on Apache Flink.",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpAutoWidth = true,
    sortOptions = false,
    footer = {"", "Example:", "  flink-video tail --help"})
public final class FlinkVideo implements Runnable {
  private static final int UNUSABLE = 2;

  /** 128 and the number of SIGINT, as shells have it. */
  private static final int CUT_SHORT = 130;

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  private boolean verbose;

  private FlinkVideo() {}

  public static void main(String[] args) {
    Logger.getLogger("").setLevel(Level.WARNING); // libraries that log by the JDK's own means
    System.exit(Interruption.guard(() -> run(args)));
  }

  private static int run(String[] args) {
    return commandLine(args)
        .setOut(new PrintWriter(System.out, /* autoFlush= */ true, UTF_8))
        .setErr(new PrintWriter(System.err, /* autoFlush= */ true, UTF_8))
        .execute(args);
  }

  /** The command line that can execute {@code args}: with the one subcommand they name. */
  static CommandLine commandLine(String... args) {
    FlinkVideo root = new FlinkVideo();
    CommandLine commandLine = new CommandLine(root);
    Optional<String> named = Arrays.stream(args).filter(arg -> !arg.startsWith("-")).findFirst();
    named.flatMap(Subcommand::labelled).ifPresent(subcommand -> add(commandLine, subcommand));
    // After the subcommand, which would inherit it.
    commandLine.getCommandSpec().usageMessage().customSynopsis("flink-video COMMAND [OPTION...]");
    commandLine
        .getHelpSectionMap()
        .put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST, FlinkVideo::commandList);
    return commandLine
        .setParameterExceptionHandler((e, given) -> badUsage(e))
        .setExecutionExceptionHandler((e, at, parsed) -> root.failed(e, at));
  }

  private static void add(CommandLine commandLine, Subcommand subcommand) {
    CommandLine added = new CommandLine(subcommand.instance());
    added.getCommandSpec().usageMessage().description(subcommand.description());
    commandLine.addSubcommand(subcommand.label(), added);
  }

  /** Only without a subcommand. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: " + labels());
  }

  private static int badUsage(ParameterException e) {
    CommandLine at = e.getCommandLine();
    String command = at.getCommandSpec().qualifiedName();
    at.getErr().printf("%s: %s; see %s --help%n", command, badUsageMessage(e), command);
    return UNUSABLE;
  }

  private static String badUsageMessage(ParameterException e) {
    CommandLine at = e.getCommandLine();
    if (at.getParent() == null && e instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      String what = first.startsWith("-") ? "option" : "command";
      return "'%s' is no %s; commands are %s".formatted(first, what, labels());
    }
    if (e instanceof UnmatchedArgumentException unmatched
        && unmatched.getUnmatched().get(0).startsWith("--")) {
      return unknownOption(unmatched.getUnmatched().get(0), at.getCommandSpec());
    }
    return oneLine(e);
  }

  private static String unknownOption(String given, CommandSpec command) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    String nearest =
        Collections.min(
            command.optionsMap().keySet(),
            Comparator.comparingInt(option -> distance.apply(option, given)));
    return "unknown option '%s', the nearest is '%s'".formatted(given, nearest);
  }

  private int failed(Exception e, CommandLine at) {
    if (Interruption.requested()) {
      // Whatever broke, broke because it was told to end.
      return cutShort(at) ? CUT_SHORT : CommandLine.ExitCode.OK;
    }
    if (verbose) {
      e.printStackTrace(at.getErr());
    }
    at.getErr().println(at.getCommandSpec().qualifiedName() + ": " + oneLine(e));
    return e instanceof UnusableInputException ? UNUSABLE : CommandLine.ExitCode.SOFTWARE;
  }

  private static boolean cutShort(CommandLine at) {
    String label = at.getCommandSpec().qualifiedName().split(" ")[1];
    return Subcommand.labelled(label).filter(Subcommand::endsByItself).isPresent();
  }

  private static String oneLine(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().map(String::strip).collect(Collectors.joining(" "));
  }

  private static String labels() {
    return Arrays.stream(Subcommand.values())
        .map(Subcommand::label)
        .collect(Collectors.joining(", "));
  }

  private static String commandList(CommandLine.Help help) {
    if (help.commandSpec().parent() != null) {
      return "";
    }
    StringBuilder list = new StringBuilder("Commands:%n".formatted());
    for (Subcommand subcommand : Subcommand.values()) {
      list.append("  %-10s %s%n".formatted(subcommand.label(), subcommand.description()));
    }
    return list.toString();
  }
}
