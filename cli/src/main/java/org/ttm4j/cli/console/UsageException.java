package org.ttm4j.cli.console;

/** The command line is at fault: exit code 2. The message says which part of it, in one line. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
