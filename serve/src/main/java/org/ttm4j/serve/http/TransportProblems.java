package org.ttm4j.serve.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;

/** Answers what is no HTTP that a route could see, without a word of what the request held. Stateless. */
public final class TransportProblems implements DirectHandler {
    @Override
    public TransportResponse handle(TransportRequest request, EventType event, Status status,
            ServerResponseHeaders headers, String message) {
        int code = status.code();
        String title = code >= 500 && code != 505 ? Problem.Type.INTERNAL.urn() : Problem.Type.BAD_REQUEST.urn();
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .header(HeaderNames.CONTENT_TYPE, Entrance.PROBLEM)
                .keepAlive(false)
                .entity("{\"type\":\"" + title + "\",\"title\":\"" + status.reasonPhrase() + "\",\"status\":" + code
                        + ",\"detail\":\"the request is not valid HTTP/1.1, or a part of its head is too long\"}")
                .build();
    }
}
