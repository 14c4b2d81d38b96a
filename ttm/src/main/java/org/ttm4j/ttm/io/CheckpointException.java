package org.ttm4j.ttm.io;

import java.io.IOException;

/**
 * A checkpoint file that cannot be used: unreadable, truncated, malformed, hostile, or not matching its model. The
 * message names the file and the byte, line, key or tensor, and what was expected there.
 */
public final class CheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    /** {@code source} is the file or resource that {@code problem} was found in. */
    public CheckpointException(String source, String problem) {
        super(source + ": " + problem);
    }

    public CheckpointException(String source, String problem, Throwable cause) {
        super(source + ": " + problem, cause);
    }
}
