package org.ttm4j.cli.command;

import java.io.IOException;
import java.util.List;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;

/** One command of the program. Stateless; a new command is a new class and an entry in {@code Main}. */
public interface Command {
    /** The exit code of a run that did all it was asked for. */
    int OK = 0;
    /** The exit code where the input or the model is at fault. */
    int FAILED = 1;
    /** The exit code of wrong usage. */
    int USAGE = 2;
    /** The word after {@code ttm}. */
    String name();

    /** What follows the name in the usage line, without the options, such as {@code FILE.csv}. */
    String operands();

    /** What the command does, in one line. */
    String summary();

    /** The options that {@link Arguments} lets through, in the order of the help text; none unless the command says so. */
    default List<Option> options() {
        return List.of();
    }

    /** More to read below the options in the help text; may be empty. */
    String details();

    /**
     * Runs the command.
     *
     * @return the exit code
     * @throws UsageException when the arguments are at fault
     * @throws CommandException when the input or the model is at fault
     * @throws IOException when a file is at fault
     */
    int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException;
}
