package org.ttm4j.serve.live;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.ForecastServer;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.live.KeptSeries.SeriesSettings;
import org.ttm4j.serve.live.KeptSeries.Timed;
import org.ttm4j.serve.live.SeriesStore.Committer;
import org.ttm4j.serve.live.SeriesStore.Entry;
import org.ttm4j.serve.live.SeriesStore.Points;
import org.ttm4j.serve.live.SeriesStore.StoreException;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Limits;
import org.ttm4j.serve.settings.Settings.StoreSettings;

/** Both stores keep the same promises; the database is a real one. */
class SeriesStoreTest {
    /** Started by the first test that needs it. */
    private static Optional<PostgresServer> postgres = Optional.empty();

    @TempDir
    Path folder;

    @AfterAll
    static void stop() throws Exception {
        if (postgres.isPresent()) postgres.get().close();
    }

    private static JdbcStore.Database database() throws Exception {
        if (postgres.isEmpty()) postgres = PostgresServer.start("the test of the database");
        assumeTrue(postgres.isPresent(), "the package postgresql is not installed");
        return () -> DriverManager.getConnection(postgres.get().url());
    }

    @Test
    void theFileKeepsItsPromises() throws Exception {
        Path file = folder.resolve("new/series.mv");
        try (SeriesStore store = EmbeddedStore.open(file)) {
            promises(store, store);
            String inUse = assertThrows(StoreException.class, () -> EmbeddedStore.open(file).close()).getMessage();
            assertTrue(inUse.endsWith(": another process has it; stop that one, or choose another --store"), inUse);
        }
        try (SeriesStore store = EmbeddedStore.open(file)) {
            assertEquals(List.of("a", "b.c"), store.ids("", 10));
        }
    }

    /** What a file may not bring: an object that says when Java reads it. */
    private static final class Planted implements Serializable {
        private static final long serialVersionUID = 1L;
        private static boolean isRead;

        private void readObject(ObjectInputStream in) {
            isRead = true;
        }
    }

    private static Path plant(Path file, String map) {
        try (MVStore planted = new MVStore.Builder().fileName(file.toString()).open()) {
            MVMap<EmbeddedStore.Key, Object> values = planted.openMap(map,
                    new MVMap.Builder<EmbeddedStore.Key, Object>().keyType(new EmbeddedStore.Keys()));
            values.put(new EmbeddedStore.Key("a", 1), new Planted());
        }
        return file;
    }

    @Test
    void aNewFileTakesChangesAfterItsFirstOneFailed() throws Exception {
        try (SeriesStore store = EmbeddedStore.open(folder.resolve("series.mv"))) {
            store.put("load", new Entry("{}", null));
            store.rollback();
            assertNull(store.entry("load"));
            store.put("load", new Entry("{}", null));
            store.commit();
            assertEquals("{}", store.entry("load").settings());
        }
    }

    /** As another version may have written them. */
    @Test
    void settingsThatCannotBeReadAreAProblemOfTheirSeriesAlone() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.open(folder.resolve("series.mv"))) {
            store.put("new", new Entry("{\"frequency\": \"PT1H\", \"later\": 1}", null));
            store.commit();
            KeptSeries series = new KeptSeries(store, new Committer(store), Limits.defaults());
            String message = assertThrows(Problem.class,
                    () -> series.add("new", List.of(new Timed(LocalDateTime.of(2024, 1, 1, 0, 0), 1)))).getMessage();
            assertTrue(message.contains("later"), message);
            series.delete("new");
            series.close();
        }
    }

    @Test
    void noObjectOfTheFileIsMade() throws Exception {
        for (String map : List.of("values", "others")) {
            Path file = plant(folder.resolve(map), map);
            assertThrows(StoreException.class, () -> {
                try (SeriesStore store = EmbeddedStore.open(file)) {
                    store.newest("a", 10);
                }
            });
        }
        assertFalse(Planted.isRead);
    }

    @Test
    void everyDoubleIsKept() throws Exception {
        double[] values = {0, -0.0, 1, 0.1, 1024, Double.MIN_VALUE, -Double.MAX_VALUE, Double.NaN};
        Path file = folder.resolve("series.mv");
        try (SeriesStore store = EmbeddedStore.open(file)) {
            store.write("a", new Points(LongStream.range(0, values.length).toArray(), values), 0);
            store.commit();
        }
        try (SeriesStore store = EmbeddedStore.open(file)) {
            assertArrayEquals(values, store.newest("a", values.length).values());
        }
    }

    @Tag("server")
    @Test
    void theDatabaseKeepsItsPromises() throws Exception {
        try (SeriesStore writer = JdbcStore.writer(database()); SeriesStore reader = JdbcStore.reader(database())) {
            promises(writer, reader);
            postgres.get().stop();
            assertThrows(StoreException.class, () -> reader.entry("a"));
            assertThrows(StoreException.class, () -> writer.put("d", new Entry("{}", null)));
            postgres.get().start();
            assertEquals(new Entry("{}", null), reader.entry("b.c"));
            assertArrayEquals(new double[]{4}, reader.newest("a", 1).values());
            assertNull(writer.entry("d"));
        }
        try (SeriesStore again = JdbcStore.writer(database())) {
            assertEquals(2, again.size());
        }
    }

    /** They change the same series at the same time, in any order; a deadlock would fail all that wait with it. */
    @Tag("server")
    @Test
    void servicesThatShareADatabaseDoNotFailEachOther() throws Exception {
        database();
        StoreSettings settings = new StoreSettings(postgres.get().url(), null, null, null);
        try (KeptSeries one = KeptSeries.open(settings, Limits.defaults());
                KeptSeries another = KeptSeries.open(settings, Limits.defaults())) {
            SeriesSettings hourly = SeriesSettings.of("{\"frequency\":\"PT1H\"}", Limits.defaults());
            for (int i = 0; i < 20; i++) one.put("shared" + i, hourly);
            List<CompletableFuture<Void>> added = IntStream.range(0, 2000)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> {
                        // Services at opposite ends.
                        String id = "shared" + (i % 2 == 0 ? i / 2 % 20 : 19 - i / 2 % 20);
                        try {
                            (i % 2 == 0 ? one : another).add(id,
                                    List.of(new Timed(LocalDateTime.of(2024, 1, 1, i % 24, 0), i)));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }, task -> Thread.ofVirtual().start(task)))
                    .toList();
            CompletableFuture.allOf(added.toArray(CompletableFuture[]::new)).join();
            for (int i = 0; i < 20; i++) one.delete("shared" + i);
        }
        try (Connection connection = DriverManager.getConnection(postgres.get().url());
                ResultSet others = connection.createStatement()
                        .executeQuery("SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres' "
                                + "AND pid <> pg_backend_pid() AND backend_type = 'client backend'")) {
            others.next();
            assertEquals(0, others.getInt(1), "connections that are left open");
        }
    }

    @Tag("server")
    @Test
    void aChangeThatIsRefusedKeepsNobodyFromTheSeries() throws Exception {
        database();
        StoreSettings settings = new StoreSettings(postgres.get().url(), null, null, null);
        try (KeptSeries one = KeptSeries.open(settings, Limits.defaults());
                KeptSeries another = KeptSeries.open(settings, Limits.defaults())) {
            one.put("locked", SeriesSettings.of("{\"frequency\":\"PT1H\"}", Limits.defaults()));
            one.add("locked", List.of(new Timed(LocalDateTime.of(2024, 1, 1, 0, 0), 1.0)));
            assertThrows(Problem.class,
                    () -> one.add("locked", List.of(new Timed(LocalDateTime.of(2024, 1, 1, 0, 30), 1.0))));
            another.add("locked", List.of(new Timed(LocalDateTime.of(2024, 1, 1, 1, 0), 2.0)));
            another.delete("locked");
        }
    }

    @Tag("server")
    @Test
    void servicesMayStartTogetherOnADatabaseWithoutTables() throws Exception {
        JdbcStore.Database database = database();
        for (int round = 0; round < 20; round++) {
            try (Connection connection = database.connect()) {
                connection.createStatement().execute("DROP TABLE IF EXISTS ttm_value, ttm_series");
            }
            List<CompletableFuture<Void>> started = IntStream.range(0, 4)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> {
                        try {
                            JdbcStore.writer(database).close();
                        } catch (StoreException e) {
                            throw new UncheckedIOException(e);
                        }
                    }, task -> Thread.ofPlatform().start(task)))
                    .toList();
            CompletableFuture.allOf(started.toArray(CompletableFuture[]::new)).join();
        }
    }

    /** A database that takes everything, is lost or does not answer. */
    private static final class Imitated {
        private final AtomicBoolean lost = new AtomicBoolean();
        private final AtomicInteger waiting = new AtomicInteger();
        private volatile CountDownLatch answers = new CountDownLatch(0);

        <T> T as(Class<T> type) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (self, method, of) -> {
                waiting.incrementAndGet();
                answers.await();
                waiting.decrementAndGet();
                if (lost.get() && !method.getName().equals("close")) throw new SQLException("it is lost");
                Class<?> result = method.getReturnType();
                if (result.isInterface()) return as(result);
                return result == boolean.class ? (Object) true : result == int.class ? (Object) 0 : null;
            }));
        }
    }

    @Test
    void aDatabaseThatIsLostIsNotWritableUntilItIsBack() throws Exception {
        Imitated imitated = new Imitated();
        JdbcStore.Database database = () -> {
            if (imitated.lost.get()) throw new SQLException("nobody answers");
            return imitated.as(Connection.class);
        };
        try (KeptSeries series = new KeptSeries(JdbcStore.reader(database), new Committer(JdbcStore.writer(database)),
                Limits.defaults())) {
            assertTrue(series.isWritable());
            imitated.lost.set(true);
            assertThrows(StoreException.class, () -> series.delete("a"));
            assertFalse(series.isWritable());
            imitated.lost.set(false);
            assertTrue(series.isWritable());
        }
    }

    @Test
    void whatIsReadDoesNotShowThatADatabaseTakesChanges() throws Exception {
        Imitated imitated = new Imitated();
        try (SeriesStore store = JdbcStore.writer(() -> imitated.as(Connection.class))) {
            store.entry("a");
            store.commit();
            assertFalse(store.works());
            store.touch();
            assertFalse(store.works(), "before it is committed");
            store.commit();
            assertTrue(store.works());
        }
    }

    @Test
    void aRollbackThatFailsKeepsNobodyWaiting() throws Exception {
        SeriesStore store = (SeriesStore) Proxy.newProxyInstance(SeriesStore.class.getClassLoader(),
                new Class<?>[]{SeriesStore.class}, (self, method, of) -> {
                    if (method.getName().equals("commit")) throw new StoreException("lost", null);
                    if (method.getName().equals("rollback")) throw new IllegalStateException("lost too");
                    return null;
                });
        try (Committer committer = new Committer(store)) {
            for (int i = 0; i < 2; i++) {
                assertTimeoutPreemptively(Duration.ofSeconds(20),
                        () -> assertThrows(StoreException.class, () -> committer.commit("", kept -> null)));
            }
        }
    }

    @Test
    void changesWhoseRollbackFailsAreNotMadeByTheNextCommit() throws Exception {
        Imitated imitated = new Imitated();
        List<String> calls = new CopyOnWriteArrayList<>();
        JdbcStore.Database database = () -> {
            calls.add("connect");
            Connection connection = imitated.as(Connection.class);
            return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
                    new Class<?>[]{Connection.class}, (self, method, of) -> {
                        if (Set.of("commit", "rollback", "close").contains(method.getName())) {
                            calls.add(method.getName());
                        }
                        if (method.getName().equals("rollback")) throw new OutOfMemoryError("a test");
                        return method.invoke(connection, of);
                    });
        };
        try (Committer committer = new Committer(JdbcStore.writer(database))) {
            calls.clear();
            assertThrows(CompletionException.class, () -> committer.commit("", store -> {
                store.put("refused", new Entry("{}", null));
                throw new IllegalStateException("a test");
            }));
            assertEquals(List.of("rollback", "close"), calls);
            committer.commit("", store -> {
                store.put("taken", new Entry("{}", null));
                return null;
            });
            assertEquals(List.of("rollback", "close", "connect", "commit"), calls);
        }
    }

    @Tag("server")
    @Test
    void aDatabaseThatTakesNoRowIsNotWritableAndATrialLeavesNone() throws Exception {
        try (SeriesStore store = JdbcStore.writer(database());
                Connection connection = DriverManager.getConnection(postgres.get().url())) {
            int before = store.size();
            store.touch();
            store.commit();
            assertEquals(before, store.size());
            store.commit();
            connection.createStatement()
                    .execute("CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                            + "$$ BEGIN RAISE EXCEPTION 'no space left'; END $$; "
                            + "CREATE TRIGGER full_disk BEFORE INSERT ON ttm_series "
                            + "FOR EACH ROW EXECUTE FUNCTION full_disk()");
            try {
                assertThrows(StoreException.class, store::touch);
                assertFalse(store.works());
            } finally {
                connection.createStatement().execute("DROP FUNCTION full_disk CASCADE");
            }
        }
    }

    @Test
    void aDatabaseThatHangsDoesNotKeepTheServiceFromStopping() throws Exception {
        Imitated imitated = new Imitated();
        Driver driver = imitated.as(Driver.class);
        DriverManager.registerDriver(driver);
        Settings all = Settings.defaults();
        Settings hasty = new Settings("127.0.0.1", 0, all.bundled(), all.models(), null, null, false, null,
                all.batches(), all.limits(), new StoreSettings("jdbc:imitated:", null, null, null), null,
                Duration.ofMillis(100), all.background());
        HttpClient client = HttpClient.newHttpClient();
        try {
            ForecastServer server = ForecastServer.start(hasty, new PrintStream(OutputStream.nullOutputStream()));
            imitated.answers = new CountDownLatch(1);
            client.sendAsync(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/series/a"))
                    .DELETE()
                    .build(), HttpResponse.BodyHandlers.discarding());
            while (imitated.waiting.get() == 0) Thread.sleep(10);
            Thread first = Thread.ofPlatform().daemon().start(server::close);
            Thread.sleep(200);
            assertTimeoutPreemptively(Duration.ofSeconds(20), server::close);
            assertTrue(first.join(Duration.ofSeconds(2)), "a second call returned before the first");
        } finally {
            client.shutdownNow();
            imitated.answers.countDown();
            DriverManager.deregisterDriver(driver);
        }
    }

    /** Before Java 24, a virtual thread that waits for a monitor keeps its carrier from all others. */
    @Test
    void whoWaitsForTheDatabaseKeepsNoThreadFromOthers() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        JdbcStore store = JdbcStore.reader(() -> {
            try {
                answered.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new SQLException("nobody answers");
        });
        List<Thread> waiting = IntStream.rangeClosed(0, Runtime.getRuntime().availableProcessors())
                .mapToObj(
                        i -> Thread.ofVirtual().start(() -> assertThrows(StoreException.class, () -> store.entry("a"))))
                .toList();
        Thread.sleep(200);
        Thread other = Thread.ofVirtual().start(() -> {});
        boolean isServed = other.join(Duration.ofSeconds(10));
        answered.countDown();
        for (Thread one : waiting) one.join();
        assertTrue(isServed);
    }

    private static void promises(SeriesStore writer, SeriesStore reader) throws Exception {
        assertNull(reader.entry("a"));
        assertTrue(reader.newest("a", 10).isEmpty());
        for (String id : List.of("b.c", "a", "a-", "B")) writer.put(id, new Entry("{}", null));
        writer.put("a", new Entry("{\"x\":1}", "2024-01-01"));
        writer.write("a", new Points(new long[]{-2, 0, 5}, new double[]{1, Double.NaN, 3}), -2);
        writer.write("a-", new Points(new long[]{7}, new double[]{7}), 0);
        writer.commit();
        assertEquals(new Entry("{\"x\":1}", "2024-01-01"), reader.entry("a"));
        assertEquals(4, reader.size());
        assertEquals(List.of("B", "a", "a-", "b.c"), reader.ids("", 10));
        assertEquals(List.of("a-"), reader.ids("a", 1));
        assertArrayEquals(new long[]{-2, 0, 5}, reader.newest("a", 8).steps());
        assertArrayEquals(new double[]{1, Double.NaN, 3}, reader.newest("a", 8).values());
        assertArrayEquals(new long[]{0, 5}, reader.newest("a", 7).steps());
        // The same step again takes the place of the first, and older ones go.
        writer.write("a", new Points(new long[]{5}, new double[]{4}), 0);
        writer.delete("a-");
        writer.delete("B");
        writer.commit();
        assertArrayEquals(new double[]{Double.NaN, 4}, reader.newest("a", 100).values());
        assertTrue(reader.newest("a-", 10).isEmpty());
        writer.write("a", new Points(new long[]{6}, new double[]{6}), 0);
        writer.rollback();
        assertEquals(5, reader.newest("a", 1).last());
    }

    @Test
    void changesThatWaitAreCommittedTogetherAndEachHasItsOwnResult() throws Exception {
        try (SeriesStore store = EmbeddedStore.open(folder.resolve("series.mv"));
                Committer committer = new Committer(store)) {
            List<CompletableFuture<Integer>> results = IntStream.range(0, 200)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                        try {
                            return committer.commit("", changed -> {
                                if (i % 10 == 0) throw new Problem(Problem.Type.CONFLICT, "change " + i);
                                changed.put("s" + i, new Entry("{}", null));
                                return i;
                            });
                        } catch (StoreException e) {
                            throw new IllegalStateException(e);
                        }
                    }, task -> Thread.ofVirtual().start(task)))
                    .toList();
            for (int i = 0; i < results.size(); i++) {
                boolean isKept = results.get(i).handle((value, e) -> e == null).join();
                assertEquals(i % 10 != 0, isKept, "s" + i);
                assertEquals(isKept, store.entry("s" + i) != null, "s" + i);
            }
        }
    }

    @Test
    void theFileDoesNotGrowWithWhatIsReplaced() throws Exception {
        Path file = folder.resolve("series.mv");
        try (SeriesStore store = EmbeddedStore.open(file)) {
            for (int round = 0; round < 1500; round++) {
                store.write("s" + round % 20, new Points(new long[]{round / 20}, new double[]{round}),
                        round / 20 - 100);
                store.commit();
            }
        }
        // 20 series of 101 values are 60 kB.
        assertTrue(Files.size(file) < 2 << 20, Files.size(file) + " bytes");
    }
}
