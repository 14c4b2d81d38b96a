package org.ttm4j.serve.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final AtomicInteger counts = new AtomicInteger();
    private volatile Runnable duringCount = () -> {};

    private AnomalyWatch watch(KeptSeries series) throws Exception {
        ModelRepository models = new ModelRepository(Map.of(), new SimpleMeterRegistry());
        models.load("model", Samples.model(folder));
        return new AnomalyWatch(series, models, (id, anomalies) -> {},
                new AccessLog(new PrintStream(OutputStream.nullOutputStream())));
    }

    private KeptSeries open() throws Exception {
        EmbeddedStore store = EmbeddedStore.open(folder.resolve("series.mv"));
        SeriesStore reader = (SeriesStore) Proxy.newProxyInstance(SeriesStore.class.getClassLoader(),
                new Class<?>[]{SeriesStore.class}, (self, method, of) -> {
                    if (method.getName().equals("ids") && of[0].equals("")) counts.incrementAndGet();
                    Object result = method.invoke(store, of);
                    if (method.getName().equals("ids")) duringCount.run();
                    return result;
                });
        return new KeptSeries(reader, new Committer(store), Limits.defaults());
    }

    private static void put(KeptSeries series, String id, String settings) throws Exception {
        series.put(id, SeriesSettings.of(settings, Limits.defaults()));
    }

    @Test
    void aSeriesThatIsPutDuringTheCountIsCountedAndRefusalsShareACount() throws Exception {
        try (KeptSeries series = open(); AnomalyWatch watch = watch(series)) {
            series.committer().commit("", store -> {
                for (int i = 0; i < 255; i++) store.put("s" + i, new Entry(JUDGED, null));
                return null;
            });
            duringCount = () -> watch.put("late", true);
            for (int i = 0; i < 5; i++) assertThrows(Problem.class, () -> watch.requireRoom("more"));
            assertEquals(1, counts.get());
            watch.put("late", false);
            watch.requireRoom("more");
        }
    }

    @Test
    void ofTwoThatArePutAtOnceTheLastPlaceIsForOne() throws Exception {
        try (KeptSeries series = open(); AnomalyWatch watch = watch(series)) {
            for (int i = 0; i < 255; i++) watch.requireRoom("s" + i);
            for (int i = 0; i < 255; i++) watch.put("s" + i, true);
            watch.requireRoom("first");
            assertThrows(Problem.class, () -> watch.requireRoom("second"));
            watch.requireRoom("first");
            watch.release("first");
            watch.requireRoom("second");
            watch.put("second", true);
            assertThrows(Problem.class, () -> watch.requireRoom("first"));
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
                watch.added(id, Long.MIN_VALUE / 2);
            }
            while (watch.of("a").isEmpty() || watch.of("b").isEmpty()) Thread.sleep(10);
            put(series, "a", QUIET);
            watch.added("a", STEPS);
            while (!watch.of("a").isEmpty()) Thread.sleep(10);
            assertFalse(watch.of("b").isEmpty());
            series.delete("b");
            watch.requireRoom("c");
            assertEquals(List.of(), watch.of("b"));
        }
    }
}
