package org.ttm4j.serve.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.ttm4j.data.series.DataException;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.ttm.io.Checkpoint;

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
            throw new Problem(Problem.Type.FORBIDDEN, "pages of this origin may not call, unless --cors names it");
        }
        if (!settings.namesClients() && !settings.anyone() && !THIS_MACHINE.contains(host(request))) {
            throw new Problem(Problem.Type.FORBIDDEN,
                    "expected the header Host to name this machine, as there is no --token-file and no --anyone");
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

    /**
     * The tokens of a file, which is read anew when it changes: one token alone, or a line for each client,
     *
     * <pre>
     * # name   token, sha256:DIGEST, or - for a client with a certificate   limits
     * studio   sha256:5b1…                                                   rate=10 burst=50
     * nightly  0f3c…                                                         rate=0.2 series=500 runs=50000
     * </pre>
     *
     * <p>{@code rate} is requests a second, {@code burst} how many at once, {@code series} and {@code runs} what one
     * request may ask for. Only digests of tokens are kept. Thread-safe.
     */
    static final class Tokens {
        private static final int LEAST = 16;
        private static final String TOKEN_RULE = "at least " + LEAST
                + " printable ASCII characters without blanks, such as those of openssl rand -hex 32";
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
        private static final Pattern LIMIT = Pattern
                .compile("rate=(?=.*[1-9])[0-9]{1,6}(\\.[0-9]{1,6})?|(burst|series|runs)=[1-9][0-9]{0,8}");
        private static final String SHA256 = "sha256:";
        private static final String CERTIFICATE = "-";
        private static final int MOST_CLIENTS = 10_000;
        private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);

        private final Path file;
        private final Map<String, Client> clients = new LinkedHashMap<>();
        private volatile List<Entry> entries;
        private volatile long checked;
        private Object version;

        private record Entry(byte[] digest, Client client) {}

        private Tokens(Path file, List<Entry> entries) {
            this.file = file;
            this.entries = entries;
        }

        /** One token, which names nobody; null for none. */
        static Tokens one(String token) {
            return new Tokens(null, token == null ? List.of() : List.of(new Entry(digest(token), Client.UNNAMED)));
        }

        /**
         * The tokens of a file.
         *
         * @throws IOException when it cannot be read, or naming the line at fault
         */
        static Tokens of(Path file) throws IOException {
            Tokens tokens = new Tokens(file, List.of());
            tokens.readAnew();
            return tokens;
        }

        /**
         * Whose token this is; null for nobody's, as an empty one always is. Takes as long for any token of one length.
         */
        Client of(String token) {
            if (token.isEmpty()) return null;
            byte[] digest = digest(token);
            Client found = null;
            for (Entry entry : entries) if (MessageDigest.isEqual(entry.digest, digest)) found = entry.client;
            return found;
        }

        /** The client of a name, with the limits of the file where that has some. */
        synchronized Client named(String name) {
            Client known = clients.get(name);
            if (known != null) return known;
            Client client = new Client(name);
            if (clients.size() < MOST_CLIENTS) clients.put(name, client);
            return client;
        }

        /** Those who were named, in the order in which they came. */
        synchronized List<Client> clients() {
            return List.copyOf(clients.values());
        }

        /**
         * Reads the file anew when it has changed; one that cannot be read leaves the tokens as they are, and the log
         * says why.
         */
        void refresh(AccessLog log) {
            if (file == null || System.nanoTime() - checked < PERIOD) return;
            synchronized (this) {
                if (System.nanoTime() - checked < PERIOD) return;
                try {
                    readAnew();
                } catch (IOException e) {
                    log.failure(null, e);
                }
            }
        }

        private void readAnew() throws IOException {
            checked = System.nanoTime();
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Object newest = List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
            // A pipe, as <(…) of a shell is one, is read once: to read it anew would wait for ever.
            if (newest.equals(version) || version != null && !now.isRegularFile()) return;
            version = newest;
            entries = read();
        }

        private synchronized List<Entry> read() throws IOException {
            String text;
            try {
                text = Files.readString(file);
            } catch (IOException e) {
                throw DataException.unreadable(file.toString(), 0, e);
            }
            if (!text.strip().matches("(?s).*\\s.*")) {
                require(isToken(text.strip()), 1, TOKEN_RULE);
                return List.of(new Entry(digest(text.strip()), Client.UNNAMED));
            }
            Map<String, Client.Limits> limits = new HashMap<>();
            List<Entry> read = new ArrayList<>();
            List<String> lines = text.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                String[] words = lines.get(i).replaceAll("(^|\\s)#.*", "").strip().split("\\s+");
                if (words[0].isEmpty()) continue;
                require(words.length > 1 && NAME.matcher(words[0]).matches(), i + 1,
                        "a name of letters, digits, dots, hyphens and underscores, and then a token");
                require(limits.put(words[0], limits(words, i + 1)) == null, i + 1,
                        "another name than in a line before");
                if (!words[1].equals(CERTIFICATE)) read.add(new Entry(digestOf(words[1], i + 1), named(words[0])));
            }
            clients.forEach((name, client) -> client.within(limits.getOrDefault(name, Client.Limits.NONE)));
            limits.forEach((name, own) -> named(name).within(own));
            return List.copyOf(read);
        }

        private byte[] digestOf(String token, int line) throws IOException {
            if (!token.startsWith(SHA256)) {
                require(isToken(token), line, "a token of " + TOKEN_RULE);
                return digest(token);
            }
            require(token.matches(SHA256 + "[0-9A-Fa-f]{64}"), line, SHA256 + " and 64 hexadecimal digits");
            return HexFormat.of().parseHex(token, SHA256.length(), token.length());
        }

        private Client.Limits limits(String[] words, int line) throws IOException {
            Map<String, Double> limits = new HashMap<>();
            for (String word : Arrays.asList(words).subList(2, words.length)) {
                require(LIMIT.matcher(word).matches(), line, "limits such as rate=0.5 burst=20 series=500 runs=50000");
                limits.put(word.replaceAll("=.*", ""), Double.valueOf(word.replaceAll(".*=", "")));
            }
            double rate = limits.getOrDefault("rate", 0.0);
            require(rate > 0 || !limits.containsKey("burst"), line, "a rate with the burst");
            return new Client.Limits(rate, limits.getOrDefault("burst", Math.ceil(rate)).intValue(),
                    limits.getOrDefault("series", 0.0).intValue(), limits.getOrDefault("runs", 0.0).intValue());
        }

        /** The line is not repeated: it may hold a token. */
        private void require(boolean holds, int line, String expected) throws IOException {
            if (!holds) throw new IOException(file + ":" + line + ": expected " + expected);
        }

        private static boolean isToken(String text) {
            return text.length() >= LEAST && text.matches("[!-~]+");
        }

        private static byte[] digest(String token) {
            return Checkpoint.sha256().digest(token.getBytes(StandardCharsets.UTF_8));
        }
    }
}
