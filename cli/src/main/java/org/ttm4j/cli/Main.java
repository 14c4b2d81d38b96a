package org.ttm4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.ttm4j.cli.command.AnomaliesCommand;
import org.ttm4j.cli.command.BacktestCommand;
import org.ttm4j.cli.command.Command;
import org.ttm4j.cli.command.CompletionCommand;
import org.ttm4j.cli.command.CorpusCommand;
import org.ttm4j.cli.command.EvaluateCommand;
import org.ttm4j.cli.command.ExplainCommand;
import org.ttm4j.cli.command.FinetuneCommand;
import org.ttm4j.cli.command.ForecastCommand;
import org.ttm4j.cli.command.InfoCommand;
import org.ttm4j.cli.command.ManCommand;
import org.ttm4j.cli.command.PretrainCommand;
import org.ttm4j.cli.command.ServeCommand;
import org.ttm4j.cli.command.VerifyCommand;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.cli.mcp.McpCommand;
import org.ttm4j.data.series.Printable;
import org.ttm4j.engine.KernelSelection;

/**
 * The program {@code ttm}: finds the command, runs it, turns what went wrong into one line and an exit code. Exit codes:
 * 0 done, 1 the input or the model is at fault, 2 wrong usage.
 */
public final class Main {
    static final List<Command> COMMANDS = List.of(new ForecastCommand(), new AnomaliesCommand(), new ExplainCommand(),
            new InfoCommand(), new VerifyCommand(), new EvaluateCommand(), new BacktestCommand(), new FinetuneCommand(),
            new CorpusCommand(), new PretrainCommand(),
            new ServeCommand(folders -> McpCommand.overHttp(folders, Main::run)), new ServeCommand.Watch(),
            new McpCommand(Main::run), new CompletionCommand(() -> Main.COMMANDS), new ManCommand(() -> Main.COMMANDS));

    private Main() {}

    /** Runs the program and ends the JVM with its exit code. */
    public static void main(String[] args) {
        // One set of kernels from the first forecast to the last: the same command prints the same bits.
        if (KernelSelection.mayChooseVectors()) System.setProperty("ttm4j.kernels", KernelSelection.active().name());
        System.exit(run(List.of(args), Console.ofProcess()));
    }

    /** Runs the program on the given streams and returns its exit code; never throws for a user's mistake. */
    public static int run(List<String> arguments, Console console) {
        if (arguments.isEmpty()) {
            console.say(Command.overview(COMMANDS));
            return Command.USAGE;
        }
        String name = arguments.get(0);
        List<String> rest = arguments.subList(1, arguments.size());
        if (name.equals("--version")) return print("ttm " + Command.version() + ", Java " + Runtime.version(), console);
        boolean isHelp = name.equals("--help") || name.equals("-h") || name.equals("help");
        if (isHelp) name = rest.stream().filter(word -> !word.startsWith("-")).findFirst().orElse(null);
        if (name == null) return print(Command.overview(COMMANDS), console);
        Command command = find(name);
        if (command == null) return unknown(name, console);
        if (isHelp || Arguments.asksForHelp(rest)) return print(command.help(), console);
        return finish(execute(command, rest, console), console);
    }

    private static int print(String text, Console console) {
        console.out().println(text);
        return finish(Command.OK, console);
    }

    private static int execute(Command command, List<String> arguments, Console console) {
        try {
            return command.run(Arguments.parse(arguments, command.options()), console);
        } catch (UsageException e) {
            console.say("ttm " + command.name + ": " + e.getMessage() + " (ttm " + command.name + " --help explains)");
            return Command.USAGE;
        } catch (NoSuchFileException e) {
            console.say("ttm: " + e.getFile() + ": no such file or folder");
        } catch (AccessDeniedException e) {
            console.say("ttm: " + e.getFile() + ": access denied");
        } catch (IOException e) {
            console.say("ttm: " + e.getMessage());
        } catch (InterruptedException e) {
            console.say("ttm: interrupted");
        } catch (UncheckedIOException e) {
            console.say("ttm: " + e.getCause().getMessage());
        } catch (OutOfMemoryError e) {
            console.say("ttm: out of memory at " + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MB; give the JVM more, such as TTM_JAVA_OPTIONS=-Xmx4g");
        } catch (RuntimeException | StackOverflowError bug) {
            StringWriter trace = new StringWriter();
            bug.printStackTrace(new PrintWriter(trace));
            console.say("ttm: this is a bug in ttm, please report it:\n" + trace.toString().replace('\t', ' '));
        }
        return Command.FAILED;
    }

    /** A full disk or a closed pipe shows only when the stream is flushed. */
    private static int finish(int code, Console console) {
        if (!console.out().checkError()) return code;
        console.say("ttm: standard output could not be written");
        return Command.FAILED;
    }

    private static Command find(String name) {
        return COMMANDS.stream().filter(command -> command.name.equals(name)).findFirst().orElse(null);
    }

    private static int unknown(String name, Console console) {
        String nearest = Arguments.nearest(name, COMMANDS.stream().map(command -> command.name).toList());
        console.say("ttm: unknown command " + Printable.of(name)
                + (nearest == null ? "" : ": did you mean " + nearest + "?") + " (ttm --help lists all)");
        return Command.USAGE;
    }
}
