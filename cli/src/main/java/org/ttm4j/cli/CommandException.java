package org.ttm4j.cli;

/** The input or the model is at fault: exit code 1. The message says what and where, in one line. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
