package org.ttm4j.serve.live;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.ttm4j.serve.http.AccessLog;
import org.ttm4j.serve.settings.Settings.Background;

/**
 * Posts messages to the addresses of the configuration, each in its order. What an address does not take is sent again, later
 * and later; what waits is bounded, and what is given up is logged. A message is signed: {@code Ttm-Signature} is
 * {@code sha256=} and the HMAC-SHA256 (RFC 2104), in hexadecimal digits, of the header {@code Ttm-Timestamp} (seconds since 1970), a
 * dot and the body. Thread-safe.
 */
final class Webhooks implements AutoCloseable {
    private static final int WAITING = 1000;
    private static final int ATTEMPTS = 8;
    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;

    private final SecretKeySpec key;
    private final Duration pause;
    private final Duration most;
    private final AccessLog log;
    private final HttpClient client;
    private final List<Address> addresses = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** Where messages go, and those that wait. */
    private record Address(URI uri, BlockingQueue<byte[]> waiting) {}

    /**
     * @param pause before the first repetition; each later one is twice as long
     * @param most time that an address may take for the whole of its answer
     */
    Webhooks(Background settings, Duration pause, Duration most, AccessLog log) {
        this.pause = pause;
        this.most = most;
        this.log = log;
        boolean none = settings.webhooks().isEmpty();
        key = none ? null : new SecretKeySpec(settings.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        client = none ? null : HttpClient.newBuilder().connectTimeout(most).build();
        for (URI uri : settings.webhooks()) {
            Address address = new Address(uri, new ArrayBlockingQueue<>(WAITING));
            addresses.add(address);
            threads.add(Thread.ofVirtual().start(() -> work(address)));
        }
    }

    /** Sends a message to all addresses, later. */
    void send(byte[] json) {
        for (Address to : addresses) {
            if (!to.waiting.offer(json))
                log.failure(null, new IOException(to.uri.getHost() + ": " + WAITING + " wait"));
        }
    }

    private void work(Address to) {
        try {
            while (true) deliver(to.uri, to.waiting.take(), UUID.randomUUID().toString());
        } catch (InterruptedException closed) {
            // What waits is lost with the process, as the documentation says.
        }
    }

    private void deliver(URI to, byte[] json, String id) throws InterruptedException {
        for (int attempt = 0;; attempt++) {
            String failure;
            try {
                int status = status(request(to, json, id));
                if (status / 100 == 2) return;
                failure = "answered " + status;
                // The address rejects the message, so sending it again would not help.
                if (status / 100 == 4 && status != TIMEOUT && status != TOO_MANY) attempt = ATTEMPTS;
            } catch (ExecutionException | TimeoutException | RuntimeException e) {
                failure = e.toString();
            }
            if (attempt + 1 >= ATTEMPTS) {
                log.failure(id, new IOException("webhook of " + to.getHost() + ": " + failure));
                return;
            }
            Thread.sleep(pause.multipliedBy(1L << attempt));
        }
    }

    private int status(HttpRequest request) throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request,
                HttpResponse.BodyHandlers.discarding());
        try {
            return answer.get(most.toMillis(), TimeUnit.MILLISECONDS).statusCode();
        } finally {
            answer.cancel(true);
        }
    }

    private HttpRequest request(URI to, byte[] json, String id) {
        String time = Long.toString(Instant.now().getEpochSecond());
        return HttpRequest.newBuilder(to)
                .header("Content-Type", "application/json")
                .header("Ttm-Delivery", id)
                .header("Ttm-Timestamp", time)
                .header("Ttm-Signature", "sha256=" + signature(time, json))
                .POST(HttpRequest.BodyPublishers.ofByteArray(json))
                .build();
    }

    private String signature(String time, byte[] json) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(json));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        if (client != null) client.shutdownNow();
    }
}
