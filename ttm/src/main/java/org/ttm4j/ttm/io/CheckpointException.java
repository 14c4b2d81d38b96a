package org.ttm4j.ttm.io;

import java.io.IOException;

/**
 * A checkpoint file that cannot be used: unreadable, truncated, malformed, hostile, or not matching its model. The
 * message names the file and the byte, line, key or tensor, and what was expected there. It is cut where a file made it
 * long, for instance by a name of a million letters.
 */
public final class CheckpointException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 1 << 14;

    /** {@code source} is the file or resource that {@code problem} was found in. */
    public CheckpointException(String source, String problem) {
        this(source, problem, null);
    }

    public CheckpointException(String source, String problem, Throwable cause) {
        super(source + ": " + (problem.length() <= LONGEST ? problem : problem.substring(0, LONGEST) + "…"), cause);
    }
}
