package org.ttm4j.serve.http;

import java.util.Map;
import java.util.function.Supplier;

/**
 * What is wrong with a request, or with one item of it: the members of RFC 9457, and a JSON pointer (RFC 6901) to the place
 * in the body. The detail is read by strangers: it names no path, class or secret of this machine. Immutable.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds of problem, one a line; the type on the wire is {@code urn:ttm4j:problem:} and the name in kebab case. */
    public enum Type {
        BAD_REQUEST(400, "The request is not valid HTTP or lacks what this route needs"), //
        MALFORMED_BODY(400, "The body is not what its media type says"), //
        UNAUTHORIZED(401, "A valid token is missing"), //
        FORBIDDEN(403, "The request comes from a page or for a host that is not served"), //
        NOT_FOUND(404, "There is nothing here"), //
        METHOD_NOT_ALLOWED(405, "This resource has other methods"), //
        NOT_ACCEPTABLE(406, "The answer has no such media type"), //
        TIMEOUT(408, "The request took too long to arrive"), //
        CONFLICT(409, "The request contradicts what is kept"), //
        TOO_LARGE(413, "The request is larger than the limit"), //
        UNSUPPORTED_MEDIA_TYPE(415, "The body has a media type or coding that is not read"), //
        INVALID_VALUE(422, "A value is not what was expected"), //
        CANNOT_FORECAST(422, "This series cannot be forecast"), //
        TOO_MANY_REQUESTS(429, "The service is at its capacity"), //
        INTERNAL(500, "The service failed; its log has the request id"), //
        UNAVAILABLE(503, "The service is starting or stopping");

        private final int status;
        private final String title;

        Type(int status, String title) {
            this.status = status;
            this.title = title;
        }

        public int status() {
            return status;
        }

        /** As in the member {@code type}. */
        public String urn() {
            return "urn:ttm4j:problem:" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    private final Type type;
    private final String pointer;
    private final int retryAfter;

    public Problem(Type type, String detail) {
        this(type, detail, null, 0);
    }

    public Problem(Type type, String detail, String pointer) {
        this(type, detail, pointer, 0);
    }

    private Problem(Type type, String detail, String pointer, int retryAfter) {
        super(detail, null, false, false);
        this.type = type;
        this.pointer = pointer;
        this.retryAfter = retryAfter;
    }

    /** Returns what is made of a part of a request; an IllegalArgumentException becomes a problem of this type and place. */
    public static <T> T refusing(Type type, String pointer, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new Problem(type, e.getMessage(), pointer);
        }
    }

    /** The same problem, worth another try after some seconds. */
    public Problem retryAfter(int seconds) {
        return new Problem(type, getMessage(), pointer, seconds);
    }

    public Type type() {
        return type;
    }

    /** Seconds after which to try again; 0 when that does not help. */
    public int retryAfter() {
        return retryAfter;
    }

    /** The detail and the place, for clients that take no more than a text. */
    String message() {
        return pointer == null || pointer.isEmpty() ? getMessage() : getMessage() + ", at " + pointer;
    }

    public Map<String, Object> members() {
        return Json.object("type", type.urn(), "title", type.title, "status", type.status, "detail", getMessage(),
                "pointer", pointer);
    }
}
