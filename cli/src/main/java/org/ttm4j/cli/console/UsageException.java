package org.ttm4j.cli.console;

import java.io.IOException;

/** An error in the command line; exit code 2. The message says in one line which part is wrong. */
public final class UsageException extends IOException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
