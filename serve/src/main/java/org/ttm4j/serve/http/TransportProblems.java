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
        Connection.current().endAfterAnswer();
        // What fails in a route is answered there: here it is the reading of the head that failed.
        Status answered = event == EventType.INTERNAL_ERROR ? Status.BAD_REQUEST_400 : status;
        boolean late = answered.code() == Problem.Type.TIMEOUT.status();
        Problem.Type type = late ? Problem.Type.TIMEOUT : Problem.Type.BAD_REQUEST;
        String detail = late
                ? "the rest of the request did not arrive in time"
                : "the request is not valid HTTP/1.1, or a part of its head is too long";
        return TransportResponse.builder()
                .status(answered)
                .headers(headers)
                .header(HeaderNames.CONTENT_TYPE, Entrance.PROBLEM)
                .keepAlive(false)
                .entity(Json.bytes(Json.object("type", type.urn(), "title", answered.reasonPhrase(), "status",
                        answered.code(), "detail", detail)))
                .build();
    }
}
