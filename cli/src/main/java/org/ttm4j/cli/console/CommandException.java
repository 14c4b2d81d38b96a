package org.ttm4j.cli.console;

import java.util.List;

/** The input or the model is at fault: exit code 1. The message says what and where, in one line. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    public CommandException(String message) {
        super(message);
    }

    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }

    /** For when nothing could be measured: says all of the problems but the last, and throws that. */
    public static void throwAll(List<String> problems, Console console) throws CommandException {
        int last = problems.size() - 1;
        console.sayProblems(problems.subList(0, last));
        throw new CommandException(problems.get(last));
    }
}
