package org.ttm4j.serve.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.forecast.ModelRepository;
import org.ttm4j.serve.http.AccessLog;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.live.KeptSeries.SeriesSettings;
import org.ttm4j.serve.live.KeptSeries.Timed;
import org.ttm4j.serve.live.SeriesStore.Committer;
import org.ttm4j.serve.live.SeriesStore.Entry;
import org.ttm4j.serve.settings.Settings.Limits;
import org.ttm4j.ttm.fixtures.Samples;

/** What is known of judged series while other services change them too. */
class AnomalyWatchTest {
    private static final String QUIET = "{\"frequency\":\"PT1H\",\"model\":\"model\",\"horizon\":2}";
    /** Before the last value of a series, which is unusual. */
    private static final int STEPS = 2 * Samples.CONTEXT;
    private static final String JUDGED = QUIET.replace("}", ",\"anomalies\":0.9}");

    @TempDir
    Path folder;

    private AnomalyWatch watch(KeptSeries series) throws Exception {
        return watch(series, anomalies -> {});
    }

    private AnomalyWatch watch(KeptSeries series, Consumer<List<Map<String, Object>>> found) throws Exception {
        ModelRepository models = new ModelRepository(Map.of(), new SimpleMeterRegistry());
        models.load("model", Samples.model(folder));
        return new AnomalyWatch(series, models, (id, anomalies) -> found.accept(anomalies),
                new AccessLog(new PrintStream(OutputStream.nullOutputStream())));
    }

    private KeptSeries open() throws Exception {
        EmbeddedStore store = EmbeddedStore.open(folder.resolve("series.mv"));
        return new KeptSeries(store, new Committer(store), Limits.defaults());
    }

    private static void put(KeptSeries series, String id, String settings) throws Exception {
        series.put(id, SeriesSettings.of(settings, Limits.defaults()));
    }

    @Test
    void thoseThatTheStoreHasAreCountedAndOnesThatAreJudgedKeepTheirPlace() throws Exception {
        try (KeptSeries series = open()) {
            series.committer().commit("", store -> {
                for (int i = 0; i < 255; i++) store.put("s" + i, new Entry(JUDGED, null));
                store.put("quiet", new Entry(QUIET.replace("model\"", "\\\"anomalies\\\":\""), null));
                return null;
            });
            put(series, "late", JUDGED);
            for (int i = 0; i < 5; i++) assertThrows(Problem.class, () -> put(series, "more", JUDGED));
            put(series, "more", QUIET);
            put(series, "late", JUDGED.replace("0.9", "0.8"));
            put(series, "late", QUIET);
            put(series, "more", JUDGED);
        }
    }

    @Test
    void ofTwoThatArePutAtOnceTheLastPlaceIsForOne() throws Exception {
        try (KeptSeries series = open(); ExecutorService clients = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 255; i++) put(series, "s" + i, JUDGED);
            List<Callable<Boolean>> puts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String id = "last" + i;
                puts.add(() -> {
                    try {
                        put(series, id, JUDGED);
                        return true;
                    } catch (Problem full) {
                        assertEquals("/anomalies", full.members().get("pointer"));
                        return false;
                    }
                });
            }
            int taken = 0;
            for (Future<Boolean> one : clients.invokeAll(puts)) if (one.get()) taken++;
            assertEquals(1, taken);
            series.delete("s0");
            put(series, "another", JUDGED);
        }
    }

    @Test
    void whatAnotherServiceDoesNotAskAnyMoreIsForgotten() throws Exception {
        try (KeptSeries series = open(); AnomalyWatch watch = watch(series)) {
            for (String id : List.of("a", "b")) {
                put(series, id, JUDGED);
                series.add(id,
                        IntStream.rangeClosed(0, STEPS)
                                .mapToObj(t -> new Timed(LocalDateTime.of(2024, 1, 1, 0, 0).plusHours(t),
                                        t == STEPS ? 1000 : t % 12))
                                .toList());
                watch.added(id, Long.MIN_VALUE / 2, STEPS);
            }
            while (watch.of("a").isEmpty() || watch.of("b").isEmpty()) Thread.sleep(10);
            put(series, "a", QUIET);
            watch.added("a", STEPS, STEPS);
            while (!watch.of("a").isEmpty()) Thread.sleep(10);
            assertFalse(watch.of("b").isEmpty());
            series.delete("b");
            watch.added("b", STEPS, STEPS);
            while (!watch.of("b").isEmpty()) Thread.sleep(10);
        }
    }

    /** Both services judge all values, and each posts the anomalies of those that it took. */
    @Test
    void ofTwoServicesTheOneThatTookAValuePostsIt() throws Exception {
        LocalDateTime start = LocalDateTime.of(2024, 1, 1, 0, 0);
        List<List<Object>> posted = List.of(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        try (KeptSeries series = open();
                AnomalyWatch one = watch(series, all -> all.forEach(found -> posted.get(0).add(found.get("time"))));
                AnomalyWatch other = watch(series, all -> all.forEach(found -> posted.get(1).add(found.get("time"))))) {
            put(series, "a", JUDGED);
            for (int t = 0; t < STEPS + 4; t++) {
                String time = start.plusHours(t) + ":00";
                double value = t >= STEPS ? 1000 * (t - STEPS + 1) : t % 12;
                KeptSeries.Added added = series.add("a", List.of(new Timed(start.plusHours(t), value)));
                (t % 2 == 0 ? one : other).added("a", added.after(), added.last());
                while (t >= STEPS && !posted.get(t % 2).contains(time)) Thread.sleep(10);
            }
            assertTrue(other.of("a").size() >= 4, "judged all");
        }
        for (int t = STEPS; t < STEPS + 4; t++) {
            assertFalse(posted.get(1 - t % 2).contains(start.plusHours(t) + ":00"), posted.toString());
        }
    }
}
