package org.ttm4j.serve.http;

import java.io.IOException;

/**
 * A method on a path, and what answers it.
 *
 * @param method in capitals
 * @param path with parameters in braces, as in {@code openapi.json}
 * @param access who may call it, and when
 * @param endpoint answers
 */
public record Route(String method, String path, Access access, Endpoint endpoint) {
    /** Who may call a route, and when. */
    public enum Access {
        /** Anyone, at any time: the answer contains nothing confidential. */
        OPEN,
        /** Whoever has the token. */
        TOKEN,
        /** Whoever has the token, once the models are warm. */
        READY
    }

    @FunctionalInterface
    public interface Endpoint {
        /**
         * Reads the request and sends the answer.
         *
         * @throws Problem when the request is at fault
         * @throws IOException when the connection is
         */
        void answer(Exchange exchange) throws IOException;
    }
}
