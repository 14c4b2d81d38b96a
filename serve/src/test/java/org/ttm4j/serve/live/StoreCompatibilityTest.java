package org.ttm4j.serve.live;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.serve.live.KeptSeries.SeriesSettings;
import org.ttm4j.serve.live.SeriesStore.Entry;
import org.ttm4j.serve.live.SeriesStore.Points;
import org.ttm4j.serve.settings.Settings.Limits;

/**
 * Series that earlier versions kept are kept by this one: a folder for each version in the resources. {@link #main} writes
 * that of the current version, once, before its release.
 */
class StoreCompatibilityTest {
    private static final String SETTINGS = "{\"frequency\":\"PT1H\",\"model\":\"512-96\",\"mode\":\"balanced\","
            + "\"horizon\":24,\"quantiles\":[0.1,0.9]}";
    private static final String ANCHOR = "2024-01-01T00:00:00Z";
    private static final Points POINTS = new Points(new long[]{-2, 0, 5}, new double[]{1, Double.NaN, 103.2});

    @TempDir
    Path folder;

    static Stream<Path> versions() throws IOException, URISyntaxException {
        Path all = Path.of(StoreCompatibilityTest.class.getResource("/compatibility").toURI());
        try (Stream<Path> folders = Files.list(all)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aFileIsReadAndGoesOn(Path version) throws Exception {
        Path file = Files.copy(version.resolve("series.mv"), folder.resolve("series.mv"));
        try (SeriesStore store = EmbeddedStore.open(file)) {
            assertEquals(List.of("load", "silent"), store.ids("", 10));
            Entry load = store.entry("load");
            assertEquals(ANCHOR, load.anchor());
            assertEquals(SETTINGS, SeriesSettings.of(load.settings(), Limits.defaults()).text());
            assertArrayEquals(POINTS.steps(), store.newest("load", 100).steps());
            assertArrayEquals(POINTS.values(), store.newest("load", 100).values());
            assertNull(store.entry("silent").anchor());
            store.write("load", new Points(new long[]{6}, new double[]{104}), 0);
            store.commit();
        }
        try (SeriesStore store = EmbeddedStore.open(file)) {
            assertArrayEquals(new double[]{Double.NaN, 103.2, 104}, store.newest("load", 100).values());
        }
    }

    /** Writes the file of this version: argument is the folder. */
    public static void main(String[] arguments) throws Exception {
        try (SeriesStore store = EmbeddedStore.open(Path.of(arguments[0], "series.mv"))) {
            store.put("load", new Entry(SETTINGS, ANCHOR));
            store.put("silent", new Entry(SETTINGS, null));
            store.write("load", POINTS, POINTS.steps()[0]);
            store.commit();
        }
    }
}
