package org.ttm4j.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;

/** One command of the program. Stateless; a new command is a new class and an entry in {@code Main}. */
public abstract class Command {
    /** The exit code of a run that did all it was asked for. */
    public static final int OK = 0;
    /** The exit code where the input or the model is at fault. */
    public static final int FAILED = 1;
    /** The exit code of wrong usage. */
    public static final int USAGE = 2;

    /** The word after {@code ttm}. */
    public final String name;
    /** What follows the name in the usage line, without the options, such as {@code FILE.csv}. */
    public final String operands;
    /** What the command does, in one line. */
    public final String summary;
    /** More to read below the options in the help text; may be empty. */
    public final String details;

    /** A command with these for its help text. */
    protected Command(String name, String operands, String summary, String details) {
        this.name = name;
        this.operands = operands;
        this.summary = summary;
        this.details = details;
    }

    /** The options that {@link Arguments} lets through, in the order of the help text; none unless the command says so. */
    public List<Option> options() {
        return List.of();
    }

    /** The options of several lists, in their order. */
    @SafeVarargs
    static List<Option> join(List<Option>... lists) {
        List<Option> options = new ArrayList<>();
        for (List<Option> list : lists) options.addAll(list);
        return options;
    }

    /**
     * Runs the command.
     *
     * @return the exit code
     * @throws UsageException when the arguments are at fault
     * @throws CommandException when the input or the model is at fault
     * @throws IOException when a file is at fault
     * @throws InterruptedException when this thread is interrupted
     */
    public abstract int run(Arguments arguments, Console console) throws IOException, InterruptedException;

    /** The help text of the program. */
    public static String overview(List<Command> commands) {
        StringBuilder text = new StringBuilder("""
                ttm: time-series forecasting with Tiny Time Mixers

                usage: ttm COMMAND …

                """);
        int width = commands.stream().mapToInt(command -> command.name.length()).max().orElse(0);
        for (Command command : commands) line(text, command.name, width, command.summary);
        return text.append("\nttm COMMAND --help explains a command, ttm --version says which ttm this is.").toString();
    }

    /** The version of the program, or that it does not run from its jar. */
    public static String version() {
        String version = Command.class.getPackage().getImplementationVersion();
        return version == null ? "(not from its jar)" : version;
    }

    /** The help text of this command. */
    public final String help() {
        StringBuilder text = new StringBuilder("usage: ttm ").append(name);
        if (!operands.isEmpty()) text.append(' ').append(operands);
        if (!options().isEmpty()) text.append(" [options]");
        text.append("\n\n").append(summary).append('\n');
        if (!options().isEmpty()) text.append('\n');
        int width = options().stream().mapToInt(option -> label(option).length()).max().orElse(0);
        for (Option option : options()) line(text, label(option), width, option.help());
        if (!details.isEmpty()) text.append('\n').append(details.strip()).append('\n');
        return text.toString().stripTrailing();
    }

    static String label(Option option) {
        return option.isFlag() ? option.name() : option.name() + " " + option.value();
    }

    private static void line(StringBuilder text, String label, int width, String help) {
        text.append("  ").append(label).append(" ".repeat(width - label.length() + 2)).append(help).append('\n');
    }
}
