package org.ttm4j.cli;

import java.util.List;

/** The input or the model is at fault: exit code 1. The message says what and where, in one line. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What to throw when nothing could be done: the last of the problems, once the others are said. */
    static CommandException ofAll(List<String> problems, Console console) {
        int last = problems.size() - 1;
        problems.subList(0, last).forEach(problem -> console.say("ttm: " + problem));
        return new CommandException(problems.get(last));
    }
}
