package org.ttm4j.serve.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Set;

/**
 * Who may call. With a token, every request must have it. Without one the service serves this machine alone, and a page of
 * another site that a browser on this machine shows must not reach it: hence the checks of {@code Host} and {@code Origin}.
 * Immutable and thread-safe.
 */
public final class Access {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String SCHEME = "bearer ";

    private final byte[] tokenDigest;
    private final boolean anyHost;
    private final String origin;

    /**
     * @param token null for none
     * @param anyHost whether requests without a token may name any host
     * @param origin of pages that may call from elsewhere, such as {@code https://example.org}; null for none
     */
    public Access(String token, boolean anyHost, String origin) {
        tokenDigest = token == null ? null : digest(token);
        this.anyHost = anyHost;
        this.origin = origin;
    }

    /** The origin of pages that may call from elsewhere; null for none. */
    String origin() {
        return origin;
    }

    /** @throws Problem when the request may not be answered */
    void require(ServerRequest request, Route.Access needed) {
        String from = request.headers().first(HeaderNames.ORIGIN).orElse(null);
        if (from != null && !from.equals(origin) && !isOwn(from, request)) {
            throw new Problem(Problem.Type.FORBIDDEN, "pages of this origin may not call");
        }
        if (tokenDigest == null && !anyHost && !THIS_MACHINE.contains(host(request))) {
            throw new Problem(Problem.Type.FORBIDDEN, "expected the header Host to name this machine");
        }
        if (needed == Route.Access.OPEN || tokenDigest == null) return;
        String header = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        boolean bearer = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        String token = bearer ? header.substring(SCHEME.length()).strip() : "";
        // Digests are of one length, and are compared in constant time.
        if (MessageDigest.isEqual(tokenDigest, digest(token))) return;
        throw new Problem(Problem.Type.UNAUTHORIZED, "expected the header Authorization: Bearer and the token");
    }

    private static boolean isOwn(String from, ServerRequest request) {
        try {
            String authority = URI.create(from).getRawAuthority();
            return authority != null && authority.equalsIgnoreCase(request.authority());
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private static String host(ServerRequest request) {
        String authority = request.authority() == null ? "" : request.authority().toLowerCase(Locale.ROOT);
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
