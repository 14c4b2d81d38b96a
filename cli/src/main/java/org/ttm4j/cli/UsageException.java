package org.ttm4j.cli;

/** The command line is at fault: exit code 2. The message says which part of it, in one line. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
