package org.ttm4j.serve.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.ttm4j.serve.settings.Settings;

/**
 * Who may call. With tokens or certificates of clients, every request must have one. Without them the service serves this
 * machine alone, and a page of another site that a browser on this machine shows must not reach it: hence the checks of
 * {@code Host} and {@code Origin}. Thread-safe.
 */
public final class Access {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String SCHEME = "bearer ";

    private final Settings settings;
    private final Tokens tokens;
    private final AccessLog log;

    /**
     * As the settings say.
     *
     * @param log of a file of tokens that cannot be read anew
     * @throws IOException when the file of tokens cannot be read
     */
    public Access(Settings settings, AccessLog log) throws IOException {
        tokens = settings.tokenFile() != null ? Tokens.of(settings.tokenFile()) : Tokens.one(settings.token());
        this.settings = settings;
        this.log = log;
    }

    List<Client> clients() {
        return tokens.clients();
    }

    /**
     * Whose request this is.
     *
     * @throws Problem when the request may not be answered
     */
    Client require(ServerRequest request, Route.Access needed) {
        String from = request.headers().first(HeaderNames.ORIGIN).orElse(null);
        if (from != null && !from.equals(settings.origin()) && !isOwn(from, request)) {
            throw new Problem(Problem.Type.FORBIDDEN, "pages of this origin may not call");
        }
        if (!settings.namesClients() && !settings.anyone() && !THIS_MACHINE.contains(host(request))) {
            throw new Problem(Problem.Type.FORBIDDEN, "expected the header Host to name this machine");
        }
        if (needed == Route.Access.OPEN || !settings.namesClients()) return Client.UNNAMED;
        tokens.refresh(log);
        String header = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        boolean certified = settings.tls() != null && settings.tls().clientAuthorities() != null;
        boolean bearer = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        Client client = header.isEmpty() && certified
                ? certificate(request)
                : tokens.of(bearer ? header.substring(SCHEME.length()).strip() : "");
        if (client != null) return client;
        throw new Problem(Problem.Type.UNAUTHORIZED, "expected the header Authorization: Bearer and the token"
                + (certified ? ", or the certificate of a client, with a common name" : ""));
    }

    /** The client that the certificate names, which the handshake has verified; null for none. */
    private Client certificate(ServerRequest request) {
        return request.remotePeer()
                .tlsCertificates()
                .filter(chain -> chain.length > 0 && chain[0] instanceof X509Certificate)
                .map(chain -> commonName(((X509Certificate) chain[0]).getSubjectX500Principal().getName()))
                .map(tokens::named)
                .orElse(null);
    }

    private static String commonName(String subject) {
        try {
            // The most specific part is the last: CN=alice,CN=Users,DC=example is alice.
            for (Rdn part : new LdapName(subject).getRdns().reversed()) {
                if (part.getType().equalsIgnoreCase("CN")) return part.getValue().toString();
            }
        } catch (InvalidNameException noName) {
            // As one without a name.
        }
        return null;
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
}
