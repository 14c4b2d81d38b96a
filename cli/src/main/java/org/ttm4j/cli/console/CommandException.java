package org.ttm4j.cli.console;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** An error in the input or in the model; exit code 1. The message says in one line what is wrong, and where. */
public final class CommandException extends IOException {
    private static final long serialVersionUID = 1L;

    public CommandException(String message) {
        super(message);
    }

    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Returns a value that is made of an option; an IllegalArgumentException becomes this exception, behind its name. */
    public static <T> T read(String name, Supplier<T> value) throws CommandException {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new CommandException(name + ": " + e.getMessage(), e);
        }
    }

    /** Reports that nothing could be measured: prints all problems except the last, and throws the last. */
    public static void throwAll(List<String> problems, Console console) throws CommandException {
        int last = problems.size() - 1;
        console.sayProblems(problems.subList(0, last), "more could not be measured");
        throw new CommandException(problems.get(last));
    }
}
