package org.ttm4j.serve.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * What the service does beside answering requests. Immutable.
 *
 * @param models the folder of models that are fine-tuned, each of which is served under the name of its own folder there;
 *     null for none
 * @param webhooks addresses that are told of anomalies of kept series
 * @param secret by which what is sent to webhooks is signed; null for none, where there are no webhooks
 * @param watch the series of a Prometheus that are forecast; null for none
 */
public record Background(Path models, List<URI> webhooks, String secret, WatchSettings watch) {
    /** Nothing. */
    public static Background none() {
        return new Background(null, List.of(), null, null);
    }

    /** @throws IllegalArgumentException when there are webhooks and no secret, or one is no address of HTTP */
    public Background {
        webhooks = List.copyOf(webhooks);
        if (!webhooks.isEmpty() && (secret == null || secret.isEmpty())) {
            throw new IllegalArgumentException("webhooks: expected a secret to sign with");
        }
        for (URI webhook : webhooks) {
            if (webhook.getHost() == null || !List.of("http", "https").contains(webhook.getScheme())) {
                throw new IllegalArgumentException(
                        "expected an address such as https://example.org/hook, found " + webhook);
            }
        }
    }

    /** Without the secret, and without addresses, which may hold some too. */
    @Override
    public String toString() {
        return "models in " + models + ", " + webhooks.size() + " webhooks, watch of " + watch;
    }
}
