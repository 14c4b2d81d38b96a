package org.ttm4j.serve.live;

import java.io.IOException;

/** The store of series failed: what was to be changed is not. */
final class StoreException extends IOException {
    private static final long serialVersionUID = 1L;

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
