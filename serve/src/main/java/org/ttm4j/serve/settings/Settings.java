package org.ttm4j.serve.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * How the service is started. Immutable.
 *
 * @param host the address to listen on
 * @param port 0 for any that is free
 * @param bundled models that are loaded at the start under their own names too
 * @param models folders of checkpoints by the names they are served under
 * @param token that every request must have but those for its health; null for none
 * @param tokenFile of tokens, each with a name and limits, instead of that token; null for none
 * @param anyone whether an address that others reach is served without a token
 * @param origin of pages that may call from elsewhere; null for none
 * @param batches how requests share the models
 * @param limits of one request
 * @param store where series are kept; null for nowhere
 * @param tls null for HTTP without it
 * @param grace how long a stop waits for requests that have begun
 * @param background what it does beside answering requests
 */
public record Settings(String host, int port, Set<String> bundled, Map<String, Path> models, String token,
        Path tokenFile, boolean anyone, String origin, Batching batches, Limits limits, StoreSettings store,
        TlsSettings tls, Duration grace, Background background) {

    /** Without the token. */
    @Override
    public String toString() {
        return host + ":" + port;
    }

    /** The bundled models on this machine alone. */
    public static Settings defaults() {
        return new Settings("127.0.0.1", 8080, Set.of(), Map.of(), null, null, false, null, Batching.defaults(),
                Limits.defaults(), null, null, Duration.ofSeconds(20), Background.none());
    }

    /** The same on another address. */
    public Settings withAddress(String newHost, int newPort) {
        return new Settings(newHost, newPort, bundled, models, token, tokenFile, anyone, origin, batches, limits, store,
                tls, grace, background);
    }

    /** The same with models that are loaded at the start, beside the chooser among the bundled ones. */
    public Settings withModels(Set<String> bundledNames, Map<String, Path> folders) {
        return new Settings(host, port, Set.copyOf(bundledNames), Map.copyOf(folders), token, tokenFile, anyone, origin,
                batches, limits, store, tls, grace, background);
    }

    /** The same with other rules of access. */
    public Settings withAccess(String newToken, boolean byAnyone, String newOrigin) {
        return new Settings(host, port, bundled, models, newToken, null, byAnyone, newOrigin, batches, limits, store,
                tls, grace, background);
    }

    /** The same with the tokens of a file, which is read anew when it changes, instead of one. */
    public Settings withTokenFile(Path file) {
        return new Settings(host, port, bundled, models, null, file, anyone, origin, batches, limits, store, tls, grace,
                background);
    }

    /** Returns true if callers must say who they are, by a token or a certificate. */
    public boolean namesClients() {
        return token != null || tokenFile != null || tls != null && tls.clientAuthorities() != null;
    }

    /** The same with other batches. */
    public Settings withBatches(Batching newBatches) {
        return new Settings(host, port, bundled, models, token, tokenFile, anyone, origin, newBatches, limits, store,
                tls, grace, background);
    }

    /** The same with other limits. */
    public Settings withLimits(Limits newLimits) {
        return new Settings(host, port, bundled, models, token, tokenFile, anyone, origin, batches, newLimits, store,
                tls, grace, background);
    }

    /** The same with a place where series are kept. */
    public Settings withStore(StoreSettings newStore) {
        return new Settings(host, port, bundled, models, token, tokenFile, anyone, origin, batches, limits, newStore,
                tls, grace, background);
    }

    /** The same with TLS. */
    public Settings withTls(TlsSettings newTls) {
        return new Settings(host, port, bundled, models, token, tokenFile, anyone, origin, batches, limits, store,
                newTls, grace, background);
    }

    /** The same with other work beside answering requests. */
    public Settings withBackground(Background newBackground) {
        return new Settings(host, port, bundled, models, token, tokenFile, anyone, origin, batches, limits, store, tls,
                grace, newBackground);
    }
}
