package org.ttm4j.bench.serve;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kills the service with signal 9 while clients send values and try again until each is acknowledged: none that was may be
 * lost, none may be there twice. Arguments: how often; the file or the database of the store; the jar of its driver.
 */
public final class ServeKill {
    private static final int CLIENTS = 8;
    private static final int STEPS = 1500;
    /** Nanoseconds until the next try. */
    private static final long PAUSE = 5_000_000;
    /** Values from a start to a kill. */
    private static final int MOST_BETWEEN = 400;
    private static final LocalDateTime START = LocalDateTime.of(2024, 1, 1, 0, 0);
    private static final Pattern VALUE = Pattern.compile("\\{\"time\":\"([^\"]+)\",\"value\":([^}]+)}");

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;
    private volatile boolean stopping;

    private ServeKill(int port) {
        url = "http://127.0.0.1:" + port;
    }

    /** A client of one series. */
    private final class Client extends Thread {
        private final String id;
        private final Random random;
        private final Map<String, Integer> acknowledged = new TreeMap<>();
        private volatile int retries;
        private volatile int sent;

        Client(int number) {
            id = "series-" + number;
            random = new Random(number);
            setDaemon(true);
        }

        @Override
        public void run() {
            untilAcknowledged("", "PUT", "{\"frequency\":\"PT1M\"}");
            while (!stopping) {
                // Every third value takes the place of one that is there.
                int known = acknowledged.size();
                int step = known == STEPS || known > 0 && random.nextInt(3) == 0 ? random.nextInt(known) : known;
                String time = START.plusMinutes(step) + ":00";
                int value = sent + 1;
                untilAcknowledged("/values", "POST",
                        "{\"values\":[{\"time\":\"" + time + "\",\"value\":" + value + "}]}");
                acknowledged.put(time, value);
                sent = value;
            }
        }

        private void untilAcknowledged(String path, String method, String body) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/series/" + id + path))
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            while (true) {
                try {
                    int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
                    if (status == 200 || status == 201) return;
                    if (status != 503 && status != 429) throw new IllegalStateException("status " + status);
                } catch (IOException gone) {
                    // It is being killed or started.
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                retries = retries + 1;
                LockSupport.parkNanos(PAUSE);
            }
        }

        /** What is wrong with the series that the service has. */
        List<String> faults() throws IOException, InterruptedException {
            String body = client
                    .send(HttpRequest.newBuilder(URI.create(url + "/v1/series/" + id + "/values")).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            List<String> faults = new ArrayList<>();
            Map<String, Integer> missing = new TreeMap<>(acknowledged);
            for (Matcher value = VALUE.matcher(body); value.find();) {
                Integer expected = missing.remove(value.group(1));
                if (expected == null || expected != Double.parseDouble(value.group(2))) {
                    faults.add(id + " has " + value.group() + ", acknowledged was " + expected);
                }
            }
            missing.forEach((time, value) -> faults.add(id + " has lost " + value + " at " + time));
            return faults;
        }
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
        Path folder = Files.createTempDirectory("ttm4j-kill");
        String store = arguments.length > 1 ? arguments[1] : folder.resolve("series.mv").toString();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> options = new ArrayList<>(List.of("--port", Integer.toString(port), "--store", store));
        if (arguments.length > 2) options.addAll(List.of("--driver", arguments[2]));
        System.out.println("store at " + store);
        new ServeKill(port).run(rounds, options.toArray(String[]::new));
    }

    private void run(int rounds, String... service) throws Exception {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) clients.add(new Client(i));
        clients.forEach(Thread::start);
        Random random = new Random(rounds);
        for (int round = 0; round < rounds; round++) {
            ServiceProcess process = new ServiceProcess(service);
            long enough = sent(clients) + random.nextInt(MOST_BETWEEN);
            while (sent(clients) < enough) LockSupport.parkNanos(PAUSE);
            process.kill();
        }
        List<String> faults = new ArrayList<>();
        try (ServiceProcess process = new ServiceProcess(service)) {
            stopping = true;
            for (Client one : clients) one.join();
            for (Client one : clients) faults.addAll(one.faults());
            System.out.printf("%s: %d kills, %d values acknowledged, %d requests tried again, %d faults%n",
                    process.url(), rounds, sent(clients), clients.stream().mapToInt(one -> one.retries).sum(),
                    faults.size());
        }
        faults.stream().limit(20).forEach(System.err::println);
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    private static long sent(List<Client> clients) {
        return clients.stream().mapToLong(one -> one.sent).sum();
    }
}
